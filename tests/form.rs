//! A scenario as a form: every key typed, cleared and written back; tables added, renamed and taken out.

use std::path::Path;

use ragonomics::document::edit::without_table;
use ragonomics::scenario::form::{Field, Source, sections};
use ragonomics::scenario::save::{differ, saved};
use ragonomics::scenario::setting::SETTINGS;
use ragonomics::scenario::table::{Known, TableKind};
use ragonomics::scenario::{GroupKind, Param, Range, Scenario, Target, load};

fn scenario(text: &str) -> Scenario {
    load::scenario("test", text, Path::new(".")).unwrap_or_else(|faults| panic!("{faults:?}")).0
}

fn typed(scenario: &mut Scenario, path: &str, text: &str) -> Result<(), String> {
    let field = Field::find(scenario, path).unwrap_or_else(|| panic!("no {path}"));
    scenario.type_in(field, text).map_err(|fault| fault.to_string())
}

const TABLES: &str = r#"[workload]
requests_per_month = "10k"

# Of the help pages.
[[corpus]]
name = "help"
tokens = "50k"

[[corpus]]
name = "law" # of 2026
tokens = "2M"

[[class]]
name = "help"
share = 0.5

# The hard ones.
[[class]]
name = "law" # by lawyers
share = 0.3
corpus = "law"
output_tokens = { low = 100, mode = 200, high = 900 }

[[class]]
name = "small talk"
share = 0.2
output_tokens = { p10 = 10, p90 = 40 }

[[call]]
name = "search"
share = 0.1
[call.uses]
web_searches = 1

[[cost]]
name = "licence"
monthly = 90 # until March
"#;

#[test]
fn an_empty_text_takes_every_setting_back_to_its_default() {
    for (at, setting) in SETTINGS.iter().enumerate() {
        let field = Field::Setting(at);
        let mut scenario = Scenario::default();
        let words = field.words();
        let text = match setting.path {
            _ if !words.is_empty() => *words.iter().find(|word| **word != setting.default).unwrap(),
            "as_of" => "2026-01-31",
            "currency" => "EUR",
            "exchange_rates" => "EUR=0.92",
            "limits.tiers" => "openai=Tier 3",
            "workload.seasonal" => "1,1,1,1,1,1,1,1,1,1,1,2",
            _ => "something",
        };
        scenario.type_in(field, text).unwrap_or_else(|fault| panic!("{}: {fault}", setting.path));
        assert_eq!(field.source(&scenario, &Scenario::default()), Source::Changed, "{}", setting.path);
        scenario.type_in(field, "").unwrap();
        assert!(!differ(&Scenario::default(), &scenario), "{}", setting.path);
        assert_eq!(field.text(&scenario), setting.default, "{}", setting.path);
    }
}

#[test]
fn remarks_keep_their_commas_and_lists_are_split_at_them() {
    let mut one = Scenario::default();
    typed(&mut one, "notes", "From June, roughly / Ask sales").unwrap();
    assert_eq!(one.notes, ["From June, roughly", "Ask sales"]);
    typed(&mut one, "compare.strategies", "rag, hybrid,").unwrap();
    assert_eq!(one.strategies.iter().map(|named| named.text.as_str()).collect::<Vec<_>>(), ["rag", "hybrid"]);
    assert!(typed(&mut one, "name", "a\u{7}b").unwrap_err().contains("control character"));
}

