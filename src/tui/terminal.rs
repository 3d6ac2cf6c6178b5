//! The terminal: taken over, and given back on every way out.

use std::io::{self, Stdout, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crossterm::cursor::Show;
use crossterm::event::{self, Event, KeyEvent};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

/// Whether the terminal is ours; it is given back once.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours; dropping it gives it back.
pub struct Screen {
    /// Where frames are drawn.
    pub terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes the terminal over. A panic gives it back before its message is printed.
    ///
    /// # Errors
    /// That there is no terminal, or that it does not answer.
    pub fn take() -> io::Result<Screen> {
        give_back_on_panic();
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let opened = execute!(stdout(), EnterAlternateScreen)
            .and_then(|()| Terminal::new(CrosstermBackend::new(stdout())));
        match opened {
            Ok(terminal) => Ok(Screen { terminal }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Leaves the alternate screen and raw mode, if they are on. Nothing can be done about a failure.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

fn give_back_on_panic() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let earlier = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
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
pub fn listen(signals: Signals) -> Receiver<Outside> {
    let (sender, receiver) = channel();
    signals.forward(sender.clone());
    thread::spawn(move || read_keys(&sender));
    receiver
}

fn read_keys(sender: &Sender<Outside>) {
    loop {
        let outside = match event::read() {
            Ok(Event::Key(key)) => Outside::Key(key),
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
