//! `report` from outside: the files it writes, what they say, and what happens when they cannot be written.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use ragonomics::analysis::Case;
use ragonomics::analysis::break_even::{Crossing, CrossingKind};
use ragonomics::analysis::summary::{Summary, summary};
use ragonomics::answer::sentence;
use ragonomics::catalog::{Catalog, load::with_overlays};
use ragonomics::present::{exact_money, value};
use ragonomics::report::{chart, document};
use ragonomics::scenario::{Scenario, library::shipped, load};
use ragonomics::usage::Recurrence;

const HOSTILE: &str = "A & B <c> | \"客服机器人\" {control} ]]> </svg><script>x</script>";

fn catalog() -> Catalog {
    with_overlays(&[]).expect("the shipped tables load").0
}

fn scenario(text: &str) -> Scenario {
    let mut scenario = load::scenario("test", text, Path::new(".")).expect("the scenario loads").0;
    // No file can hold a control character, but a caller of the library can put one there.
    scenario.name = scenario.name.replace("{control}", "\u{1}");
    scenario
}

/// Runs `test` on everything that a report of a scenario tells.
fn told(text: &str, test: impl Fn(&Case<'_>, Summary)) {
    let (catalog, scenario) = (catalog(), scenario(text));
    let today = "2026-11-22".parse().expect("a date");
    let case = Case::open(&catalog, &scenario, today).expect("all names are known");
    test(&case, summary(&case));
}

fn links() -> document::Charts {
    document::Charts { comparison: "a.svg".into(), break_even: "b.svg".into() }
}

/// Returns all texts of a picture, after a parser has found it well-formed.
fn texts(svg: &str) -> Vec<String> {
    let picture = roxmltree::Document::parse(svg).expect("well-formed XML");
    let texts = picture.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text()).map(|text| text.trim().to_owned()).collect()
}

fn report(scenario: &str, out: &Path, more: &[&str]) -> assert_cmd::assert::Assert {
    support::program()
        .args(["report", scenario, "--as-of", "2026-11-22", "--out"])
        .arg(out)
        .args(more)
        .assert()
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().to_owned();
    (folder, path)
}

#[test]
fn the_document_holds_the_answer_and_the_exact_total_of_the_bill() {
    for name in ["support-bot", "devday", "novel-qa", "contract-review", "transcript-cleanup"] {
        told(shipped(name).expect("a shipped scenario"), |case, summary| {
            let text = document::markdown(case, &summary, &links());
            assert!(text.contains(&sentence(&summary.comparison)), "{name}: no answer in\n{text}");
            let chosen = summary.chosen.as_ref().expect("a design has a cost");
            let bill = &chosen.outcome.as_ref().expect("it has a bill").bill;
            let total = bill.total(Recurrence::Monthly).amount().expect("all prices are known");
            let line = format!("Each month, exactly: {}.", exact_money(total, bill.currency));
            assert!(text.contains(&line), "{name}: no `{line}` in\n{text}");
            let row = summary.comparison.rows.iter().find(|row| row.pair == chosen.pair);
            assert_eq!(row.and_then(|row| row.monthly), Some(total));
            assert!(text.contains("730 hours") && text.contains("before tax"));
        });
    }
}

#[test]
fn a_plan_that_is_no_longer_sold_is_said_to_be() {
    let text = "plan = \"anthropic/claude-2.1:long_context\"\n[corpus]\ntokens = 50_000\n";
    told(text, |case, summary| {
        let document = document::markdown(case, &summary, &links());
        let said = "This is the scenario's plan. anthropic/claude-2.1 is no longer sold since 2025-07-21.";
        assert!(document.contains(said), "{document}");
    });
    told("name = \"plain\"\n", |case, summary| {
        assert!(!document::markdown(case, &summary, &links()).contains("no longer sold"));
    });
}