#[test]
fn ranges_are_typed_in_three_ways_and_refused_with_their_reason() {
    let mut one = Scenario::default();
    let target: Target = Param::CorpusTokens.into();
    let range =
        |scenario: &Scenario| scenario.ranges.iter().find(|known| known.target == target).unwrap().range;
    typed(&mut one, "corpus.tokens", "50k..200k").unwrap();
    assert_eq!(range(&one), Range::Tenths { p10: 50_000.0, p90: 200_000.0, log: true });
    // √(50,000 × 200,000) = 100,000.
    assert!((one.number(target).unwrap() - 100_000.0).abs() < 1e-6);
    typed(&mut one, "corpus.tokens", "50k .. 80k .. 200k").unwrap();
    assert_eq!(range(&one), Range::Triangle { low: 50_000.0, mode: 80_000.0, high: 200_000.0 });
    typed(&mut one, "corpus.tokens", "{ p10 = 1k, p90: \"4k\" }").unwrap();
    assert_eq!(range(&one), Range::Tenths { p10: 1000.0, p90: 4000.0, log: true });
    assert_eq!(Field::Number(target).text(&one), "1k..4k");
    for wrong in
        ["4k..1k", "1..2..3..4", "..", "5..", "{", "{ low = 1 }", "{ x = 1 }", "1k..\"", "a..b", "nan..inf"]
    {
        assert!(typed(&mut one.clone(), "corpus.tokens", wrong).is_err(), "{wrong}");
    }
    typed(&mut one, "corpus.tokens", "7k").unwrap();
    assert!(one.ranges.is_empty());
}

#[test]
fn nothing_that_is_typed_into_a_table_becomes_another_key() {
    let mut one = scenario(TABLES);
    for text in ["x\"\nshare = 1", "\"", "}", "{ web_searches = 1 }\nname = \"x\"", "# x", "\\", "[[call]]"] {
        let (mut other, before) = (one.clone(), one.clone());
        for key in ["product", "uses", "strategies", "service"] {
            let _ = typed(&mut other, &format!("call.search.{key}"), text);
        }
        assert_eq!(other.groups.calls.len(), 1, "{text:?}");
        assert_eq!(other.groups.calls[0].name.text, "search", "{text:?}");
        assert_eq!(other.groups.calls[0].numbers, before.groups.calls[0].numbers, "{text:?}");
    }
    assert!(typed(&mut one, "class.law.corpus", "lawn").unwrap_err().contains("lawn"));
    assert!(typed(&mut one, "class.law.name", "help").unwrap_err().contains("two class tables"));
    assert!(typed(&mut one, "class.law.name", "").is_err(), "a class needs a name");
    assert!(typed(&mut one, "cost.licence.monthly", "ninety").is_err());
}

#[test]
fn a_table_that_goes_takes_its_comments_along_and_the_rest_stays() {
    let opened = scenario(TABLES);
    let mut changed = opened.clone();
    changed.remove_table(TableKind::Group(GroupKind::Class), 0).unwrap();
    // 0.3 and 0.2 of what was one half are 60 % and 40 % of all.
    assert_eq!(changed.groups.class_shares(), [0.6, 0.4]);
    // What is known roughly of the third class is now that of the second.
    let group = Some((GroupKind::Class, 1));
    let known = changed.ranges.iter().find(|known| known.target.group == group).unwrap();
    assert_eq!(known.range, Range::Tenths { p10: 10.0, p90: 40.0, log: true });
    let text = saved(TABLES, &opened, &changed).unwrap();
    let expected = TABLES
        .replace("[[class]]\nname = \"help\"\nshare = 0.5\n\n", "")
        .replace("share = 0.3", "share = 0.6")
        .replace("share = 0.2", "share = 0.4");
    assert_eq!(text, expected);
    let reason = changed.remove_table(TableKind::Group(GroupKind::Corpus), 1).unwrap_err().to_string();
    assert!(reason.contains("the class `law` draws on"), "{reason}");
}

