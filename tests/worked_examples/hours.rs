//! Prices that depend on the hour.

use ragonomics::catalog::Meter;
use ragonomics::catalog::rate::Moment;

use super::bench::Table;
use super::caching::single;
use super::example::{Answer, Example};
use crate::support;

/// The price of a million tokens on a Monday at the first of the peak hours.
pub fn peak(example: &Example) -> Answer {
    let written = example.text("peak_hours_utc");
    let (hours, days) = written.rsplit_once(' ').expect("hours and days");
    let (hours, days) = if days.contains(':') { (&*written, "mon-sun") } else { (hours, days) };
    let after = format!(
        "[[product.price.when]]\nhours_utc = \"{}\"\ndays = \"{}\"\nfactor = {}\n",
        hours.replace(" and ", ", "),
        days.to_lowercase(),
        example.text("peak_multiplier")
    );
    let table =
        Table::default().chat_with("one", "", &[("input_per_mtok", &example.text("off_peak_mtok"))], &after);
    let catalog = support::catalog_of(table.text());
    let (hour, minute) = hours[..5].split_once(':').expect("a time");
    let minute = hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap();
    single(&catalog, "t/one", &[(Meter::Input, 1e6)], support::TODAY, Moment::At(0, minute)).into()
}
