//! A moto server of a test's own, in the Python that `boto3/setup.sh` makes under `target/`.
//!
//! The tests of every crate take this file in by its path. Where that Python can't be had, there is
//! no server, and a line on stderr.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]
#![allow(dead_code, reason = "each test needs a part of it")]

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

/// A moto server, ended with the test.
pub(crate) struct Moto {
    server: Mutex<Child>,
    python: PathBuf,
    pub(crate) port: u16,
}

impl Drop for Moto {
    fn drop(&mut self) {
        self.end();
    }
}

impl Moto {
    pub(crate) fn start() -> Option<Moto> {
        Moto::serving(|server, port| server.args(["-m", "moto.server", "-p", port]))
    }

    /// The same, where `serve` says what Python runs as the server on a port.
    pub(crate) fn serving(
        serve: impl for<'c> FnOnce(&'c mut Command, &str) -> &'c mut Command,
    ) -> Option<Moto> {
        let python = python()?;
        // Let go of again at once: moto takes it.
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .unwrap()
            .port();
        let server = serve(&mut Command::new(&python), &port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let moto = Moto {
            server: Mutex::new(server),
            python,
            port,
        };
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(moto);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("moto did not start");
    }

    /// By its host's name: S3's buckets may stand before it.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// By its address: S3's buckets stand in the path.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The Python that has boto3.
    pub(crate) fn python(&self) -> Command {
        let mut python = Command::new(&self.python);
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../aws/tests/moto");
        python.env("PYTHONPATH", shared);
        // Nothing is written beside the scripts.
        python.env("PYTHONDONTWRITEBYTECODE", "1");
        python
    }

    /// Runs a script on the server's address.
    pub(crate) fn seed(&self, script: &Path) {
        let seeded = self
            .python()
            .arg(script)
            .arg(self.address())
            .stdout(Stdio::null())
            .status();
        assert!(seeded.unwrap().success(), "{} failed", script.display());
    }

    /// Runs a text of Python on the server's address, and gives what it prints.
    pub(crate) fn run(&self, script: &str, arguments: &[&str]) -> String {
        let mut python = self.python();
        let run = python.args(["-c", script, &self.address()]).args(arguments);
        let run = run.output().unwrap();
        let stderr = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{stderr}");
        String::from_utf8(run.stdout).unwrap().trim().to_owned()
    }

    /// Ends it before the test does.
    pub(crate) fn end(&self) {
        let mut server = self.server.lock().unwrap();
        drop(server.kill());
        drop(server.wait());
    }
}

/// The Python that has moto, boto3 and what they need.
pub(crate) fn python() -> Option<PathBuf> {
    let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../aws/tests/boto3/setup.sh");
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("boto3");
    let made = Command::new(setup).arg(&venv).status();
    if !made.is_ok_and(|status| status.success()) {
        let words = b"SKIPPED: moto needs python3 with venv, pip and PyPI\n";
        std::io::stderr().write_all(words).unwrap();
        return None;
    }
    Some(venv.join("bin/python"))
}
