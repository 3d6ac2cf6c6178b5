//! A changed scenario written back into its text: only the touched lines differ, and the result reads as what was changed.

mod support;

use std::path::Path;

use proptest::prelude::*;
use ragonomics::scenario::library::SHIPPED;
use ragonomics::scenario::save::{SaveError, created, save, save_new, saved};
use ragonomics::scenario::setting::{Form, SETTINGS};
use ragonomics::scenario::{GroupKind, Origin, Param, Range, Scenario, Target, Uncertain, reference};
use support::{scenario, shipped};

/// Changes keys of a text and returns what is saved.
fn after(text: &str, changes: &[(&str, &str)]) -> String {
    let opened = scenario(text);
    let mut changed = opened.clone();
    for (path, value) in changes {
        changed.set(path, value).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    }
    saved(text, &opened, &changed).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

/// Returns a text as it is saved without a number.
fn reset(text: &str, param: Param) -> String {
    let opened = scenario(text);
    let mut changed = opened.clone();
    changed.numbers.reset(param);
    changed.ranges.retain(|known| known.target != param.into());
    saved(text, &opened, &changed).unwrap()
}

/// Returns the lines of one text that the other does not have, in order, and the other way round.
fn line_diff<'t>(before: &'t str, after: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    (old[head..old.len() - tail].to_vec(), new[head..new.len() - tail].to_vec())
}

/// Returns another value that a number may have.
fn another(scenario: &Scenario, target: Target) -> f64 {
    let facts = target.param.facts();
    let now = scenario.number(target).unwrap_or(facts.range.0);
    let tries = [now * 2.0, now / 2.0, now + 1.0, now - 1.0, now + 0.25, facts.range.0, facts.range.1];
    let rounded = tries.map(|value| if facts.whole { value.round() } else { value });
    rounded.into_iter().find(|value| *value != now && facts.check(*value, "").is_ok()).unwrap()
}

#[test]
fn each_number_of_each_shipped_scenario_changes_its_own_line_alone() {
    let mut tried = 0;
    for (name, text) in SHIPPED {
        let opened = shipped(name);
        for target in opened.targets() {
            let mut changed = opened.clone();
            changed.put(target, another(&opened, target), Origin::Override);
            if changed.consistency().is_err() {
                continue;
            }
            let path = opened.path_of(target);
            let result =
                saved(text, &opened, &changed).unwrap_or_else(|fault| panic!("{name}, {path}: {fault}"));
            assert_eq!(scenario(&result).number(target), changed.number(target), "{name}, {path}");
            let (gone, new) = line_diff(text, &result);
            let counted_by_users = matches!(target.param, Param::Users | Param::RequestsPerMonth);
            if !counted_by_users {
                // A new line, with the header and a blank one where the table is new as well.
                assert!(
                    gone.len() <= 1 && new.len() <= gone.len().max(3),
                    "{name}, {path}: {gone:?} {new:?}"
                );
                let key = target.param.key();
                assert!(new.iter().any(|line| line.contains(key)), "{name}, {path}: {new:?}");
            }
            let comments = |text: &str| text.matches('#').count();
            assert!(comments(&result) >= comments(text) - usize::from(counted_by_users), "{name}, {path}");
            tried += 1;
        }
    }
    assert!(tried > 300, "only {tried}");
}

