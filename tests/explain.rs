//! Derivations: every line of a bill says how it came about, and what it says works out to the line.

mod support;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use ragonomics::analysis::explain::{Derivation, Digits, Explanation, Source, Term, explain, explain_at};
use ragonomics::bill::LineItem;
use ragonomics::catalog::Catalog;
use ragonomics::report::explain::line_facts;
use ragonomics::scenario::{Origin, Param, Scenario};
use ragonomics::usage::STRATEGIES;
use rust_decimal::prelude::ToPrimitive;
use support::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| catalog_with(""));

/// Works a formula out by the rules of arithmetic, from its text alone.
struct Sum<'t> {
    rest: &'t str,
}

impl Sum<'_> {
    fn of(text: &str) -> f64 {
        let mut sum = Sum { rest: text };
        let value = sum.sum();
        assert!(sum.rest.trim().is_empty(), "`{}` is left of `{text}`", sum.rest);
        value
    }

    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(token) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> f64 {
        let mut value = self.product();
        loop {
            if self.take("+") {
                value += self.product();
            } else if self.take("−") {
                value -= self.product();
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut value = self.factor();
        loop {
            if self.take("×") {
                value *= self.factor();
            } else if self.take("÷") {
                value /= self.factor();
            } else {
                return value;
            }
        }
    }

    fn closed(&mut self, value: f64, end: &str) -> f64 {
        assert!(self.take(end), "`{end}` is missing before `{}`", self.rest);
        value
    }

    fn factor(&mut self) -> f64 {
        for (open, close, round) in [("⌈", "⌉", f64::ceil as fn(f64) -> f64), ("⌊", "⌋", f64::floor)]
        {
            if self.take(open) {
                let value = self.sum();
                return round(self.closed(value, close));
            }
        }
        for (name, pick) in [("min(", f64::min as fn(f64, f64) -> f64), ("max(", f64::max)] {
            if self.take(name) {
                let first = self.sum();
                assert!(self.take(","));
                let second = self.sum();
                return self.closed(pick(first, second), ")");
            }
        }
        if self.take("(") {
            let value = self.sum();
            return self.closed(value, ")");
        }
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number = rest[..end].parse().unwrap_or_else(|_| panic!("no number at `{rest}`"));
        self.rest = &rest[end..];
        number
    }
}

fn is_close(a: f64, b: f64) -> bool {
    // A decimal has 28 digits behind the point at most.
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-20
}

/// Checks that the values that a reader is shown multiply out to the quantity that is shown beside them.
fn assert_reads_right(line: &LineItem, derivation: &Derivation) {
    let facts = line_facts(line, derivation);
    let Some((_, text)) = facts.iter().find(|(name, _)| *name == "with values") else { return };
    let Some((values, result)) = text.rsplit_once(" = ") else { return };
    let chars: Vec<char> = values.chars().collect();
    // A comma between digits groups them; one before a blank stands between two values.
    let groups = |at: usize| chars[at] == ',' && chars.get(at + 1).is_some_and(char::is_ascii_digit);
    let plain: String = (0..chars.len()).filter(|at| !groups(*at)).map(|at| chars[at]).collect();
    let shown = result.split(' ').next().unwrap().replace(',', "");
    let decimals = shown.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let (worked, shown) = (Sum::of(&plain), shown.parse::<f64>().unwrap());
    let last_place = 10f64.powi(-(decimals as i32));
    assert!((worked - shown).abs() <= 0.6 * last_place, "{text}, but they come to {worked}");
}

/// Checks that every line's formulas work out to its quantity, and every derived value's formula to the value.
fn assert_works_out(explanation: &Explanation) {
    assert_eq!(explanation.lines.len(), explanation.bill.lines.len());
    for (line, derivation) in explanation.bill.lines.iter().zip(&explanation.lines) {
        let quantity = line.quantity.to_f64().unwrap();
        let worked: f64 = derivation.terms.iter().map(|term| Sum::of(&term.in_numbers(Digits::All))).sum();
        let words: Vec<String> = derivation.terms.iter().map(Term::in_words).collect();
        assert!(is_close(worked, quantity), "{}: {quantity}, but {worked} = {words:?}", line.title());
        assert!(is_close(derivation.quantity(), quantity), "{}", line.title());
        assert_reads_right(line, derivation);
        let words = words.concat();
        assert!(!words.contains("used by a call"), "{} has no formula of its own: {words}", line.title());
    }
    let known: Vec<&str> = explanation.values.iter().map(|value| value.name.as_str()).collect();
    for derivation in &explanation.lines {
        let unknown = derivation.rests_on.iter().find(|name| !known.contains(&name.as_str()));
        assert_eq!(unknown, None, "whatever a line rests on is listed");
    }
    for value in &explanation.values {
        if let Source::Formula { words, exact, .. } = &value.source {
            let worked = Sum::of(exact);
            // What another model counts is rounded to whole tokens.
            let slack: f64 = if words.contains("for one") { 0.5 } else { 0.0 };
            let close = is_close(worked, value.value) || (worked - value.value).abs() <= slack.max(1e-11);
            assert!(close, "{}: {}, but {worked} = {words} = {exact}", value.name, value.value);
        }
    }
}

/// Explains every strategy that runs.
fn explained(scenario: &Scenario, models: &[&str]) -> Vec<Explanation> {
    let case = case(&CATALOG, scenario);
    let mut all = Vec::new();
    for model in models {
        for strategy in STRATEGIES {
            let design = pair(&case, &format!("{model}:{}", strategy.id()));
            all.extend(explain(&case, design));
        }
    }
    all
}

/// Models of all shapes: flat, tiered, priced by the hour, in another currency, with rent, with a free cache.
const MODELS: [&str; 6] = [
    "openai/gpt-6.1-sol",
    "anthropic/claude-haiku-5-5",
    "deepseek/deepseek-flash",
    "google/gemini-2.5-pro",
    "moonshot/kimi-k3",
    "zhipu/glm-5.3",
];

#[test]
fn every_line_of_every_strategy_works_out() {
    for name in
        ["support-bot", "devday", "contract-review", "novel-qa", "saas-assistant", "transcript-cleanup"]
    {
        let mut scenario = shipped(name);
        scenario.as_of = Some(TODAY);
        let all = explained(&scenario, &MODELS);
        assert!(!all.is_empty());
        all.iter().for_each(assert_works_out);
    }
}

const TABLE: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "chat"
kind = "chat"
window = 1_000_000
[[product.cache]]
mode = "explicit"
ttl_minutes = 60
write = "cache_write"
increment_tokens = 128
[[product.price]]
from = 2026-01-01
input_per_mtok = 2
cached_input_per_mtok = 0.2
cache_write_per_mtok = 2.5
output_per_mtok = 8
source = "https://acme.example/prices"
checked = 2026-11-01
[[product.price.when]]
service = "batch"
input_per_mtok = 1
output_per_mtok = 4
[[product.price.when]]
above_input_tokens = 200_000
input_per_mtok = 4
cached_input_per_mtok = 0.4
cache_write_per_mtok = 5
output_per_mtok = 12
"#;

fn acme(text: &str, design: &str, check: impl Fn(&Explanation)) {
    let (catalog, scenario) = (catalog_of(TABLE), scenario(text));
    let case = case(&catalog, &scenario);
    let explanation = explain(&case, pair(&case, design)).unwrap_or_else(|failure| panic!("{failure}"));
    assert_works_out(&explanation);
    check(&explanation);
}

/// Returns the lines as `title: formula = numbers`.
fn lines(explanation: &Explanation) -> Vec<String> {
    let lines = explanation.bill.lines.iter().zip(&explanation.lines);
    lines
        .map(|(line, derivation)| {
            let joined = |texts: Vec<String>| texts.join(" + ");
            let words = joined(derivation.terms.iter().map(Term::in_words).collect());
            let numbers = derivation.terms.iter().map(|term| term.in_numbers(Digits::Readable)).collect();
            format!("{}: {words} = {}", line.title(), joined(numbers))
        })
        .collect()
}

const BARE: &str =
    "[retrieval]\nembedding = \"none\"\nstore = \"none\"\n[compare]\nmodels = [\"acme/chat\"]\n";

#[test]
fn a_stuffed_prompt_is_told_as_a_reader_would_work_it_out() {
    let text = format!(
        "[workload]\nrequests_per_month = 1000\n[request]\nsystem_tokens = 300\nquestion_tokens = 100\noutput_tokens = 50\n\
         [corpus]\ntokens = 10_000\n[long_context]\ncontext_tokens = 8000\n{BARE}"
    );
    acme(&text, "acme/chat:long_context", |explanation| {
        // 1,000 × 8,400 = 8.4 million in, 1,000 × 50 out.
        assert_eq!(
            lines(explanation),
            [
                "answer: requests × (system + context + question) = 1,000 × (300 + 8,000 + 100)",
                "answer: requests × output = 1,000 × 50",
            ]
        );
        assert_eq!(explanation.bill.lines[0].quantity, dec("8400000"));
        assert!(explanation.lines[0].rests_on.contains(&"long_context.context_tokens".to_owned()));
        assert!(
            !explanation.lines[1].rests_on.contains(&"corpus.tokens".to_owned()),
            "an answer rests on no corpus"
        );
        let named: BTreeMap<&str, (&str, f64)> = explanation
            .values
            .iter()
            .map(|value| (value.name.as_str(), (value.origin(), value.value)))
            .collect();
        assert_eq!(named["workload.requests_per_month"], ("file", 1000.0));
        assert_eq!(named["long_context.context_tokens"], ("file", 8000.0));
        assert_eq!(named["context"], ("derived", 8000.0));
        assert!(!named.contains_key("request.images"), "nothing that the bill does not rest on");
    });
}

#[test]
fn defaults_flags_and_files_are_told_apart() {
    let mut scenario = scenario(&format!("[request]\nsystem_tokens = 300\n{BARE}"));
    scenario.set("request.output_tokens", "70").unwrap();
    let catalog = catalog_of(TABLE);
    let case = case(&catalog, &scenario);
    let found = explain(&case, pair(&case, "acme/chat:long_context")).unwrap();
    let origin = |name: &str| found.values.iter().find(|value| value.name == name).unwrap().origin();
    assert_eq!(origin("request.system_tokens"), "file");
    assert_eq!(origin("request.output_tokens"), "override");
    assert_eq!(origin("request.question_tokens"), "default");
}

#[test]
fn a_cached_prefix_says_its_hits_its_steps_and_its_writes() {
    // ⌊(300 + 10,000) ÷ 128⌋ × 128 = 80 × 128 = 10,240 tokens; 60 are left over, and 100 of the question.
    let text = format!(
        "[workload]\nrequests_per_month = 1000\n[corpus]\ntokens = 10_000\n[caching]\nhit_share = \"75%\"\n{BARE}"
    );
    acme(&text, "acme/chat:cached_context", |explanation| {
        let told = lines(explanation);
        assert_eq!(
            told[0],
            "answer, cache hit: requests × hit share × read from the cache = 1,000 × 0.75 × 10,240"
        );
        assert_eq!(
            told[1],
            "answer, cache hit: requests × hit share × (system + context + question − read from the cache) = \
             1,000 × 0.75 × (300 + 10,000 + 100 − 10,240)"
        );
        assert!(
            told.contains(
                &"answer, cache write: requests × miss share × written to the cache = 1,000 × 0.25 × 10,240"
                    .to_owned()
            )
        );
    });
}

#[test]
fn a_tier_is_told_with_the_input_that_chose_it() {
    let with = |corpus: u32| format!("[corpus]\ntokens = {corpus}\n{BARE}");
    // 300 + 100 tokens beside the corpus: 200,000 in all are still below, 200,001 above.
    acme(&with(199_600), "acme/chat:long_context", |explanation| {
        assert_eq!(
            explanation.lines[0].chosen,
            ["an input of 200,000 tokens is below the tier over 200,000"]
        );
    });
    acme(&with(199_601), "acme/chat:long_context", |explanation| {
        assert_eq!(explanation.lines[0].chosen, ["an input of 200,001 tokens is in the tier over 200,000"]);
    });
}

#[test]
fn classes_and_services_have_formulas_of_their_own() {
    let text = format!(
        "[workload]\nrequests_per_month = 1000\n[corpus]\ntokens = 1000\n[[class]]\nname = \"long\"\nshare = 0.2\n\
         output_tokens = 900\nbatch_share = 0.5\n[[class]]\nname = \"short\"\n{BARE}"
    );
    acme(&text, "acme/chat:long_context", |explanation| {
        // 1,000 × 20 % × 50 % = 100 requests wait for the batch queue, 100 do not.
        let told = lines(explanation);
        assert_eq!(told[1], "long: answer, batch: requests × output = 100 × 900");
        assert!(told.contains(&"short: answer: requests × output = 800 × 300".to_owned()), "{told:#?}");
        assert_eq!(explanation.lines[0].chosen[0], "batch price");
        let long = explanation.values.iter().find(|value| value.name == "class.long.output_tokens").unwrap();
        assert_eq!((long.value, long.origin()), (900.0, "file"));
        let requests = explanation.values.iter().find_map(|value| match &value.source {
            Source::Formula { words, numbers, .. } if value.name == "requests" && value.value == 100.0 => {
                Some(format!("{words} = {numbers}"))
            }
            _ => None,
        });
        let expected = "requests of a month × class share × share of the service class = 1,000 × 0.2 × 0.5";
        assert_eq!(requests.as_deref(), Some(expected));
    });
}

#[test]
fn chunks_are_told_from_documents_sizes_and_overlap() {
    // A document of 4,000 in chunks of 512 with 50 shared: 1 + ⌈3,488 ÷ 462⌉ = 9 chunks; 2 documents and one of 1,000
    // tokens, which is 1 + ⌈488 ÷ 462⌉ = 3 chunks: 21 in all.
    let mut scenario = scenario("[corpus]\ntokens = 9000\n");
    scenario.as_of = Some(TODAY);
    let case = case(&CATALOG, &scenario);
    let found = explain(&case, pair(&case, "openai/gpt-4.1:rag")).unwrap();
    assert_works_out(&found);
    let chunks = found.values.iter().find(|value| value.name == "chunks").unwrap();
    let Source::Formula { words, numbers, .. } = &chunks.source else { panic!("{chunks:?}") };
    assert_eq!(chunks.value, 21.0);
    assert_eq!(words, "whole documents × chunks of a document + chunks of the rest");
    assert_eq!(numbers, "2 × 9 + 3");
}

#[test]
fn a_corpus_shorter_than_a_chunk_is_one_chunk_of_its_own_length() {
    let mut scenario = scenario("[corpus]\ntokens = 300\n");
    scenario.as_of = Some(TODAY);
    let case = case(&CATALOG, &scenario);
    let found = explain(&case, pair(&case, "openai/gpt-4.1:rag")).unwrap();
    assert_works_out(&found);
    let value = |name: &str| found.values.iter().find(|value| value.name == name).unwrap();
    assert_eq!((value("tokens of all chunks").value, value("tokens of a chunk").value), (300.0, 300.0));
    let Source::Formula { words, .. } = &value("tokens of a chunk").source else { panic!("no formula") };
    assert_eq!(words, "corpus");
}

#[test]
fn an_explanation_elsewhere_says_the_changed_number_and_prices_it() {
    let scenario = scenario(&format!("[corpus]\ntokens = 1000\n{BARE}"));
    let catalog = catalog_of(TABLE);
    let case = case(&catalog, &scenario);
    let design = pair(&case, "acme/chat:long_context");
    let target = scenario.find_target("workload.requests_per_month").unwrap();
    let found = explain_at(&case, design, &[(target, 20.0)]).unwrap();
    assert_works_out(&found);
    // 20 × 1,400 tokens.
    assert_eq!(found.bill.lines[0].quantity, dec("28000"));
    let requests = found.values.iter().find(|value| value.name == "workload.requests_per_month").unwrap();
    assert_eq!((requests.value, requests.origin()), (20.0, "override"));
}

#[test]
fn a_changed_share_of_a_class_leaves_the_rest_to_the_others() {
    let text = format!(
        "[[class]]\nname = \"a\"\nshare = 0.2\n[[class]]\nname = \"b\"\n[[cost]]\nname = \"x\"\nmonthly = 1\n{BARE}"
    );
    let (catalog, scenario) = (catalog_of(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let target = scenario.find_target("class.a.share").unwrap();
    let found = explain_at(&case, pair(&case, "acme/chat:long_context"), &[(target, 0.6)]).unwrap();
    assert_works_out(&found);
    let share = |name: &str| found.values.iter().find(|value| value.name == name).unwrap().value;
    assert_eq!((share("class.a.share"), share("class.b.share")), (0.6, 0.4));
}

#[test]
fn own_hardware_own_costs_and_extra_calls_work_out() {
    let text = "[workload]\nrequests_per_month = 5000\n[request]\nretries = 0.1\n\
        [[host]]\nmodel = \"deepseek/deepseek-flash\"\ngpu = \"runpod/h100-sxm-80gb-secure\"\ngpus = 8\n\
        input_tokens_per_second = 10_000\noutput_tokens_per_second = 500\n\
        [[cost]]\nname = \"people\"\nmonthly = 900\n[[cost]]\nname = \"licence\"\nper_request = 0.01\n\
        [[call]]\nname = \"judge\"\nproduct = \"openai/gpt-4.1\"\nshare = 0.5\ninput_tokens = 700\noutput_tokens = 5\nfee = 0.002\n";
    let mut scenario = match ragonomics::scenario::load::scenario("s", text, std::path::Path::new(".")) {
        Ok((scenario, _)) => scenario,
        Err(faults) => panic!("{faults}"),
    };
    scenario.as_of = Some(TODAY);
    let Ok(case) = ragonomics::analysis::Case::open(&CATALOG, &scenario, TODAY) else {
        panic!("{}", ragonomics::analysis::Case::open(&CATALOG, &scenario, TODAY).err().unwrap())
    };
    let found = explain(&case, pair(&case, "deepseek/deepseek-flash:long_context")).unwrap();
    assert_works_out(&found);
    let told = lines(&found);
    assert!(
        told.iter().any(|line| line == "judge: requests × calls × call input = 5,000 × 0.5 × 700"),
        "{told:#?}"
    );
    assert!(told.iter().any(|line| line == "run the model: GPU-hours = 5,840"), "{told:#?}");
}

prop_compose! {
    fn workloads()(
        requests in 1.0..1e6f64,
        tokens in (0u32..5000, 0u32..2000, 1u32..4000, 0u32..600_000, 300u32..40_000),
        (top_k, chunk, overlap) in (0u32..40, 101u32..2000, 0u32..100),
        shares in (0.0..0.4f64, 0.0..0.3f64, 0.0..1.0f64, 0.0..1.0f64),
        more in (1u32..30, 0u32..300, 0u32..300, 0.0..2.0f64, 1u32..5),
        talk in (1u32..8, 0u32..8, 0.0..90.0f64, 0usize..3),
        text in 0u32..300_000,
        (cached, warm, retrieved, pages, images) in
            (proptest::bool::ANY, proptest::bool::ANY, proptest::bool::ANY, 0u32..4, 0u32..3),
        stored in (0u32..300, 0u32..3000, 0u32..200, 1u32..9, 0.0..100.0f64),
    ) -> Scenario {
        let (tenants, candidates, chunk_context, retries, queries) = more;
        let (batch, flex, class, declined) = shares;
        let (turns, window, gap, history) = talk;
        let history = ["full", "window", "summary"][history];
        let system_prompt = if cached { "always" } else { "automatic" };
        let context = if retrieved { "retrieved" } else { "stuffed" };
        let (sparse, text_bytes, fetched, parts, changes) = stored;
        let mut scenario = scenario(&format!(
            "as_of = 2026-11-22\n[caching]\nsystem_prompt = \"{system_prompt}\"\nkeep_warm = {warm}\n\
             [contextual]\nwarm_up = {warm}\n[request]\npages_as = \"text\"\n[conversation]\ncontext = \"{context}\"\nhistory = \"{history}\"\n[[class]]\nname = \"a\"\nshare = {class}\n\
             output_tokens = 700\n[[class]]\nname = \"b\"\n[[call]]\nname = \"judge\"\nproduct = \"openai/gpt-4.1\"\ninput_tokens = 50\n"
        ));
        let (system, question, output, corpus, document) = tokens;
        for (param, value) in [
            (Param::RequestsPerMonth, requests),
            (Param::SystemTokens, f64::from(system)),
            (Param::QuestionTokens, f64::from(question)),
            (Param::OutputTokens, f64::from(output)),
            (Param::CorpusTokens, f64::from(corpus)),
            (Param::DocumentTokens, f64::from(document)),
            (Param::ChangedPerMonth, batch),
            (Param::TopK, f64::from(top_k)),
            (Param::ChunkTokens, f64::from(chunk)),
            (Param::OverlapTokens, f64::from(overlap)),
            (Param::Tenants, f64::from(tenants)),
            (Param::Candidates, f64::from(candidates)),
            (Param::ChunkContextTokens, f64::from(chunk_context)),
            (Param::Retries, retries),
            (Param::Queries, f64::from(queries)),
            (Param::BatchShare, batch),
            (Param::FlexShare, flex),
            (Param::DeclinedShare, declined),
            (Param::Turns, f64::from(turns)),
            (Param::WindowTurns, f64::from(window)),
            (Param::TurnGapMinutes, gap),
            (Param::SparseValues, f64::from(sparse)),
            (Param::TextBytes, f64::from(text_bytes)),
            (Param::FetchedRecords, f64::from(fetched)),
            (Param::MapParts, f64::from(parts)),
            (Param::PrefixChanges, changes),
            (Param::Pages, f64::from(pages)),
            (Param::Images, f64::from(images)),
            (Param::RewriteTokens, f64::from(text)),
        ] {
            scenario.put(param, value, Origin::Override);
        }
        scenario
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn formulas_work_out_for_any_workload(scenario in workloads()) {
        explained(&scenario, &MODELS).iter().for_each(assert_works_out);
    }
}

#[test]
fn a_rate_that_the_scenario_fixes_has_no_date() {
    let text = "currency = \"EUR\"\nexchange_rates = [\"EUR=0.92\"]\n";
    let asked = ["bill", "-", "--model", "gpt-6-luna", "--strategy", "rag"];
    for more in [&[][..], &["--explain"]] {
        let said = program().args(asked).args(more).write_stdin(text).output().unwrap();
        let bill = String::from_utf8(said.stdout).unwrap().replace('\n', " ");
        assert!(bill.contains("1 USD = 0.92 EUR fixed by the scenario"), "{bill}");
        assert!(!bill.contains("0.92 EUR on "), "{bill}");
    }
}

#[test]
fn a_cost_of_a_month_is_explained_without_a_formula() {
    let text = "[[cost]]\nname = \"upkeep\"\nmonthly = 200\n";
    let asked = ["bill", "-", "--model", "gpt-6-luna", "--strategy", "rag", "--explain"];
    let said = program().args(asked).write_stdin(text).output().unwrap();
    let bill = String::from_utf8(said.stdout).unwrap();
    assert!(bill.contains("upkeep (own cost)\n   = 1 month\n   × $200.00 per month = $200.00\n"), "{bill}");
}
