//! What vector stores count: the size of records, units of queries, fetches and writes. Worked by hand, and against the
//! examples of <https://docs.pinecone.io/guides/manage-cost/understanding-cost>.

mod support;

use ragonomics::catalog::Meter;
use ragonomics::usage::{Recurrence, Step, Usage};
use rust_decimal::Decimal;
use support::*;

const TABLE: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "chat"
kind = "chat"
[[product.price]]
from = 2026-01-01
input_per_mtok = 0
output_per_mtok = 0
source = "test"
checked = 2026-11-22

[[product]]
id = "vectors"
kind = "embedding"
dimensions = 768
[[product.price]]
from = 2026-01-01
input_per_mtok = 0
source = "test"
checked = 2026-11-22

[[product]]
id = "store"
kind = "vector_store"
[product.store]
bills = ["storage_byte_hours", "read_units", "write_units"]
record_overhead_bytes = 8
read_units_per_gb = 1
minimum_read_units = 0.25
fetched_per_read_unit = 10
minimum_write_units = 5
[[product.price]]
from = 2026-01-01
storage_per_gb_month = 1
read_unit_per_m = 16
write_unit_per_m = 4
source = "test"
checked = 2026-11-22
"#;

/// So many chunks of a token each in the store, one search a month.
fn usage(records: u32, rule: &str, more: &str) -> (Usage, Decimal) {
    let catalog = catalog_of(
        &TABLE.replace("record_overhead_bytes = 8\n", &format!("record_overhead_bytes = 8\n{rule}")),
    );
    let scenario = scenario(&format!(
        "[workload]\nrequests_per_month = 1\n[request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n\
         [corpus]\ntokens = {records}\ndocument_tokens = 1\n[compare]\nmodels = [\"acme/chat\"]\nstrategies = [\"rag\"]\n\
         [retrieval]\nembedding = \"acme/vectors\"\nstore = \"acme/store\"\nchunk_tokens = 1\noverlap_tokens = 0\n{more}\n"
    ));
    let case = case(&catalog, &scenario);
    let found = case.evaluate(pair(&case, "acme/chat:rag")).unwrap();
    let stored = found.bill.lines.iter().find(|line| line.step == "store index").unwrap();
    let gigabytes = stored.price.as_ref().unwrap().amount;
    assert!(found.bill.total(Recurrence::Monthly).complete);
    (found.usage, gigabytes)
}

fn units(usage: &Usage, step: Step, meter: Meter) -> Option<f64> {
    let line = usage.lines.iter().find(|line| line.step == step)?;
    line.per_call.iter().find(|(known, _)| *known == meter).map(|(_, quantity)| *quantity)
}

#[test]
fn a_record_is_its_id_vector_sparse_values_metadata_and_text() {
    // 5M x (8 + 768 x 4 + 100 x 8 + 500 + 2,000) = 5M x 6,380.
    let text = "metadata_bytes = 500\nsparse_values = 100\ntext_bytes = 2000";
    assert_eq!(usage(5_000_000, "", text).1, dec("31.9"));
    // 500,000 x (8 + 500 + 10 x 8), without a dense vector.
    let sparse = "metadata_bytes = 500\nsparse_values = 10";
    assert_eq!(usage(500_000, "own_dimensions = 0\n", sparse).1, dec("0.294"));
    // The same with sparse values of 6 bytes.
    assert_eq!(usage(500_000, "own_dimensions = 0\nbytes_per_sparse_value = 6\n", sparse).1, dec("0.284"));
}

#[test]
fn read_units_of_a_query_are_exact_or_rounded_up_to_a_step() {
    // 250,000 x (8 + 768 x 4 + 4,040) = 1.78 GB.
    let more = "metadata_bytes = 4040";
    let read =
        |rule: &str, records: u32| units(&usage(records, rule, more).0, Step::Search, Meter::ReadUnits);
    assert_eq!(read("", 250_000), Some(1.78));
    assert_eq!(read("read_unit_step = 0.25\n", 250_000), Some(2.0));
    // 281,250 are 2.0025 GB; 1,250,000 are 8.9 GB, 89 steps of 0.1.
    assert_eq!(read("read_unit_step = 0.25\n", 281_250), Some(2.25));
    assert_eq!(read("read_unit_step = 0.1\n", 1_250_000), Some(8.9));
    // Never below the fewest.
    assert_eq!(read("read_unit_step = 0.01\n", 1), Some(0.25));
}

#[test]
fn a_fetch_by_id_is_a_unit_for_each_ten_records_begun() {
    let fetched = |records: u32| {
        let (usage, _) = usage(1, "", &format!("fetched_records = {records}"));
        units(&usage, Step::Fetch, Meter::ReadUnits)
    };
    assert_eq!([1, 10, 50, 107].map(fetched), [Some(1.0), Some(1.0), Some(5.0), Some(11.0)]);
    assert_eq!(fetched(0), None);
    // A store that does not say how fetching is billed bills none of it in units.
    let catalog = catalog_of(&TABLE.replace("fetched_per_read_unit = 10\n", ""));
    assert_eq!(
        catalog.product(catalog.find("acme/store").unwrap()).store.as_ref().unwrap().fetched_per_read_unit,
        0.0
    );
}

#[test]
fn each_search_of_a_request_is_followed_by_a_fetch_that_is_billed_with_the_requests() {
    let (usage, _) = usage(1, "", "fetched_records = 20\nqueries_per_request = 3");
    let line = usage.lines.iter().find(|line| line.step == Step::Fetch).unwrap();
    assert_eq!((line.count(), line.recurrence), (3.0, Recurrence::Monthly));
    assert!(line.step.is_per_request() && !line.step.is_answer());
}

#[test]
fn a_write_is_a_unit_for_each_kilobyte_begun_and_five_at_least() {
    // Of 8 + 768 x 4 + 120 = 3,200 bytes: 2 are 6.4 KB, 1 is 3.2 KB, none is nothing.
    let written = |records: u32| {
        let (usage, _) = usage(records.max(1), "", "metadata_bytes = 120");
        units(&usage, Step::WriteIndex, Meter::WriteUnits)
    };
    assert_eq!([2, 1].map(written), [Some(7.0), Some(5.0)]);
}

#[test]
fn text_that_is_indexed_grows_with_the_contexts_of_its_chunks() {
    // A context as long as the chunk doubles metadata and text: 8 + 768 x 4 + 2 x 500 + 2 x 2,000 bytes of a record.
    let stored = |corpus: &str| {
        let catalog = catalog_of(TABLE);
        let scenario = scenario(&format!(
            "[workload]\nrequests_per_month = 1\n[corpus]\n{corpus}\n[compare]\n\
             models = [\"acme/chat\"]\nstrategies = [\"contextual_rag\"]\n[retrieval]\nembedding = \"acme/vectors\"\n\
             store = \"acme/store\"\noverlap_tokens = 0\nmetadata_bytes = 500\ntext_bytes = 2000\n\
             [contextual]\ncontext_tokens = 1\n",
        ));
        let case = case(&catalog, &scenario);
        let bill = case.evaluate(pair(&case, "acme/chat:contextual_rag")).unwrap().bill;
        let stored = bill.lines.iter().find(|line| line.step == "store index").unwrap();
        stored.price.as_ref().unwrap().amount
    };
    // A million records.
    assert_eq!(stored("tokens = 1_000_000\ndocument_tokens = 1"), dec("8.08"));
    // One record: a corpus shorter than a document and a chunk is a chunk of its own length.
    assert_eq!(stored("tokens = 1\ndocument_tokens = 4000"), dec("0.00000808"));
}
