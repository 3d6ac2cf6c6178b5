//! Bad usage: commands, flags, names and numbers that are refused with a remedy.

use super::*;

#[test]
fn unknown_commands_and_flags_are_bad_usage() {
    for arguments in [
        &["compare", "--colour-me"][..],
        &["frobnicate", "support-bot"],
        &["compare", "--format", "yaml"],
        &["compare", "--color", "sometimes"],
        &["compare", "-q", "-v"],
        &["sweep", "devday"],
        &["sweep", "devday", "--vary", "corpus.tokens", "--points", "1"],
        &["price"],
        &["models", "show"],
        &["completions", "tcsh"],
        &["price", "--usage", "-", "--input-tokens", "5"],
        &["price", "--usage", "-", "--model", "openai/gpt-4.1"],
        &["price", "--model", "openai/gpt-4.1", "--batch", "--service", "flex"],
    ] {
        let message = refused(arguments);
        assert!(message.starts_with("error: "), "{arguments:?}: {message}");
    }
}

#[test]
fn every_command_explains_itself() {
    for arguments in COMMANDS {
        let help = result(&[arguments, &["--help"]].concat());
        assert!(help.contains("Usage: ragonomics"), "{arguments:?}");
        let undocumented = help.lines().filter(|line| line.trim_start().starts_with("--")).count();
        assert!(help.len() > 200 || undocumented == 0, "{arguments:?}: {help}");
    }
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(result(&["completions", shell]).contains("ragonomics"), "{shell}");
    }
    assert!(result(&["man"]).contains(".TH ragonomics"));
}

#[test]
fn set_says_what_is_wrong_with_each_assignment() {
    let message = refused(&[
        "compare",
        "--set=workload.requests_per_month",
        "--set=plan=",
        "--set=retrieval.topk=4",
        "--set=caching.hit_share=200%",
        "--set=retrieval.top_k=2.5",
        "--set=corpus.tokens=lots",
        "--set=retrieval.index=shared",
        "--set=as_of=soon",
        "--set=currency=dollars",
        "--set=rewrite.resend_text=maybe",
    ]);
    assert_eq!(
        message,
        r#"error: --set: `workload.requests_per_month` sets nothing
  help: write it as --set workload.requests_per_month=50k
error: --set: `plan=` sets nothing
  help: write it as --set workload.requests_per_month=50k
error: --set: unknown key `retrieval.topk`
  help: did you mean `retrieval.top_k`?
error: --set: `caching.hit_share` is 200%; it should be from 0 to 1
error: --set: `retrieval.top_k` is 2.5; it should be a whole number
error: --set: `corpus.tokens` is no number: `lots`
  help: write it as 1500, 128k, 1.5M or 3%
error: --set: `retrieval.index` cannot be `shared`
  help: write one of `dedicated`, `spare`
error: --set: `as_of` is no date: `soon`
  help: write a day of the calendar, such as 2026-11-22
error: --set: `currency` is "dollars"; it should be a three-letter code such as USD
error: --set: `rewrite.resend_text` cannot be `maybe`
  help: write one of `true`, `false`
10 errors"#
    );
    let message = refused(&["compare", "--set=retrieval.chunk_tokens=50"]);
    assert!(message.contains("the overlap of 64 tokens is not smaller than the chunk of 50"), "{message}");
    for number in ["nan", "inf", "-inf", "-1", "1e16", "1e400", "k", "１２", "0x10", "1,000"] {
        let message = refused(&["compare", &format!("--set=corpus.tokens={number}")]);
        assert!(message.starts_with("error: --set: `corpus.tokens` is "), "{number}: {message}");
    }
}

#[test]
fn flags_about_the_day_and_the_currency_are_checked() {
    assert_eq!(
        refused(&["compare", "--as-of", "2026-02-30"]),
        "error: --as-of is no date: `2026-02-30`\n  help: write a day of the calendar, such as 2026-11-22"
    );
    assert_eq!(
        refused(&["compare", "--currency", "XYZ"]),
        "error: --currency: no exchange rate of XYZ is known\n  help: write one of `AUD`, `BRL`, `CAD`, `CHF`, `CNY`, `EUR`, `GBP`, `HKD`, `INR`, `JPY`, `KRW`, `SGD`, `TWD`, `USD`, give one in exchange_rates, or add an [[exchange_rate]] in a table of your own"
    );
    assert_eq!(
        refused(&["compare", "--currency", "dollars"]),
        "error: --currency is \"dollars\"; it should be a three-letter code such as USD"
    );
    assert!(refused(&["price", "--model", "openai/gpt-4.1", "--currency", "XYZ"]).contains("XYZ"));
    assert!(refused(&["models", "--as-of", "soon"]).contains("`soon`"));
    assert!(refused(&["compare", "--set", "region=euu"]).contains("unknown region `euu`"));
    let fixed = ["compare", "devday", "--currency", "CNY", "--set", "exchange_rates=CNY=8"];
    assert!(result(&fixed).contains("1 USD = 8 CNY fixed by the scenario"));
}

#[test]
fn a_command_that_is_misspelt_or_misplaced_is_named() {
    assert_eq!(
        refused(&["compar", "devday"]),
        "error: ragonomics: unknown command `compar`\n  help: did you mean `compare`?"
    );
    assert!(refused(&["devday", "compare"]).contains("write them after the command"));
}

