//! One file over HTTPS, within limits of size, time and redirects.
//!
//! Plain HTTP is refused, except on this machine itself, for mirrors and tests: what travels over a network
//! unprotected could be anybody's prices. An address on this machine never goes through a proxy, where it
//! would mean another machine. Proxies come from the environment (`ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY`,
//! less what `NO_PROXY` lists); the certificates that are trusted stand in the program.

use std::fmt;
use std::io::{self, ErrorKind, Read};
use std::time::{Duration, Instant};

use ureq::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, LOCATION, TRANSFER_ENCODING};
use ureq::http::uri::Authority;
use ureq::http::{HeaderMap, HeaderName, Response, StatusCode, Uri};
use ureq::{Agent, Body, Proxy, Timeout};

/// How much a fetch may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes that are read, whatever length the server announces.
    pub bytes: u64,
    /// Time for everything, redirects included.
    pub time: Duration,
    /// Time until a connection stands, within the former.
    pub connect: Duration,
    /// Most redirects that are followed.
    pub redirects: usize,
}

/// Why nothing was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// The text is no address of the web.
    NoAddress,
    /// The address is of another kind, such as `file`.
    OtherScheme(String),
    /// Plain HTTP to another machine.
    Insecure,
    /// The server sends the reader where it may not go: its words for that place.
    Redirected(String),
    /// More redirects than are followed, in a circle perhaps.
    TooManyRedirects,
    /// An answer other than the file.
    Status(u16),
    /// No connection, for the reason given.
    Unreachable(String),
    /// The server could not prove that it is the one asked for.
    Untrusted(String),
    /// No connection stood within its time.
    NotConnected,
    /// The file had not arrived whole within the time.
    TimedOut,
    /// The connection ended in the middle.
    CutOff,
    /// More bytes than are read.
    TooLarge,
    /// The server announces no length, so that a part could not be told from the whole.
    NoLength,
    /// The file came in an encoding that was not asked for.
    Encoded(String),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetchError::NoAddress => f.write_str("is no address of the web"),
            FetchError::OtherScheme(scheme) => write!(f, "`{scheme}:` addresses are not fetched"),
            FetchError::Insecure => {
                f.write_str("plain http is refused: anybody on the way could change prices")
            }
            FetchError::Redirected(place) => write!(f, "the server redirects to {place}, which is refused"),
            FetchError::TooManyRedirects => {
                f.write_str("the server redirects too often, in a circle perhaps")
            }
            FetchError::Status(code) => write!(f, "the server answered {}", status_text(*code)),
            FetchError::Unreachable(reason) => write!(f, "cannot be fetched: {reason}"),
            FetchError::Untrusted(reason) => write!(f, "the connection is not secure: {reason}"),
            FetchError::NotConnected => f.write_str("no connection within the time limit"),
            FetchError::TimedOut => f.write_str("did not arrive whole within the time limit"),
            FetchError::CutOff => f.write_str("the connection ended before everything had arrived"),
            FetchError::TooLarge => f.write_str("is larger than any pricing table should be"),
            FetchError::NoLength => {
                f.write_str("the server does not say how long it is, so a part could pass for the whole")
            }
            FetchError::Encoded(encoding) => write!(f, "arrived compressed ({encoding}), unasked"),
        }
    }
}

impl std::error::Error for FetchError {}

fn status_text(code: u16) -> String {
    let words = StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason());
    words.map_or_else(|| code.to_string(), |words| format!("{code} {words}"))
}

impl From<ureq::Error> for FetchError {
    fn from(error: ureq::Error) -> FetchError {
        match error {
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => FetchError::NotConnected,
            ureq::Error::Timeout(_) => FetchError::TimedOut,
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) => FetchError::Untrusted(printable(&error)),
            ureq::Error::Io(error) => FetchError::from_io(&error),
            other => FetchError::Unreachable(printable(&other)),
        }
    }
}

impl FetchError {
    fn from_io(error: &io::Error) -> FetchError {
        match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                FetchError::CutOff
            }
            ErrorKind::TimedOut | ErrorKind::WouldBlock => FetchError::TimedOut,
            // What the cryptography does not accept comes as data that is not valid.
            ErrorKind::InvalidData => FetchError::Untrusted(printable(error)),
            _ => FetchError::Unreachable(printable(error)),
        }
    }
}

