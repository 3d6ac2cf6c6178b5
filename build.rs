//! Parses the pricing tables once, when the program is built, so that it need not parse them at each start.
//!
//! Every file under `pricing/` is shipped. A file that is not TOML stops the build; what it says is checked by the
//! loader, as it is for tables of users.

#[path = "src/document/packed.rs"]
#[allow(dead_code, reason = "only the program unpacks")]
mod packed;
#[path = "src/document/tree.rs"]
#[allow(dead_code, reason = "only the program reads")]
mod tree;

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, process};

/// Tables that come before the others, which follow by name: products are listed in the order of the tables.
const FIRST: &[&str] = &[
    "exchange-rates.toml",
    "openai.toml",
    "anthropic.toml",
    "google.toml",
    "deepseek.toml",
    "moonshot.toml",
    "zhipu.toml",
    "01ai.toml",
    "alibaba.toml",
];

fn main() {
    println!("cargo::rerun-if-changed=pricing");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/document/packed.rs");
    println!("cargo::rerun-if-changed=src/document/tree.rs");
    let out = env::var("OUT_DIR").expect("cargo says where to write");
    let mut list = String::from("&[\n");
    let mut sound = true;
    for name in tables() {
        match pack(&name) {
            Ok(packed) => fs::write(Path::new(&out).join(format!("{name}.packed")), packed)
                .expect("the folder for what is built can be written"),
            Err(mistakes) => {
                sound = false;
                mistakes.iter().for_each(|mistake| println!("cargo::error={mistake}"));
            }
        }
        writeln!(
            list,
            "    Shipped {{ name: \"pricing/{name}\", \
             text: include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/pricing/{name}\")), \
             packed: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.packed\")) }},"
        )
        .expect("a text can grow");
    }
    list.push_str("]\n");
    fs::write(Path::new(&out).join("tables.rs"), list).expect("the folder for what is built can be written");
    if !sound {
        process::exit(1);
    }
}

/// Returns the names of all tables, in their order.
fn tables() -> Vec<String> {
    let files = fs::read_dir("pricing").expect("the folder of the tables");
    let names = files.map(|file| file.expect("a file of the folder").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.into_string().expect("a name that is text"))
        .filter(|name| name.ends_with(".toml"))
        .collect();
    let rank = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    names.sort_by(|a, b| (rank(a), a).cmp(&(rank(b), b)));
    names
}

/// Packs a table, or says what keeps it from being TOML and where.
fn pack(name: &str) -> Result<Vec<u8>, Vec<String>> {
    let path = format!("pricing/{name}");
    let text = fs::read_to_string(&path).map_err(|error| vec![format!("{path}: {error}")])?;
    let (tree, mistakes) = tree::parse(&text);
    if mistakes.is_empty() {
        return Ok(packed::pack(&tree, &text));
    }
    let say = |mistake: &tree::Mistake| {
        let before = &text[..mistake.span.start.min(text.len())];
        let line = before.split('\n').count();
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        format!("{path}:{line}:{column}: {}", mistake.message)
    };
    Err(mistakes.iter().map(say).collect())
}