#[test]
fn each_setting_of_each_shipped_scenario_can_be_changed_and_taken_back() {
    for (name, text) in SHIPPED {
        let opened = shipped(name);
        for setting in SETTINGS {
            let value = match (setting.path, setting.form) {
                ("exchange_rates", _) => "EUR=0.92,CNY=7.1",
                ("limits.tiers", _) => "openai=Tier 3",
                ("currency", _) => "EUR",
                ("request.image_detail", _) => "low",
                ("request.pages_as", _) => "text",
                ("caching.system_prompt", _) => "never",
                ("retrieval.index", _) => "spare",
                ("tenants.corpus", _) => "shared",
                ("tenants.prompt", _) => "own",
                ("conversation.context", _) => "retrieved",
                ("conversation.history", _) => "window",
                ("hybrid.fallback_cached" | "conversation.cached", _) => "false",
                // The corpus has one size: counted or typed.
                ("corpus.files", _) if text.contains("tokens = ") => continue,
                (_, Form::Text) => "说明 \"x\" \\ y",
                (_, Form::List) => "openai/*,第二",
                (_, Form::Numbers) => "1,1,1,1,1,1,1,1,1,1,1,0.5",
                (_, Form::Flag) => "true",
                (_, Form::Date) => "2026-02-28",
            };
            let mut changed = opened.clone();
            changed.set(setting.path, value).unwrap_or_else(|fault| panic!("{}: {fault}", setting.path));
            let result = saved(text, &opened, &changed)
                .unwrap_or_else(|fault| panic!("{name}, {}: {fault}", setting.path));
            assert_eq!(
                (setting.show)(&scenario(&result)),
                (setting.show)(&changed),
                "{name}, {}",
                setting.path
            );
            let back = saved(&result, &changed, &opened).unwrap();
            assert_eq!((setting.show)(&scenario(&back)), (setting.show)(&opened), "{name}, {}", setting.path);
        }
    }
}

#[test]
fn nothing_changed_is_the_same_text() {
    for (name, text) in SHIPPED {
        let opened = shipped(name);
        assert_eq!(saved(text, &opened, &opened).unwrap(), *text);
    }
}

#[test]
fn a_number_keeps_the_style_of_the_one_before() {
    let text = r#"[workload]
requests_per_month = "30k"   # guessed
peak_factor = 3

[corpus]
tokens = 1_500_000
changed_per_month = "5%" # measured
document_tokens = '4k'

[caching]
hit_share = 0.5
"#;
    let expected = r#"[workload]
requests_per_month = "45k"   # guessed
peak_factor = 4.5

[corpus]
tokens = 2_250_000
changed_per_month = "7.5%" # measured
document_tokens = '2500'

[caching]
hit_share = 0.25
"#;
    let changes = [
        ("workload.requests_per_month", "45000"),
        ("workload.peak_factor", "4.5"),
        ("corpus.tokens", "2.25M"),
        ("corpus.changed_per_month", "0.075"),
        ("corpus.document_tokens", "2500"),
        ("caching.hit_share", "25%"),
    ];
    assert_eq!(after(text, &changes), expected);
}

#[test]
fn new_keys_stand_behind_the_others_of_their_table_and_new_tables_at_the_end() {
    let text = "# A bot.\nname = \"Bot\"\n\n[request]\n  output_tokens = 300 # short\n\n# How it retrieves.\n[retrieval]\ntop_k = 5\n";
    let changes = [
        ("request.system_tokens", "1200"),
        ("horizon_months", "24"),
        ("corpus.changed_per_month", "5%"),
        ("corpus.tokens", "90k"),
        ("plan", "openai/gpt-4.1:rag"),
    ];
    let expected = "# A bot.\nname = \"Bot\"\nplan = \"openai/gpt-4.1:rag\"\nhorizon_months = 24\n\n[request]\n  output_tokens = 300 # short\n  system_tokens = 1200\n\n# How it retrieves.\n[retrieval]\ntop_k = 5\n\n[corpus]\ntokens = \"90k\"\nchanged_per_month = \"5%\"\n";
    let result = after(text, &changes);
    // The order of keys that are new together is that of the reference.
    assert_eq!(result, expected);
}

