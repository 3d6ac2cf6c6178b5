//! What several tests need: a catalog with tables of the test's own, a scenario from text, its case.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::path::Path;

use jiff::civil::{Date, date};
use ragonomics::analysis::{Case, Evaluation, Pair};
use ragonomics::catalog::Catalog;
use ragonomics::catalog::load::{Table, load, with_overlays};
use ragonomics::scenario::{Scenario, load as load_scenario};
use rust_decimal::Decimal;

/// The day on which tests run, whatever the clock says.
pub const TODAY: Date = date(2026, 11, 22);

/// Returns the shipped tables with one of the test's own over them.
pub fn catalog_with(overlay: &str) -> Catalog {
    let tables =
        if overlay.is_empty() { vec![] } else { vec![Table { name: "overlay.toml", text: overlay }] };
    with_overlays(&tables).unwrap_or_else(|faults| panic!("{faults}")).0
}

/// Returns the program, out of reach of the settings, tables and counts of whoever runs the tests.
pub fn program() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("ragonomics"));
    for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        command.env(variable, env!("CARGO_TARGET_TMPDIR"));
    }
    command
}

/// Returns a catalog of one table alone.
pub fn catalog_of(text: &str) -> Catalog {
    load(&[Table { name: "table.toml", text }]).unwrap_or_else(|faults| panic!("{faults}")).0
}

/// Reads a scenario.
pub fn scenario(text: &str) -> Scenario {
    load_scenario::scenario("scenario.toml", text, Path::new("."))
        .unwrap_or_else(|faults| panic!("{faults}"))
        .0
}

/// Reads a shipped scenario.
pub fn shipped(name: &str) -> Scenario {
    scenario(ragonomics::scenario::library::shipped(name).unwrap())
}

/// Opens a case.
pub fn case<'a>(catalog: &'a Catalog, scenario: &'a Scenario) -> Case<'a> {
    Case::open(catalog, scenario, TODAY).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Finds a design.
pub fn pair(case: &Case<'_>, name: &str) -> Pair {
    case.find_pair(name).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Works out a design of a scenario over the shipped tables.
pub fn evaluate(text: &str, design: &str) -> Evaluation {
    let (catalog, scenario) = (catalog_with(""), scenario(text));
    let case = case(&catalog, &scenario);
    case.evaluate(pair(&case, design)).unwrap_or_else(|failure| panic!("{design}: {failure}"))
}

/// Reads a decimal as a reader writes it.
pub fn dec(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

/// Returns a file of the folder that is shared beside the repository, `$RAGONOMICS_SHARED` or `../shared`; where it is
/// absent, says so and returns nothing.
pub fn shared(name: &str) -> Option<String> {
    let folder = std::env::var_os("RAGONOMICS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        |folder| Path::new(&folder).to_path_buf(),
    );
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: {} is not there", path.display());
    }
    text
}
