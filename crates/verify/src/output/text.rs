//! The report in plain words.

use std::fmt::Write as _;

use crate::report::{Cosigned, ProblemKind, Report};

/// Problems of one kind that are shown; the JSON has all.
const SHOWN: usize = 20;

/// The report for a person: what holds, what does not, and what it rests on. Text that the log
/// brought is printed with its control characters escaped.
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    for line in lines(report) {
        let line: String = line.chars().flat_map(escaped).collect();
        writeln!(out, "{line}").unwrap_or_default();
    }
    out
}

fn lines(report: &Report) -> Vec<String> {
    let mut lines = vec![format!(
        "Log {}: {} records, root {}",
        report.origin, report.size, report.root
    )];
    if let Some((first, last)) = &report.recorded {
        lines.push(format!("Recorded from {first} to {last}"));
    }
    lines.push(String::new());
    holding(report, &mut lines);
    resting(report, &mut lines);
    for note in &report.notes {
        lines.push(format!("  note    {note}"));
    }
    if !report.problems.is_empty() {
        failing(report, &mut lines);
    }
    lines.push(String::new());
    lines.push(match report.problems.len() {
        0 if report.is_key_pinned => "RESULT: everything holds".to_owned(),
        0 => "RESULT: everything holds, for the key that the log itself names (key not pinned)"
            .to_owned(),
        1 => "RESULT: 1 thing does not hold".to_owned(),
        count => format!("RESULT: {count} things do not hold"),
    });
    lines
}

fn holding(report: &Report, lines: &mut Vec<String>) {
    use ProblemKind as Kind;
    let mut say = |kinds: &[ProblemKind], what: String| {
        if report.is_free_of(kinds) {
            lines.push(format!("  holds   {what}"));
        }
    };
    say(
        &[Kind::Signature, Kind::Key],
        format!(
            "every checkpoint ({}) is signed by the log's key",
            report.checkpoints
        ),
    );
    say(
        &[Kind::Root, Kind::Tile, Kind::Bundle, Kind::Record],
        format!(
            "every record ({}) is in the tree that was signed",
            report.size
        ),
    );
    say(
        &[Kind::Root, Kind::Consistency],
        "every earlier checkpoint is the beginning of the newest one: nothing was changed or dropped since".to_owned(),
    );
    say(
        &[Kind::Order, Kind::Time],
        "records are in the order and at the times in which they were recorded".to_owned(),
    );
    let (bodies, bytes) = report.bodies;
    say(
        &[Kind::Body],
        format!("every body ({bodies}, {bytes} bytes) has the hash that its record names"),
    );
    if report.runs.0 > 0 {
        say(
            &[Kind::Completeness],
            format!(
                "every scheduled run is there or its absence explained: {} runs of {} schedules",
                report.runs.0, report.runs.1
            ),
        );
    }
    if report.files > 0 {
        say(
            &[Kind::File],
            format!(
                "every file beside the log ({}) is as it was exported",
                report.files
            ),
        );
    }
}

/// What the result rests on.
fn resting(report: &Report, lines: &mut Vec<String>) {
    let key = report.key.as_deref().unwrap_or("none");
    lines.push(if report.is_key_pinned {
        format!("  key     {key} (pinned)")
    } else {
        format!(
            "  key     {key} (key not pinned: anybody can make a log with a key of their own; give --key)"
        )
    });
    if report.pins > 0 {
        lines.push(format!(
            "  pins    {} checkpoints that were kept elsewhere",
            report.pins
        ));
    }
    let mut latest: Vec<&Cosigned> = Vec::new();
    for cosigned in report.cosigned.iter().rev() {
        if !latest.iter().any(|known| known.witness == cosigned.witness) {
            latest.push(cosigned);
        }
    }
    for cosigned in latest {
        let trust = if cosigned.is_given {
            ""
        } else {
            " (key not given: give --witness)"
        };
        lines.push(format!(
            "  witness {} saw the first {} records at {}{trust}",
            cosigned.witness, cosigned.size, cosigned.time
        ));
    }
    stamped(report, lines);
    gone(report, lines);
    let (commitments, opened) = report.commitments;
    if opened < commitments {
        lines.push(format!(
            "  redacted {} of {commitments} values of personal data; a commitment to each is proven",
            commitments - opened
        ));
    }
    for opened in &report.opened {
        lines.push(format!(
            "  opened  {} of {} is {}, as record {} commits to",
            opened.name, opened.event, opened.value, opened.record
        ));
    }
    match report.absent_bodies {
        (0, 0) => {}
        (omitted, removed) => lines.push(format!(
            "  absent  {omitted} bodies left out of the package, {removed} deleted as a record says; their hashes are proven"
        )),
    }
}

