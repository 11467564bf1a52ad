//! Timestamps of the evidence log, as its user has them: asked for over HTTP, kept, shown, exported, and
//! missed when the authority is gone.
//!
//! Oracle: openssl, which is the authority, and judges what was stored (`openssl ts -verify`);
//! `posture-verify` on the package.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;
#[path = "../../verify/tests/tsa/mod.rs"]
mod tsa;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Arc, Mutex};

use assessed::Scene;
use posture_verify::{Authorities, Options, verify};
use tsa::{P256, Tsa};

const HOLD: &[&str] = &[
    "evidence", "hold", "add", "--all", "--by", "Ada", "--reason", "suit 7",
];

/// What the server does with a request.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mood {
    Answers,
    /// With the answer to a request of its own about the same bytes.
    Replays,
    /// As another authority of the same name.
    Impersonates,
    Fails,
}

struct Authority {
    tsa: Arc<Tsa>,
    mood: Arc<Mutex<Mood>>,
    url: String,
}

impl Authority {
    fn start(folder: &Path) -> Option<Authority> {
        let tsa = Arc::new(Tsa::new(&folder.join("tsa"), P256)?);
        let other = Tsa::new(&folder.join("other"), P256)?;
        let mood = Arc::new(Mutex::new(Mood::Answers));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/tsr", listener.local_addr().unwrap());
        let (signs, now) = (Arc::clone(&tsa), Arc::clone(&mood));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mood = *now.lock().unwrap();
                serve(stream, &signs, &other, mood);
            }
        });
        Some(Authority { tsa, mood, url })
    }

    fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

fn serve(stream: TcpStream, tsa: &Tsa, other: &Tsa, mood: Mood) {
    let mut reader = BufReader::new(stream);
    let (mut length, mut kind) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        if let Some(value) = line.strip_prefix("content-type: ") {
            value.clone_into(&mut kind);
        }
        if line.is_empty() {
            break;
        }
    }
    let mut request = vec![0; length];
    reader.read_exact(&mut request).unwrap();
    assert_eq!(kind, "application/timestamp-query");
    let (status, body) = match mood {
        Mood::Answers => (200, tsa.answer(&request, "tsa", &[])),
        Mood::Replays => {
            // Another nonce in the same request: the last eight bytes before certReq.
            let at = request.len() - 4;
            request[at] ^= 1;
            (200, tsa.answer(&request, "tsa", &[]))
        }
        Mood::Impersonates => (200, other.answer(&request, "tsa", &["-chain", "ca.pem"])),
        Mood::Fails => (503, Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/timestamp-reply\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = reader.into_inner();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body).unwrap();
}

fn configure(scene: &Scene, authority: &Authority, more: &str) {
    let ca = authority.tsa.path("ca.pem");
    let text = format!(
        "evidence:\n  log: state/log\n  key: state.key\n  timestamp:\n    url: {}\n    certificates: [{}]\n{more}",
        authority.url,
        ca.display()
    );
    std::fs::write(scene.folder.join("posture.yaml"), text).unwrap();
}

/// The timestamps that are kept.
fn kept(scene: &Scene) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                walk(&entry.path(), found);
            } else {
                found.push(entry.path());
            }
        }
    }
    let mut found = Vec::new();
    walk(&scene.folder.join("state/log/timestamps"), &mut found);
    found
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn fsck(scene: &Scene, more: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["evidence", "fsck", "state/log"], more].concat();
    let output = scene.command(&arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), said)
}

