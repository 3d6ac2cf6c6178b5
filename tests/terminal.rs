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
    state: tempfile::TempDir,
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
        Session::start_in(tempfile::tempdir().expect("a folder"), variables)
    }

    /// Starts the program with what an earlier run left in a folder.
    fn start_in(state: tempfile::TempDir, variables: &[(&str, &str)]) -> Session {
        Session::start_on("devday", state, variables)
    }

    /// Starts the program on a scenario.
    fn start_on(scenario: &str, state: tempfile::TempDir, variables: &[(&str, &str)]) -> Session {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ragonomics"));
        command.arg(scenario);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env_remove("NO_COLOR");
        for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            command.env(variable, env!("CARGO_TARGET_TMPDIR"));
        }
        command.env_remove("LC_ALL");
        command.env("XDG_STATE_HOME", state.path());
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
        Session { state, child, master: pair.master, keys, bytes, screen, raw: Vec::new() }
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

    /// Waits for the end and returns the exit code and the screen.
    fn finish(self) -> (u32, vt100::Parser) {
        let (code, screen, _) = self.finish_with_state();
        (code, screen)
    }

    /// Waits for the end and returns the folder of what is remembered too.
    fn finish_with_state(mut self) -> (u32, vt100::Parser, tempfile::TempDir) {
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
            self.raw.extend(bytes);
        }
        // Reports of focus, which the emulator does not know, are given back however the program ended.
        let last = |text: &[u8]| self.raw.windows(text.len()).rposition(|bytes| bytes == text);
        assert!(last(b"\x1b[?1004l") > last(b"\x1b[?1004h"), "reports of focus are left on");
        (code, self.screen, self.state)
    }
}

