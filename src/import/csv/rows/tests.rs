use jiff::civil::date;

use crate::catalog::{Catalog, Kind, PriceCard};
use crate::import::csv::Column;
use crate::import::{Imported, Options, Source, import};

fn options(maps: &[(&str, &str)], fixed: &[(&str, &str)]) -> Options {
    let text = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    Options {
        date: Some(date(2026, 11, 22)),
        columns: maps.iter().map(text).map(|(heading, key)| Column { heading, key }).collect(),
        fixed: fixed.iter().map(text).collect(),
    }
}

fn read(text: &str, options: &Options) -> Imported {
    import(Source::Csv, "rates.csv", text, options).unwrap_or_else(|faults| panic!("{faults}"))
}

fn refused(text: &str, options: &Options) -> String {
    import(Source::Csv, "rates.csv", text, options).map(|_| ()).expect_err("a fault").to_string()
}

fn cards<'c>(catalog: &'c Catalog, id: &str) -> &'c [PriceCard] {
    &catalog.product(catalog.find(id).expect("a product")).prices
}

/// Prices of a card as text, each with its condition.
fn prices(card: &PriceCard) -> Vec<String> {
    let mut all = Vec::new();
    for cell in &card.cells {
        let when = &cell.condition;
        let sign = |inclusive| if inclusive { ">=" } else { ">" };
        let tier =
            when.tier.map(|tier| format!("{}{} ", sign(tier.inclusive), tier.threshold)).unwrap_or_default();
        let variant = when.variant.as_deref().map(|variant| format!("[{variant}] ")).unwrap_or_default();
        for (_, rate) in &cell.rates {
            all.push(format!("{} {tier}{variant}{} {}", when.service.word(), rate.key.key, rate.price.exact));
        }
    }
    all
}

#[test]
fn headings_that_are_keys_need_no_mapping() {
    let text = "\u{feff}ID,Input_per_mtok,output_per_mtok,kind,window,released,open_weights,modalities,note\r\n\
                acme/big,3,15,chat,200k,2026-01-02,yes,text;image,ours\r\n\
                acme/vec,0.02,-,embedding,8191,,no,,\r\n";
    let imported = read(text, &options(&[], &[]));
    let catalog = &imported.catalog;
    assert_eq!(
        prices(&cards(catalog, "acme/big")[0]),
        ["standard input_per_mtok 3", "standard output_per_mtok 15"]
    );
    assert_eq!(prices(&cards(catalog, "acme/vec")[0]), ["standard input_per_mtok 0.02"]);
    let big = catalog.product(catalog.find("acme/big").expect("big"));
    assert_eq!((big.window, big.released, big.open_weights), (Some(200_000.0), Some(date(2026, 1, 2)), true));
    assert_eq!((big.modalities.join(" "), big.note.as_deref()), ("text image".into(), Some("ours")));
    assert_eq!(catalog.product(catalog.find("acme/vec").expect("vec")).kind, Kind::Embedding);
    let card = &big.prices[0];
    assert_eq!(
        (card.from, card.checked, card.source.as_str()),
        (date(2026, 11, 22), date(2026, 11, 22), "rates.csv")
    );
    let account = imported.account;
    assert_eq!((account.entries, account.priced, account.lost.len()), (2, 2, 0));
}

#[test]
fn prices_per_thousand_are_scaled_as_the_mapping_says() {
    let text = "Model;Input (per 1K);Context in k\nbig;0,003;128\n";
    let maps = [("Model", "id"), ("Input (per 1K)", "input_per_mtok*1000"), ("Context in k", "window*1000")];
    let imported = read(text, &options(&maps, &[("vendor", "Acme")]));
    // 0.003 for a thousand tokens is 3 for a million.
    assert_eq!(prices(&cards(&imported.catalog, "acme/big")[0]), ["standard input_per_mtok 3"]);
    assert_eq!(imported.catalog.vendors[0].name, "Acme");
    assert_eq!(imported.catalog.products[0].window, Some(128_000.0));
}

#[test]
fn rows_of_one_product_become_cards_and_cells() {
    let text = "id,from,until,region,service,above_input_tokens,variant,input_per_mtok,output_per_mtok\n\
                a/x,2026-06-01,,,,,,2,8\n\
                a/x,2026-01-01,2026-06-01,,,,,1,\n\
                a/x,2026-01-01,,,,,,,4\n\
                a/x,2026-06-01,,eu,,,,2.2,8.8\n\
                a/x,2026-06-01,,,batch,,,1,4\n\
                a/x,2026-06-01,,,,\"200,000\",,4,\n\
                A/X,2026-06-01,,,,,hd,9,\n";
    let imported = read(text, &options(&[], &[]));
    let found = cards(&imported.catalog, "a/x");
    assert_eq!(found.len(), 3);
    assert_eq!((found[0].from, found[0].until), (date(2026, 1, 1), Some(date(2026, 6, 1))));
    assert_eq!(prices(&found[0]), ["standard input_per_mtok 1", "standard output_per_mtok 4"]);
    assert_eq!(
        prices(&found[1]),
        [
            "standard input_per_mtok 2",
            "standard output_per_mtok 8",
            "standard >200000 input_per_mtok 4",
            "standard [hd] input_per_mtok 9",
            "batch input_per_mtok 1",
            "batch output_per_mtok 4",
        ]
    );
    assert_eq!((found[2].region.as_deref(), prices(&found[2]).len()), (Some("eu"), 2));
    let account = imported.account;
    assert_eq!((account.entries, account.priced, account.unpriced), (7, 7, 0));
}

