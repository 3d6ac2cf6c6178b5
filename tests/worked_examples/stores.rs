//! Vector stores: bytes, units, minimums, invoices.

use ragonomics::catalog::Meter;
use ragonomics::usage::Step;
use rust_decimal::Decimal;

use super::bench::{Bench, Table, Work};
use super::example::{Answer, Example, in_bytes, minutes_in_hours, price_for_minutes, shifted};
use super::prompts;

/// The design whose store is looked at.
const RAG: &str = "t/one:rag";

/// A model that costs nothing and a store with its rule and prices.
fn store(bills: &[&str], rule: &str, prices: &[(&str, &str)]) -> Table {
    let bills = bills.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let facts = format!("[product.store]\nbills = [{bills}]\n{rule}\n");
    Table::default().free_chat("one").product("store", "vector_store", &facts, prices, "")
}

/// So many records of one token each, in that store, with what else the scenario says.
fn records(count: &str) -> Work {
    Work::of("rag")
        .with("retrieval.store", "\"t/store\"")
        .with("corpus.tokens", count)
        .with("corpus.document_tokens", "1")
        .with("retrieval.chunk_tokens", "1")
}

/// A single record of so many bytes.
fn bytes(count: &str) -> String {
    format!("own_dimensions = 0\nbytes_per_dimension = 0\nrecord_overhead_bytes = {count}\n")
}

/// The size of an index in GB: what storage costs where a GB-month costs one.
pub fn size(example: &Example) -> Answer {
    gigabytes(example, "records", "dense_dims").into()
}

fn gigabytes(example: &Example, count: &str, dimensions: &str) -> Decimal {
    let number = |key: &str, default: &str| example.maybe(key).unwrap_or(default.to_owned());
    let rule = format!(
        "own_dimensions = {}\nbytes_per_dimension = {}\nbytes_per_sparse_value = {}\nrecord_overhead_bytes = {}\n\
         index_factor = {}\n",
        example.text(dimensions),
        number("bytes_per_dim", "4"),
        number("bytes_per_sparse", "8"),
        number("id_bytes", "0"),
        number("overhead", "1"),
    );
    let table = store(&["storage_byte_hours"], &rule, &[("storage_per_gb_month", "1")]);
    let work = records(&example.text(count))
        .with("retrieval.metadata_bytes", &number("metadata_bytes", "0"))
        .with("retrieval.sparse_values", &number("sparse_nonzero", "0"))
        .with("retrieval.text_bytes", &number("full_text_bytes", "0"));
    Bench::new(table, work).monthly(RAG)
}

/// The same in bytes, of an index that is kept in memory.
pub fn memory(example: &Example) -> Answer {
    in_bytes(gigabytes(example, "vectors", "dims")).into()
}

/// The read units of a query over a namespace, or of fetching records.
pub fn read_units(example: &Example) -> Answer {
    let read = &["read_units"];
    if let Some(count) = example.maybe("records") {
        // What is begun is a whole unit, so that one is the fewest.
        assert_eq!(example.maybe("min_ru").unwrap_or("1".into()), "1", "{}: a fewest of more", example.id);
        let rule = format!("{}fetched_per_read_unit = {}\n", bytes("0"), example.text("records_per_ru"));
        let work = records("1").with("retrieval.fetched_records", &count);
        let bench = Bench::new(store(read, &rule, &[("read_unit_per_m", "0")]), work);
        return bench.used(RAG, Step::Fetch, Meter::ReadUnits).into();
    }
    let rule = format!(
        "{}read_units_per_gb = {}\nminimum_read_units = {}\nread_unit_step = {}\n",
        bytes(&shifted(&example.text("namespace_gb"), 9)),
        example.text("ru_per_gb"),
        example.maybe("min_ru").unwrap_or("0".into()),
        example.maybe("step").unwrap_or("0".into()),
    );
    let bench = Bench::new(store(read, &rule, &[("read_unit_per_m", "0")]), records("1"));
    bench.used(RAG, Step::Search, Meter::ReadUnits).into()
}

