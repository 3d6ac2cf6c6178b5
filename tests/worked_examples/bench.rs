//! A small pricing table, a scenario, and the engine run on them.

use std::collections::BTreeMap;
use std::fmt::Write;

use ragonomics::analysis::break_even::break_even;
use ragonomics::analysis::compare::{Saving, compare};
use ragonomics::analysis::curve::Metric;
use ragonomics::analysis::sweep::Axis;
use ragonomics::analysis::{Case, Evaluation};
use ragonomics::bill::{Bill, Charge};
use ragonomics::catalog::{Catalog, Meter};
use ragonomics::scenario::Scenario;
use ragonomics::units::decimal;
use ragonomics::usage::{Recurrence, Step};
use rust_decimal::Decimal;

use crate::support;

/// Products of the vendor `t`, as a pricing table.
pub struct Table(String);

impl Default for Table {
    fn default() -> Self {
        Table("[vendor]\nid = \"t\"\n".to_owned())
    }
}

impl Table {
    /// Adds a product: lines of its facts, its prices by key, and lines that follow the card, such as conditions.
    pub fn product(
        mut self,
        id: &str,
        kind: &str,
        facts: &str,
        prices: &[(&str, &str)],
        after: &str,
    ) -> Table {
        let text = &mut self.0;
        write!(text, "[[product]]\nid = \"{id}\"\nkind = \"{kind}\"\n{facts}\n[[product.price]]\n").unwrap();
        text.push_str("from = 2020-01-01\nsource = \"the example\"\nchecked = 2026-11-22\n");
        for (key, price) in prices {
            writeln!(text, "{key} = {price}").unwrap();
        }
        writeln!(text, "{after}").unwrap();
        self
    }

    /// Returns the table as a file has it.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Adds a model with a window that holds any example.
    pub fn chat(self, id: &str, prices: &[(&str, &str)]) -> Table {
        self.chat_with(id, "", prices, "")
    }

    /// Adds a model with facts of its own beside the window, and conditions after its card.
    pub fn chat_with(self, id: &str, facts: &str, prices: &[(&str, &str)], after: &str) -> Table {
        self.product(id, "chat", &format!("window = \"100B\"\nmax_output = \"50B\"\n{facts}"), prices, after)
    }

    /// Adds a model whose tokens cost nothing, for examples that are about something else.
    pub fn free_chat(self, id: &str) -> Table {
        self.chat(id, &[("input_per_mtok", "0"), ("output_per_mtok", "0")])
    }
}

/// A scenario with nothing in it but what an example says.
#[derive(Clone)]
pub struct Work {
    keys: BTreeMap<String, String>,
    tables: String,
}

impl Work {
    /// One request a month without a token, on all models of the table.
    pub fn of(strategies: &str) -> Work {
        let strategies = strategies.split(' ').map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ");
        let keys = [
            ("workload.requests_per_month", "1"),
            ("request.system_tokens", "0"),
            ("request.question_tokens", "0"),
            ("request.output_tokens", "0"),
            ("corpus.tokens", "0"),
            ("retrieval.overlap_tokens", "0"),
            ("retrieval.metadata_bytes", "0"),
            ("retrieval.top_k", "0"),
            ("retrieval.embedding", "\"none\""),
            ("retrieval.store", "\"none\""),
            ("hybrid.declined_output_tokens", "0"),
            ("compare.models", "[\"t/*\"]"),
        ];
        let keys = keys.into_iter().map(|(path, value)| (path.to_owned(), value.to_owned())).collect();
        Work { keys, tables: String::new() }.with("compare.strategies", &format!("[{strategies}]"))
    }

    /// Sets a key; a number with a unit stands in quotes.
    pub fn with(mut self, path: &str, value: &str) -> Work {
        let plain = value.starts_with(['"', '[']) || matches!(value, "true" | "false");
        let plain = plain || value.parse::<f64>().is_ok();
        let value = if plain { value.to_owned() } else { format!("\"{value}\"") };
        self.keys.insert(path.to_owned(), value);
        self
    }

    /// Leaves a key to its default.
    pub fn without(mut self, path: &str) -> Work {
        self.keys.remove(path);
        self
    }

    /// Sets a key where there is a value for it.
    pub fn given(self, path: &str, value: Option<String>) -> Work {
        match value {
            Some(value) => self.with(path, &value),
            None => self,
        }
    }

    /// Adds a repeated table with its lines.
    pub fn table(mut self, name: &str, lines: &str) -> Work {
        write!(self.tables, "[[{name}]]\n{lines}\n").unwrap();
        self
    }

    /// Adds an amount of money that is there whatever is called: `basis` is monthly, one_off or per_request.
    pub fn cost(self, name: &str, basis: &str, amount: &str, strategy: Option<&str>) -> Work {
        let scope = strategy.map_or(String::new(), |id| format!("strategies = [\"{id}\"]\n"));
        self.table("cost", &format!("name = \"{name}\"\n{basis} = {amount}\n{scope}"))
    }

