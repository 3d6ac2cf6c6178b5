//! Lines, boxes and texts on an SVG picture.

use plotters::coord::Shift;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle};
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, FontTransform, IntoFont, RGBColor, ShapeStyle, TextStyle};
use unicode_width::UnicodeWidthStr;

use crate::present::{shorten, wrap};

/// Width of one column of text over its size: a little more than common sans-serif fonts take on
/// average, and enough for bold ones. Chinese and other wide characters take two columns.
const COLUMN: f64 = 0.62;

/// Distance in pixels within which a point counts as lying on a line.
const ON_THE_LINE: f64 = 0.4;

/// What a thing is drawn for; the colours are chosen once, here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Ordinary texts and frames.
    Text,
    /// Texts of less weight.
    Quiet,
    /// Grid lines.
    Faint,
    /// The ground, and what stands on a dark fill.
    Paper,
    /// Designs that stuff the context.
    Stuff,
    /// Designs that retrieve.
    Retrieve,
    /// Designs that rewrite.
    Rewrite,
    /// Designs that hold conversations.
    Converse,
    /// An area of a map, by its number; letters tell apart those of one colour.
    Area(usize),
}

/// Colours of areas, light enough for dark letters.
const AREAS: [RGBColor; 6] = [
    RGBColor(0xb5, 0xd3, 0xf2),
    RGBColor(0xfa, 0xcb, 0x9c),
    RGBColor(0xc2, 0xe5, 0xc4),
    RGBColor(0xde, 0xc5, 0xec),
    RGBColor(0xf4, 0xe7, 0xa1),
    RGBColor(0xf3, 0xb9, 0xb9),
];

impl Ink {
    fn color(self) -> RGBColor {
        match self {
            Ink::Text => RGBColor(0x1f, 0x23, 0x28),
            Ink::Quiet => RGBColor(0x59, 0x63, 0x6e),
            Ink::Faint => RGBColor(0xdd, 0xe1, 0xe6),
            Ink::Paper => RGBColor(0xff, 0xff, 0xff),
            Ink::Stuff => RGBColor(0x1f, 0x5f, 0xa8),
            Ink::Retrieve => RGBColor(0xb8, 0x50, 0x06),
            Ink::Rewrite => RGBColor(0x3d, 0x74, 0x46),
            Ink::Converse => RGBColor(0x7a, 0x3e, 0x8f),
            Ink::Area(area) => AREAS[area % AREAS.len()],
        }
    }
}

/// Where a text stands from its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Type {
    size: i32,
    bold: bool,
    anchor: Anchor,
    upright: bool,
    ink: Ink,
}

impl Type {
    /// Returns an ordinary text of a size in pixels, beginning at its point.
    pub fn plain(size: i32) -> Type {
        Type { size, bold: false, anchor: Anchor::Start, upright: false, ink: Ink::Text }
    }

    /// Returns a bold one.
    pub fn bold(size: i32) -> Type {
        Type { bold: true, ..Type::plain(size) }
    }

    /// Puts its middle at its point.
    pub fn centered(self) -> Type {
        Type { anchor: Anchor::Middle, ..self }
    }

    /// Lets it end at its point.
    pub fn ending(self) -> Type {
        Type { anchor: Anchor::End, ..self }
    }

    /// Gives it a colour.
    pub fn inked(self, ink: Ink) -> Type {
        Type { ink, ..self }
    }

    /// Writes it from below upwards.
    pub fn upright(self) -> Type {
        Type { upright: true, ..self }
    }
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its colour.
    pub ink: Ink,
    /// Its width in pixels.
    pub width: u32,
    /// Whether it is broken into dashes.
    pub dashed: bool,
}

/// A part of a picture with its own origin.
///
/// Drawing into memory cannot fail, so nothing here returns a result.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