/// The write units of records that are written; an update is billed for the new record and the one before it.
pub fn write_units(example: &Example) -> Answer {
    let per_kb = example.maybe("wu_per_kb").unwrap_or("1".into());
    assert_eq!(per_kb, "1", "{}: units of another size than a KB", example.id);
    let rule = |overhead: &str| {
        format!(
            "{}bytes_per_write_unit = 1000\nminimum_write_units = {}\n",
            bytes(overhead),
            example.text("min_wu")
        )
    };
    let (rule, work) = match example.maybe("record_kb") {
        Some(size) => (rule(&shifted(&size, 3)), records(&example.text("records"))),
        None => {
            let (new, previous) = (example.text("new_kb"), example.text("previous_kb"));
            let work = records("1").with("retrieval.metadata_bytes", &shifted(&previous, 3));
            (rule(&shifted(&new, 3)), work)
        }
    };
    let bench = Bench::new(store(&["write_units"], &rule, &[("write_unit_per_m", "0")]), work);
    bench.used(RAG, Step::WriteIndex, Meter::WriteUnits).into()
}

/// What a month's queries cost, with storage where the example has some.
pub fn queries(example: &Example) -> Answer {
    let work = prompts::requests(example, records("1"));
    if let Some(smallest) = example.maybe("min_gb_per_query") {
        let rule = format!("{}minimum_bytes_queried = {}\n", bytes("0"), shifted(&smallest, 9));
        let price = example.text("price_per_pb");
        let table = store(&["bytes_queried"], &rule, &[("queried_per_pb", &price)]);
        return Bench::new(table, work).monthly(RAG).into();
    }
    let rule = bytes(&shifted(&example.text("storage_gb"), 9));
    let (query, gigabyte) = (example.text("price_per_m_queries"), example.text("price_gb"));
    let prices = [("query_per_m", &*query), ("storage_per_gb_month", &*gigabyte)];
    Bench::new(store(&["queries", "storage_byte_hours"], &rule, &prices), work).monthly(RAG).into()
}

/// A month's bill of a store: pods by the minute, or amounts below a minimum.
pub fn bill(example: &Example) -> Answer {
    if example.has("pods") { pods(example) } else { minimum(example) }
}

/// Pods × replicas × size, each for so many minutes, and a collection beside them, on one invoice.
fn pods(example: &Example) -> Answer {
    let hours = minutes_in_hours(&example.text("minutes"));
    let table = |id: &str, bills: &str, key: &str, price: &str| {
        let rule = format!("[product.store]\nbills = [\"{bills}\"]\n");
        Table::default().free_chat("one").product(id, "vector_store", &rule, &[(key, price)], "")
    };
    let each = |product: &str, uses: &str, quantity: &str| {
        format!("name = \"{product}\"\nproduct = \"t/{product}\"\nuses = {{ {uses} = {quantity} }}\n")
    };
    let month = || Work::of("long_context").without("workload.requests_per_month");
    let servers = month()
        .with("workload.users", &example.text("pods"))
        .with("workload.sessions_per_user", &example.text("replicas"))
        .with("workload.turns_per_session", &example.text("pod_size"))
        .table("call", &each("pod", "instance_hours", &hours));
    let disk = month()
        .with("workload.users", &example.text("collection_gb"))
        .table("call", &each("disk", "storage_byte_hours", &shifted(&hours, 9)));
    let pod = price_for_minutes(&example.text("price_per_pod_minute"), 60);
    let day = price_for_minutes(&example.text("collection_price_gb_minute"), 24 * 60);
    let design = "t/one:long_context";
    let servers =
        Bench::new(table("pod", "instance_hours", "instance_per_hour", &pod), servers).monthly(design);
    let disk =
        Bench::new(table("disk", "storage_byte_hours", "storage_per_gb_day", &day), disk).monthly(design);
    let invoice = Work::of("long_context").cost("pods", "monthly", &servers.to_string(), None).cost(
        "collection",
        "monthly",
        &disk.to_string(),
        None,
    );
    Bench::new(Table::default().free_chat("one"), invoice).monthly(design).into()
}

/// Amounts that come to less than the store's minimum, or more.
fn minimum(example: &Example) -> Answer {
    let (storage, writes, reads, least) = (
        example.text("storage_usd"),
        example.text("writes_usd"),
        example.text("queries_usd"),
        example.text("minimum_usd"),
    );
    let prices = [
        ("instance_per_month", &*storage),
        ("write_unit_per_m", &*writes),
        ("read_unit_per_m", &*reads),
        ("minimum_per_month", &*least),
    ];
    let table = store(&["instance_hours"], &bytes("0"), &prices);
    let work = records("1").table(
        "call",
        "name = \"use\"\nproduct = \"t/store\"\nuses = { write_units = 1_000_000, read_units = 1_000_000 }\n",
    );
    Bench::new(table, work).monthly(RAG).into()
}