#[test]
fn a_key_above_all_tables_is_new_below_the_comment_that_begins_the_file() {
    assert_eq!(
        after("# A bot.\n[request]\noutput_tokens = 300\n", &[("horizon_months", "24")]),
        "# A bot.\nhorizon_months = 24\n\n[request]\noutput_tokens = 300\n"
    );
    assert_eq!(
        after("# A bot.\n\n# Sizes.\n[request]\noutput_tokens = 300\n", &[("horizon_months", "24")]),
        "# A bot.\n\nhorizon_months = 24\n\n# Sizes.\n[request]\noutput_tokens = 300\n"
    );
    assert_eq!(
        after("[request]\noutput_tokens = 300", &[("horizon_months", "24")]),
        "horizon_months = 24\n\n[request]\noutput_tokens = 300"
    );
}

#[test]
fn keys_taken_back_to_their_defaults_are_removed_with_their_line() {
    let text = "[request]\nsystem_tokens = 600 # long\noutput_tokens = 250\n";
    assert_eq!(reset(text, Param::SystemTokens), "[request]\noutput_tokens = 250\n");
    assert_eq!(
        reset("request = { system_tokens = 6, output_tokens = 2 }", Param::SystemTokens),
        "request = { output_tokens = 2 }"
    );
    assert_eq!(
        reset("request = { system_tokens = 6, output_tokens = 2 }", Param::OutputTokens),
        "request = { system_tokens = 6 }"
    );
    assert_eq!(reset("request = { output_tokens = 2 }", Param::OutputTokens), "request = {}");
    assert_eq!(reset("request.output_tokens = 2\nname = \"x\"", Param::OutputTokens), "name = \"x\"");
    assert_eq!(
        reset("name = \"x\"\n\n[request]\nsystem_tokens = 1\noutput_tokens = 2", Param::OutputTokens),
        "name = \"x\"\n\n[request]\nsystem_tokens = 1"
    );
    let text =
        "name = \"x\"\n[conversation]\nhistory = \"window\" # the last three\ncontext = \"retrieved\"\n";
    let (opened, mut changed) = (scenario(text), scenario(text));
    changed.set("conversation.history", "full").unwrap();
    assert_eq!(
        saved(text, &opened, &changed).unwrap(),
        "name = \"x\"\n[conversation]\ncontext = \"retrieved\"\n"
    );
}

#[test]
fn a_number_taken_elsewhere_and_back_needs_no_line() {
    let text = "name = \"x\"\n";
    assert_eq!(after(text, &[("retrieval.top_k", "9"), ("retrieval.top_k", "5")]), text);
}

#[test]
fn inline_tables_and_dotted_keys_stay_what_they_are() {
    let inline = "corpus = { tokens = 5_000, document_tokens = 100 } # all of it\n";
    assert_eq!(
        after(inline, &[("corpus.tokens", "6000"), ("corpus.changed_per_month", "10%")]),
        "corpus = { tokens = 6_000, document_tokens = 100, changed_per_month = \"10%\" } # all of it\n"
    );
    let dotted = "corpus.tokens = 5000 # dotted\nname = \"x\"\n[request]\noutput_tokens = 2\n";
    assert_eq!(
        after(dotted, &[("corpus.document_tokens", "70")]),
        "corpus.tokens = 5000 # dotted\ncorpus.document_tokens = 70\nname = \"x\"\n[request]\noutput_tokens = 2\n"
    );
    assert_eq!(after("retrieval = {}\n", &[("retrieval.top_k", "7")]), "retrieval = { top_k = 7 }\n");
    assert_eq!(
        after("name = \"x\"\n\n[retrieval]\n# nothing yet\n", &[("retrieval.top_k", "7")]),
        "name = \"x\"\n\n[retrieval]\ntop_k = 7\n# nothing yet\n"
    );
}

