//! A sweep that is worked out and written part by part is the same as one that is held as a whole.

mod support;

use ragonomics::analysis::Pair;
use ragonomics::analysis::curve::Metric;
use ragonomics::analysis::sweep::{Axis, LongSweep, Series, sweep};
use ragonomics::report::{Sheet, sweep as rows};
use ragonomics::scenario::Param;
use support::*;

#[test]
fn parts_of_a_sweep_are_the_whole() {
    let (catalog, scenario) = (catalog_with(""), shipped("support-bot"));
    let case = case(&catalog, &scenario);
    let pairs: Vec<Pair> = case.pairs().collect();
    let axis = Axis::new(Param::RequestsPerMonth, 1.0, 1e6, true).unwrap();
    // More points than are held at a time for two designs, so that each is a part of its own.
    let points = 15_000;
    let whole = sweep(&case, &pairs[..3], axis, points, Metric::Monthly);
    let long = LongSweep { case: &case, pairs: &pairs[..3], axis, points, metric: Metric::Monthly };
    let parts: Vec<Series> = long.parts().flat_map(|part| part.series).collect();
    assert_eq!(long.parts().count(), 3);
    assert_eq!(parts, whole.series);
    let together =
        |header, write: fn(&Sheet) -> String| rows::parts(&long, header, write).collect::<String>();
    assert_eq!(together(1, Sheet::to_csv), rows::long(&whole, &case).to_csv());
    assert_eq!(together(2, Sheet::to_markdown), rows::long(&whole, &case).to_markdown());
    let json = serde_json::to_value(rows::json(&long)).unwrap();
    let costs =
        json["series"].as_array().unwrap().iter().map(|series| series["costs"].as_array().unwrap().len());
    assert_eq!(costs.collect::<Vec<_>>(), [points; 3]);
}

#[test]
fn a_sweep_on_several_processors_keeps_the_order_of_the_designs() {
    let (catalog, scenario) = (catalog_with(""), scenario("[compare]\nmodels = [\"openai/*\"]\n"));
    let case = case(&catalog, &scenario);
    let pairs: Vec<Pair> = case.pairs().collect();
    let axis = Axis::new(Param::RequestsPerMonth, 1.0, 1e6, true).unwrap();
    let swept = sweep(&case, &pairs, axis, 300, Metric::Total);
    assert!(pairs.len() * 300 > 16_000);
    for (pair, series) in pairs.iter().zip(&swept.series) {
        let alone = sweep(&case, &[*pair], axis, 300, Metric::Total);
        assert_eq!(alone.series[0], *series);
    }
}
