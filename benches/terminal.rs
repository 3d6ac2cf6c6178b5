//! How long a key takes until its frame has reached the terminal, and how much memory a long session holds.
//!
//! The application's own state, drawn by its own backend into a pseudo-terminal that another thread reads, as a
//! terminal emulator would. Work beside the screen runs on threads, as in the program; a key's frame does not wait for
//! it. Run with `cargo bench --bench terminal`, or with a seed and a number of events behind it: `-- 7 200000`.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{LineWriter, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crossterm::event::{KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::civil::date;
use portable_pty::{MasterPty, PtySize, native_pty_system};
use ragonomics::catalog::load::embedded;
use ragonomics::scenario::{library, load};
use ragonomics::tui::action::{Action, Screen};
use ragonomics::tui::draw::draw;
use ragonomics::tui::keys::{self, Key};
use ragonomics::tui::state::State;
use ragonomics::tui::terminal::Outside;
use ragonomics::tui::theme::Theme;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

const COLUMNS: u16 = 120;
const ROWS: u16 = 40;

/// Keys whose frames are timed.
const TIMED: usize = 2_000;

/// Events after which memory is read, unless another number is asked for.
const EVENTS: usize = 100_000;

/// Keys pressed on a screen before another is opened.
const STAY: usize = 12;

/// How long a result of work beside the screen is waited for before the next timed key.
const WORK: Duration = Duration::from_millis(100);

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let (seed, events) = (numbers.next().unwrap_or(1), numbers.next().unwrap_or(EVENTS as u64) as usize);
    let exports = tempfile::tempdir()?;
    let master = pseudo_terminal()?;
    let mut session = Session::open(&*master, exports.path(), Random(seed))?;
    session.time_keys()?;
    session.hold_memory(events)
}

/// Opens a pseudo-terminal and reads away what is drawn on it.
fn pseudo_terminal() -> Result<Box<dyn MasterPty + Send>, Box<dyn Error>> {
    let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size)?;
    let mut reader = pair.master.try_clone_reader()?;
    std::thread::spawn(move || {
        // Its end stays open, so that reading does not end between frames.
        let _open = pair.slave;
        let mut buffer = [0; 65_536];
        while reader.read(&mut buffer).is_ok_and(|count| count > 0) {}
    });
    Ok(pair.master)
}

/// A run of the application.
struct Session {
    state: State,
    /// Written as the program's standard output is: by the kilobyte, not by the letter.
    terminal: Terminal<CrosstermBackend<LineWriter<File>>>,
    outside: Receiver<Outside>,
    random: Random,
}

