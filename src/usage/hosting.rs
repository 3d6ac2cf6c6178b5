//! Models on hardware of one's own: their tokens keep boxes busy, and boxes are paid by the GPU-hour.
//!
//! A box handles so many input and so many output tokens a second, one after the other, and is planned to be busy for a
//! share u of its time. Busy seconds W a month need W/(3600·u) box-hours. Boxes that run all month come whole:
//! ⌈W/(3600·u·730)⌉ of them, one at least, for 730 hours each. Otherwise whole hours of use are paid: ⌈W/(3600·u)⌉.
//! What is done once, such as embedding a corpus, is paid by the whole hour. 10 million input tokens and 1 million of
//! output on a box of 8 GPUs that handles 10,000 and writes 500 a second are 1,000 + 2,000 = 3,000 seconds; at u = 0.5
//! that is 1.67 hours, so 2 hours or 16 GPU-hours by the hour, and 5,840 GPU-hours for a box that runs all month.

use super::{Recurrence, Step, Told, Usage, UsageLine};
use crate::catalog::{Meter, ProductId, Service};
use crate::units::HOURS_PER_MONTH;

/// Seconds of an hour.
const SECONDS_PER_HOUR: f64 = 3600.0;

/// A model on hardware of one's own, with its products looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hosted {
    /// Its place among the `[[host]]` tables of the scenario.
    pub at: u16,
    /// The model.
    pub product: ProductId,
    /// The GPU that is paid.
    pub gpu: ProductId,
    /// GPUs of one box.
    pub gpus: f64,
    /// Input tokens a second that one box handles.
    pub input_rate: f64,
    /// Output tokens a second that one box writes.
    pub output_rate: f64,
    /// Share of its time for which a box is busy.
    pub utilisation: f64,
    /// Whether boxes run all month.
    pub always_on: bool,
}

impl Hosted {
    /// Returns whether a box does all that a call uses: it reads and writes tokens, but searches nothing and draws no
    /// images. What it cannot do is the vendor's, at the vendor's price or none.
    #[inline]
    pub fn serves(quantities: &[(Meter, f64)]) -> bool {
        let done = |meter: Meter| meter.is_prompt() || meter.is_answer() || meter == Meter::CacheStorage;
        let done = |meter: Meter| done(meter) || meter == Meter::Requests;
        quantities.iter().all(|(meter, quantity)| *quantity <= 0.0 || done(*meter))
    }

    /// Returns the seconds for which one call keeps a box busy.
    #[inline]
    pub fn seconds(&self, quantities: &[(Meter, f64)]) -> f64 {
        let of = |(meter, quantity): &(Meter, f64)| {
            if meter.is_prompt() {
                quantity / self.input_rate
            } else if meter.is_answer() {
                quantity / self.output_rate
            } else {
                0.0
            }
        };
        quantities.iter().map(of).sum()
    }

    /// Returns the seconds for which all calls of a line keep boxes busy.
    pub fn busy(&self, line: &UsageLine) -> f64 {
        line.count() * self.seconds(&line.per_call)
    }

    /// Returns the GPU-hours for busy seconds of a month, or of a job done once.
    #[inline]
    pub fn gpu_hours(&self, seconds: f64, recurrence: Recurrence) -> f64 {
        let hours = seconds / SECONDS_PER_HOUR / self.utilisation;
        let month = f64::from(HOURS_PER_MONTH);
        let box_hours = match recurrence {
            Recurrence::Monthly if self.always_on => (hours / month).ceil().max(1.0) * month,
            _ => hours.ceil(),
        };
        box_hours * self.gpus
    }
}

impl Hosted {
    /// Tells how GPU-hours come about.
    pub fn tell(&self, told: &mut Told, seconds: f64, recurrence: Recurrence) {
        told.words("host.gpus", self.gpus, "");
        told.words("host.utilisation", self.utilisation, "");
        told.words("host.input_tokens_per_second", self.input_rate, "");
        told.words("host.output_tokens_per_second", self.output_rate, "");
        told.words("hours of a month", f64::from(HOURS_PER_MONTH), "a twelfth of a year");
        let words = "tokens of all calls of the model ÷ {host.input_tokens_per_second} going in, \
                     ÷ {host.output_tokens_per_second} coming out";
        told.words("busy seconds", seconds, words);
        let always_on = recurrence == Recurrence::Monthly && self.always_on;
        let formula = if always_on {
            "max(1, ⌈{busy seconds} ÷ 3600 ÷ {host.utilisation} ÷ {hours of a month}⌉) × {hours of a month} × {host.gpus}"
        } else {
            "⌈{busy seconds} ÷ 3600 ÷ {host.utilisation}⌉ × {host.gpus}"
        };
        told.formula("GPU-hours", self.gpu_hours(seconds, recurrence), formula);
    }
}

impl Usage {
    /// Returns the lines whose calls the boxes of a hosted model answer, each month or once.
    pub fn answered_by<'u>(
        &'u self,
        host: &Hosted,
        recurrence: Recurrence,
    ) -> impl Iterator<Item = &'u UsageLine> {
        let product = host.product;
        let of_host =
            move |line: &&UsageLine| line.hosted && line.product == product && line.recurrence == recurrence;
        self.lines.iter().filter(of_host)
    }

    /// Returns the seconds for which calls keep a hosted model busy, each month or once.
    pub fn busy_seconds(&self, host: &Hosted, recurrence: Recurrence) -> f64 {
        self.answered_by(host, recurrence).map(|line| host.busy(line)).sum()
    }

    /// Adds the GPU-hours that the calls of hosted models come to.
    pub fn host(&mut self, hosts: &[Hosted]) {
        for host in hosts {
            for (recurrence, step) in
                [(Recurrence::Monthly, Step::Host), (Recurrence::OneOff, Step::HostIndex)]
            {
                if self.answered_by(host, recurrence).next().is_none() {
                    continue;
                }
                let seconds = self.busy_seconds(host, recurrence);
                let hours = host.gpu_hours(seconds, recurrence);
                self.lines.push(UsageLine {
                    step,
                    class: None,
                    corpus: None,
                    product: host.gpu,
                    calls: 1.0,
                    share: 1.0,
                    recurrence,
                    service: Service::Standard,
                    hosted: false,
                    per_call: [(Meter::GpuHours, hours)].into_iter().collect(),
                });
            }
        }
    }
}
