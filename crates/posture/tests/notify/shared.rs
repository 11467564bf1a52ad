//! A user of the built binary, and the Slack and the Jira that hear of it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Output};
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;

use super::aws;

#[path = "../../../notify/tests/support/vendor.rs"]
mod vendor;

/// Slack's signing secret, of the example on its page.
pub(crate) const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

/// A server that answers as Slack and as Jira do, and hands over the bodies; what their published schemas do not
/// allow it refuses, so that a test waits in vain for it.
pub(crate) fn listener() -> (String, Receiver<Value>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in server.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut first = String::new();
            stream.read_line(&mut first).unwrap();
            let mut first = first.split(' ');
            let (method, path) = (first.next().unwrap(), first.next().unwrap());
            let mut headers = BTreeMap::new();
            let mut line = String::new();
            while stream.read_line(&mut line).unwrap() > 2 {
                let (name, value) = line.split_once(':').unwrap();
                headers.insert(name.to_lowercase(), value.trim().to_owned());
                line.clear();
            }
            let length = headers.get("content-length");
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            stream.read_exact(&mut body).unwrap();
            let complaints = vendor::complaints(method, path, &headers, &body);
            let mut stderr = std::io::stderr();
            for complaint in &complaints {
                writeln!(stderr, "{complaint}").unwrap();
            }
            let answer =
                r#"{"ok": true, "id": "1", "key": "SEC-1", "issues": [], "transitions": []}"#;
            let status = if complaints.is_empty() { 200 } else { 400 };
            let head = format!(
                "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                answer.len()
            );
            stream.get_mut().write_all(head.as_bytes()).unwrap();
            stream.get_mut().write_all(answer.as_bytes()).unwrap();
            // What only asks has none.
            let body = serde_json::from_slice(&body);
            if !complaints.is_empty() {
                continue;
            }
            if body.is_ok_and(|body| sender.send(body).is_err()) {
                return;
            }
        }
    });
    (url, receiver)
}

pub(crate) struct User {
    pub(crate) url: String,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) slack: String,
}

impl User {
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = aws::posture(&self.url);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("HOME", self.folder.path())
            .env("SLACK_WEBHOOK", format!("{}/services/T/B/x", self.slack))
            .env("JIRA_TOKEN", "token")
            .env("SLACK_SIGNING_SECRET", SECRET)
            .env("HOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw==");
        command
    }

    pub(crate) fn posture(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub(crate) fn says(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let output = self.posture(arguments);
        let mut text = String::from_utf8(output.stdout).unwrap();
        text.push_str(&String::from_utf8(output.stderr).unwrap());
        (text, output.status.code())
    }

    pub(crate) fn configured(&self, text: &str) {
        std::fs::write(self.folder.path().join("posture.yaml"), text).unwrap();
    }
}

/// Ends with the test, however that ends.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