impl Session {
    /// Opens the default scenario over the embedded catalog, and times the first frame from before the tables are read.
    fn open(master: &dyn MasterPty, exports: &Path, random: Random) -> Result<Session, Box<dyn Error>> {
        let path = master.tty_name().ok_or("the pseudo-terminal has no name")?;
        let backend = CrosstermBackend::new(LineWriter::new(OpenOptions::new().write(true).open(path)?));
        let viewport = Viewport::Fixed(Rect::new(0, 0, COLUMNS, ROWS));
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport })?;
        let text = library::shipped("support-bot").ok_or("no shipped scenario")?;
        let start = Instant::now();
        let (scenario, _) = load::scenario("support-bot", text, Path::new("."))?;
        let mut state = State::open(embedded()?, scenario, date(2026, 11, 22), Theme::default())?;
        let (sender, outside) = channel();
        state.jobs.report_to(sender);
        state.places.exports = exports.to_path_buf();
        state.resize(COLUMNS, ROWS);
        let mut session = Session { state, terminal, outside, random };
        session.show()?;
        println!("first frame  {:>10.3} ms, tables and comparison included", milliseconds(start.elapsed()));
        Ok(session)
    }

    /// Draws; returns when the terminal has taken the whole frame.
    fn show(&mut self) -> std::io::Result<()> {
        let state = &self.state;
        self.terminal.draw(|frame| draw(state, frame.area(), frame.buffer_mut())).map(drop)
    }

    /// Takes what work beside the screen has told so far.
    fn take_reports(&mut self) {
        while let Ok(Outside::Work(report)) = self.outside.try_recv() {
            self.state.report(report);
        }
    }

    fn time_keys(&mut self) -> std::io::Result<()> {
        let mut all = Vec::with_capacity(TIMED);
        for at in 0..TIMED {
            let key = self.next_key(at);
            let from = self.state.screen;
            let start = Instant::now();
            self.state.press(&key);
            self.show()?;
            all.push((start.elapsed(), from, key.code));
            self.wait_for_work();
            self.show()?;
            self.state.done = None;
        }
        all.sort_by_key(|(took, ..)| *took);
        let at = |share: f64| milliseconds(all[((TIMED - 1) as f64 * share) as usize].0);
        println!("key to frame {:>10.3} ms p50, {TIMED} keys at {COLUMNS}x{ROWS} on all screens", at(0.5));
        println!("             {:>10.3} ms p99", at(0.99));
        println!("             {:>10.3} ms max", at(1.0));
        for (took, screen, code) in all.iter().rev().take(5) {
            println!("  slowest    {:>10.3} ms {code:?} on {}", milliseconds(*took), screen.title());
        }
        Ok(())
    }

    /// Waits for work beside the screen, so that the next key is pressed on a whole screen.
    fn wait_for_work(&mut self) {
        let start = Instant::now();
        while self.state.jobs.of(self.state.screen).is_some() && start.elapsed() < WORK {
            if let Ok(Outside::Work(report)) = self.outside.recv_timeout(WORK) {
                self.state.report(report);
            }
        }
    }

    fn hold_memory(&mut self, events: usize) -> Result<(), Box<dyn Error>> {
        say_resident(0);
        for at in 1..=events {
            match self.random.below(20) {
                0 => self.state.resize(20 + self.random.below(200) as u16, 5 + self.random.below(60) as u16),
                1 | 2 => self.point(),
                _ => {
                    let key = self.next_key(at);
                    self.state.press(&key);
                }
            }
            self.take_reports();
            // As in the program, where several events may share a frame.
            if at.is_multiple_of(10) {
                self.state.resize(COLUMNS, ROWS);
                self.show()?;
            }
            self.state.done = None;
            if at.is_multiple_of((events / 5).max(1)) {
                say_resident(at);
            }
        }
        Ok(())
    }

    /// Clicks, or turns the wheel, anywhere.
    fn point(&mut self) {
        let kinds =
            [MouseEventKind::Down(MouseButton::Left), MouseEventKind::ScrollUp, MouseEventKind::ScrollDown];
        let kind = kinds[self.random.below(kinds.len())];
        let (column, row) = (self.random.below(COLUMNS.into()) as u16, self.random.below(ROWS.into()) as u16);
        self.state.point(&MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    }

    /// Returns a key that means something now: every few keys another screen's, else any but those that leave.
    fn next_key(&mut self, at: usize) -> KeyEvent {
        let opens = |action| matches!(action, Action::Open(_));
        let leaves = |action| matches!(action, Action::Quit | Action::Interrupt);
        let scopes = self.state.scopes();
        let known: Vec<_> = keys::in_force(&scopes).filter(|binding| !leaves(binding.action)).collect();
        let screen = Screen::ALL[at / STAY % Screen::ALL.len()];
        let wanted =
            known.iter().find(|binding| binding.action == Action::Open(screen) && at.is_multiple_of(STAY));
        let others: Vec<_> = known.iter().filter(|binding| !opens(binding.action)).collect();
        let binding = wanted.unwrap_or(others[self.random.below(others.len())]);
        event(binding.keys[self.random.below(binding.keys.len())])
    }
}

fn event(key: Key) -> KeyEvent {
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::CONTROL, key.control);
    modifiers.set(KeyModifiers::SHIFT, key.shift);
    KeyEvent::new(key.code, modifiers)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn say_resident(events: usize) {
    match resident("VmRSS:").zip(resident("VmHWM:")) {
        Some((now, most)) => {
            println!("resident     {now:>10} kB after {events} random events, {most} kB at most")
        }
        None => println!("resident     unknown: this system has no /proc/self/status"),
    }
}

/// Returns the memory that the process holds, or held at most, in kB.
fn resident(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The same numbers at every run: SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}
