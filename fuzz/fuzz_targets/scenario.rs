//! Any bytes as a scenario: refused with faults, or priced on the shipped tables with numbers that are numbers.
#![no_main]

mod checks;

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use ragonomics::analysis::Case;
use ragonomics::catalog::Catalog;
use ragonomics::catalog::load::embedded;
use ragonomics::scenario::load;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| embedded().expect("sound tables"));

/// Models whose designs are worked out: more of them take longer and find no more.
const MODELS: usize = 3;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let scenario = match load::scenario("scenario.toml", text, Path::new(".")) {
        Ok((scenario, _)) => scenario,
        Err(faults) => {
            faults.to_string();
            return;
        }
    };
    match Case::open(&CATALOG, &scenario, checks::DAY) {
        Ok(mut case) => {
            case.models.truncate(MODELS);
            checks::case_holds(&case, data.len());
        }
        Err(faults) => {
            faults.to_string();
        }
    }
});
