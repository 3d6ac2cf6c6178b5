//! Calls that requests make beside those of the strategy: a guardrail, a query rewrite, a judge, a web search.

use arrayvec::ArrayVec;

use super::{Calls, MOST_METERS, Recurrence, Step};
use crate::catalog::{Meter, ProductId, Service};
use crate::scenario::group::MOST_USES;
use crate::scenario::workload::CallNumbers;
use crate::units::converted;

// Input and output tokens stand beside what a call uses.
const _: () = assert!(MOST_USES + 2 <= MOST_METERS);

/// A call with its product looked up, as far as a design makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Extra {
    /// Its place among the calls of the scenario.
    pub at: u8,
    /// The product called.
    pub product: ProductId,
    /// Service class that is asked for.
    pub service: Service,
    /// Factor by which texts are longer on the product than they were measured.
    pub tokens: f64,
    /// What one call uses beside input and output tokens.
    pub quantities: Vec<(Meter, f64)>,
}

impl Extra {
    /// Writes down the calls of a month.
    pub(super) fn write(&self, requests: f64, numbers: &CallNumbers, calls: &mut dyn Calls) {
        if let Some(told) = calls.told() {
            told.call = Some(self.at);
            told.words("call.share", numbers.share, "");
            told.words("call.input_tokens", converted(numbers.input, self.tokens), "");
            told.words("call.output_tokens", converted(numbers.output, self.tokens), "");
        }
        let mut quantities: ArrayVec<(Meter, f64), MOST_METERS> = ArrayVec::new();
        quantities.push((Meter::Input, converted(numbers.input, self.tokens)));
        quantities.push((Meter::Output, converted(numbers.output, self.tokens)));
        quantities.extend(self.quantities.iter().copied().take(MOST_USES));
        let count = (requests, numbers.share);
        calls.call(Step::Extra(self.at), self.product, count, Recurrence::Monthly, &quantities);
    }
}
