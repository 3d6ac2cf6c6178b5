//! What goes to which stream, and with which colours and widths.

use super::*;

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for arguments in [&["models"][..], &["scenario", "reference"], &["compare", "devday", "--format", "json"]]
    {
        let mut child = Process::new(cargo_bin!("ragonomics"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!first.is_empty());
        assert_eq!(stderr(&output), "", "{arguments:?}");
        assert!(output.status.success(), "{arguments:?}: {:?}", output.status);
    }
}

#[test]
fn messages_stay_out_of_the_results() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("suspicious.toml");
    fs::write(&table, OWN_MODEL.replace("= 2\n", "= 0.002\n")).unwrap();
    let table = table.to_str().unwrap();
    let arguments = [
        "compare",
        "devday",
        "--models=acme/own-model",
        "--as-of=2026-11-22",
        "--pricing",
        table,
        "--format=json",
    ];
    let output = run(&arguments);
    assert!(stderr(&output).starts_with("warning: ") && stderr(&output).contains("per thousand"));
    serde_json::from_str::<Value>(&stdout(&output)).unwrap();
    let quiet = run(&[&arguments[..], &["--quiet"]].concat());
    assert_eq!((stdout(&quiet), stderr(&quiet)), (stdout(&output), String::new()));
    let verbose = run(&[&arguments[..], &["--verbose"]].concat());
    assert_eq!(stdout(&verbose), stdout(&output));
    assert!(stderr(&verbose).contains("tables"));
    let chosen = run(&["bill", "devday"]);
    assert!(stderr(&chosen).contains("the cheapest design that fits"), "{}", stderr(&chosen));
    assert_eq!(stderr(&run(&["bill", "devday", "--quiet"])), "");
}

#[test]
fn errors_are_printed_even_in_quiet() {
    assert!(refused(&["compare", "--quiet", "--as-of", "soon"]).contains("`soon`"));
}

#[test]
fn colour_is_used_only_where_it_is_wanted() {
    let escapes = |command: &mut Command| stdout(&command.output().unwrap()).contains('\u{1b}');
    let compare = |flags: &[&str]| {
        let mut command = command();
        command.args(["compare", "devday"]).args(flags);
        command
    };
    assert!(!escapes(&mut compare(&[])), "a pipe is no terminal");
    assert!(!escapes(&mut compare(&["--color", "never"])));
    assert!(!escapes(compare(&[]).env("NO_COLOR", "1")));
    assert!(escapes(&mut compare(&["--color", "always"])));
}

#[test]
fn tables_of_every_shipped_scenario_fit_into_eighty_columns() {
    for scenario in SHIPPED {
        for arguments in [&["compare", scenario][..], &["bill", scenario], &["limits", scenario]] {
            for line in result(arguments).lines() {
                let width = line.width();
                assert!(width <= 80 || !line.trim().contains(' '), "{arguments:?}: {width} columns:\n{line}");
            }
        }
    }
}