impl Canvas<'_> {
    /// Writes a text; `y` is its middle.
    pub fn text(&self, x: i32, y: i32, text: &str, style: Type) {
        let weight = if style.bold { FontStyle::Bold } else { FontStyle::Normal };
        // The backend takes the size for a line's height and divides it by 1.24.
        let font = ("sans-serif", f64::from(style.size) * 1.24, weight).into_font();
        let font = if style.upright { font.transform(FontTransform::Rotate270) } else { font };
        let across = match style.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let color = style.ink.color();
        let style = TextStyle::from(font).color(&color).pos(Pos::new(across, VPos::Center));
        let _ = self.area.draw_text(&clean(text), &style, (x, y));
    }

    /// Fills a box between two corners.
    pub fn rectangle(&self, from: (i32, i32), to: (i32, i32), ink: Ink) {
        let _ = self.area.draw(&Rectangle::new([from, to], ShapeStyle::from(ink.color()).filled()));
    }

    /// Draws the frame of a box.
    pub fn frame(&self, from: (i32, i32), to: (i32, i32), ink: Ink) {
        let corners = [from, (to.0, from.1), to, (from.0, to.1), from];
        self.line(&corners, Line { ink, width: 2, dashed: false });
    }

    /// Draws a line through points.
    pub fn line(&self, points: &[(i32, i32)], line: Line) {
        let style = ShapeStyle::from(line.ink.color()).stroke_width(line.width);
        if line.dashed {
            let dashes = DashedPathElement::new(points.iter().copied(), 8, 5, style);
            let _ = self.area.draw(&dashes);
        } else {
            let _ = self.area.draw(&PathElement::new(points.to_vec(), style));
        }
    }

    /// Draws a ring with a white middle.
    pub fn ring(&self, at: (i32, i32), ink: Ink) {
        let _ = self.area.draw(&Circle::new(at, 6, ShapeStyle::from(Ink::Paper.color()).filled()));
        let _ = self.area.draw(&Circle::new(at, 6, ShapeStyle::from(ink.color()).stroke_width(2)));
    }

    /// Draws a dot.
    pub fn dot(&self, at: (i32, i32), ink: Ink) {
        let _ = self.area.draw(&Circle::new(at, 3, ShapeStyle::from(ink.color()).filled()));
    }

    /// Draws a filled diamond.
    pub fn diamond(&self, (x, y): (i32, i32), ink: Ink) {
        let corners = vec![(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)];
        let _ = self.area.draw(&Polygon::new(corners, ShapeStyle::from(ink.color()).filled()));
    }
}

/// A part of a picture: its height, and what draws it.
pub struct Panel<'p> {
    /// Height in pixels.
    pub height: i32,
    /// Draws it.
    pub draw: Box<dyn Fn(&Canvas<'_>) + 'p>,
}

/// Draws panels one below the other.
pub fn picture(width: i32, panels: Vec<Panel<'_>>) -> String {
    let height: i32 = panels.iter().map(|panel| panel.height).sum();
    let mut svg = String::new();
    {
        let size = (width.unsigned_abs(), height.unsigned_abs());
        let mut rest = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let _ = rest.fill(&Ink::Paper.color());
        for panel in panels {
            let (area, below) = rest.split_vertically(panel.height);
            (panel.draw)(&Canvas { area });
            rest = below;
        }
        let _ = rest.present();
    }
    svg
}

/// Estimates the width of a text in pixels.
pub fn width(text: &str, size: i32) -> i32 {
    (text.width() as f64 * COLUMN * f64::from(size)).ceil() as i32
}

/// Shortens a text to a width in pixels.
pub fn fitted(text: &str, pixels: i32, size: i32) -> String {
    shorten(text, columns(pixels, size))
}

/// Returns how many columns of text fit into a width in pixels.
fn columns(pixels: i32, size: i32) -> usize {
    (f64::from(pixels.max(0)) / (COLUMN * f64::from(size))) as usize
}

/// Breaks a text into lines of at most a width in pixels.
pub fn wrapped(text: &str, pixels: i32, size: i32) -> Vec<String> {
    wrap(text, columns(pixels, size))
}

/// Leaves out points that lie on the line without them, so that a straight line does not wobble from
/// pixel to pixel.
pub fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let [first, inner @ .., last] = points else { return points.to_vec() };
    let (dx, dy) = (last.0 - first.0, last.1 - first.1);
    let distance = |point: &(f64, f64)| {
        ((point.0 - first.0) * dy - (point.1 - first.1) * dx).abs() / dx.hypot(dy).max(1.0)
    };
    let farthest = inner.iter().enumerate().max_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
    match farthest {
        Some((at, point)) if distance(point) > ON_THE_LINE => {
            let mut kept = thinned(&points[..=at + 1]);
            kept.pop();
            kept.extend(thinned(&points[at + 1..]));
            kept
        }
        _ => vec![*first, *last],
    }
}

/// Replaces characters that XML cannot hold; the backend escapes the others.
fn clean(text: &str) -> String {
    let bad = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if bad(c) { ' ' } else { c }).collect()
}