#[test]
fn an_empty_cell_is_unknown_and_a_zero_is_the_companys_word() {
    let text = "id,input_per_mtok,output_per_mtok\na/x,,\na/y,0,n/a\na/z,free,—\n";
    let imported = read(text, &options(&[], &[]));
    assert!(cards(&imported.catalog, "a/x").is_empty());
    for id in ["a/y", "a/z"] {
        assert_eq!(prices(&cards(&imported.catalog, id)[0]), ["standard input_per_mtok 0"]);
    }
    assert_eq!((imported.account.priced, imported.account.unpriced), (2, 1));
}

#[test]
fn currencies_are_those_of_the_column_or_of_the_signs() {
    let code = |text: &str, fixed: &[(&str, &str)]| {
        read(text, &options(&[], fixed)).catalog.products[0].prices[0].currency.code().to_owned()
    };
    assert_eq!(code("id,input_per_mtok\na/x,€2.50\n", &[]), "EUR");
    assert_eq!(code("id,input_per_mtok\na/x,¥2\n", &[("currency", "cny")]), "CNY");
    assert_eq!(code("id,input_per_mtok,currency\na/x,$2,AUD\n", &[]), "AUD");
    assert_eq!(code("id,input_per_mtok\na/x,2\n", &[]), "USD");
    for (text, expected) in [
        ("id,input_per_mtok\na/x,¥2\n", "may mean CNY or JPY"),
        ("id,input_per_mtok,currency\na/x,€2,USD\n", "a price in EUR, and line 2 says USD"),
        ("id,input_per_mtok\na/x,€2\na/y,2\n", "nothing says the currency of `y`"),
        ("id,input_per_mtok,currency\na/x,2,euros\n", "a three-letter code"),
    ] {
        let said = refused(text, &options(&[], &[]));
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn decimal_marks_are_those_of_the_other_prices_or_refused() {
    let price = |text: &str, fixed: &[(&str, &str)]| {
        let found = read(text, &options(&[], fixed));
        prices(&found.catalog.products[0].prices[0])[0].rsplit(' ').next().map(str::to_owned)
    };
    assert_eq!(price("id;input_per_mtok\na/x;1,234\na/y;0,5\n", &[]).as_deref(), Some("1.234"));
    assert_eq!(price("id,input_per_mtok\na/x,\"1,234\"\na/y,0.5\n", &[]).as_deref(), Some("1234"));
    assert_eq!(price("id,input_per_mtok\na/x,2.500\n", &[]).as_deref(), Some("2.5"));
    assert_eq!(price("id;input_per_mtok\na/x;2.500\n", &[("decimal", ",")]).as_deref(), Some("2500"));
    for text in ["id,input_per_mtok\na/x,\"1,234\"\n", "id;input_per_mtok\na/x;2.500\n"] {
        let said = refused(text, &options(&[], &[]));
        assert!(said.contains("rates.csv:2:5") && said.contains("--set-field decimal=,"), "{said}");
    }
    let said = refused("id;input_per_mtok\na/x;2,5\na/y;2.5\n", &options(&[], &[]));
    assert!(said.contains("rates.csv:3:5: `2.5` and `2,5` on line 2 have different decimal marks"), "{said}");
}

#[test]
fn all_faults_of_the_rows_come_together_with_their_places() {
    let text = "id,vendor,from,input_per_mtok,window,service,released\n\
                ,acme,,1,,,\n\
                x,,,1,,,\n\
                y,acme,soon,2,,,\n\
                z,acme,,50%,big,sometimes,\n\
                z,acme,,-1,,,2026-01-01\n\
                z,acme,,cheap,,,2026-02-01\n\
                z,acme,,3,,,\n\
                z,acme,,4,,,\n";
    let said = refused(text, &options(&[], &[]));
    for expected in [
        "rates.csv:2:1: `id` is missing",
        "rates.csv:3:1: `vendor` is missing",
        "rates.csv:4:8: `from` is no date: `soon`",
        "rates.csv:5:9: `input_per_mtok` is a share, `50%`",
        "rates.csv:5:13: `window` is no number: `big`",
        "rates.csv:5:17: `service` cannot be `sometimes`",
        "rates.csv:6:9: `input_per_mtok` is -1; it should be zero or more",
        "rates.csv:7:9: `input_per_mtok` is no price: `cheap`",
        "rates.csv:7:17: `released` of `z` is `2026-02-01`, and `2026-01-01` on line 6",
        "rates.csv:9:9: `input_per_mtok` is a second price",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    assert_eq!(said.matches("error:").count(), 10, "{said}");
}

#[test]
fn a_mapping_that_names_what_there_is_not_is_refused() {
    let text = "id,Price,Price,In\na/x,1,2,3\n";
    let maps =
        [("Cost", "input_per_mtok"), ("price", "output_per_mtok"), ("In", "input_per_mtoc"), ("id", "id*2")];
    let said = refused(text, &options(&maps, &[("colour", "red"), ("decimal", "x")]));
    for expected in [
        "no column is called `Cost`",
        "2 columns are called `price`",
        "unknown key `input_per_mtoc`",
        "did you mean `input_per_mtok`?",
        "`id` is no number, so nothing scales it",
        "unknown key `colour`",
        "`decimal` cannot be `x`",
        "no column holds a price",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    let said = refused("id,input_per_mtok,In\na/x,1,2\n", &options(&[("In", "input_per_mtok*0")], &[]));
    assert!(said.contains("scaled by a plain number above zero"), "{said}");
    let said = refused("id,input_per_mtok,In\na/x,1,2\n", &options(&[("In", "input_per_mtok")], &[]));
    assert!(said.contains("is filled by column `In` and by column `input_per_mtok`"), "{said}");
    let undated = Options { date: None, ..Options::default() };
    assert!(refused("id,input_per_mtok\na/x,1\n", &undated).contains("--date"));
}

#[test]
fn a_heading_that_speaks_of_another_unit_needs_a_scale() {
    for (heading, times) in
        [("USD per 1K tokens", 1_000), ("$/token", 1_000_000), ("Price (1,000 tokens)", 1_000)]
    {
        let text = format!("id;{heading}\na/x;0.5\n");
        let said = refused(&text, &options(&[(heading, "input_per_mtok")], &[]));
        assert!(said.contains(&format!("input_per_mtok*{times},")), "{said}");
        let found = read(&text, &options(&[(heading, "input_per_mtok*1")], &[]));
        assert_eq!(prices(&found.catalog.products[0].prices[0]), ["standard input_per_mtok 0.5"]);
    }
    for heading in ["$/1M tokens", "per 1,000,000 tokens", "Input"] {
        read(&format!("id;{heading}\na/x;0.5\n"), &options(&[(heading, "input_per_mtok")], &[]));
    }
}

#[test]
fn a_column_that_nothing_reads_is_named_once() {
    let text = "id,input_per_mtok,Owner,Empty,Secret,\na/x,1,me,,s,9\na/y,2,you,,s,\n";
    let account = read(text, &options(&[("Secret", "-")], &[])).account;
    let lost: Vec<&str> = account.lost.iter().map(|lost| lost.field.as_str()).collect();
    assert_eq!(lost, ["Owner", "column 6"]);
}

#[test]
fn facts_of_a_card_are_taken() {
    let text = "id,input_per_mtok,source,checked,confidence,price_note,minimum_per_month\n\
                a/x,1,Contract 7,2026-10-01,low,until renewed,\"1,000.00\"\n";
    let imported = read(text, &options(&[], &[("from", "2026-09-01")]));
    let card = &cards(&imported.catalog, "a/x")[0];
    assert_eq!(
        (card.from, card.checked, card.source.as_str()),
        (date(2026, 9, 1), date(2026, 10, 1), "Contract 7")
    );
    assert_eq!((card.confidence.word(), card.note.as_deref()), ("low", Some("until renewed")));
    assert_eq!(card.minimum_per_month.map(|price| price.float), Some(1000.0));
}

#[test]
fn a_card_that_rating_could_not_read_is_refused() {
    let mut text = String::from("id,from,until,above_input_tokens,input_per_mtok,released,retired\n");
    for row in 1..=13 {
        text += &format!("a/x,,,{row}000,{row},2026-02-01,2026-01-01\n");
    }
    text += "a/y,2026-02-01,2026-02-01,,1,,\n";
    let said = refused(&text, &options(&[], &[]));
    for expected in ["more than 12 conditional prices", "retired before it is released", "ends on or before"]
    {
        assert!(said.contains(expected), "{said}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(
        rows in proptest::collection::vec("[a/\u{e9}1-3.,;\"' \t\r\n|€$%-]{0,24}", 0..6),
        head in "id[,;\t|]input_per_mtok[,;]?(window|from|région)?\r?\n?",
    ) {
        let text = format!("{head}{}", rows.join("\n"));
        let options = options(&[], &[("vendor", "acme")]);
        if let Ok(imported) = import(Source::Csv, "rates.csv", &text, &options) {
            let account = imported.account;
            proptest::prop_assert_eq!(
                account.entries,
                account.priced + account.unpriced + account.skipped.len()
            );
        }
    }
}
