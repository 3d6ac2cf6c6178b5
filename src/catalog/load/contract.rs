//! Agreements of the customer: `[[discount]]`, `[[allowance]]` and `[[commitment]]` of a table of one's own.

use rust_decimal::Decimal;

use super::super::contract::{Allowance, Commitment, Contracts, Discount, Scope, Term};
use super::super::{Catalog, Meter};
use super::card::read_quantities;
use crate::diagnostic::{Diagnostic, Diagnostics, Fault, nearest};
use crate::document::Section;
use crate::units::{Currency, Price};

/// What to write where an agreement has no source.
const SOURCE: &str = "write where it was agreed, such as source = \"contract of 2026-01\"";

/// Reads the agreements of a file.
pub(super) fn read(root: &Section<'_>, contracts: &mut Contracts) {
    contracts.discounts.extend(root.sections("discount").iter().filter_map(discount));
    contracts.allowances.extend(root.sections("allowance").iter().filter_map(allowance));
    contracts.commitments.extend(root.sections("commitment").iter().filter_map(commitment));
}

fn term(section: &Section<'_>) -> Term {
    Term { from: section.date("from"), until: section.date("until") }
}

fn discount(section: &Section<'_>) -> Option<Discount> {
    let scope = Scope {
        vendor: section.text("vendor").map(str::to_owned),
        product: section.text("product").map(str::to_owned),
        meter: meter(section),
    };
    section.require("percent", "write how much is taken off, such as percent = 12.5");
    let percent = section.price("percent");
    if let (Some(percent), Some(value)) = (percent, section.value("percent"))
        && percent > Decimal::ONE_HUNDRED
    {
        section.out_of_range("percent", value, "from 0 to 100");
        return None;
    }
    let source = section.required_text("source", SOURCE);
    let (term, place) = (term(section), section.document().place(section.span()));
    section.refuse_unknown_keys();
    let share = Price::new((percent? / Decimal::ONE_HUNDRED).normalize());
    Some(Discount { scope, share, term, source: source?.to_owned(), place })
}

fn meter(section: &Section<'_>) -> Option<Meter> {
    let name = section.text("meter")?;
    let found = Meter::by_name(name);
    if let (None, Some(value)) = (found, section.value("meter")) {
        let nearest = nearest(name, Meter::ALL.iter().map(|meter| meter.name()));
        section
            .document()
            .fault(value.span(), Fault::UnknownName { kind: "meter", name: name.to_owned(), nearest });
    }
    found
}

fn allowance(section: &Section<'_>) -> Option<Allowance> {
    let product = section.required_text("product", "name the product that it is for");
    let source = section.required_text("source", SOURCE);
    let (term, place) = (term(section), section.document().place(section.span()));
    let quantities = read_quantities(section);
    if quantities.is_empty() && !section.has_unread_keys() {
        section
            .missing("input_tokens", "write what costs nothing each month, such as input_tokens = \"10M\"");
    }
    section.refuse_unknown_keys();
    Some(Allowance { product: product?.to_owned(), quantities, term, source: source?.to_owned(), place })
}

fn commitment(section: &Section<'_>) -> Option<Commitment> {
    let vendor = section.required_text("vendor", "name the vendor that the sum is owed to");
    section.require("amount_per_month", "write the sum, such as amount_per_month = 10_000");
    let amount = section.price("amount_per_month");
    let currency = match section.value("currency") {
        Some(_) => section.currency("currency"),
        None => Some(Currency::USD),
    };
    let drawn_elsewhere = section.price("drawn_elsewhere").unwrap_or_default();
    let binding = section.boolean("binding").unwrap_or(false);
    let source = section.required_text("source", SOURCE);
    let (term, place) = (term(section), section.document().place(section.span()));
    section.refuse_unknown_keys();
    Some(Commitment {
        vendor: vendor?.to_owned(),
        amount: Price::new(amount?),
        currency: currency?,
        drawn_elsewhere: Price::new(drawn_elsewhere),
        binding,
        term,
        source: source?.to_owned(),
        place,
    })
}

/// Looks up what the agreements name, once all tables are read, and writes products with their full id.
pub(super) fn resolve(catalog: &mut Catalog, faults: &mut Diagnostics) {
    let mut contracts = std::mem::take(&mut catalog.contracts);
    let mut product = |name: &mut String, place| match catalog.find(name) {
        Ok(id) => *name = catalog.product(id).id.clone(),
        Err(fault) => faults.push(Diagnostic::error(place, fault)),
    };
    for discount in &mut contracts.discounts {
        discount.scope.product.iter_mut().for_each(|name| product(name, discount.place.clone()));
    }
    contracts.allowances.iter_mut().for_each(|known| product(&mut known.product, known.place.clone()));
    let vendors =
        contracts.discounts.iter().filter_map(|known| Some((known.scope.vendor.as_ref()?, &known.place)));
    let vendors = vendors.chain(contracts.commitments.iter().map(|known| (&known.vendor, &known.place)));
    for (name, place) in vendors {
        let known = || catalog.vendors.iter().map(|vendor| vendor.id.as_str());
        if !known().any(|id| id == name) {
            let fault =
                Fault::UnknownName { kind: "vendor", name: name.clone(), nearest: nearest(name, known()) };
            faults.push(Diagnostic::error(place.clone(), fault));
        }
    }
    catalog.contracts = contracts;
}