#[test]
fn the_log_is_stamped_and_openssl_accepts_what_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let Some(authority) = Authority::start(folder.path()) else {
        return;
    };
    let scene = Scene::new(folder.path());
    configure(&scene, &authority, "");
    let ca = authority.tsa.path("ca.pem");
    let pinned = ["--tsa-cert", ca.to_str().unwrap()];

    // What is recorded stands, whatever the authority does; it is asked again at the next checkpoint.
    for (mood, words) in [
        (Mood::Fails, "answered with HTTP status 503"),
        (Mood::Replays, "answers another request"),
        (
            Mood::Impersonates,
            "does not lead to one of evidence.timestamp.certificates",
        ),
    ] {
        authority.becomes(mood);
        let held = scene.run(HOLD);
        assert_eq!(held.status.code(), Some(0), "{}", stderr(&held));
        assert!(stderr(&held).contains(words), "{mood:?}: {}", stderr(&held));
        let refused = scene.refused(&["evidence", "timestamp"]);
        assert!(refused.contains(words), "{mood:?}: {refused}");
    }
    assert_eq!(kept(&scene), Vec::<PathBuf>::new());
    let (code, said) = fsck(&scene, &pinned);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("no checkpoint has a timestamp of an authority"),
        "{said}"
    );

    authority.becomes(Mood::Answers);
    let said = scene.done(&["evidence", "timestamp"]);
    assert!(
        said.starts_with("the first 4 records were stamped at 20"),
        "{said}"
    );
    assert!(said.ends_with("Z by CN=tsa,O=Example\n"), "{said}");
    // Once is enough for a checkpoint.
    assert_eq!(scene.done(&["evidence", "timestamp"]), said);
    let files = kept(&scene);
    let [file] = files.as_slice() else {
        unreachable!("{files:?}")
    };

    let checkpoint = std::fs::read_to_string(scene.folder.join("state/log/checkpoint")).unwrap();
    let text: String = checkpoint.split_inclusive('\n').take(3).collect();
    let reply = std::fs::read(file).unwrap();
    assert_eq!(authority.tsa.accepts(&reply, text.as_bytes()), Ok(()));
    assert!(authority.tsa.accepts(&reply, b"other").is_err());

    let listed = scene
        .command(&["evidence", "log", "state/log"])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.ends_with(&said), "{listed}");
    let (code, report) = fsck(&scene, &pinned);
    assert_eq!(code, Some(0), "{report}");
    assert!(
        report.contains("says CN=tsa,O=Example (authority pinned)"),
        "{report}"
    );
    let (code, report) = fsck(&scene, &[]);
    assert_eq!(code, Some(0), "{report}");
    assert!(
        report.contains("timestamp present, authority not pinned"),
        "{report}"
    );

    // Daily, where nothing else is said; at each checkpoint where that is asked for.
    scene.done(HOLD);
    assert_eq!(kept(&scene).len(), 1);
    configure(&scene, &authority, "    everyHours: 0\n");
    scene.done(HOLD);
    assert_eq!(kept(&scene).len(), 2);
    assert_eq!(fsck(&scene, &pinned).0, Some(0));

    // Whoever changes one is found.
    let mut changed = reply.clone();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(file, changed).unwrap();
    let (code, report) = fsck(&scene, &[]);
    assert_eq!(code, Some(1));
    assert!(
        report.contains("FAILS   timestamp: timestamps/004/"),
        "{report}"
    );
}

#[test]
fn a_package_holds_the_timestamp_of_its_own_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let Some(authority) = Authority::start(folder.path()) else {
        return;
    };
    let scene = Scene::new(folder.path());
    configure(&scene, &authority, "");
    scene.record(&assessed::bucket("2026-05-02T10:00:00Z", false));
    scene.scan();
    scene.assess("q2", "soc2", "2026-Q2", &[]);
    let first = scene.export("q2", "first.zip");
    assert_eq!(scene.export("q2", "second.zip"), first);

    let mut authorities = Authorities::default();
    authorities.add_pem(&authority.tsa.pem("ca")).unwrap();
    let options = Options {
        authorities,
        ..Options::default()
    };
    let report = verify(&scene.folder.join("first.zip"), &options).unwrap();
    assert_eq!(report.problems, []);
    let newest = report.stamped.last().unwrap();
    assert!(newest.is_trusted);
    assert_eq!(newest.size, report.size);
}

#[test]
fn an_authority_that_is_gone_and_files_that_are_none_are_told_in_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    let refused = scene.refused(&["evidence", "timestamp"]);
    assert!(
        refused.starts_with("error: no timestamp authority is named"),
        "{refused}"
    );

    // A port that was free just now: nobody listens.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let text = format!(
        "evidence:\n  log: state/log\n  key: state.key\n  timestamp:\n    url: http://{port}/\n"
    );
    std::fs::write(scene.folder.join("posture.yaml"), &text).unwrap();
    let refused = scene.refused(&["evidence", "timestamp"]);
    assert!(refused.contains("was not reached"), "{refused}");
    assert_eq!(refused.lines().count(), 1, "{refused}");
    let held = scene.run(HOLD);
    assert_eq!(held.status.code(), Some(0));
    assert!(stderr(&held).contains("which is asked for again at the next checkpoint"));

    std::fs::write(
        scene.folder.join("posture.yaml"),
        text + "    certificates: [state.key]\n",
    )
    .unwrap();
    let refused = scene.refused(&["evidence", "timestamp"]);
    assert!(
        refused.contains("state.key has no certificate of a timestamp authority"),
        "{refused}"
    );
}
