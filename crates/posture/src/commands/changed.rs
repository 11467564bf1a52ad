//! What changed since the last evaluation.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};

use posture_store::VerdictChange;

use crate::output::terminal::plain;

/// Changes that are told one by one.
const TOLD: usize = 20;

/// The numbers of the verdicts that are others than before, of which a table of news tells; nothing where
/// there was no evaluation of any of `verdicts` before.
pub(crate) fn news(changes: &[VerdictChange], verdicts: usize) -> Option<BTreeSet<u64>> {
    let numbers: BTreeSet<u64> = changes.iter().filter_map(|change| change.number).collect();
    let is_first = changes.iter().all(|change| change.before().is_none());
    (!is_first || numbers.len() < verdicts).then_some(numbers)
}

/// Says on stderr which verdicts are others than before: those that fail now first. A verdict where
/// there was none is counted with the others that are new.
pub(crate) fn say(changes: &[VerdictChange]) -> io::Result<()> {
    let mut lines: BTreeMap<(u8, &str), Vec<String>> = BTreeMap::new();
    let mut first = 0;
    for change in changes {
        if change.before().is_none() {
            first += 1;
            continue;
        }
        let word = word(change.compliance_type());
        lines.entry(word).or_default().push(change.about());
    }
    let mut stderr = io::stderr().lock();
    if !lines.is_empty() {
        writeln!(stderr, "since the last evaluation:")?;
    }
    let mut left = TOLD;
    for ((_, word), mut about) in lines {
        about.sort();
        writeln!(stderr, "  {word}: {}", about.len())?;
        for line in about.iter().take(left) {
            writeln!(stderr, "    {}", plain(line))?;
        }
        left = left.saturating_sub(about.len());
    }
    if first > 0 {
        writeln!(stderr, "{first} verdicts for the first time")?;
    }
    Ok(())
}

/// What a verdict means where there was another one, and its place among the others.
fn word(compliance_type: &str) -> (u8, &'static str) {
    match compliance_type {
        "NON_COMPLIANT" => (0, "fails now"),
        "INSUFFICIENT_DATA" => (1, "could not be judged now"),
        "COMPLIANT" => (2, "passes now"),
        _ => (3, "does not apply any more"),
    }
}
