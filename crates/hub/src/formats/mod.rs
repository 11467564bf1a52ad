//! Findings as other tools write them, made AWS Security Findings.
//!
//! [`read`] takes JSON (an object, objects one after the other, an array, an API's answer) and
//! Prowler's CSV, and finds out by itself what each object is. One object is held at a time.

mod access_analyzer;
mod asff;
mod config;
mod draft;
mod event;
mod firewall_manager;
mod guardduty;
mod inspector;
mod macie;
mod ocsf;
mod prowler_csv;
mod resource_types;
mod sarif;
mod value;

use std::io::{self, BufRead as _, BufReader, Cursor, Read};

use jiff::Timestamp;
use posture_engine::{Input, InputReport, open_text, read_findings};
use serde_json::Value;

use crate::finding::Finding;

use draft::Draft;
pub use draft::asff_type;
pub use event::EVENTS_WITH_FINDINGS;
use value::text;

/// Why an object is not taken, in words.
type Refusal = String;

/// Reads findings out of an input and hands each on. What can't be read, and what `take` refuses, is
/// in the report by its place; the rest is read. `now` is the time of what says none.
pub fn read(
    input: &Input,
    now: Timestamp,
    mut take: impl FnMut(Finding) -> Result<(), String>,
) -> InputReport {
    let name = input.name();
    let opened = open_text(input).and_then(peeked);
    match opened {
        Err(error) => {
            // What can't be opened is an empty text that can't be read.
            read_findings(name, Broken(Some(error)), |_, _| Ok(()))
        }
        Ok((true, text)) => prowler_csv::read(name, text, &mut take),
        Ok((false, text)) => read_findings(name, text, |document, is_listed| {
            if let Some(finding) = asff::of_text(document, is_listed)? {
                return take(finding);
            }
            let value = serde_json::from_slice(document).map_err(|error| error.to_string())?;
            for finding in findings(value, is_listed, now)? {
                take(finding)?;
            }
            Ok(())
        }),
    }
}

/// An event of EventBridge that brings findings, bare or in the envelope of SNS; none where the text is
/// something else.
pub fn event_with_findings(message: &str) -> Option<Value> {
    // Most messages tell of calls: they are not read as JSON for this.
    if !EVENTS_WITH_FINDINGS
        .iter()
        .any(|kind| message.contains(kind))
    {
        return None;
    }
    let mut event: Value = serde_json::from_str(message).ok()?;
    if let ("Notification", inner) = (text(&event, &["Type"]), text(&event, &["Message"])) {
        event = serde_json::from_str(inner).ok()?;
    }
    event::brings_findings(&event).then_some(event)
}

/// The findings that a JSON value holds. `is_listed` says that it stood in an API's answer.
///
/// # Errors
/// Where it is no finding of a known kind.
pub fn findings(value: Value, is_listed: bool, now: Timestamp) -> Result<Vec<Finding>, Refusal> {
    let has = |name: &str| value.get(name).is_some();
    if has("SchemaVersion") && has("ProductArn") {
        return asff::finding(value, is_listed).map(|finding| vec![finding]);
    }
    if has("detail-type") {
        return event::findings(value);
    }
    if has("class_uid") {
        return ocsf::findings(&value);
    }
    if has("runs") && has("version") {
        return sarif::findings(&value, now);
    }
    native(&value, None)
}

/// A finding as the service that made it writes it. `about` is the event that brought it.
fn native(value: &Value, about: Option<&Value>) -> Result<Vec<Finding>, Refusal> {
    if guardduty::is_one(value) {
        return guardduty::finding(value).map(|finding| vec![finding]);
    }
    if inspector::is_one(value) {
        return inspector::finding(value).map(|finding| vec![finding]);
    }
    if macie::is_one(value) {
        return macie::finding(value).map(|finding| vec![finding]);
    }
    if access_analyzer::is_one(value) {
        return access_analyzer::finding(value, about).map(|finding| vec![finding]);
    }
    if firewall_manager::is_one(value) {
        return firewall_manager::findings(value);
    }
    Err(unknown(value))
}

fn unknown(value: &Value) -> Refusal {
    let names: Vec<&str> = value
        .as_object()
        .into_iter()
        .flat_map(|members| members.keys().map(String::as_str))
        .take(5)
        .collect();
    format!(
        "no finding of a known kind: an object with {}; expected ASFF, an EventBridge event, GuardDuty, \
         Inspector, Macie, IAM Access Analyzer, Firewall Manager, OCSF or SARIF",
        if names.is_empty() {
            "no members".to_owned()
        } else {
            names.join(", ")
        }
    )
}

/// Whether the text is CSV, and the text from its beginning.
fn peeked(text: impl Read + 'static) -> io::Result<(bool, Box<dyn Read>)> {
    let mut text = BufReader::with_capacity(1 << 16, text);
    let mut blank = Vec::new();
    loop {
        let known = text.fill_buf()?;
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(byte);
        let Some(at) = known.iter().position(|byte| !is_blank(byte)) else {
            let length = known.len();
            blank.extend_from_slice(known);
            text.consume(length);
            if length == 0 {
                return Ok((false, Box::new(Cursor::new(blank))));
            }
            continue;
        };
        let is_csv = known.get(at).is_some_and(u8::is_ascii_alphabetic);
        return Ok((is_csv, Box::new(Cursor::new(blank).chain(text))));
    }
}

/// A text that can't be read.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
