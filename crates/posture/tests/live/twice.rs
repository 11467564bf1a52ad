//! A proxy before moto that gives every page of some listings twice: the second time as the page after.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::chaos::{ask, read};

/// JSON listings: the end of their target, the token that is asked with, and the one that is answered.
const JSON: [(&str, &str, &str); 2] = [
    (
        "DynamoDB_20120810.ListTables",
        "ExclusiveStartTableName",
        "LastEvaluatedTableName",
    ),
    ("secretsmanager.ListSecrets", "NextToken", "NextToken"),
];
/// Users, groups, roles and policies of IAM.
const QUERY: &str = "GetAccountAuthorizationDetails";
const TOKEN: &str = "again";

/// Listens until the test ends. Its URL, and how many pages came twice.
pub(crate) fn before(url: &str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = url.trim_start_matches("http://").to_owned();
    let pages = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&pages);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let (server, pages) = (server.clone(), Arc::clone(&counted));
            std::thread::spawn(move || drop(serve(socket.unwrap(), &server, &pages)));
        }
    });
    (format!("http://{address}"), pages)
}

fn serve(mut socket: TcpStream, server: &str, pages: &AtomicUsize) -> std::io::Result<()> {
    let Some((head, body)) = read(&mut socket)? else {
        return Ok(());
    };
    let text = String::from_utf8_lossy(&body).into_owned();
    let json = JSON.iter().find(|(target, ..)| head.contains(target));
    let is_query = text.contains(&format!("Action={QUERY}"));
    // moto is asked for the first page both times.
    let (body, is_again) = match (json, is_query) {
        (Some((_, token, _)), _) => {
            let mut asked: Value = serde_json::from_str(&text).unwrap();
            let is_again = asked.as_object_mut().unwrap().remove(*token).is_some();
            (asked.to_string().into_bytes(), is_again)
        }
        (None, true) => {
            let marker = format!("&Marker={TOKEN}");
            let is_again = text.contains(&marker);
            (text.replace(&marker, "").into_bytes(), is_again)
        }
        (None, false) => (body, false),
    };
    let mut lines: Vec<&str> = head.lines().collect();
    lines.retain(|line| !line.to_ascii_lowercase().starts_with("content-length:"));
    let head = format!("{}\r\ncontent-length: {}", lines.join("\r\n"), body.len());
    let answer = ask(server, &head, &body)?;
    if json.is_none() && !is_query || is_again {
        return socket.write_all(&answer);
    }
    let answer = String::from_utf8(answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body = if let Some((_, _, token)) = json {
        let mut page: Value = serde_json::from_str(body).unwrap();
        page[*token] = json!(TOKEN);
        page.to_string()
    } else {
        let whole = "<IsTruncated>false</IsTruncated>";
        assert!(body.contains(whole), "{body}");
        let more = format!("<IsTruncated>true</IsTruncated><Marker>{TOKEN}</Marker>");
        body.replace(whole, &more)
    };
    pages.fetch_add(1, Ordering::SeqCst);
    let kind = if json.is_some() {
        "application/x-amz-json-1.1"
    } else {
        "text/xml"
    };
    write!(
        socket,
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
