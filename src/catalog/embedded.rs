//! The tables that ship inside the program.

/// A table under `pricing/`, as it was when the program was built.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its name: `pricing/openai.toml`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The text's tree, packed.
    pub packed: &'static [u8],
}

/// Every table under `pricing/`, in the order in which they are read; `build.rs` makes the list.
pub const TABLES: &[Shipped] = include!(concat!(env!("OUT_DIR"), "/tables.rs"));