    /// Returns the scenario as a file has it.
    pub fn text(&self) -> String {
        let mut sections: BTreeMap<&str, String> = BTreeMap::new();
        for (path, value) in &self.keys {
            let (section, key) = path.rsplit_once('.').unwrap_or(("", path));
            writeln!(sections.entry(section).or_default(), "{key} = {value}").unwrap();
        }
        let mut text = sections.remove("").unwrap_or_default();
        for (section, lines) in sections {
            write!(text, "[{section}]\n{lines}").unwrap();
        }
        text + &self.tables
    }
}

/// A table and a scenario, read.
pub struct Bench {
    catalog: Catalog,
    scenario: Scenario,
}

impl Bench {
    /// Reads both; a fault in either is a mistake of the adapter.
    pub fn new(table: Table, work: Work) -> Bench {
        Bench { catalog: support::catalog_of(&table.0), scenario: support::scenario(&work.text()) }
    }

    fn case(&self) -> Case<'_> {
        support::case(&self.catalog, &self.scenario)
    }

    /// Works out a design.
    pub fn evaluate(&self, design: &str) -> Evaluation {
        let case = self.case();
        case.evaluate(support::pair(&case, design)).unwrap_or_else(|failure| panic!("{design}: {failure}"))
    }

    /// Returns what a design costs a month.
    pub fn monthly(&self, design: &str) -> Decimal {
        total(&self.evaluate(design).bill, Recurrence::Monthly)
    }

    /// Returns what a design costs once.
    pub fn once(&self, design: &str) -> Decimal {
        total(&self.evaluate(design).bill, Recurrence::OneOff)
    }

    /// Returns what a request of a design costs.
    pub fn per_request(&self, design: &str) -> Decimal {
        let rows = compare(&self.case()).rows;
        let row = rows.iter().find(|row| row.name() == design).expect("a row for the design");
        row.per_request.expect("a known cost")
    }

    /// Returns what the scenario's plan saves against its baseline.
    pub fn saving(&self) -> Saving {
        compare(&self.case()).saving.expect("a plan and a baseline with known costs")
    }

    /// Returns what a design is charged for a meter, whatever the step.
    pub fn charged(&self, design: &str, meter: Meter) -> Decimal {
        let bill = self.evaluate(design).bill;
        let lines =
            bill.lines.iter().filter(|line| matches!(line.charge, Charge::Product(_, of) if of == meter));
        lines.map(|line| line.price.as_ref().expect("a known price").amount).sum()
    }

    /// Returns what one call of a step uses of a meter.
    pub fn used(&self, design: &str, step: Step, meter: Meter) -> Decimal {
        let usage = self.evaluate(design).usage;
        let line = usage.lines.iter().find(|line| line.step == step).expect("a call of the step");
        decimal(line.per_call.iter().find(|(of, _)| *of == meter).expect("a quantity").1)
    }

    /// Returns where a number of the scenario makes two designs cost the same, or one of them the cheaper; nothing where
    /// no value does.
    pub fn crossing(&self, path: &str, (from, to): (f64, f64), a: &str, b: &str) -> Option<Decimal> {
        let case = self.case();
        let target = self.scenario.find_target(path).unwrap_or_else(|fault| panic!("{fault}"));
        let axis = Axis::new(target, from, to, from > 0.0).unwrap_or_else(|fault| panic!("{fault}"));
        let (a, b) = (support::pair(&case, a), support::pair(&case, b));
        let found = break_even(&case, a, b, axis, Metric::Monthly).crossings;
        assert!(found.len() < 2, "{path}: one crossing at most, not {found:?}");
        found.first().map(|crossing| decimal(crossing.at))
    }
}

fn total(bill: &Bill, recurrence: Recurrence) -> Decimal {
    bill.total(recurrence)
        .amount()
        .unwrap_or_else(|| panic!("a price is missing: {:?}", bill.first_unpriced(None)))
}

/// Requests a month between which a break-even is looked for.
pub const REQUESTS: (f64, f64) = (1e-9, 1e15);

/// Returns the requests a month at which retrieval costs what stuffing does, from what each costs beside tokens: amounts
/// for the strategies `long_context` and `rag`, by the month or the request.
pub fn requests_at_which_both_cost_the_same(costs: &[(&str, &str, String)]) -> Option<Decimal> {
    let work = costs.iter().enumerate().fold(
        Work::of("long_context rag"),
        |work, (at, (strategy, basis, amount))| {
            work.cost(&format!("cost {at}"), basis, amount, Some(strategy))
        },
    );
    let bench = Bench::new(Table::default().free_chat("one"), work);
    bench.crossing("workload.requests_per_month", REQUESTS, "t/one:long_context", "t/one:rag")
}

/// Returns the saving of a month that costs one amount against one that costs another.
pub fn saving(before: &str, after: &str) -> Saving {
    let work = Work::of("long_context rag")
        .with("plan", "t/one:rag")
        .with("baseline", "t/one:long_context")
        .cost("before", "monthly", before, Some("long_context"))
        .cost("after", "monthly", after, Some("rag"));
    Bench::new(Table::default().free_chat("one"), work).saving()
}