/// Returns an error's words without what a terminal would obey: some of them are the server's.
fn printable(error: &dyn fmt::Display) -> String {
    error.to_string().chars().filter(|c| !c.is_control()).collect()
}

/// An address from which may be fetched; printed without names, passwords and queries, which may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Uri);

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// It is none, of another kind than `https`, or plain `http` to another machine.
    pub fn parse(text: &str) -> Result<Address, FetchError> {
        let text = text.trim();
        let scheme = scheme(text).ok_or(FetchError::NoAddress)?;
        if !matches!(scheme.as_str(), "https" | "http") {
            return Err(FetchError::OtherScheme(scheme));
        }
        let uri: Uri = text.parse().map_err(|_| FetchError::NoAddress)?;
        if uri.scheme().is_none() || !uri.authority().is_some_and(names_a_host) {
            return Err(FetchError::NoAddress);
        }
        let address = Address(uri);
        if address.is_encrypted() || address.is_local() { Ok(address) } else { Err(FetchError::Insecure) }
    }

    fn is_encrypted(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    /// Returns whether the address is on this machine.
    fn is_local(&self) -> bool {
        let host = self.0.host().unwrap_or_default();
        matches!(host, "127.0.0.1" | "[::1]") || host.eq_ignore_ascii_case("localhost")
    }

    /// Returns where a redirect leads; only a fetch that began on this machine may go on there without encryption.
    fn follow(&self, location: &str, began_local: bool) -> Result<Address, FetchError> {
        match Address::parse(&self.absolute(location)) {
            Ok(next) if next.is_encrypted() || began_local => Ok(next),
            Ok(_) | Err(FetchError::Insecure) => Err(FetchError::Redirected("plain http".to_owned())),
            Err(FetchError::OtherScheme(scheme)) => {
                Err(FetchError::Redirected(format!("a `{scheme}:` address")))
            }
            Err(_) => Err(FetchError::Redirected("what is no address".to_owned())),
        }
    }

    /// Completes a location that leaves out what it shares with this address.
    fn absolute(&self, location: &str) -> String {
        let location = location.split('#').next().unwrap_or_default();
        if scheme(location).is_some() {
            return location.to_owned();
        }
        let scheme = self.0.scheme_str().unwrap_or("https");
        if location.starts_with("//") {
            return format!("{scheme}:{location}");
        }
        let authority = self.0.authority().map_or("", |authority| authority.as_str());
        let path = self.0.path();
        let kept = match location.chars().next() {
            Some('/') => "",
            Some('?') | None => path,
            Some(_) => path.rfind('/').map_or("/", |last| &path[..=last]),
        };
        format!("{scheme}://{authority}{kept}{location}")
    }
}

/// Returns whether a host is there, and its port, where one is written, is one.
fn names_a_host(authority: &Authority) -> bool {
    let named = authority.as_str().rsplit('@').next().unwrap_or_default();
    !authority.host().is_empty() && (named == authority.host() || authority.port_u16().is_some())
}

/// Returns the scheme that a text begins with; a port after a bare host begins with a digit and is none.
fn scheme(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once(':')?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-'))
        && !rest.starts_with(|c: char| c.is_ascii_digit());
    named.then(|| scheme.to_ascii_lowercase())
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, host) = (self.0.scheme_str().unwrap_or_default(), self.0.host().unwrap_or_default());
        write!(f, "{scheme}://{host}")?;
        if let Some(port) = self.0.port() {
            write!(f, ":{port}")?;
        }
        let query = if self.0.query().is_some() { "?…" } else { "" };
        write!(f, "{}{query}", self.0.path())
    }
}

/// Fetches a file.
///
/// # Errors
/// Nothing of it is returned unless all of it arrived within the limits.
pub fn fetch(start: &Address, limits: &Limits) -> Result<Vec<u8>, FetchError> {
    let deadline = Instant::now() + limits.time;
    let mut address = start.clone();
    for _ in 0..=limits.redirects {
        let response = request(&address, limits, deadline)?;
        if !is_redirect(response.status()) {
            return body(response, limits.bytes);
        }
        let location = header(response.headers(), &LOCATION).unwrap_or_default();
        address = address.follow(&location, start.is_local())?;
    }
    Err(FetchError::TooManyRedirects)
}

