//! JSON documents of any kind, one after the other, for others than the scan.

use std::io::{self, Read};

use posture_model::Source;

use super::cut::Cutter;
use super::open::{Stream, once};
use super::read::read_cut;
use super::{Input, InputError, InputReport};

/// Arrays in which AWS's APIs list findings; their objects are the documents. The source only marks
/// that a document stood in one.
const LISTED: Source = Source::AwsConfigQuery;
const FINDINGS: &[(&str, Source)] = &[("Findings", LISTED), ("findings", LISTED)];

/// The array in which CloudTrail's log files hold their records.
const RECORDS: &[(&str, Source)] = &[("Records", LISTED)];

/// A text as it is, decompressed.
///
/// # Errors
/// Where it can't be opened.
pub fn open_text(input: &Input) -> io::Result<impl Read + use<>> {
    once(input)
}

/// Cuts a text into documents: objects one after the other, those in arrays, and those in a member
/// `Findings` or `findings` of an object. What can't be read, and what `take` refuses, is in the
/// report by its place; the rest is read. `take` also learns whether the document stood in such a
/// member, as it does in an API's answer.
pub fn read_findings(
    name: String,
    text: impl Read + 'static,
    take: impl FnMut(&[u8], bool) -> Result<(), String>,
) -> InputReport {
    read_listed(FINDINGS, name, text, take)
}

/// The same of events: objects, and those in a member `Records`, as in CloudTrail's log files.
pub fn read_events(
    name: String,
    text: impl Read + 'static,
    mut take: impl FnMut(&[u8]) -> Result<(), String>,
) -> InputReport {
    read_listed(RECORDS, name, text, |document, _| take(document))
}

fn read_listed(
    lists: &'static [(&'static str, Source)],
    name: String,
    text: impl Read + 'static,
    mut take: impl FnMut(&[u8], bool) -> Result<(), String>,
) -> InputReport {
    let mut report = InputReport {
        name,
        ..InputReport::default()
    };
    let mut stream = Stream::of(Box::new(text));
    let read = read_cut(
        Cutter::new(lists),
        &mut stream,
        0,
        || None,
        |block| {
            for document in &block.documents {
                let bytes = block.bytes.get(document.start..document.end);
                let is_listed = document.source == LISTED;
                match take(bytes.unwrap_or_default(), is_listed) {
                    Ok(()) => report.items += 1,
                    Err(message) => report.add_error(InputError {
                        offset: block.base + document.start as u64,
                        message,
                    }),
                }
            }
        },
    );
    if let Err(error) = read {
        report.add_error(error);
    }
    report
}
