//! Files as text: read up to a length, and checked to be UTF-8.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::diagnostic::{Diagnostics, Fault, Place};

/// Largest scenario or pricing file that is read, in bytes. The largest table shipped is a
/// fiftieth of it; anything longer is some other file.
pub const LARGEST_FILE: u64 = 8 * 1024 * 1024;

/// Largest document whose tokens are counted, in bytes: some fifty million tokens.
pub const LARGEST_DOCUMENT: u64 = 256 * 1024 * 1024;

/// Reads a text file for parsing.
///
/// # Errors
/// A fault for the whole file: it cannot be read, is a folder, too large, or not UTF-8.
pub fn read_file(path: &Path) -> Result<String, Diagnostics> {
    read_up_to(path, LARGEST_FILE)
}

/// Reads a text whose tokens are counted; it may be longer than any file that is parsed.
///
/// # Errors
/// As [`read_file`].
pub fn read_document(path: &Path) -> Result<String, Diagnostics> {
    read_up_to(path, LARGEST_DOCUMENT)
}

fn read_up_to(path: &Path, limit: u64) -> Result<String, Diagnostics> {
    let name = path.display().to_string();
    let fail = |fault| Diagnostics::one(Place::whole(&name), fault);
    let unreadable = |error: std::io::Error| fail(Fault::Unreadable { reason: reason(&error) });
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if meta.is_dir() {
        return Err(fail(Fault::IsADirectory));
    }
    // A pipe or a device has no length to ask for: reading itself stops at the limit.
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let length = meta.len().max(bytes.len() as u64);
    if length > limit {
        return Err(fail(Fault::TooLarge { bytes: length, limit }));
    }
    text_from_bytes(&name, bytes)
}

/// Checks that bytes from any source are UTF-8 text and drops a byte-order mark.
pub fn text_from_bytes(name: &str, bytes: Vec<u8>) -> Result<String, Diagnostics> {
    let text = String::from_utf8(bytes).map_err(|e| {
        let offset = e.utf8_error().valid_up_to();
        Diagnostics::one(Place::whole(name), Fault::NotUtf8 { offset })
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// Says an operating-system error in a few words, without its number.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}
