//! `prices update`: what comes from the web is taken whole and sound, or not at all.

use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// A user with empty folders.
struct User {
    home: TempDir,
}

impl User {
    fn new() -> User {
        User { home: tempfile::tempdir().unwrap() }
    }

    /// The command with only this user's folders and no proxy.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin!("ragonomics"));
        for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command.env("XDG_DATA_HOME", self.home.path().join("data"));
        command.env("XDG_CONFIG_HOME", self.home.path().join("config"));
        command.args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn fetched(&self, name: &str) -> PathBuf {
        self.home.path().join("data/ragonomics/pricing").join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let file = self.fetched(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A table of one product, at a price.
fn table(price: &str) -> String {
    format!(
        "[vendor]\nid = \"acme\"\n\n[[product]]\nid = \"fetched-model\"\nkind = \"chat\"\nwindow = 128_000\n\n\
         [[product.price]]\nfrom = 2026-01-01\ninput_per_mtok = {price}\noutput_per_mtok = 2\n\
         source = \"https://acme.example/pricing\"\nchecked = 2026-11-01\n"
    )
}

#[test]
fn a_fetched_table_is_taken_away_again() {
    let user = User::new();
    user.put("fetched.toml", &table("0.5"));
    let listed = user.run(&["prices", "where"]);
    assert!(text(&listed.stdout).contains("fetched"), "{}", text(&listed.stdout));
    assert!(user.run(&["models", "show", "fetched-model"]).status.success());
    let removed = user.run(&["prices", "update", "--remove"]);
    assert!(removed.status.success() && text(&removed.stderr).starts_with("removed "));
    assert!(!user.fetched("fetched.toml").exists());
    assert_eq!(user.run(&["models", "show", "fetched-model"]).status.code(), Some(2));
    let again = user.run(&["prices", "update", "--remove"]);
    assert!(again.status.success() && text(&again.stderr).starts_with("there is no fetched table"));
}

#[test]
fn flags_that_would_mean_nothing_are_refused() {
    for arguments in [
        &["prices", "update"][..],
        &["prices", "update", "--remove", "--url", "https://a.example/t.toml"],
        &["prices", "update", "--remove", "--timeout", "5"],
        &["prices", "update", "--url", "https://a.example/t.toml", "--timeout", "0"],
    ] {
        assert_eq!(User::new().run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[cfg(not(feature = "online"))]
#[test]
fn a_program_built_without_it_says_how_to_get_it() {
    let output = User::new().run(&["prices", "update", "--url", "https://a.example/t.toml"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    for part in ["cargo install --path . --features online", "--pricing FILE", "config/ragonomics/pricing"] {
        assert!(said.contains(part), "{said}");
    }
}

#[cfg(feature = "online")]
mod online {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, Instant};

    use super::*;

    /// A server on this machine that answers every connection by one function.
    struct Server {
        port: u16,
        /// First lines of the requests so far.
        asked: Arc<Mutex<Vec<String>>>,
    }

    impl Server {
        fn new(answer: impl Fn(&mut TcpStream) + Send + 'static) -> Server {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let asked = Arc::new(Mutex::new(Vec::new()));
            let log = asked.clone();
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    let Ok(mut stream) = stream else { continue };
                    log.lock().unwrap().push(request_line(&mut stream));
                    answer(&mut stream);
                }
            });
            Server { port, asked }
        }

        /// Always sends the same bytes, whatever is asked for.
        fn sending(bytes: impl Into<Vec<u8>>) -> Server {
            let bytes = bytes.into();
            Server::new(move |stream| send(stream, &bytes))
        }

        fn url(&self) -> String {
            format!("http://127.0.0.1:{}/t.toml", self.port)
        }

        fn asked(&self) -> Vec<String> {
            self.asked.lock().unwrap().clone()
        }
    }

    /// Sends what the other side takes; it may be gone.
    fn send(stream: &mut TcpStream, bytes: &[u8]) {
        let _ = stream.write_all(bytes);
    }

    /// Reads a request to its end and returns its first line.
    fn request_line(stream: &mut TcpStream) -> String {
        let (mut read, mut byte) = (Vec::new(), [0]);
        while !read.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
            read.push(byte[0]);
        }
        String::from_utf8_lossy(&read).lines().next().unwrap_or_default().to_owned()
    }

    fn answer(status: &str, headers: &str, length: usize, body: &[u8]) -> Vec<u8> {
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n");
        [head.as_bytes(), body].concat()
    }

    fn ok(body: &[u8]) -> Vec<u8> {
        answer("200 OK", "", body.len(), body)
    }

    fn redirect(to: &str) -> Vec<u8> {
        answer("302 Found", &format!("Location: {to}\r\n"), 0, b"")
    }

    fn update(user: &User, url: &str) -> Output {
        update_within("10", user, url)
    }

    fn update_within(seconds: &str, user: &User, url: &str) -> Output {
        user.run(&["prices", "update", "--url", url, "--timeout", seconds])
    }

    /// Fetches what cannot be taken: the exit code and the words are as expected, and the table of before stays.
    fn refused(server: &Server, code: i32, words: &str) {
        refused_from(&server.url(), code, words);
    }

    fn refused_from(url: &str, code: i32, words: &str) {
        refused_within("10", url, code, words);
    }

    fn refused_within(seconds: &str, url: &str, code: i32, words: &str) {
        let user = User::new();
        user.put("fetched.toml", &table("0.5"));
        let begun = Instant::now();
        let output = update_within(seconds, &user, url);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(said.contains("earlier stays") && said.contains("error: "), "{said}");
        assert!(output.stdout.is_empty());
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        assert_eq!(std::fs::read_to_string(user.fetched("fetched.toml")).unwrap(), table("0.5"));
        let files = std::fs::read_dir(user.fetched("")).unwrap().count();
        assert_eq!(files, 1, "something else was left in the folder");
    }

    #[test]
    fn a_sound_table_is_laid_over_the_shipped_ones() {
        let user = User::new();
        let server = Server::sending(ok(table("0.5").as_bytes()));
        let output = update(&user, &server.url());
        let said = text(&output.stdout);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(said.contains("Fetched 1 product from http://127.0.0.1:"), "{said}");
        assert!(said.contains("Differs from before: 1 product new."), "{said}");
        assert!(said.contains(&*user.fetched("fetched.toml").to_string_lossy()), "{said}");
        assert!(user.run(&["models", "show", "fetched-model"]).status.success());
        assert!(text(&user.run(&["prices", "where"]).stdout).contains("fetched"));
        let again = text(&update(&user, &server.url()).stdout);
        assert!(again.contains("Nothing differs from before."), "{again}");
        let dearer = Server::sending(ok(table("0.7").as_bytes()));
        let repriced = text(&update(&user, &dearer.url()).stdout);
        assert!(
            repriced.contains("1 product with other prices, 1 price new or changed in them."),
            "{repriced}"
        );
    }

    #[test]
    fn the_shipped_tables_exported_as_json_come_back_the_same() {
        let user = User::new();
        let exported = user.run(&["prices", "export"]).stdout;
        let output = update(&user, &Server::sending(ok(&exported)).url());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let said = text(&output.stdout);
        assert!(said.contains("Nothing differs from before."), "{said}");
        assert_eq!(std::fs::read(user.fetched("fetched.json")).unwrap(), exported);
        // One in the other form takes its place.
        assert!(update(&user, &Server::sending(ok(table("0.5").as_bytes())).url()).status.success());
        assert!(user.fetched("fetched.toml").exists() && !user.fetched("fetched.json").exists());
    }

    #[test]
    fn pieces_with_their_lengths_are_put_together() {
        let (user, table) = (User::new(), table("0.5"));
        let (left, right) = table.split_at(40);
        let body = format!("{:x}\r\n{left}\r\n{:x}\r\n{right}\r\n0\r\n\r\n", left.len(), right.len());
        let server = Server::sending(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}"));
        assert!(update(&user, &server.url()).status.success());
        let cut =
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{left}\r\n", left.len());
        refused(&Server::sending(cut), 3, "ended before everything had arrived");
    }

    #[test]
    fn a_drip_is_given_up_when_the_time_is_over() {
        let whole = ok(table("0.5").as_bytes());
        let drip = Server::new(move |stream| {
            for byte in &whole {
                if stream.write_all(&[*byte]).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        refused_within("1", &drip.url(), 3, "did not arrive whole within the time limit");
        let body = table("0.5");
        let slow_body = Server::new(move |stream| {
            send(stream, &answer("200 OK", "", body.len(), b""));
            for byte in body.bytes() {
                if stream.write_all(&[byte]).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        refused_within("1", &slow_body.url(), 3, "--timeout");
    }

    #[test]
    fn a_part_is_not_taken_for_the_whole() {
        let table = table("0.5");
        let half = &table.as_bytes()[..table.len() / 2];
        refused(&Server::sending(answer("200 OK", "", table.len(), half)), 3, "ended before everything");
        // A length that is too short cuts the table; what is left does not load.
        refused(&Server::sending(answer("200 OK", "", table.len() - 20, table.as_bytes())), 2, "error");
        let endless = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{table}");
        refused(&Server::sending(endless), 3, "does not say how long it is");
        refused(&Server::sending("HTTP/1.1 200 OK\r\nContent-Le"), 3, "ended before everything");
        refused(&Server::sending(""), 3, "ended before everything");
    }

    #[test]
    fn more_than_the_limit_is_not_read() {
        let sent = Arc::new(AtomicUsize::new(0));
        let counter = sent.clone();
        let flood = Server::new(move |stream| {
            send(stream, &answer("200 OK", "", 1 << 40, b""));
            let block = [b'#'; 1 << 16];
            while stream.write_all(&block).is_ok() {
                counter.fetch_add(block.len(), Ordering::Relaxed);
            }
        });
        refused(&flood, 3, "at most 8 MiB are read");
        assert!(sent.load(Ordering::Relaxed) < 32 << 20, "the reader went on");
    }

    #[test]
    fn what_is_no_table_is_called_by_its_name() {
        let cases: [(&[u8], &str); 8] = [
            (b"", "is empty"),
            (b" \n", "is empty"),
            (b"<!DOCTYPE html><title>Sign in</title>", "is a web page"),
            (b"\x1f\x8b\x08\x00\x00", "compressed file (gzip)"),
            (b"\xff\xfe\x00\x01\x80", "not UTF-8"),
            (b"{\"openai/gpt\": 1}", "is JSON, but no catalog"),
            (b"{\"schema\": \"ragonomics/catalog/1\", \"tables\": []}", "is empty"),
            (b"[vendor]\nid = \"acme\"\nprices = 3\n", "unknown key"),
        ];
        for (body, words) in cases {
            refused(&Server::sending(ok(body)), 2, words);
        }
        let packed = answer("200 OK", "Content-Encoding: gzip\r\n", 3, b"\x1f\x8b\x08");
        refused(&Server::sending(packed), 3, "arrived compressed (gzip)");
        refused(&Server::sending("SSH-2.0-server\r\n\r\n"), 3, "cannot be fetched");
    }

    #[test]
    fn an_answer_other_than_the_file_is_said() {
        refused(&Server::sending(answer("404 Not Found", "", 0, b"")), 3, "404 Not Found");
        refused(&Server::sending(answer("500 Oops", "", 4, b"oops")), 3, "500 Internal Server Error");
        refused(&Server::sending(answer("206 Partial Content", "", 4, b"oops")), 3, "206 Partial Content");
        refused(&Server::sending("HTTP/1.1 204 No Content\r\n\r\n"), 3, "204 No Content");
    }

    #[test]
    fn redirects_lead_to_no_other_kind_of_place() {
        refused(&Server::sending(redirect("file:///etc/hosts")), 3, "a `file:` address, which is refused");
        refused(&Server::sending(redirect("ftp://127.0.0.1/t")), 3, "a `ftp:` address");
        refused(&Server::sending(redirect("http://a.example/t.toml")), 3, "plain http, which is refused");
        refused(&Server::sending(answer("302 Found", "", 0, b"")), 3, "redirect");
    }

    #[test]
    fn a_circle_of_redirects_ends() {
        let circle = Server::sending(redirect("/again"));
        refused(&circle, 3, "redirects too often");
        assert_eq!(circle.asked().len(), 4, "{:?}", circle.asked());
    }

    #[test]
    fn a_redirect_on_this_machine_is_followed() {
        let (user, target) = (User::new(), Server::sending(ok(table("0.5").as_bytes())));
        let moved = Server::sending(redirect(&target.url()));
        assert!(update(&user, &moved.url()).status.success());
        assert_eq!(target.asked(), ["GET /t.toml HTTP/1.1"]);
    }

    #[test]
    fn addresses_that_are_not_safe_are_refused_before_anything_is_sent() {
        refused_from("http://a.example/t.toml", 2, "plain http is refused");
        refused_from("file:///etc/hosts", 2, "--pricing");
        refused_from("pricing/openai.toml", 2, "is no address of the web");
    }

    #[test]
    fn nobody_there_and_nobody_trusted_are_said() {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        refused_from(&format!("http://127.0.0.1:{port}/t.toml"), 3, "cannot be fetched");
        // Speaks before it is asked, and no TLS.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}/t.toml", listener.local_addr().unwrap());
        std::thread::spawn(move || send(&mut listener.accept().unwrap().0, &ok(b"plain")));
        refused_from(&url, 3, "not secure");
    }

    #[test]
    fn secrets_of_an_address_are_not_printed() {
        let user = User::new();
        let server = Server::sending(answer("404 Not Found", "", 0, b""));
        let url = format!("http://name:word@127.0.0.1:{}/t.toml?token=word", server.port);
        let said = text(&update(&user, &url).stderr);
        assert!(said.contains("/t.toml?…") && !said.contains("word") && !said.contains("name"), "{said}");
    }

    #[test]
    fn a_table_with_which_the_users_own_would_not_load_is_not_taken() {
        let user = User::new();
        // A private price for a product of the fetched table; it relies on the facts there.
        let own = table("0.1").replace("kind = \"chat\"\n", "");
        user.put("fetched.toml", &table("0.5"));
        let folder = user.home.path().join("config/ragonomics/pricing");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("own.toml"), own).unwrap();
        let other = table("0.5").replace("fetched-model", "other-model");
        let output = update(&user, &Server::sending(ok(other.as_bytes())).url());
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("own.toml:4"), "{}", text(&output.stderr));
        assert!(user.run(&["models", "show", "fetched-model"]).status.success());
    }

    #[test]
    fn proxies_of_the_environment_are_used_but_not_for_this_machine() {
        let proxy = Server::sending("HTTP/1.1 403 Forbidden\r\n\r\n");
        let address = format!("http://127.0.0.1:{}", proxy.port);
        let run = |user: &User, url: &str, no_proxy: &str| {
            let mut command = user.command(&["prices", "update", "--timeout", "2", "--url", url]);
            command.env("HTTPS_PROXY", &address).env("NO_PROXY", no_proxy).output().unwrap()
        };
        let output = run(&User::new(), "https://tables.invalid/t.toml", "");
        assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
        assert_eq!(proxy.asked(), ["CONNECT tables.invalid:443 HTTP/1.1"]);
        run(&User::new(), "https://tables.invalid/t.toml", "tables.invalid");
        let mirror = Server::sending(ok(table("0.5").as_bytes()));
        assert!(run(&User::new(), &mirror.url(), "").status.success());
        assert_eq!(proxy.asked().len(), 1, "{:?}", proxy.asked());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_said() {
        let user = User::new();
        std::fs::write(user.home.path().join("data"), "a file where the folder should be").unwrap();
        let output = update(&user, &Server::sending(ok(table("0.5").as_bytes())).url());
        assert_eq!(output.status.code(), Some(3));
        assert!(text(&output.stderr).contains("cannot be written"), "{}", text(&output.stderr));
    }
}
