//! The real program in a pseudo-terminal: opens, answers keys, and gives the terminal back.
#![cfg(unix)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long the program may take for anything, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(30);

fn size_of(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("a size above zero")
}

struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    raw: Vec<u8>,
}

impl Session {
    /// Starts the program on a scenario that does not depend on the day.
    fn start(variables: &[(&str, &str)]) -> Session {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ragonomics"));
        command.arg("devday");
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env_remove("NO_COLOR");
        for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            command.env(variable, env!("CARGO_TARGET_TMPDIR"));
        }
        command.env_remove("LC_ALL");
        variables.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).expect("the program");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let keys = pair.master.take_writer().expect("a writer");
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(size_of(24), size_of(80), 0);
        Session { child, master: pair.master, keys, bytes, screen, raw: Vec::new() }
    }

    /// Waits until the screen shows a text.
    fn wait_for(&mut self, text: &str) {
        let start = Instant::now();
        while !self.screen.screen().contents().contains(text) {
            assert!(start.elapsed() < PATIENCE, "no {text:?} on\n{}", self.screen.screen().contents());
            self.read();
        }
    }

    fn read(&mut self) {
        if let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(50)) {
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("the program reads keys");
        self.keys.flush().expect("the program reads keys");
    }

    /// Waits for the end and returns the exit code.
    fn finish(mut self) -> (u32, vt100::Parser) {
        let start = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status.exit_code();
            }
            assert!(start.elapsed() < PATIENCE, "the program does not end");
            self.read();
        };
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(200)) {
            self.screen.process(&bytes);
        }
        (code, self.screen)
    }
}

fn assert_given_back(screen: &vt100::Parser) {
    assert!(!screen.screen().alternate_screen(), "the alternate screen is left");
    assert!(!screen.screen().hide_cursor(), "the cursor is shown");
}

#[test]
fn a_user_looks_at_both_screens_changes_a_number_and_leaves() {
    let mut session = Session::start(&[]);
    session.wait_for("DevDay: filling 128K");
    session.wait_for("$204.80");
    assert!(session.screen.screen().alternate_screen());
    session.press("2");
    session.wait_for("requests/month");
    session.press("1p");
    session.wait_for("100,000");
    // One step more traffic costs a step more.
    session.press("\x1b[C");
    session.wait_for("110,000");
    session.press("p");
    session.wait_for("$225.28");
    session.press("q");
    let (code, screen) = session.finish();
    assert_eq!(code, 0);
    assert_given_back(&screen);
}

#[test]
fn a_resized_terminal_is_drawn_anew() {
    let mut session = Session::start(&[]);
    session.wait_for("DevDay: filling 128K");
    session
        .master
        .resize(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 })
        .expect("a resize");
    session.screen.screen_mut().set_size(size_of(40), size_of(120));
    // Only the wide layout has the panel beside the list.
    session.wait_for("Parameters");
    session.press("q");
    assert_eq!(session.finish().0, 0);
}

#[test]
fn ctrl_c_and_sigterm_give_the_terminal_back() {
    let mut session = Session::start(&[]);
    session.wait_for("DevDay: filling 128K");
    session.press("\x03");
    assert_given_back(&session.finish().1);

    let mut session = Session::start(&[]);
    session.wait_for("DevDay: filling 128K");
    let id = session.child.process_id().expect("a process").to_string();
    let killed = std::process::Command::new("kill").args(["-TERM", &id]).status().expect("kill");
    assert!(killed.success());
    let (code, screen) = session.finish();
    assert_eq!(code, 128 + 15);
    assert_given_back(&screen);
}

#[test]
fn no_color_sends_no_colour_and_keeps_the_selection_visible() {
    let mut session = Session::start(&[("NO_COLOR", "1")]);
    session.wait_for("DevDay: filling 128K");
    session.wait_for("$204.80");
    let cells = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
    let screen = session.screen.screen();
    let (mut reversed, mut coloured) = (0, 0);
    for (row, column) in cells {
        let cell = screen.cell(row, column).expect("a cell");
        reversed += u32::from(cell.inverse());
        coloured +=
            u32::from(cell.fgcolor() != vt100::Color::Default || cell.bgcolor() != vt100::Color::Default);
    }
    assert_eq!(coloured, 0);
    assert!(reversed > 0, "the selected row is reversed");
    session.press("q");
    assert_eq!(session.finish().0, 0);
}
