//! The JSON Schemas: the shipped files pass them, and they know the keys that the loader knows.

use std::fs;
use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use ragonomics::catalog::load::{Table, load};
use ragonomics::catalog::schema::{SHAPES, Shape};
use ragonomics::{catalog, scenario};
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect()
}

/// What an editor sees: dates are texts, integers and floats are numbers.
fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => number.as_str().replace('_', "").parse::<i64>().unwrap().into(),
        DeValue::Float(number) => number.as_str().replace('_', "").parse::<f64>().unwrap().into(),
        DeValue::Boolean(yes) => (*yes).into(),
        DeValue::Datetime(date) => date.to_string().into(),
        DeValue::Array(list) => list.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => object(table),
    }
}

fn object(table: &DeTable<'_>) -> Value {
    let fields = table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn compiled(schema: Value) -> (Schemas, SchemaIndex) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("schema.json", schema).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    (schemas, index)
}

fn all_pass(folder: &str, schema: Value) {
    let (schemas, index) = compiled(schema);
    for path in files(folder) {
        let text = fs::read_to_string(&path).unwrap();
        let table = DeTable::parse(&text).unwrap();
        if let Err(error) = schemas.validate(&object(table.get_ref()), index) {
            panic!("{}: {error:#}", path.display());
        }
    }
}

#[test]
fn every_shipped_table_passes_the_schema_of_tables() {
    all_pass("pricing", catalog::schema::pricing());
}

#[test]
fn every_shipped_scenario_passes_the_schema_of_scenarios() {
    all_pass("scenarios", scenario::schema::scenario());
}

#[test]
fn a_scenario_may_give_numbers_as_ranges_and_repeat_tables() {
    let (schemas, index) = compiled(scenario::schema::scenario());
    let text = "[workload]\nrequests_per_month = { low = \"5k\", mode = 10_000, high = 3e4 }\nseasonal = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2]\n\
                [request]\noutput_tokens = { p10 = 100, p90 = 400 }\n\
                [[corpus]]\nname = \"handbook\"\ntokens = { p10 = \"50k\", p90 = \"90k\" }\n\
                [[class]]\nname = \"a\"\ncorpus = \"handbook\"\nshare = { low = 0.1, mode = 0.2, high = 0.4 }\noutput_tokens = 900\n\
                [[call]]\nname = \"search\"\nproduct = \"x\"\nuses = { web_searches = 1 }\n";
    let table = DeTable::parse(text).unwrap();
    if let Err(error) = schemas.validate(&object(table.get_ref()), index) {
        panic!("{error:#}");
    }
    for wrong in [
        "[workload]\nrequests_per_month = { low = 1, high = 3 }\n",
        "[workload]\nrequests_per_month = { low = 1, mode = 2, hihg = 3 }\n",
        "[corpus]\ntokens = { p10 = -5, p90 = 2 }\n",
    ] {
        let table = DeTable::parse(wrong).unwrap();
        assert!(schemas.validate(&object(table.get_ref()), index).is_err(), "{wrong}");
    }
}

#[test]
fn the_schemas_refuse_what_the_loader_refuses() {
    let (schemas, index) = compiled(catalog::schema::pricing());
    for wrong in ["[vendor]\nid = \"a\"\nnmae = \"A\"\n", "[vendor]\nname = \"A\"\n", "[[product]]\nid = 3\n"]
    {
        let table = DeTable::parse(wrong).unwrap();
        assert!(schemas.validate(&object(table.get_ref()), index).is_err(), "{wrong}");
    }
    let (schemas, index) = compiled(scenario::schema::scenario());
    for wrong in ["[workload]\nrequests = 3\n", "name = 3\n", "[corpus]\ntokens = -1\n"] {
        let table = DeTable::parse(wrong).unwrap();
        assert!(schemas.validate(&object(table.get_ref()), index).is_err(), "{wrong}");
    }
}

/// Where a table of each shape stands in a file.
fn header(shape: &Shape) -> String {
    let product = "[vendor]\nid = \"a\"\n[[product]]\nid = \"m\"\nkind = \"chat\"\nnote = \"none\"\n";
    let price =
        "[[product.price]]\nfrom = 2026-01-01\nsource = \"s\"\nchecked = 2026-01-01\ninput_per_mtok = 1\n";
    match shape.name {
        "file" => String::new(),
        "vendor" => "[vendor]\n".to_owned(),
        "product" => "[vendor]\nid = \"a\"\n[[product]]\n".to_owned(),
        "price" => format!("{product}[[product.price]]\n"),
        "included" => format!("{product}{price}[product.price.included]\n"),
        "when" => format!("{product}{price}[[product.price.when]]\n"),
        "image_tokens" | "store" | "rerank" | "provisioned" => format!("{product}[product.{}]\n", shape.name),
        "cache" | "limit" | "throughput" | "differs" => format!("{product}[[product.{}]]\n", shape.name),
        of_the_file => format!("[[{of_the_file}]]\n"),
    }
}

#[test]
fn every_key_of_the_schema_is_one_that_the_loader_knows() {
    for shape in SHAPES.iter().filter(|shape| shape.name != "image_tokens") {
        for (key, ..) in shape.all_keys() {
            // A boolean is wrong for most keys, but an unknown key is said to be unknown whatever its value.
            let text = format!("{}{key} = true\n", header(shape));
            let faults = match load(&[Table { name: "t.toml", text: &text }]) {
                Ok((_, warnings)) => warnings.to_string(),
                Err(faults) => faults.to_string(),
            };
            assert!(!faults.contains("unknown key"), "{}: {key}: {faults}", shape.name);
        }
    }
}

#[test]
fn every_key_of_the_table_that_has_them_all_is_in_the_schema() {
    let (schemas, index) = compiled(catalog::schema::pricing());
    let table = DeTable::parse(include_str!("cases/every-key.toml")).unwrap();
    if let Err(error) = schemas.validate(&object(table.get_ref()), index) {
        panic!("{error:#}");
    }
}