#[test]
fn line_ends_and_the_end_of_the_text_stay() {
    let text = "name = \"x\"\r\n\r\n[request]\r\noutput_tokens = 300 # a\r\n\r\n[retrieval]\r\ntop_k = 5";
    let expected = "name = \"x\"\r\n\r\n[request]\r\noutput_tokens = 400 # a\r\nquestion_tokens = 50\r\n\r\n[retrieval]\r\ntop_k = 5\r\nchunk_tokens = 300\r\n\r\n[budget]\r\nmonthly = 70";
    let changes = [
        ("request.output_tokens", "400"),
        ("request.question_tokens", "50"),
        ("retrieval.chunk_tokens", "300"),
        ("budget.monthly", "70"),
    ];
    assert_eq!(after(text, &changes), expected);
}

#[test]
fn chinese_texts_and_comments_stay() {
    let text = "name = \"客服机器人\" # 名称\ndescription = '''\n多行\n'''\n\n[request]\nsystem_tokens = 600 # 系统提示\n";
    let changes = [("request.system_tokens", "700"), ("name", "法务助手"), ("notes", "第一，第二")];
    let expected = "name = \"法务助手\" # 名称\ndescription = '''\n多行\n'''\nnotes = [\"第一，第二\"]\n\n[request]\nsystem_tokens = 700 # 系统提示\n";
    assert_eq!(after(text, &changes), expected);
}

#[test]
fn lists_keep_the_places_and_comments_of_the_items_that_stay() {
    let text = "[compare]\nmodels = [\n    \"openai/gpt-4.1\", # today's\n    \"openai/gpt-4o\", # cheaper\n]\nstrategies = [\"rag\", \"long_context\"]\n";
    assert_eq!(
        after(
            text,
            &[
                ("compare.models", "openai/gpt-4.1,openai/gpt-4o,openai/gpt-5"),
                ("compare.strategies", "rag,hybrid,long_context")
            ]
        ),
        "[compare]\nmodels = [\n    \"openai/gpt-4.1\", # today's\n    \"openai/gpt-4o\", # cheaper\n    \"openai/gpt-5\",\n]\nstrategies = [\"rag\", \"hybrid\", \"long_context\"]\n"
    );
    assert_eq!(
        after(text, &[("compare.models", "openai/gpt-4o"), ("compare.strategies", "rag")]),
        "[compare]\nmodels = [\n    \"openai/gpt-4o\", # cheaper\n]\nstrategies = [\"rag\"]\n"
    );
    assert_eq!(
        after("[compare]\nmodels = \"openai/*\"\n", &[("compare.models", "a/b,c/d")]),
        "[compare]\nmodels = [\"a/b\", \"c/d\"]\n"
    );
    let bare = "[compare]\nmodels = [\n  \"a\" # last\n]\n";
    assert_eq!(
        after(bare, &[("compare.models", "a,b")]),
        "[compare]\nmodels = [\n  \"a\", # last\n  \"b\"\n]\n"
    );
}

const GROUPS: &str = r#"[workload]
requests_per_month = 1000

[[corpus]]
name = "manuals" # first
tokens = "50k"

[[corpus]]
name = "laws"
tokens = "2M"

[[class]]
name = "short"
share = "80%" # most
corpus = "manuals"

[[class]]
name = "long"
share = "20%"
corpus = "laws"
output_tokens = 900

[[model]]
name = "openai/*"
output_tokens = 700
"#;

#[test]
fn numbers_of_repeated_tables_are_written_into_their_own_table() {
    let changes = [
        ("class.short.share", "70%"),
        ("class.long.share", "30%"),
        ("class.long.output_tokens", "1200"),
        ("class.short.top_k", "3"),
        ("corpus.laws.tokens", "3M"),
        ("corpus.manuals.document_tokens", "800"),
        ("model.openai/*.output_tokens", "650"),
    ];
    let expected = GROUPS
        .replace("share = \"80%\"", "share = \"70%\"")
        .replace("share = \"20%\"", "share = \"30%\"")
        .replace("output_tokens = 900", "output_tokens = 1200")
        .replace("corpus = \"manuals\"\n", "corpus = \"manuals\"\ntop_k = 3\n")
        .replace("\"2M\"", "\"3M\"")
        .replace("tokens = \"50k\"\n", "tokens = \"50k\"\ndocument_tokens = 800\n")
        .replace("= 700", "= 650");
    assert_eq!(after(GROUPS, &changes), expected);
    let inline = "class = [{ name = \"a\", share = 0.5 }, { name = \"b\" }]\n";
    assert_eq!(
        after(inline, &[("class.a.share", "25%"), ("class.b.top_k", "2")]),
        "class = [{ name = \"a\", share = 0.25 }, { name = \"b\", top_k = 2 }]\n"
    );
}