fn assert_given_back(screen: &vt100::Parser) {
    assert!(!screen.screen().alternate_screen(), "the alternate screen is left");
    assert!(!screen.screen().hide_cursor(), "the cursor is shown");
    assert_eq!(screen.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is free");
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
    session.wait_for("*1 unsaved");
    session.press("q");
    session.wait_for("Leave without 1 unsaved change?");
    session.press("n");
    session.wait_for("*1 unsaved");
    session.press("qy");
    let (code, screen, state) = session.finish_with_state();
    assert_eq!(code, 0);
    assert_given_back(&screen);
    // What was left behind on purpose is not offered again.
    let mut session = Session::start_in(state, &[]);
    session.wait_for("$204.80");
    session.press("q");
    assert_eq!(session.finish().0, 0);
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
    assert_ne!(session.screen.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    session.press("\x03");
    let (code, screen) = session.finish();
    assert_eq!(code, 128 + 2);
    assert_given_back(&screen);

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
fn ctrl_z_gives_the_terminal_to_the_shell_until_the_program_is_continued() {
    let mut session = Session::start(&[]);
    session.wait_for("DevDay: filling 128K");
    session.press("p\x1b[C");
    session.wait_for("110,000");
    session.press("\x1a");
    let start = Instant::now();
    while session.screen.screen().alternate_screen() {
        assert!(start.elapsed() < PATIENCE, "the terminal is not given back");
        session.read();
    }
    let id = session.child.process_id().expect("a running child").to_string();
    let is_stopped = || {
        let state = std::process::Command::new("ps").args(["-o", "stat=", "-p", &id]).output().expect("ps");
        String::from_utf8_lossy(&state.stdout).trim_start().starts_with('T')
    };
    while !is_stopped() {
        assert!(start.elapsed() < PATIENCE, "the program is not stopped");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::process::Command::new("kill").args(["-CONT", &id]).status().expect("kill");
    session.wait_for("back from the shell");
    // What was changed is still there, and keys are read again.
    session.wait_for("110,000");
    session.press("qy");
    let (code, screen) = session.finish();
    assert_eq!(code, 0);
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

#[test]
fn changes_of_an_interrupted_run_are_offered_again() {
    let mut session = Session::start(&[]);
    session.wait_for("DevDay: filling 128K");
    session.press("p\x1b[C");
    session.wait_for("110,000");
    session.press("\x03");
    let (code, screen, state) = session.finish_with_state();
    assert_eq!(code, 128 + 2);
    assert_given_back(&screen);
    let mut session = Session::start_in(state, &[]);
    session.wait_for("Make 1 unsaved change of the last run again?");
    session.press("y");
    session.wait_for("$225.28");
    session.press("qy");
    assert_eq!(session.finish().0, 0);
}

#[test]
fn a_panic_gives_the_terminal_back_and_keeps_what_was_changed() {
    let mut session = Session::start(&[("RAGONOMICS_TEST_PANIC", "1"), ("RUST_BACKTRACE", "0")]);
    session.wait_for("DevDay: filling 128K");
    session.press("p\x1b[C");
    session.wait_for("110,000");
    session.press("\x1b[24~");
    let (code, screen, state) = session.finish_with_state();
    assert_eq!(code, 101, "the code of a panic");
    assert_given_back(&screen);
    assert!(screen.screen().contents().contains("a test asks for this panic"));
    let mut session = Session::start_in(state, &[]);
    session.wait_for("Make 1 unsaved change of the last run again?");
    session.press("n");
    session.wait_for("$204.80");
    session.press("q");
    assert_eq!(session.finish().0, 0);
}

#[test]
fn a_message_vanishes_by_itself_and_a_row_reaches_the_clipboard() {
    let mut session = Session::start(&[]);
    session.wait_for("$204.80");
    session.press("y");
    session.wait_for("copied: ");
    // OSC 52 with the text in base64.
    assert!(session.raw.windows(7).any(|bytes| bytes == b"\x1b]52;c;"), "the clipboard is set");
    let start = Instant::now();
    while session.screen.screen().contents().contains("copied: ") {
        assert!(start.elapsed() < PATIENCE, "the message stays");
        session.read();
    }
    let read = session.raw.len();
    // Nothing moves, so nothing is drawn.
    (0..10).for_each(|_| session.read());
    assert_eq!(session.raw.len(), read);
    session.press("q");
    assert_eq!(session.finish().0, 0);
}

#[test]
fn a_click_opens_a_screen_and_the_mouse_can_be_left_to_the_terminal() {
    let mut session = Session::start(&[]);
    session.wait_for("$204.80");
    // A press of the left button, in the encoding that the program asked for, on the second screen of the first line.
    let head = session.screen.screen().contents();
    let column = head.find("2 ").unwrap() + 1;
    session.press(&format!("\x1b[<0;{column};1M"));
    session.wait_for("requests/month");
    session.press("M");
    session.wait_for("the mouse is the terminal's");
    assert_eq!(session.screen.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    session.press("q");
    let (code, _, state) = session.finish_with_state();
    assert_eq!(code, 0);
    let mut session = Session::start_in(state, &[]);
    // The screen and the mouse are as they were left.
    session.wait_for("Cost of a month");
    assert_eq!(session.screen.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    session.press("q");
    assert_eq!(session.finish().0, 0);
}

#[test]
fn a_file_is_changed_saved_with_its_comments_and_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    let text = include_str!("../scenarios/devday.toml");
    std::fs::write(&path, text).expect("a file");
    let name = path.to_str().expect("a plain name");

    let mut session = Session::start_on(name, tempfile::tempdir().expect("a folder"), &[]);
    session.wait_for("$204.80");
    session.press(&ragonomics::tui::action::Screen::Scenario.number().to_string());
    session.wait_for("origin");
    session.press("/requests_per\r");
    session.wait_for("[/requests_per]");
    session.press("\r");
    session.wait_for("workload.requests_per_month (100k) =");
    session.press("110k\r");
    session.wait_for("1 changed, w saves");
    // A tenth more requests cost a tenth more.
    session.press("1");
    session.wait_for("$225.28");
    session.press("w");
    session.wait_for(" saved ");
    let expected = text.replace("requests_per_month = \"100k\"", "requests_per_month = \"110k\"");
    assert_ne!(expected, text);
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), expected);
    // Nothing is unsaved, so nothing is asked.
    session.press("q");
    let (code, screen, state) = session.finish_with_state();
    assert_eq!(code, 0);
    assert_given_back(&screen);

    let mut session = Session::start_on(name, state, &[]);
    session.wait_for("$225.28");
    // Somebody else writes the file: coming back to the terminal is enough to be asked.
    std::fs::write(&path, text).expect("a file");
    session.press("\x1b[I");
    session.wait_for("mine.toml was changed on the disk. Read it again?");
    session.press("y");
    session.wait_for("$204.80");
    session.press("q");
    assert_eq!(session.finish().0, 0);
}

/// Stuffing 4,000 tokens costs $0.005 a request, retrieving 1,000 of them $0.002 and $30 a month: the order changes at
/// 30 ÷ 0.003 = 10,000 requests. Of 7,000 tokens it does at 30 ÷ 0.006 = 5,000.
#[test]
fn a_user_turns_a_knob_and_sees_the_crossing_move_saves_and_finds_it_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let prices = "[vendor]\nid = \"acme\"\n[[product]]\nid = \"chat\"\nkind = \"chat\"\nwindow = 20_000\n\
                  [[product.price]]\nfrom = 2026-01-01\ninput_per_mtok = 1\noutput_per_mtok = 10\n\
                  source = \"a test\"\nchecked = 2026-01-01\n";
    let text = "# Mine.\nas_of = 2026-02-01\n\
                request = { system_tokens = 0, question_tokens = 0, output_tokens = 100 }\n\
                retrieval = { embedding = \"none\", store = \"none\", top_k = 2, chunk_tokens = 500, \
                overlap_tokens = 0 }\ncompare = { models = [\"acme/chat\"], strategies = [\"long_context\", \
                \"rag\"] }\n[corpus]\ntokens = 4000 # so far\n[[cost]]\nname = \"servers\"\nmonthly = 30\n\
                strategies = [\"rag\"]\n";
    let (table, path) = (folder.path().join("acme.toml"), folder.path().join("mine.toml"));
    std::fs::write(&table, prices).expect("a file");
    std::fs::write(&path, text).expect("a file");
    let name = path.to_str().expect("a plain name");
    std::fs::create_dir(folder.path().join("ragonomics")).expect("a folder");
    let pricing = format!("pricing = [\"{}\"]\n", table.display());
    std::fs::write(folder.path().join("ragonomics/config.toml"), pricing).expect("a file");
    let settings = [("XDG_CONFIG_HOME", folder.path().to_str().expect("a plain name"))];

    let mut session = Session::start_on(name, tempfile::tempdir().expect("a folder"), &settings);
    session.wait_for("Cheapest:");
    session.press("2");
    session.wait_for("◆ at 10,000: A cheaper below, B above");
    session.press(&ragonomics::tui::action::Screen::Scenario.number().to_string());
    session.wait_for("origin");
    session.press("/corpus.tokens\r");
    session.wait_for("[/corpus.tokens]");
    session.press("\r7000\r");
    session.wait_for("1 changed, w saves");
    session.press("2");
    session.wait_for("◆ at 5,000: A cheaper below, B above");
    session.press("w");
    session.wait_for(" saved ");
    session.press("q");
    let (code, screen, state) = session.finish_with_state();
    assert_eq!(code, 0);
    assert_given_back(&screen);
    assert_eq!(
        std::fs::read_to_string(&path).expect("the file"),
        text.replace("4000 # so far", "7000 # so far")
    );

    let mut session = Session::start_on(name, state, &settings);
    session.wait_for("◆ at 5,000: A cheaper below, B above");
    session.press("q");
    assert_eq!(session.finish().0, 0);
}

#[test]
fn settings_give_other_keys_and_leave_the_mouse_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("ragonomics");
    std::fs::create_dir(&own).expect("a folder");
    let settings = "mouse = false\n[keys]\nquit = \"Q\"\nsave_as = [\"F2\"]\n";
    std::fs::write(own.join("config.toml"), settings).expect("a file");
    let mut session = Session::start(&[("XDG_CONFIG_HOME", folder.path().to_str().expect("a plain name"))]);
    session.wait_for("$204.80");
    session.wait_for("Q quit");
    assert_eq!(session.screen.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    session.press("q\x1bOQ");
    session.wait_for("save as =");
    session.press("\x1b");
    session.wait_for("Q quit");
    session.press("Q");
    assert_eq!(session.finish().0, 0);
}

#[test]
fn changes_that_cannot_be_kept_are_told_after_the_terminal_is_given_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").expect("a file");
    let mut session = Session::start(&[("XDG_STATE_HOME", file.to_str().expect("a plain name"))]);
    session.wait_for("DevDay: filling 128K");
    session.press("p\x1b[C");
    session.wait_for("110,000");
    session.press("\x03");
    let (code, screen) = session.finish();
    assert_eq!(code, 128 + 2);
    assert_given_back(&screen);
    let told = screen.screen().contents();
    assert!(told.contains("1 unsaved change could not be kept for the next start"), "{told}");
    assert!(told.contains("workload.requests_per_month = 110k"), "{told}");
}