/// Asks for an address. Redirects are followed one by one above, where each is looked at first.
fn request(address: &Address, limits: &Limits, deadline: Instant) -> Result<Response<Body>, FetchError> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(FetchError::TimedOut);
    }
    let proxy = if address.is_local() { None } else { Proxy::try_from_env() };
    let config = Agent::config_builder()
        .proxy(proxy)
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(left))
        .timeout_connect(Some(limits.connect.min(left)))
        .accept_encoding("identity")
        .user_agent(concat!("ragonomics/", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(Agent::new_with_config(config).get(address.0.clone()).call()?)
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Returns a header as text; what is no text counts as absent.
fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Reads the file of an answer.
fn body(response: Response<Body>, limit: u64) -> Result<Vec<u8>, FetchError> {
    if response.status() != StatusCode::OK {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let headers = response.headers();
    if let Some(encoding) = header(headers, &CONTENT_ENCODING).filter(|name| name != "identity") {
        return Err(FetchError::Encoded(encoding));
    }
    if !headers.contains_key(CONTENT_LENGTH) && !headers.contains_key(TRANSFER_ENCODING) {
        return Err(FetchError::NoLength);
    }
    let mut bytes = Vec::new();
    let mut reader = response.into_body().into_reader().take(limit.saturating_add(1));
    reader.read_to_end(&mut bytes).map_err(ureq::Error::from)?;
    if bytes.len() as u64 > limit { Err(FetchError::TooLarge) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn only_https_and_this_machine_are_addresses() {
        for good in
            ["https://a.example/t.toml", " https://a.example ", "HTTPS://a.example/", "http://[::1]:1/t"]
        {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        for insecure in ["http://a.example/t", "http://127.0.0.1.a.example/", "http://localhost@a.example/"] {
            assert_eq!(Address::parse(insecure), Err(FetchError::Insecure), "{insecure}");
        }
        for scheme in ["file", "ftp", "data"] {
            let text = format!("{scheme}:///etc/hosts");
            assert_eq!(Address::parse(&text), Err(FetchError::OtherScheme(scheme.into())));
        }
        for bad in [
            "",
            "table.toml",
            "a.example:80/t",
            "/t",
            "https://",
            "https:t",
            "https://a:99999/",
            "https://a b/",
            "https://a/\u{1b}",
        ] {
            assert_eq!(Address::parse(bad), Err(FetchError::NoAddress), "{bad}");
        }
    }

    #[test]
    fn an_address_is_printed_without_secrets() {
        let shown = address("https://user:word@a.example:8443/t.toml?token=word").to_string();
        assert_eq!(shown, "https://a.example:8443/t.toml?…");
    }

    #[test]
    fn a_location_leaves_out_what_it_shares() {
        let from = address("https://a.example/tables/old.toml?x=1");
        let cases = [
            ("https://b.example/t#top", "https://b.example/t"),
            ("//b.example/t", "https://b.example/t"),
            ("/t", "https://a.example/t"),
            ("new.toml", "https://a.example/tables/new.toml"),
            ("?y=2", "https://a.example/tables/old.toml?y=2"),
        ];
        for (location, whole) in cases {
            assert_eq!(from.follow(location, false), Ok(address(whole)), "{location}");
        }
    }

    #[test]
    fn a_redirect_never_leaves_encryption() {
        let from = address("https://a.example/t");
        for refused in ["http://a.example/t", "http://127.0.0.1/t", "file:///etc/hosts", "ftp://a.example/t"]
        {
            assert!(matches!(from.follow(refused, false), Err(FetchError::Redirected(_))), "{refused}");
        }
        let local = address("http://localhost:1/t");
        assert!(local.follow("http://127.0.0.1:2/t", true).is_ok());
        assert!(matches!(local.follow("http://a.example/t", true), Err(FetchError::Redirected(_))));
    }
}
