//! Which design wins where, over two parameters.

mod support;

use ragonomics::analysis::Case;
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::grid::{Grid, Rule, grid};
use ragonomics::analysis::sweep::Axis;
use ragonomics::report::grid as rows;
use ragonomics::scenario::{Param, Target};
use support::*;

/// A free model, one that is not, one with a small window, and one that nobody sells any more.
const TABLE: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "free"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 0
output_per_mtok = 0
source = "test"
checked = 2026-11-22

[[product]]
id = "paid"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 1
output_per_mtok = 0
source = "test"
checked = 2026-11-22

[[product]]
id = "short"
kind = "chat"
window = 50_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 0.5
output_per_mtok = 0
source = "test"
checked = 2026-11-22

[[product]]
id = "gone"
kind = "chat"
window = 1_000_000
retired = 2024-01-01
[[product.price]]
from = 2020-01-01
input_per_mtok = 0
output_per_mtok = 0
source = "test"
checked = 2026-11-22
"#;

/// 100 dollars a month on the free model: it wins from 100 dollars of input on, N × D = 100 million.
const FEE: &str = "[request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n[retrieval]\nembedding = \"none\"\n\
                   store = \"none\"\n[[cost]]\nname = \"fee\"\nmonthly = 100\nmodels = [\"acme/free\"]\n";

