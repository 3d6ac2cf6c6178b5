//! The terminal: taken over, and given back on every way out.

use std::io::{self, Stdout, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{
    self, DisableFocusChange, DisableMouseCapture, EnableFocusChange, Event, KeyEvent, MouseEvent,
};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::job::{self, Report};

/// Whether the terminal is ours; it is given back once.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours; dropping it gives it back.
pub struct Screen {
    /// Where frames are drawn.
    pub terminal: Terminal<CrosstermBackend<Stdout>>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal over. A panic gives it back before its message is printed.
    ///
    /// # Errors
    /// That there is no terminal, or that it does not answer.
    pub fn take() -> io::Result<Screen> {
        give_back_on_panic();
        let opened = take_over().and_then(|()| Terminal::new(CrosstermBackend::new(stdout())));
        match opened {
            Ok(terminal) => Ok(Screen { terminal, mouse: false }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }
}

impl Screen {
    /// Gives the terminal back and stops the program as the shell's own key for it does; takes it over again when the
    /// program is continued.
    ///
    /// # Errors
    /// That the terminal does not answer.
    #[cfg(unix)]
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        take_over()?;
        self.mouse = false;
        // A new one draws everything; clearing the old one would ask where the cursor is, and the answer would go to the
        // thread that reads keys.
        self.terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(())
    }

    /// Does nothing: this system cannot stop a program.
    ///
    /// # Errors
    /// None.
    #[cfg(not(unix))]
    pub fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Takes clicks and the wheel from the terminal, or leaves them to it.
    ///
    /// # Errors
    /// That the terminal cannot be written.
    pub fn take_mouse(&mut self, take: bool) -> io::Result<()> {
        if self.mouse != take {
            self.mouse = take;
            if take { capture_mouse()? } else { execute!(stdout(), DisableMouseCapture)? }
        }
        Ok(())
    }

    /// Puts a text into the terminal's clipboard by OSC 52, which reaches the user's own machine through ssh too.
    ///
    /// # Errors
    /// That the terminal cannot be written.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(stdout(), CopyToClipboard::to_clipboard_from(text))
    }
}

/// Asks for clicks and the wheel only: reports of every movement would wake the program all the time.
#[cfg(unix)]
fn capture_mouse() -> io::Result<()> {
    use std::io::Write;
    let mut terminal = stdout();
    terminal.write_all(b"\x1b[?1000h\x1b[?1006h")?;
    terminal.flush()
}

#[cfg(not(unix))]
fn capture_mouse() -> io::Result<()> {
    execute!(stdout(), event::EnableMouseCapture)
}

/// Takes raw mode, the alternate screen and reports of focus.
fn take_over() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(stdout(), EnterAlternateScreen, EnableFocusChange)
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Leaves the mouse, reports of focus, the alternate screen and raw mode, if they are ours. Nothing can be done about a failure.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // By itself, because some systems refuse it where the mouse was never taken.
        let _ = execute!(stdout(), DisableMouseCapture);
        let _ = execute!(stdout(), DisableFocusChange, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

fn give_back_on_panic() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let earlier = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            // Work beside the screen tells of its panic by itself, and the screen stays.
            if std::thread::current().name() == Some(job::THREAD) {
                return;
            }
            give_back();
            earlier(info);
        }));
    });
}

/// Something that happened outside.
#[derive(Debug)]
pub enum Outside {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse clicked or turned its wheel.
    Mouse(MouseEvent),
    /// The user came back to the terminal from another window.
    Focused,
    /// Work on another thread tells something.
    Work(Report),
    /// The terminal has another size.
    Resize(u16, u16),
    /// The system asks the program to end.
    Signal(i32),
    /// The terminal cannot be read any more.
    Closed(io::Error),
}

/// Signals that ask the program to end, watched from before the terminal is taken.
pub struct Signals {
    #[cfg(unix)]
    inner: signal_hook::iterator::Signals,
}

impl Signals {
    /// Starts to watch.
    ///
    /// # Errors
    /// That the system refuses.
    pub fn watch() -> io::Result<Signals> {
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
            let inner = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT])?;
            Ok(Signals { inner })
        }
        #[cfg(not(unix))]
        Ok(Signals {})
    }

    #[cfg(unix)]
    fn forward(mut self, sender: Sender<Outside>) {
        thread::spawn(move || {
            for signal in self.inner.forever() {
                if sender.send(Outside::Signal(signal)).is_err() {
                    return;
                }
            }
        });
    }

    #[cfg(not(unix))]
    fn forward(self, _sender: Sender<Outside>) {}
}

/// Starts the threads that wait for keys and signals; each blocks until something happens.
/// What else happens is sent through the sender.
pub fn listen(signals: Signals) -> (Sender<Outside>, Receiver<Outside>) {
    let (sender, receiver) = channel();
    // Asking once without waiting installs the library's watch for a new size before the first frame
    // is measured; installed by the thread, it could miss one.
    let _ = event::poll(Duration::ZERO);
    signals.forward(sender.clone());
    let keys = sender.clone();
    thread::spawn(move || read_keys(&keys));
    (sender, receiver)
}

fn read_keys(sender: &Sender<Outside>) {
    let _closed = SayWhenGone(sender);
    loop {
        let outside = match event::read() {
            Ok(Event::Key(key)) => Outside::Key(key),
            Ok(Event::Mouse(event)) => Outside::Mouse(event),
            Ok(Event::FocusGained) => Outside::Focused,
            Ok(Event::Resize(columns, rows)) => Outside::Resize(columns, rows),
            Ok(_) => continue,
            Err(error) => Outside::Closed(error),
        };
        let closed = matches!(outside, Outside::Closed(_));
        if sender.send(outside).is_err() || closed {
            return;
        }
    }
}

/// Tells the loop when the thread that reads keys ends by a panic, so that it does not wait for ever.
struct SayWhenGone<'a>(&'a Sender<Outside>);

impl Drop for SayWhenGone<'_> {
    fn drop(&mut self) {
        let _ = self.0.send(Outside::Closed(io::Error::other("reading keys ended")));
    }
}
