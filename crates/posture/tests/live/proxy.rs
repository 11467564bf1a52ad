//! A proxy that answers some requests itself, and hands the rest on.

#![allow(dead_code, reason = "each test needs a part of it")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

/// Which requests are answered here, and how.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    /// Of the whole request, its body included.
    pub(crate) matches: fn(&str) -> bool,
    /// 0 where nothing is ever answered.
    pub(crate) status: u16,
    pub(crate) body: &'static str,
}

pub(crate) struct Proxy {
    pub(crate) url: String,
}

impl Proxy {
    /// Listens until the test ends.
    pub(crate) fn before(url: &str, fault: Fault) -> Proxy {
        Proxy::with(url, &[fault])
    }

    /// The same, with several faults; the first that matches counts.
    pub(crate) fn with(url: &str, faults: &[Fault]) -> Proxy {
        let faults = faults.to_vec();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Proxy {
            url: format!("http://{}", listener.local_addr().unwrap()),
        };
        let server = url.trim_start_matches("http://").to_owned();
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let (server, faults) = (server.clone(), faults.clone());
                std::thread::spawn(move || serve(socket.unwrap(), &server, &faults));
            }
        });
        proxy
    }
}

/// One request a connection, so that no answer is taken for another's.
fn serve(mut socket: TcpStream, server: &str, faults: &[Fault]) {
    let request = read(&mut socket);
    let end = request.windows(4).position(|four| four == b"\r\n\r\n");
    let Some(end) = end else { return };
    let head = String::from_utf8_lossy(&request[..end]).into_owned();
    let whole = String::from_utf8_lossy(&request).into_owned();
    if let Some(fault) = faults.iter().find(|fault| (fault.matches)(&whole)) {
        if fault.status == 0 {
            // Until the caller has had enough.
            drop(socket.read(&mut [0; 1]));
            return;
        }
        let answer = format!(
            "HTTP/1.1 {} Told\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{}",
            fault.status,
            fault.body.len(),
            fault.body
        );
        drop(socket.write_all(answer.as_bytes()));
        return;
    }
    let mut upstream = TcpStream::connect(server).unwrap();
    let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    upstream.write_all(head.as_bytes()).unwrap();
    upstream.write_all(&request[end..]).unwrap();
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).unwrap();
    drop(socket.write_all(&answer));
}

fn read(socket: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = socket.read(&mut chunk).unwrap_or_default();
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let is_length = name.eq_ignore_ascii_case("content-length");
                is_length.then(|| value.trim().parse::<usize>().unwrap())
            });
            body.len() >= length.unwrap_or_default()
        });
        if count == 0 || whole {
            return bytes;
        }
    }
}
