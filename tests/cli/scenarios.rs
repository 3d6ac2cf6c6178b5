//! Making, showing, checking and naming scenarios.

use super::*;

#[test]
fn every_value_of_a_new_scenario_is_a_default() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("bot.toml");
    let bare = folder.path().join("bare.toml");
    result(&["scenario", "new", new.to_str().unwrap()]);
    fs::write(&bare, "name = \"bot\"\n").unwrap();
    for arguments in [
        &["compare", "--format=json", "--as-of=2026-11-22"][..],
        &["limits", "--format=json", "--as-of=2026-11-22"],
        &["bill", "--format=json", "--as-of=2026-11-22"],
    ] {
        let of = |file: &std::path::Path| result(&[arguments, &[file.to_str().unwrap()]].concat());
        assert_eq!(of(&new), of(&bare), "{arguments:?}");
    }
}

#[test]
fn a_new_scenario_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, "mine").unwrap();
    let message = refused(&["scenario", "new", path.to_str().unwrap()]);
    assert!(message.contains("exists and is left as it is"), "{message}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    let nowhere = folder.path().join("no/such/folder.toml");
    let output = run(&["scenario", "new", nowhere.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left behind");
}

/// Runs the program under a mask of permissions, and returns those of the file that it writes.
#[cfg(unix)]
fn written_under(mask: &str, file: &std::path::Path, arguments: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    let program = cargo_bin!("ragonomics");
    let line = format!("umask {mask}; '{}' {arguments} '{}'", program.display(), file.display());
    let output = Process::new("sh").args(["-c", &line]).output().unwrap();
    assert!(output.status.success(), "{line}: {}", stderr(&output));
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn a_new_file_is_as_private_as_the_users_mask_makes_it_and_a_replaced_one_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let new = "scenario new";
    for (mask, mode) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        assert_eq!(written_under(mask, &folder.path().join(format!("{mask}.toml")), new), mode, "{mask}");
    }
    let report = folder.path().join("report.md");
    fs::write(&report, "an earlier one").unwrap();
    for mode in [0o640, 0o600, 0o666] {
        fs::set_permissions(&report, fs::Permissions::from_mode(mode)).unwrap();
        let written = written_under("022", &report, "report devday --out");
        assert_eq!(written, mode, "{mode:o}");
        assert_ne!(fs::read_to_string(&report).unwrap(), "an earlier one");
    }
}

#[test]
fn the_effective_scenario_marks_what_is_set() {
    let arguments = ["scenario", "show", "-", "--effective", "--format=csv", "--set=retrieval.top_k=9"];
    let scenario = "name = \"bot\"\n[caching]\nhit_share = 0.25\n";
    let output = command().args(arguments).write_stdin(scenario).output().unwrap();
    let text = stdout(&output);
    for line in ["retrieval.top_k,9,set", "caching.hit_share,25%,set", "retrieval.chunk_tokens,512,default"] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[test]
fn shipped_scenarios_can_be_listed_shown_and_checked() {
    let list = result(&["scenario", "list"]);
    for scenario in SHIPPED {
        assert!(list.contains(scenario));
        assert!(result(&["scenario", "show", scenario]).contains("name = "));
        assert!(result(&["scenario", "check", scenario]).contains("no errors"));
    }
    let json = result(&["scenario", "check", "devday", "--format", "json"]);
    let facts: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(facts["errors"].to_string(), "0", "{json}");
    assert_eq!(facts["prices_of"], "2023-11-22");
    let csv = result(&["scenario", "check", "devday", "--format", "csv"]);
    assert!(csv.starts_with("scenario,errors,models,strategies,prices_of\n"), "{csv}");
}

#[test]
fn without_a_terminal_the_bare_program_compares() {
    assert_eq!(result(&["devday"]), result(&["compare", "devday"]));
}

#[test]
fn a_count_by_flag_goes_before_the_files_of_the_corpus() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("text.txt"), "some words to count").unwrap();
    let path = folder.path().join("files.toml");
    fs::write(&path, "name = \"files\"\n[corpus]\nfiles = [\"text.txt\"]\n").unwrap();
    let shown = |flags: &[&str]| {
        let show = ["scenario", "show", path.to_str().unwrap(), "--effective", "--format=csv"];
        let text = result(&[&show[..], flags].concat());
        text.lines().find(|line| line.starts_with("corpus.tokens,")).unwrap().to_owned()
    };
    assert_eq!(shown(&[]), "corpus.tokens,4,counted");
    assert_eq!(shown(&["--set=corpus.tokens=5000"]), "corpus.tokens,5k,set");
}
