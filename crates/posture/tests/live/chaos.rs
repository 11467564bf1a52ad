//! A proxy before moto that spoils some of the requests, the same ones whenever the seed is the same.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

/// Of a hundred requests, so many are spoilt.
const SPOILT: u64 = 15;

/// Listens until the test ends. Its URL.
pub(crate) fn before(url: &str, seed: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = url.trim_start_matches("http://").to_owned();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let server = server.clone();
            std::thread::spawn(move || drop(serve(socket.unwrap(), &server, seed)));
        }
    });
    format!("http://{address}")
}

fn serve(mut socket: TcpStream, server: &str, seed: u64) -> std::io::Result<()> {
    let Some((head, body)) = read(&mut socket)? else {
        return Ok(());
    };
    let number = luck(&head, &body, seed);
    // Who asks is not spoilt: without that there is no account to tell of.
    let is_entry = String::from_utf8_lossy(&body).contains("GetCallerIdentity");
    let kind = if number % 100 < SPOILT && !is_entry {
        Some((number / 100) % 7)
    } else {
        None
    };
    let refused = |code: &str, status: u16| {
        let body = error(&head, code);
        format!(
            "HTTP/1.1 {status} Told\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    match kind {
        Some(0) => return socket.write_all(refused("Throttling", 400).as_bytes()),
        Some(1) => {
            return socket
                .write_all(b"HTTP/1.1 500 Told\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
        Some(2) => return socket.write_all(refused("AccessDenied", 403).as_bytes()),
        Some(3) => return socket.shutdown(Shutdown::Both),
        _ => {}
    }
    let answer = ask(server, &head, &body)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.map_or(answer.len(), |end| end + 4);
    let (answer_head, answer_body) = answer.split_at(end);
    let half = answer_body.len() / 2;
    match kind {
        // Less than was promised.
        Some(4) => socket.write_all(&answer[..end + half]),
        // Less, and promised so.
        Some(5) if half > 0 => {
            let head = String::from_utf8_lossy(answer_head);
            let lines = head.lines().filter(|line| {
                let line = line.to_ascii_lowercase();
                !line.is_empty() && !line.starts_with("content-length:")
            });
            let lines: Vec<&str> = lines.collect();
            let head = format!("{}\r\ncontent-length: {half}\r\n\r\n", lines.join("\r\n"));
            socket.write_all(head.as_bytes())?;
            socket.write_all(&answer_body[..half])
        }
        Some(6) => {
            std::thread::sleep(Duration::from_millis(300));
            socket.write_all(&answer)
        }
        _ => socket.write_all(&answer),
    }
}

/// By what is asked, not by when, nor by who signed it.
fn luck(head: &str, body: &[u8], seed: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    seed.hash(&mut hasher);
    head.lines().next().hash(&mut hasher);
    let target = head
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("x-amz-target:"));
    target.hash(&mut hasher);
    body.hash(&mut hasher);
    hasher.finish()
}

/// An error in the protocol of the request.
fn error(head: &str, code: &str) -> String {
    if head.to_ascii_lowercase().contains("x-amz-json") {
        return format!("{{\"__type\": \"{code}Exception\", \"message\": \"spoilt\"}}");
    }
    if head.starts_with("POST / ") {
        return format!(
            "<ErrorResponse><Error><Code>{code}</Code><Message>spoilt</Message></Error></ErrorResponse>"
        );
    }
    format!("<Error><Code>{code}</Code><Message>spoilt</Message></Error>")
}

pub(crate) fn ask(server: &str, head: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut upstream = TcpStream::connect(server)?;
    let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    upstream.write_all(head.as_bytes())?;
    upstream.write_all(b"\r\n\r\n")?;
    upstream.write_all(body)?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    Ok(answer)
}

pub(crate) fn read(socket: &mut TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = socket.read(&mut chunk)?;
        bytes.extend_from_slice(&chunk[..count]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let is_length = name.eq_ignore_ascii_case("content-length");
                is_length.then(|| value.trim().parse::<usize>().unwrap())
            });
            if bytes.len() >= end + 4 + length.unwrap_or_default() {
                return Ok(Some((head, bytes.split_off(end + 4))));
            }
        }
        if count == 0 {
            return Ok(None);
        }
    }
}