#[test]
fn lines_of_a_product_stay_indented_in_the_document() {
    told("name = \"plain\"\n", |case, summary| {
        let document = document::markdown(case, &summary, &links());
        assert!(document.contains("\n| &nbsp;&nbsp;answer"), "{document}");
    });
}

#[test]
fn every_crossing_is_in_the_picture_and_in_the_document() {
    told(shipped("support-bot").expect("shipped"), |case, summary| {
        let crossings = &summary.contest.as_ref().expect("both sides have a cost").break_even.crossings;
        assert_eq!(crossings.len(), 1);
        let at = value(crossings[0].at);
        let drawn = texts(&chart::break_even(case, &summary));
        assert!(drawn.contains(&format!("equal at {at}")), "{drawn:?}");
        assert!(
            document::markdown(case, &summary, &links()).contains(&format!("requests_per_month = {at}."))
        );
    });
}

#[test]
fn a_jump_and_a_gap_are_drawn_as_such() {
    told(shipped("support-bot").expect("shipped"), |case, summary| {
        let mut summary = summary;
        let whole = chart::break_even(case, &summary);
        let contest = summary.contest.as_mut().expect("both sides have a cost");
        // The first curve, a solid one, loses a stretch in its middle.
        contest.curves.series[0].costs[60..90].fill(None);
        contest.break_even.crossings = vec![Crossing { at: 1234.5, kind: CrossingKind::Jump, cost: None }];
        let broken = chart::break_even(case, &summary);
        assert!(texts(&broken).contains(&"changes at 1,234.5".to_owned()));
        let thick = |svg: &str| svg.matches("stroke=\"#1F5FA8\" stroke-width=\"3\" points").count();
        assert_eq!(thick(&broken), thick(&whole) + 1);
        assert_eq!((broken.matches("<polygon").count(), broken.matches("r=\"6\"").count()), (1, 0));
    });
}

#[test]
fn close_crossings_keep_their_labels_apart_and_lost_ones_are_counted() {
    told(shipped("support-bot").expect("shipped"), |case, summary| {
        let mut summary = summary;
        let found = &mut summary.contest.as_mut().expect("both sides have a cost").break_even;
        let crossing =
            |n: i32| Crossing { at: 1000.0 + f64::from(n), kind: CrossingKind::Root, cost: Some(5.0) };
        found.crossings = (0..30).map(crossing).collect();
        let drawn = texts(&chart::break_even(case, &summary));
        let labels = drawn.iter().filter(|text| text.starts_with("equal at")).count();
        let scenario = usize::from(drawn.iter().any(|text| text.starts_with("this scenario")));
        let lost = 31 - labels - scenario;
        assert!(labels > 2 && lost > 0);
        assert!(drawn.contains(&format!("marks without a label for want of room: {lost}")), "{drawn:?}");
    });
}

#[test]
fn a_hostile_name_changes_neither_picture_nor_document() {
    let text = format!(
        "name = \"{}\"\n[[cost]]\nname = \"{}\"\nmonthly = 5",
        HOSTILE.replace('"', "\\\""),
        "a|b <i>\\nc"
    );
    told(&text, |case, summary| {
        for svg in [chart::comparison(&summary), chart::both(case, &summary)] {
            let drawn = texts(&svg);
            assert!(drawn.iter().any(|text| text.contains("A & B <c> | \"客服机器人\"")), "{drawn:?}");
        }
        let document = document::markdown(case, &summary, &links());
        let title = document.lines().next().expect("a title");
        assert!(title.starts_with("# A & B \\<c\\> \\| \"客服机器人\""), "{title}");
        assert!(!document.contains("<script>") && !document.contains("<i>"));
        // Every row of a table has as many cells as its heading.
        let bars = |line: &str| line.replace("\\|", "").matches('|').count();
        for pair in document.lines().collect::<Vec<_>>().windows(2).filter(|pair| pair[0].starts_with('|')) {
            assert!(!pair[1].starts_with('|') || bars(pair[0]) == bars(pair[1]), "{pair:?}");
        }
    });
}