#[test]
fn a_renamed_table_keeps_its_comments() {
    let opened = scenario(TABLES);
    let mut changed = opened.clone();
    typed(&mut changed, "class.law.name", "statutes").unwrap();
    typed(&mut changed, "class.statutes.output_tokens", "500").unwrap();
    typed(&mut changed, "cost.licence.per_request", "0.002").unwrap();
    typed(&mut changed, "call.search.uses", "web_searches = 2").unwrap();
    let text = saved(TABLES, &opened, &changed).unwrap();
    let expected = TABLES
        .replace("name = \"law\" # by lawyers", "name = \"statutes\" # by lawyers")
        .replace("output_tokens = { low = 100, mode = 200, high = 900 }", "output_tokens = 500")
        .replace("monthly = 90 # until March\n", "monthly = 90 # until March\nper_request = 0.002\n");
    assert!(text.contains("name = \"statutes\" # by lawyers"), "{text}");
    let read = scenario(&text);
    assert!(!differ(&Scenario { folder: changed.folder.clone(), ..read }, &changed), "{text}");
    // All but the uses is byte for byte what it was.
    let head = |text: &str| text[..text.find("[[call]]").unwrap()].to_owned();
    let tail = |text: &str| text[text.find("[[cost]]").unwrap()..].to_owned();
    assert_eq!((head(&text), tail(&text)), (head(&expected), tail(&expected)));
}

#[test]
fn every_added_table_can_be_saved_and_read() {
    let known = Known {
        model: Some("openai/gpt-4o".to_owned()),
        gpu: Some("some/gpu".to_owned()),
        strategy: Some("rag".to_owned()),
    };
    let opened = scenario(TABLES);
    for kind in TableKind::ALL {
        let mut changed = opened.clone();
        let at = changed.add_table(kind, &known).unwrap_or_else(|fault| panic!("{}: {fault}", kind.key()));
        assert_eq!(changed.tables(kind), at + 1);
        changed.consistency().unwrap_or_else(|(_, fault)| panic!("{}: {fault}", kind.key()));
        let text = saved(TABLES, &opened, &changed).unwrap_or_else(|fault| panic!("{}: {fault}", kind.key()));
        assert!(text.starts_with(TABLES), "{text}");
        let again = scenario(&text);
        assert!(!differ(&changed, &again), "{text}");
        // Taken out again, nothing is left of it.
        let mut without = changed.clone();
        without.remove_table(kind, at).unwrap();
        assert_eq!(saved(&text, &changed, &without).unwrap(), TABLES);
    }
}

#[test]
fn a_table_is_cut_with_all_that_is_inside_and_whatever_the_line_ends() {
    let text = "a = 1\n\n[[call]]\nname = \"x\"\n[call.uses]\nimages = 2\n\n# About y.\n[[call]]\nname = \"y\"\n\n[end]\nb = 2";
    assert_eq!(
        without_table(text, "call", 0).unwrap(),
        "a = 1\n\n# About y.\n[[call]]\nname = \"y\"\n\n[end]\nb = 2"
    );
    assert_eq!(
        without_table(text, "call", 1).unwrap(),
        "a = 1\n\n[[call]]\nname = \"x\"\n[call.uses]\nimages = 2\n\n[end]\nb = 2"
    );
    let windows = text.replace('\n', "\r\n");
    let cut = without_table(&windows, "call", 1).unwrap();
    assert_eq!(cut, without_table(text, "call", 1).unwrap().replace('\n', "\r\n"));
    assert_eq!(without_table("[[cost]]\nname = \"x\"", "cost", 0).unwrap(), "");
    // The comment that begins a file is about all of it.
    assert_eq!(without_table("# All.\n[[cost]]\nname = \"x\"\n", "cost", 0).unwrap(), "# All.\n");
    assert_eq!(without_table("cost = [{ name = \"x\" }]", "cost", 0), None);
    assert_eq!(without_table(text, "call", 2), None);
}

#[test]
fn every_key_has_a_path_that_finds_it_and_says_what_it_means() {
    let one = scenario(TABLES);
    let fields: Vec<Field> = sections(&one).into_iter().flat_map(|section| section.fields).collect();
    for field in &fields {
        assert_eq!(Field::find(&one, &field.path(&one)), Some(*field));
        assert!(!field.help().is_empty() && !field.allowed().is_empty(), "{}", field.path(&one));
    }
    // With [[corpus]] tables the whole has no corpus of its own.
    assert!(!fields.contains(&Field::Number(Param::CorpusTokens.into())));
}