fn with_range(text: &str, path: &str, range: Range) -> String {
    let opened = scenario(text);
    let mut changed = opened.clone();
    let target = changed.find_target(path).unwrap();
    changed.put(target, range.middle().round(), Origin::Override);
    changed.ranges.push(Uncertain { target, range });
    saved(text, &opened, &changed).unwrap()
}

#[test]
fn ranges_are_written_changed_and_ended() {
    let triangle = Range::Triangle { low: 4.0, mode: 10.0, high: 20.0 };
    let tenths = Range::Tenths { p10: 60_000.0, p90: 500_000.0, log: true };
    let text = "[workload]\nusers = 10\nsessions_per_user = { low = 4, mode = 8, high = 20 } # unknown\n[corpus]\ntokens = \"128k\" # counted\n";
    assert_eq!(
        with_range(text, "workload.sessions_per_user", triangle),
        text.replace("mode = 8", "mode = 10")
    );
    assert_eq!(
        with_range(text, "corpus.tokens", tenths),
        text.replace("\"128k\"", "{ p10 = \"60k\", p90 = \"500k\" }")
    );
    assert_eq!(
        after(text, &[("workload.sessions_per_user", "9")]),
        text.replace("{ low = 4, mode = 8, high = 20 }", "9")
    );
    let headed =
        "[workload]\nusers = 10\n\n[workload.sessions_per_user]\nlow = 4\nmode = 8 # likely\nhigh = 20\n";
    assert_eq!(
        with_range(headed, "workload.sessions_per_user", triangle),
        headed.replace("mode = 8", "mode = 10")
    );
    assert_eq!(
        after(headed, &[("workload.sessions_per_user", "9")]),
        "[workload]\nusers = 10\nsessions_per_user = 9\n\n"
    );
    let dotted = "[workload]\nusers = 10\nsessions_per_user.low = 4\nsessions_per_user.mode = 8\nsessions_per_user.high = 20\n";
    assert_eq!(
        with_range(dotted, "workload.sessions_per_user", triangle),
        dotted.replace("mode = 8", "mode = 10")
    );
    assert_eq!(
        after(dotted, &[("workload.sessions_per_user", "9")]),
        "[workload]\nusers = 10\nsessions_per_user = 9\n"
    );
}

#[test]
fn a_range_that_is_taken_back_goes_with_its_line_alone() {
    let range = "sessions_per_user = { low = 4, mode = 8, high = 20 } # unknown\n";
    for (before, behind) in
        [("[workload]\nusers = 10\n", "\n[corpus]\ntokens = 900\n"), ("[workload]\nusers = 10\n", "")]
    {
        let text = format!("{before}{range}{behind}");
        assert_eq!(reset(&text, Param::SessionsPerUser), format!("{before}{behind}"));
    }
}

#[test]
fn users_and_requests_replace_each_other_and_the_largest_context_is_a_word() {
    let text = "[workload]\nrequests_per_month = \"30k\" # measured\n";
    assert_eq!(after(text, &[("workload.users", "200")]), "[workload]\nusers = 200\n");
    assert_eq!(
        after("[workload]\nusers = 200\n", &[("workload.requests_per_month", "5k")]),
        "[workload]\nrequests_per_month = \"5k\"\n"
    );
    assert_eq!(
        after("[long_context]\ncontext_tokens = 900 # c\n", &[("long_context.context_tokens", "fill")]),
        "[long_context]\ncontext_tokens = \"fill\" # c\n"
    );
    assert_eq!(
        after("[long_context]\ncontext_tokens = \"fill\"\n", &[("long_context.context_tokens", "900")]),
        "[long_context]\ncontext_tokens = \"900\"\n"
    );
}