fn with_case(models: &str, more: &str, check: impl Fn(&Case<'_>)) {
    let catalog = catalog_of(TABLE);
    let scenario =
        scenario(&format!("{FEE}{more}[compare]\nmodels = [{models}]\nstrategies = [\"long_context\"]\n"));
    check(&case(&catalog, &scenario));
}

fn by_traffic_and_corpus(case: &Case<'_>, names: &[&str], rule: Rule) -> Grid {
    let pairs: Vec<_> = match names {
        [] => case.pairs().collect(),
        names => names.iter().map(|name| pair(case, name)).collect(),
    };
    let across = Axis::new(Param::RequestsPerMonth, 1000.0, 3000.0, false).unwrap();
    let up = Axis::new(Param::CorpusTokens, 20_000.0, 100_000.0, false).unwrap();
    grid(case, &pairs, (across, up), (3, 3), (Metric::Monthly, rule)).unwrap()
}

#[test]
fn the_border_between_two_designs_is_where_their_costs_are_equal() {
    with_case("\"acme/free\", \"acme/paid\"", "", |case| {
        let names = ["acme/paid:long_context", "acme/free:long_context"];
        let found = by_traffic_and_corpus(case, &names, Rule::Cheaper);
        assert_eq!((&found.columns[..], &found.rows[..]), (&[1e3, 2e3, 3e3][..], &[2e4, 6e4, 1e5][..]));
        // N × D in millions: 20 40 60 / 60 120 180 / 100 200 300; at 100 both cost the same, and the first keeps it.
        let won: Vec<Vec<usize>> =
            found.cells.iter().map(|row| row.iter().map(|cell| cell.unwrap().design).collect()).collect();
        assert_eq!(won, [[0, 0, 0], [0, 1, 1], [0, 1, 1]]);
        assert!((found.cells[0][2].unwrap().cost - 60.0).abs() < 1e-9);
        // A point at an end stands for half as much: 1/4 + 1/2 × 1/4 + 1/4 × 1/4. The true area below N × D = 100 is
        // (100 ln 3 − 40) / 160 = 0.4366.
        assert_eq!((found.share(Some(0)), found.share(Some(1)), found.share(None)), (0.4375, 0.5625, 0.0));
    });
}

#[test]
fn where_nothing_fits_is_a_region_of_its_own() {
    with_case("\"acme/short\"", "", |case| {
        let found = by_traffic_and_corpus(case, &["acme/short:long_context"], Rule::Cheaper);
        let fits: Vec<bool> = found.cells.iter().map(|row| row[0].is_some()).collect();
        assert_eq!(fits, [true, false, false]);
        assert_eq!(found.share(None), 0.75);
        let map = rows::map(&found, case, 80);
        assert!(map.contains("│···") && map.contains("·   75%  does not fit, or has no price"), "{map}");
        let json = rows::to_json(&found, case).replace([' ', '\n'], "");
        assert!(json.contains("\"cells\":[[0,0,0],[null,null,null],[null,null,null]]"), "{json}");
    });
}

#[test]
fn designs_that_are_no_longer_sold_or_know_less_do_not_win_a_map_of_all() {
    with_case("\"acme/gone\", \"acme/paid\"", "", |case| {
        let found = by_traffic_and_corpus(case, &[], Rule::Cheapest);
        let names: Vec<String> = found.designs.iter().map(|pair| case.pair_name(*pair)).collect();
        assert_eq!(names, ["acme/paid:long_context"], "the retired model costs nothing, and wins nothing");
    });
    // A context of 20,000 tokens costs less than the whole corpus, and does less.
    let part = "[long_context]\ncontext_tokens = 20_000\n";
    let catalog = catalog_of(TABLE);
    let scenario = scenario(&format!(
        "{FEE}{part}[compare]\nmodels = [\"acme/paid\"]\nstrategies = [\"long_context\", \"map_reduce\"]\n"
    ));
    let case = case(&catalog, &scenario);
    let found = by_traffic_and_corpus(&case, &[], Rule::Cheapest);
    let at = |row: usize| case.pair_name(found.designs[found.cells[row][0].unwrap().design]);
    assert_eq!(at(0), "acme/paid:long_context");
    assert_eq!(at(2), "acme/paid:map_reduce");
}

#[test]
fn every_cell_names_the_design_that_curves_find_cheapest() {
    let (catalog, scenario) = (catalog_with(""), shipped("support-bot"));
    let case = case(&catalog, &scenario);
    let pairs: Vec<_> = case.pairs().collect();
    let across = Axis::new(Param::RequestsPerMonth, 100.0, 1e6, true).unwrap();
    let up = Axis::new(Param::TopK, 1.0, 50.0, false).unwrap();
    let found = grid(&case, &pairs, (across, up), (12, 8), (Metric::Total, Rule::Cheapest)).unwrap();
    for (y, row) in found.rows.iter().zip(&found.cells) {
        for (x, cell) in found.columns.iter().zip(row) {
            let costs = pairs.iter().filter_map(|pair| {
                let mut curve = Curve::new(&case, *pair);
                curve.put(Param::TopK, *y);
                curve.cost_at(Param::RequestsPerMonth, *x, Metric::Total)
            });
            let lowest = costs.fold(f64::MAX, f64::min);
            let cost = cell.unwrap().cost;
            assert!((cost - lowest).abs() <= 1e-9 * lowest, "{cost} {lowest} at {x}, {y}");
        }
    }
}

#[test]
fn a_map_has_letters_axes_and_a_legend_within_80_columns() {
    with_case("\"acme/free\", \"acme/paid\"", "", |case| {
        let names = ["acme/paid:long_context", "acme/free:long_context"];
        let found = by_traffic_and_corpus(case, &names, Rule::Cheaper);
        let map = rows::map(&found, case, 80);
        assert!(map.starts_with("corpus ↑\n100k │ABB\n 60k │ABB\n 20k │AAA\n     └───\n"), "{map}");
        assert!(map.ends_with("A 43.8%  acme/paid:long_context\nB 56.2%  acme/free:long_context\n"), "{map}");
        assert!(map.lines().all(|line| line.chars().count() <= 80));
    });
}

#[test]
fn axes_that_cannot_vary_together_are_refused() {
    let classes = "[[class]]\nname = \"a\"\nshare = 0.2\n[[class]]\nname = \"b\"\nshare = 0.3\n[[class]]\nname = \"c\"\n";
    with_case("\"acme/free\"", classes, |case| {
        let axis = |path: &str| {
            let target: Target = case.scenario.find_target(path).unwrap();
            Axis::new(target, 0.1, 0.9, false).unwrap()
        };
        let refused = |a: &str, b: &str| {
            let pairs: Vec<_> = case.pairs().collect();
            let found = grid(case, &pairs, (axis(a), axis(b)), (3, 3), (Metric::Monthly, Rule::Cheapest));
            found.unwrap_err().to_string()
        };
        assert_eq!(
            refused("class.a.share", "class.a.share"),
            "class.a.share cannot be varied against itself"
        );
        assert!(refused("class.a.share", "class.b.share").contains("leave each other no room"));
    });
}