#[test]
fn nothing_with_a_cost_still_makes_a_report() {
    let text = "name = \"none\"\n[compare]\nmodels = [\"openai/gpt-4\"]\nstrategies = [\"long_context\"]";
    told(text, |case, summary| {
        assert!(texts(&chart::comparison(&summary)).contains(&"No design has a known cost.".to_owned()));
        assert!(
            texts(&chart::break_even(case, &summary)).iter().any(|text| text.starts_with("No break-even"))
        );
        let document = document::markdown(case, &summary, &links());
        assert!(document.contains("No design has a cost, so there is no bill."));
        assert!(document.contains("over the 8,192 token window"));
    });
}

#[test]
fn a_document_and_its_charts_are_written_and_replaced_whole() {
    let (_keep, folder) = folder();
    let out = folder.join("客服 report.md");
    fs::write(&out, "x".repeat(1_000_000)).expect("written");
    report("support-bot", &out, &[]).success().stdout("");
    let names = ["客服 report-break-even.svg", "客服 report-comparison.svg", "客服 report.md"];
    assert_eq!(files(&folder), names);
    let document = fs::read_to_string(&out).expect("readable");
    assert!(document.starts_with("# Support bot\n") && !document.contains("xxx"));
    assert!(
        document.contains("(客服%20report-comparison.svg)")
            && document.contains("(客服%20report-break-even.svg)")
    );
    let first: Vec<Vec<u8>> = names.iter().map(|name| fs::read(folder.join(name)).expect("read")).collect();
    report("support-bot", &out, &[]).success();
    let second: Vec<Vec<u8>> = names.iter().map(|name| fs::read(folder.join(name)).expect("read")).collect();
    assert!(first == second, "the same input gives the same bytes");
}

#[test]
fn a_picture_holds_both_charts_and_says_what_was_written() {
    let (_keep, folder) = folder();
    let out = folder.join("both.SVG");
    let written = report("devday", &out, &[]).success();
    let stderr = String::from_utf8_lossy(&written.get_output().stderr).into_owned();
    assert!(stderr.contains(&format!("wrote {}", out.display())), "{stderr}");
    assert_eq!(files(&folder), ["both.SVG"]);
    let drawn = texts(&fs::read_to_string(&out).expect("readable"));
    for part in ["Monthly cost of each design", "Stuffing against retrieval along requests a month"] {
        assert!(drawn.contains(&part.to_owned()), "{drawn:?}");
    }
}

#[test]
fn an_ending_that_means_nothing_is_refused_unless_the_format_is_given() {
    let (_keep, folder) = folder();
    for name in ["report.pdf", "report"] {
        let refused = report("devday", &folder.join(name), &[]).code(2);
        let stderr = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
        assert!(stderr.contains(".md") && stderr.contains(".svg") && stderr.contains("--format"), "{stderr}");
    }
    report("devday", Path::new("-"), &["--format", "svg"]).code(2);
    assert!(files(&folder).is_empty());
    report("devday", &folder.join("report"), &["--format", "svg"]).success();
    assert_eq!(files(&folder), ["report"]);
}

#[test]
fn what_cannot_be_written_ends_with_3_and_leaves_nothing_behind() {
    let (_keep, folder) = folder();
    report("devday", &folder.join("missing/report.md"), &[]).code(3);
    fs::write(folder.join("file"), "").expect("written");
    report("devday", &folder.join("file/report.md"), &[]).code(3);
    assert_eq!(files(&folder), ["file"]);
    // The second of three files is in the way: the first one is not left behind either.
    fs::create_dir(folder.join("report-break-even.svg")).expect("made");
    fs::write(folder.join("report.md"), "earlier").expect("written");
    report("devday", &folder.join("report.md"), &[]).code(3);
    assert_eq!(files(&folder), ["file", "report-break-even.svg", "report.md"]);
    assert_eq!(fs::read_to_string(folder.join("report.md")).expect("read"), "earlier");
}