#[test]
fn what_flags_and_counting_put_in_stays_out_of_the_file() {
    let text = "currency = \"EUR\"\n[budget]\nmonthly = 100\n";
    let mut opened = scenario(text);
    opened.set("retrieval.top_k", "9").unwrap();
    opened.show_in(ragonomics::units::Currency::USD, ragonomics::diagnostic::Place::whole("--currency"));
    opened.name = "file".to_owned();
    let mut changed = opened.clone();
    changed.set("budget.monthly", "200").unwrap();
    assert_eq!(saved(text, &opened, &changed).unwrap(), text.replace("100", "200"));
}

#[test]
fn what_a_file_cannot_say_is_refused_with_a_reason() {
    let text = "[corpus]\nfiles = [\"a.txt\"]\n";
    let opened = scenario(text);
    let mut changed = opened.clone();
    changed.set("corpus.tokens", "5000").unwrap();
    let fault = saved(text, &opened, &changed).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "a file with these changes could not be read: both corpus.files and corpus.tokens are given"
    );
    let opened = scenario(GROUPS);
    let mut changed = opened.clone();
    // Tables stay in the order of the file.
    changed.groups.classes.swap(0, 1);
    assert!(saved(GROUPS, &opened, &changed).is_err());
    let mut changed = opened.clone();
    changed.numbers.set(Param::TopK, 2.5, Origin::Override);
    assert!(saved(GROUPS, &opened, &changed).unwrap_err().to_string().contains("a whole number"));
}

#[test]
fn a_scenario_without_a_file_is_written_with_every_key() {
    let (plain, _) = (scenario(&reference::template("Mine")), ());
    assert_eq!(created(&plain).unwrap(), reference::template("Mine"));
    for (name, _) in SHIPPED {
        let wanted = shipped(name);
        let text = created(&wanted).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let read = scenario(&text);
        assert_eq!(
            (&read.name, &read.modes, read.as_of),
            (&wanted.name, &wanted.modes, wanted.as_of),
            "{name}"
        );
        for target in wanted.targets() {
            assert_eq!(read.number(target), wanted.number(target), "{name}: {}", wanted.path_of(target));
        }
        for setting in SETTINGS {
            assert_eq!((setting.show)(&read), (setting.show)(&wanted), "{name}: {}", setting.path);
        }
        assert_eq!(read.costs.len(), wanted.costs.len());
        for kind in GroupKind::ALL {
            assert_eq!(read.groups.count(kind), wanted.groups.count(kind));
        }
    }
    let read = scenario(&created(&scenario(GROUPS)).unwrap());
    assert_eq!(read.groups.corpora[1].name.text, "laws");
    assert_eq!(read.groups.classes[1].corpus.as_ref().unwrap().text, "laws");
}

fn changed(text: &str) -> (Scenario, Scenario) {
    let opened = scenario(text);
    let mut changed = opened.clone();
    changed.set("retrieval.top_k", "7").unwrap();
    (opened, changed)
}

#[test]
fn a_file_is_replaced_whole_and_keeps_its_mark_and_its_link() {
    const TEXT: &str = "# mine\n[retrieval]\ntop_k = 5 # chunks\n";
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("bot.toml"), folder.path().join("link.toml"));
    std::fs::write(&file, format!("\u{feff}{TEXT}")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&file, &link).unwrap();
    #[cfg(not(unix))]
    let link = file.clone();
    let (opened, changed) = changed(TEXT);
    let written = save(&link, TEXT, &opened, &changed).unwrap();
    assert_eq!(written, TEXT.replace('5', "7"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("\u{feff}{written}"));
    assert_eq!(link.symlink_metadata().unwrap().is_symlink(), cfg!(unix));
    // Nothing else is left in the folder.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), if cfg!(unix) { 2 } else { 1 });
}

