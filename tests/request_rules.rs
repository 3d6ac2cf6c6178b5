//! What a single request is charged for: fees, variants, media without a price in a class. Worked by hand.

mod support;

use ragonomics::analysis::request::{NoBill, Pricer, Request};
use ragonomics::bill::Bill;
use ragonomics::catalog::rate::{Moment, Service};
use ragonomics::catalog::{Catalog, Meter};
use ragonomics::units::Currency;
use ragonomics::usage::Recurrence;
use rust_decimal::Decimal;
use support::*;

fn table(prices: &str) -> Catalog {
    catalog_of(&format!(
        "[vendor]\nid = \"acme\"\n[[product]]\nid = \"one\"\nkind = \"chat\"\nwindow = 100_000\n[[product.price]]\nfrom = 2026-01-01\n\
         source = \"s\"\nchecked = 2026-11-22\n{prices}"
    ))
}

fn ask(
    catalog: &Catalog,
    service: Service,
    variant: Option<&str>,
    used: &[(Meter, f64)],
) -> Result<Bill, NoBill> {
    let request = Request {
        product: catalog.find("acme/one").unwrap(),
        date: TODAY,
        moment: Moment::Spread,
        service,
        variant: variant.map(str::to_owned),
        quantities: used.to_vec(),
    };
    Pricer::new(catalog, Currency::USD, None).price(&request)
}

fn cost(
    catalog: &Catalog,
    service: Service,
    variant: Option<&str>,
    used: &[(Meter, f64)],
) -> Option<Decimal> {
    ask(catalog, service, variant, used).unwrap().total(Recurrence::Monthly).amount()
}

const MILLION: f64 = 1_000_000.0;

#[test]
fn a_fee_for_each_request_is_in_single_requests_and_in_bills_of_scenarios() {
    let catalog = table("input_per_mtok = 1\noutput_per_mtok = 1\nrequest_per_k = 5\n");
    // A million tokens at 1 and one request at 0.005.
    assert_eq!(cost(&catalog, Service::Standard, None, &[(Meter::Input, MILLION)]), Some(dec("1.005")));
    let three = [(Meter::Input, MILLION), (Meter::Requests, 3.0)];
    assert_eq!(cost(&catalog, Service::Standard, None, &three), Some(dec("1.015")));
    let scenario = scenario(
        "[workload]\nrequests_per_month = 1000\n[request]\nsystem_tokens = 0\nquestion_tokens = 500\noutput_tokens = 0\n\
         [corpus]\ntokens = 500\n[retrieval]\nembedding = \"none\"\nstore = \"none\"\n[compare]\nmodels = [\"acme/one\"]\n\
         strategies = [\"long_context\", \"rag\"]\n",
    );
    let case = case(&catalog, &scenario);
    for strategy in ["long_context", "rag"] {
        let bill = case.evaluate(pair(&case, &format!("acme/one:{strategy}"))).unwrap().bill;
        // A million tokens at 1 and 1,000 requests at 0.005.
        assert_eq!(bill.total(Recurrence::Monthly).amount(), Some(dec("6")), "{strategy}");
    }
}

#[test]
fn a_fee_of_a_variant_alone_is_not_owed_without_it() {
    let catalog =
        table("input_per_mtok = 1\n[[product.price.when]]\nvariant = \"search\"\nrequest_each = 0.5\n");
    let used = [(Meter::Input, MILLION)];
    assert_eq!(cost(&catalog, Service::Standard, None, &used), Some(dec("1")));
    assert_eq!(cost(&catalog, Service::Standard, Some("Search "), &used), Some(dec("1.5")));
}

#[test]
fn a_class_without_its_own_fee_leaves_it_unknown() {
    let catalog = table(
        "input_per_mtok = 1\nrequest_each = 0.5\n[[product.price.when]]\nservice = \"batch\"\ninput_per_mtok = 0.5\n",
    );
    assert_eq!(cost(&catalog, Service::Batch, None, &[(Meter::Input, MILLION)]), None);
}

#[test]
fn a_medium_with_a_price_of_its_own_is_never_billed_as_text() {
    let text = "input_per_mtok = 1\noutput_per_mtok = 2\noutput_image_per_mtok = 30\n\
                [[product.price.when]]\nservice = \"batch\"\ninput_per_mtok = 0.5\noutput_per_mtok = 1\n";
    let images = [(Meter::Output, MILLION), (Meter::OutputImage, MILLION)];
    assert_eq!(cost(&table(text), Service::Standard, None, &images), Some(dec("30")));
    assert_eq!(cost(&table(text), Service::Batch, None, &images), None);
    let plain = text.replace("output_image_per_mtok = 30\n", "");
    assert_eq!(
        cost(&table(&plain), Service::Batch, None, &images),
        Some(dec("1")),
        "no price anywhere: text"
    );
}

#[test]
fn reasoning_tokens_mean_the_variant_that_thinks() {
    let catalog = table(
        "input_per_mtok = 1\noutput_per_mtok = 0.6\n[[product.price.when]]\nvariant = \"thinking\"\noutput_per_mtok = 3.5\n",
    );
    let plain = [(Meter::Output, MILLION)];
    let thought = [(Meter::Output, MILLION), (Meter::Reasoning, 800_000.0)];
    assert_eq!(cost(&catalog, Service::Standard, None, &plain), Some(dec("0.6")));
    assert_eq!(cost(&catalog, Service::Standard, None, &thought), Some(dec("3.5")));
}

#[test]
fn a_discount_in_percent_is_the_factor_that_it_leaves() {
    let prices = |batch: &str| {
        table(&format!("input_per_mtok = 3\n[[product.price.when]]\nservice = \"batch\"\n{batch}\n"))
    };
    let batch = |catalog: &Catalog| cost(catalog, Service::Batch, None, &[(Meter::Input, MILLION)]);
    // 3 less 50 percent, less a third of it, less nothing, less all.
    for (written, price) in [("50", "1.5"), ("33.5", "1.995"), ("0", "3"), ("100", "0")] {
        assert_eq!(batch(&prices(&format!("percent_off = {written}"))), Some(dec(price)), "{written}");
    }
    assert_eq!(batch(&prices("factor = 0.5")), batch(&prices("percent_off = 50")));
}

#[test]
fn an_unknown_variant_is_refused_with_those_that_there_are() {
    let catalog =
        table("image_each = 0.04\n[[product.price.when]]\nvariant = \"1024x1024 hd\"\nimage_each = 0.08\n");
    let image = [(Meter::Images, 1.0)];
    assert_eq!(cost(&catalog, Service::Standard, Some("1024x1024 HD"), &image), Some(dec("0.08")));
    let refused = ask(&catalog, Service::Standard, Some("hd"), &image).unwrap_err().to_string();
    assert_eq!(refused, "there is no variant `hd`; it has `1024x1024 hd`");
}

#[test]
fn cached_video_leaves_the_video_that_it_is_reported_under() {
    let catalog = table("input_per_mtok = 1\ncached_input_per_mtok = 0.1\ninput_video_per_mtok = 2\n");
    // 0.3M of text at 1, 0.5M of fresh video at 2, 0.2M of cached video at the cached price.
    let used = [
        (Meter::Input, MILLION),
        (Meter::CachedInput, 200_000.0),
        (Meter::InputVideo, 700_000.0),
        (Meter::CachedVideo, 200_000.0),
    ];
    assert_eq!(cost(&catalog, Service::Standard, None, &used), Some(dec("1.32")));
}