#[test]
fn a_time_without_its_zone_is_refused() {
    let request =
        ["price", "--model", "deepseek-flash", "--input-tokens", "1M", "--at", "2026-11-22T02:00:00"];
    assert!(refused(&request).contains("a time with its zone such as"));
}

#[test]
fn a_request_of_nothing_has_no_price() {
    assert!(refused(&["price", "--model", "openai/gpt-4.1"]).contains("no quantity is given"));
    let request = ["price", "--model", "openai/gpt-4.1", "--input-tokens", "5k", "--batch"];
    assert!(result(&request).starts_with("openai/gpt-4.1, batch, price of "));
}

#[test]
fn a_sweep_of_many_designs_has_a_table_for_each_model() {
    let models = "gpt-4,gpt-4-32k,gpt-4-1106-preview,gpt-4-0125-preview,gpt-4o,gpt-4.1,gpt-4.1-mini";
    let sweep = ["sweep", "devday", "--vary", "corpus.tokens", "--points", "3", "--models", models];
    let text = result(&sweep);
    assert_eq!(text.matches("     corpus\n").count() + text.matches("    corpus\n").count(), 7, "{text}");
}

#[test]
fn a_bill_counts_in_millions_from_a_million_on() {
    let bill = result(&["bill", "support-bot", "--model=openai/gpt-6.1-sol", "--strategy=rag"]);
    assert!(bill.contains("  answer: input                 112.56M       $2.00/1M tokens"), "{bill}");
    assert!(bill.contains("  search: read units              7,500  $16.00/1M read units"), "{bill}");
}

#[test]
fn a_plan_without_a_cost_is_said_to_have_none() {
    let text = result(&[
        "compare",
        "devday",
        "--set=plan=openai/gpt-4:long_context",
        "--set=baseline=openai/gpt-4:rag",
    ]);
    let told = "The plan, openai/gpt-4:long_context, has no cost: does not fit: over the 8,192 token";
    assert!(text.replace('\n', " ").contains(told), "{text}");
}

#[test]
fn names_in_flags_are_looked_up() {
    let message = refused(&["compare", "--models", "openai/gpt-4.11", "--strategies", "rga"]);
    assert!(message.contains("error: --models: unknown model `openai/gpt-4.11`"), "{message}");
    assert!(message.contains("error: --strategies: unknown strategy `rga`"), "{message}");
    assert!(refused(&["bill", "devday", "--model", "openai/gpt-4"]).contains("--strategy"));
    assert!(refused(&["bill", "devday", "--strategy", "rag"]).contains("--model"));
    for flag in [
        &["bill", "devday", "--strategy", "rag", "--model", "openai/text-embedding-3-small"][..],
        &["bill", "devday", "--model", "openai/text-embedding-3-small:rag"],
        &[
            "breakeven",
            "devday",
            "--vary=corpus.tokens",
            "--b=openai/gpt-4:rag",
            "--a=openai/text-embedding-3-small:rag",
        ],
    ] {
        assert!(refused(flag).contains("is of kind embedding; chat is needed here"), "{flag:?}");
    }
}

#[test]
fn a_range_is_checked_before_it_is_swept() {
    let sweep = |ends: &[&str]| refused(&[&["sweep", "devday", "--vary", "corpus.tokens"], ends].concat());
    assert!(sweep(&["--from=10", "--to=5"]).contains("begin it below its end"));
    assert!(sweep(&["--from=0", "--to=5", "--log"]).contains("begin it above zero"));
    assert!(sweep(&["--from=-5"]).contains("it should be from 0 to 1e15"));
    assert!(sweep(&["--from=nan"]).contains("--from is no number: `nan`"));
    assert!(sweep(&["--metric=yearly"]).contains("`monthly`"));
    let message = refused(&["sweep", "devday", "--vary", "retrieval.topk"]);
    assert!(message.contains("did you mean `retrieval.top_k`?"), "{message}");
}

#[test]
fn a_text_cannot_be_varied_and_the_message_says_so() {
    for command in ["sweep", "breakeven"] {
        let said = refused(&[command, "support-bot", "--vary", "retrieval.store"]);
        assert!(said.contains("--vary: `retrieval.store` is no number"), "{said}");
        assert!(!said.contains("did you mean"), "{said}");
    }
}

#[test]
fn a_model_of_another_vendor_is_suggested_by_its_name() {
    let said =
        refused(&["compare", "support-bot", "--set", "retrieval.embedding=alibaba/qwen3-embedding-8b"]);
    assert!(said.contains("did you mean `fireworks/qwen3-embedding-8b`"), "{said}");
    let said = refused(&["bill", "support-bot", "--model", "opnai/gpt-4o", "--strategy", "rag"]);
    assert!(said.contains("did you mean `openai/gpt-4o`"), "{said}");
}

#[test]
fn a_number_of_a_class_out_of_range_is_named_with_the_class() {
    let text = "[[class]]\nname = \"a\"\n[[class]]\nname = \"b\"\nshare = 0.5\n";
    let asked = ["compare", "-", "--set", "class.b.share=200%"];
    let output = command().args(asked).write_stdin(text).output().unwrap();
    assert!(stderr(&output).contains("`class.b.share` is 200%"), "{}", stderr(&output));
    let asked = ["compare", "-", "--set", "class.b.language=chinese"];
    let output = command().args(asked).write_stdin(text).output().unwrap();
    assert!(stderr(&output).contains("`class.b.language` is no number"), "{}", stderr(&output));
}