#[test]
fn a_file_that_somebody_else_wrote_is_not_overwritten() {
    const TEXT: &str = "[retrieval]\ntop_k = 5\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bot.toml");
    let (opened, changed) = changed(TEXT);
    std::fs::write(&file, "[retrieval]\ntop_k = 6\n").unwrap();
    assert!(matches!(save(&file, TEXT, &opened, &changed), Err(SaveError::ChangedOnDisk)));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "[retrieval]\ntop_k = 6\n");
    std::fs::remove_file(&file).unwrap();
    assert!(matches!(save(&file, TEXT, &opened, &changed), Err(SaveError::Gone)));
    assert!(!file.exists());
    save_new(&file, TEXT).unwrap();
    assert!(matches!(save_new(&file, "x = 1"), Err(SaveError::Exists)));
    assert!(matches!(save_new(Path::new("no/such/folder/x.toml"), TEXT), Err(SaveError::Unwritable(_))));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), TEXT);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Any numbers, put into any shipped scenario one after the other, are read again as they were put.
    #[test]
    fn random_changes_are_read_again_as_they_were_made(
        which in 0..SHIPPED.len(),
        windows: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0.0..1.0f64, any::<bool>()), 1..12),
    ) {
        let text = if windows { SHIPPED[which].1.trim_end().replace('\n', "\r\n") } else { SHIPPED[which].1.to_owned() };
        let text = text.as_str();
        let (opened, mut changed) = (scenario(text), scenario(text));
        let targets = opened.targets();
        for (at, share, fine) in changes {
            let target = targets[at.index(targets.len())];
            let facts = target.param.facts();
            let (low, high) = facts.range;
            let value = low + (high - low) * share;
            let value = if facts.whole { value.round() } else if fine { value } else { (value * 100.0).round() / 100.0 };
            if facts.check(value, "").is_ok() {
                let before = changed.clone();
                changed.put(target, value, Origin::Override);
                if changed.consistency().is_err() {
                    changed = before;
                }
            }
        }
        let result = saved(text, &opened, &changed).unwrap();
        let read = scenario(&result);
        for target in targets {
            let (was, is) = (changed.number(target), read.number(target));
            let near = was.zip(is).is_some_and(|(a, b)| (a - b).abs() <= 1e-12 * a.abs());
            prop_assert!(was == is || near, "{}: {:?} became {:?}", opened.path_of(target), was, is);
        }
        // Every line that is no `key = value` of the scenario is still there.
        for line in text.lines().filter(|line| line.starts_with('#') || line.starts_with('[')) {
            prop_assert!(result.contains(line), "{line}");
        }
        prop_assert_eq!(result.contains('\r'), windows);
        prop_assert_eq!(result.ends_with('\n'), !windows);
        prop_assert!(!windows || result.matches('\n').count() == result.matches("\r\n").count());
        // Once saved, there is nothing left to save.
        prop_assert_eq!(saved(&result, &read, &read).unwrap(), result);
    }
}

#[test]
fn requests_that_replace_users_are_saved_without_users() {
    let text = "name = \"A\"\n[workload]\nusers = { low = 1000, mode = 2000, high = 5000 } # people\n\
                sessions_per_user = 8\nturns_per_session = 3\n[business]\nprice_per_user = 5\n";
    for text in [text.to_owned(), text.replace("{ low = 1000, mode = 2000, high = 5000 }", "2000")] {
        let saved = after(&text, &[("workload.requests_per_month", "60k")]);
        let read = scenario(&saved);
        assert_eq!(read.numbers.requests(), 60_000.0, "{saved}");
        assert!(!saved.contains("users = "), "{saved}");
    }
}
