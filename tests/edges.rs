//! Designs at their edges, on prices of one and ten a million, with the expected figure worked beside each.

mod support;

use ragonomics::analysis::compare::{Comparison, compare};
use ragonomics::analysis::limits::limits;
use ragonomics::diagnostic::Place;
use ragonomics::units::Currency;
use support::*;

/// A vendor with a model of 8,192 tokens and one whose window nobody published.
const ACME: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "small"
kind = "chat"
window = 8192
max_output = 8192

[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01

[[product]]
id = "unknown-window"
kind = "chat"

[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01
"#;

fn compared(table: &str, text: &str) -> Comparison {
    let (catalog, scenario) = (catalog_with(table), scenario(text));
    compare(&case(&catalog, &scenario))
}

#[test]
fn what_was_not_checked_is_not_said_to_fit() {
    let text = "[compare]\nmodels = [\"acme/small\", \"acme/unknown-window\"]\nstrategies = [\"cached_context\"]\n\
                [corpus]\ntokens = 1000\n[request]\n";
    let fits = |text: &str| {
        let comparison = compared(ACME, text);
        ["acme/small", "acme/unknown-window"].map(|model| {
            let row = comparison.rows.iter().find(|row| row.model == model).unwrap();
            assert!(row.monthly.is_none() && row.reason.is_some());
            row.fits
        })
    };
    // Neither has a cache; 1,000 + 400 + 300 tokens fit into 8,192, and into a window that nobody knows perhaps.
    assert_eq!(fits(text), [Some(true), None]);
    // Neither takes images, so the size of the prompt was never worked out.
    assert_eq!(fits(&format!("{text}images = 1\n")), [None, None]);
}

#[test]
fn a_text_that_is_sent_again_leaves_the_rest_of_the_window_to_each_piece() {
    let rewrite = |text: u32| {
        let text = format!(
            "[compare]\nmodels = [\"acme/small\"]\nstrategies = [\"rewrite\"]\n[workload]\nrequests_per_month = 1000\n\
             [request]\nsystem_tokens = 0\nquestion_tokens = 0\n[rewrite]\ntext_tokens = {text}\nresend_text = true\n"
        );
        let row = compared(ACME, &text).rows.remove(0);
        (row.calls_per_request, row.monthly, row.reason.map(|reason| reason.to_string()))
    };
    // 8,192 - 5,000 = 3,192 tokens are left: two calls, 2 x 5,000 in and 5,000 out, 0.01 + 0.05 each time.
    assert_eq!(rewrite(5000), (Some(2.0), Some(dec("60")), None));
    // 8,192 - 8,191 = 1: as many calls as tokens, 8,191 x 8,191 in and 8,191 out: 67.092481 + 0.08191.
    assert_eq!(rewrite(8191), (Some(8191.0), Some(dec("67174.391")), None));
    let (calls, monthly, reason) = rewrite(8192);
    assert_eq!((calls, monthly), (None, None));
    assert_eq!(reason.as_deref(), Some("over the 8,192 token window by 1"));
}

#[test]
fn results_in_another_currency_leave_the_budget_and_own_costs_in_the_scenarios() {
    let text = "[compare]\nmodels = [\"acme/small\"]\nstrategies = [\"long_context\"]\n[workload]\nrequests_per_month = 1000\n\
                [request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n[corpus]\ntokens = 1000\n\
                [budget]\nmonthly = 20\n[[cost]]\nname = \"licence\"\nmonthly = 10\none_off = 50\n";
    let catalog = catalog_with(ACME);
    let row = |currency: Option<Currency>| {
        let mut scenario = scenario(text);
        if let Some(currency) = currency {
            scenario.show_in(currency, Place::whole("--currency"));
        }
        let row = compare(&case(&catalog, &scenario)).rows.remove(0);
        (row.monthly.unwrap(), row.one_off.unwrap(), row.over_budget)
    };
    // A million tokens at 1, and 10 for the licence: 11 of the 20 dollars.
    assert_eq!(row(None), (dec("11"), dec("50"), false));
    // At 6.6529 yuan: 11 x 6.6529 and 50 x 6.6529, still under 20 x 6.6529 = 133.058.
    assert_eq!(row(Some(Currency::CNY)), (dec("73.1819"), dec("332.645"), false));
}

#[test]
fn a_limit_by_the_day_is_held_against_the_day() {
    let table = format!(
        "{ACME}\n[[product]]\nid = \"limited\"\nkind = \"chat\"\nwindow = 8192\nnote = \"no price\"\n\
         [[product.limit]]\ntier = \"launch\"\nfrom = 2026-01-01\nrpm = 20\nrpd = 100\nsource = \"page\"\n"
    );
    let holds = |requests: u32, peak: u32| {
        let text = format!(
            "[workload]\nrequests_per_month = {requests}\nactive_hours_per_day = 8\npeak_factor = {peak}\n[corpus]\ntokens = 10\n"
        );
        let (catalog, scenario) = (catalog_with(&table), scenario(&text));
        let case = case(&catalog, &scenario);
        let found = limits(&case, pair(&case, "acme/limited:long_context")).unwrap();
        found.tiers()[0].holds_peak
    };
    // 3,000 / 730 x 24 = 98.6 a day, in 480 minutes 0.2 a minute and 0.6 at the peak: allowed, though 100 a day
    // are only 0.07 a minute around the clock.
    assert!(holds(3000, 3));
    // 3,042 / 730 x 24 = 100.01 a day.
    assert!(!holds(3042, 3));
    // 0.2055 a minute, 20.5 in a minute a hundred times as busy.
    assert!(!holds(3000, 100));
}

#[test]
fn every_allowance_of_a_plan_counts() {
    let table = format!(
        "{ACME}\n[[product]]\nid = \"store\"\nkind = \"vector_store\"\n[product.store]\nown_dimensions = 250\nembeds = true\n\
         read_units_per_gb = 1\nminimum_read_units = 1\n\
         bills = [\"storage_byte_hours\", \"read_units\", \"write_units\", \"queries\", \"file_searches\"]\n\
         [[product.price]]\nfrom = 2026-01-01\nstorage_per_gb_month = 1\nread_unit_per_m = 1000\nwrite_unit_per_m = 1000\n\
         query_per_m = 1000\nfile_search_per_k = 1\nsource = \"contract\"\nchecked = 2026-11-01\n\
         [product.price.included]\nstorage_gb = 1\nread_units = 400\nwrite_units = 300\nqueries = 200\nfile_searches = 100\n"
    );
    let text = "[compare]\nmodels = [\"acme/small\"]\nstrategies = [\"rag\"]\n[workload]\nrequests_per_month = 1000\n\
                [request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n\
                [corpus]\ntokens = 500_000\ndocument_tokens = 500\nchanged_per_month = \"100%\"\n\
                [retrieval]\nstore = \"acme/store\"\ntop_k = 0\nchunk_tokens = 500\noverlap_tokens = 0\nmetadata_bytes = 0\n";
    let row = compared(&table, text).rows.remove(0);
    // 1,000 vectors of 1,000 bytes: 1 MB, inside the GB. A month reads 1,000 units, writes 1,000, asks 1,000 queries
    // and 1,000 file searches at a thousandth each: (600 + 700 + 800 + 900) / 1,000.
    assert_eq!(row.monthly, Some(dec("3")));
}

#[test]
fn a_fixed_rate_goes_before_the_rate_of_the_day() {
    let text = "currency = \"CNY\"\nexchange_rates = [\"CNY=8\"]\n[workload]\nrequests_per_month = 1000\n[request]\nsystem_tokens = 0\n\
                question_tokens = 0\noutput_tokens = 0\n[corpus]\ntokens = 1000\n[compare]\nmodels = [\"acme/small\"]\n\
                strategies = [\"long_context\"]\n";
    let (catalog, scenario) = (catalog_with(ACME), scenario(text));
    let comparison = compare(&case(&catalog, &scenario));
    // A million tokens at 1 dollar, 8 yuan by the budget's rate.
    assert_eq!(comparison.rows[0].monthly, Some(dec("8")));
    assert_eq!(comparison.conversions[0].rates[0].source, "fixed by the scenario");
}
