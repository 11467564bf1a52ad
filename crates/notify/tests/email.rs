//! Mail. Oracle: RFC 5321, as a server that takes one mail; a title that would be a header.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use serde_json::json;
use support::{Office, everything, titled};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// Takes one mail, and gives its lines: envelope and content.
async fn server(listener: TcpListener) -> Vec<String> {
    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 test ESMTP\r\n").await.unwrap();
    let (mut lines, mut is_content) = (Vec::new(), false);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap() == 0 {
            return lines;
        }
        let line = line.trim_end_matches("\r\n").to_owned();
        let answer = match line.split([' ', ':']).next().unwrap() {
            "." if is_content => {
                is_content = false;
                "250 taken"
            }
            _ if is_content => "",
            "DATA" => {
                is_content = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        lines.push(line);
        if !answer.is_empty() {
            let answer = format!("{answer}\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_title_is_a_subject_and_never_another_header() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = tokio::spawn(server(listener));
    let folder = tempfile::tempdir().unwrap();
    let target = json!({
        "name": "mail", "type": "email", "host": "127.0.0.1", "port": port, "tls": "none",
        "from": "Posture <posture@example.com>", "to": ["anna@example.com"],
    });
    let office = Office::new(folder.path(), &everything(&[target])).await;
    let title = "open\r\nBcc: eve@example.com\r\n\r\n<script>";
    office
        .tell(vec![titled("f1", "arn:b", "FAILED", title)])
        .await;
    let round = office.round().await;
    assert_eq!((round.sent, round.put_off, round.dead), (1, 0, 0));
    let lines = taken.await.unwrap();
    assert!(lines.contains(&"RCPT TO:<anna@example.com>".to_owned()));
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("RCPT")).count(),
        1
    );
    let is_header = |name: &str| lines.iter().any(|line| line.starts_with(name));
    assert!(!is_header("Bcc:"), "{lines:?}");
    assert!(is_header("Subject: [HIGH] open"), "{lines:?}");
    assert!(is_header("Content-Type: text/plain"), "{lines:?}");
    assert!(is_header("Message-ID: <"), "{lines:?}");
}
