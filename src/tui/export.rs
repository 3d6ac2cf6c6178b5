//! Writes the open screen to a file of the working folder, never over one that is there.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::popup::Popup;
use super::state::{Overlay, State};
use super::text::{left, put, split_top};
use super::theme::Role;

/// Names tried before giving up: `a.csv`, `a-2.csv`, up to `a-999.csv`.
const MOST_NAMES: usize = 999;

/// Characters of the scenario's name in a file name.
const LONGEST_NAME: usize = 40;

/// Columns of the choice.
const WIDTH: u16 = 44;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
    /// Markdown.
    Markdown,
    /// A picture.
    Svg,
}

impl FileFormat {
    /// Returns the ending of the file name.
    pub fn ending(self) -> &'static str {
        match self {
            FileFormat::Csv => "csv",
            FileFormat::Json => "json",
            FileFormat::Markdown => "md",
            FileFormat::Svg => "svg",
        }
    }

    /// Returns what it is, for the choice.
    pub fn title(self) -> &'static str {
        match self {
            FileFormat::Csv => "CSV, for spreadsheets",
            FileFormat::Json => "JSON, for programs",
            FileFormat::Markdown => "Markdown, for documents",
            FileFormat::Svg => "SVG, the chart",
        }
    }
}

/// Opens the choice of files, where the screen can write any.
pub fn open(state: &mut State) {
    if state.screen.formats(state).is_empty() {
        state.note("there is nothing to write here");
    } else {
        state.overlay = Overlay::Export(0);
    }
}

/// Writes the selected kind of file.
pub fn choose(state: &mut State) {
    let Overlay::Export(selected) = std::mem::take(&mut state.overlay) else { return };
    if let Some(format) = state.screen.formats(state).get(selected).copied() {
        write(state, format);
    }
}

/// Writes the open screen as a kind of file and says where.
pub fn write(state: &mut State, format: FileFormat) {
    if !state.screen.formats(state).contains(&format) {
        return state.note(format!("{} cannot be written as {}", state.screen.title(), format.ending()));
    }
    let Some(text) = state.screen.export(state, format) else {
        return state.fault("there is nothing to write");
    };
    let stem = format!("{}-{}", scenario_name(state), state.screen.word().replace('_', "-"));
    match write_new(&state.places.exports, &stem, format.ending(), &text) {
        Ok(path) => state.note(format!("wrote {}", path.display())),
        Err(error) => state.fault(format!("{stem}.{} was not written: {error}", format.ending())),
    }
}

/// Returns the scenario's name as a part of a file name: letters, digits and hyphens.
fn scenario_name(state: &State) -> String {
    let source = state.source.as_deref().filter(|source| *source != "-");
    let stem = source.and_then(|source| Path::new(source).file_stem()).map(|stem| stem.to_string_lossy());
    let name = stem.map_or_else(|| state.work.scenario().name.clone(), |stem| stem.into_owned());
    let parts: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_lowercase)
        .collect();
    let name: String = parts.join("-").chars().take(LONGEST_NAME).collect();
    if name.is_empty() { "scenario".to_owned() } else { name.trim_end_matches('-').to_owned() }
}

/// Writes a file under the first name that is free and returns its path.
///
/// # Errors
/// That the folder cannot be written, or that no name is free.
pub fn write_new(folder: &Path, stem: &str, ending: &str, text: &str) -> io::Result<PathBuf> {
    for number in 1..=MOST_NAMES {
        let name = if number == 1 { format!("{stem}.{ending}") } else { format!("{stem}-{number}.{ending}") };
        let path = folder.join(name);
        match crate::document::write::write_new(&path, text.as_bytes()) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "too many files of that name are there"))
}

/// Returns where the choice is drawn, and the rows of its entries.
fn place(area: Rect, count: usize) -> (Popup, Rect) {
    // Without borders the title takes a row.
    let title = u16::from(!Popup::is_framed(area));
    let popup = Popup::in_the_middle(area, WIDTH, count as u16 + title);
    let (_, rows) = split_top(popup.inner, title);
    (popup, rows)
}

/// Returns the entry that is drawn at a place.
pub fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
    let count = state.screen.formats(state).len();
    let (_, rows) = place(area, count);
    rows.contains(at).then(|| usize::from(at.y - rows.y)).filter(|entry| *entry < count)
}

/// Draws the choice over the body.
pub fn draw(state: &State, selected: usize, area: Rect, buffer: &mut Buffer) {
    let formats = state.screen.formats(state);
    let (popup, rows) = place(area, formats.len());
    let title = format!("Write {} as", state.screen.title());
    popup.draw(&state.theme, &title, buffer);
    let width = usize::from(rows.width);
    if !popup.framed {
        put(buffer, popup.inner, 0, &left(&format!(" {title}"), width), state.theme.style(Role::Heading));
    }
    for (at, format) in formats.iter().enumerate() {
        let mark = if at == selected { "▸" } else { " " };
        let role = if at == selected { Role::Selected } else { Role::Text };
        let text = left(&format!(" {mark} {}", format.title()), width);
        put(buffer, rows, at as u16, &text, state.theme.style(role));
    }
}