/// Which bodies are gone, and where their hashes stand.
fn gone(report: &Report, lines: &mut Vec<String>) {
    use ProblemKind as Kind;
    let is_proven = report.is_free_of(&[Kind::Root, Kind::Tile, Kind::Bundle, Kind::Record]);
    let still = if is_proven {
        "proves its hash"
    } else {
        "names it"
    };
    for expired in &report.expired {
        let rule = expired
            .rule
            .as_deref()
            .unwrap_or("none that the record names");
        let count = expired.gone.len();
        lines.push(format!(
            "  expired {count} bodies under rule {rule}: tombstone in record {}",
            expired.tombstone
        ));
        for one in expired.gone.iter().take(SHOWN) {
            lines.push(format!(
                "          gone: {}; record {} {still}",
                one.sha256, one.record
            ));
        }
        if count > SHOWN {
            lines.push(format!(
                "          gone: {} more (--format json shows all)",
                count - SHOWN
            ));
        }
    }
}

/// The newest timestamp of each authority.
fn stamped(report: &Report, lines: &mut Vec<String>) {
    let mut told: Vec<&str> = Vec::new();
    for stamped in report.stamped.iter().rev() {
        let (authority, size, time) = (&stamped.authority, stamped.size, &stamped.time);
        if told.contains(&authority.as_str()) {
            continue;
        }
        told.push(authority);
        lines.push(if stamped.is_trusted {
            format!("  stamped the first {size} records were there at {time}, says {authority} (authority pinned)")
        } else {
            format!("  stamped timestamp present, authority not pinned: {authority} says that the first {size} records were there at {time} (give --tsa-cert)")
        });
    }
}

fn failing(report: &Report, lines: &mut Vec<String>) {
    lines.push(String::new());
    let mut of_kind = (None, 0);
    for problem in &report.problems {
        if of_kind.0 != Some(problem.kind) {
            more(of_kind, lines);
            of_kind = (Some(problem.kind), 0);
        }
        of_kind.1 += 1;
        if of_kind.1 <= SHOWN {
            lines.push(format!(
                "  FAILS   {}: {}: {}",
                problem.kind.as_str(),
                problem.place,
                problem.what
            ));
        }
    }
    more(of_kind, lines);
    lines.push(match report.provable.as_slice() {
        [] => "  No record can be proven.".to_owned(),
        ranges => {
            let ranges: Vec<String> = ranges
                .iter()
                .map(|(first, last)| format!("{first} to {last}"))
                .collect();
            format!("  These records are still proven: {}", ranges.join(", "))
        }
    });
}

fn more((kind, count): (Option<ProblemKind>, usize), lines: &mut Vec<String>) {
    if let Some(kind) = kind.filter(|_| count > SHOWN) {
        lines.push(format!(
            "  FAILS   {}: {} more (--format json shows all)",
            kind.as_str(),
            count - SHOWN
        ));
    }
}

fn escaped(letter: char) -> impl Iterator<Item = char> {
    let is_control = letter.is_control();
    let escape = is_control.then(|| letter.escape_default());
    escape
        .into_iter()
        .flatten()
        .chain((!is_control).then_some(letter))
}
