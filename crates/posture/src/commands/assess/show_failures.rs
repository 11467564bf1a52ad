//! The failures of a control, for a person.

use std::io::Write;

use posture_audit::Failure;

use crate::output::terminal::plain;

/// Each failure with its start and end, what changed then, and who or what fixed it.
pub(super) fn failure_lines(failures: &[Failure], out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "\nFailures: {}", failures.len())?;
    for one in failures {
        let until = one.until.map_or("the end".to_owned(), |at| at.to_string());
        writeln!(
            out,
            "  {} {} {}: {} until {until}: {}",
            one.rule_name,
            one.account_id,
            plain(&one.resource_id),
            one.from,
            plain(&one.reason)
        )?;
        for (word, paths) in [
            ("began with", &one.began_with),
            ("ended with", &one.ended_with),
        ] {
            if !paths.is_empty() {
                writeln!(out, "    {word} {}", plain(&paths.join(", ")))?;
            }
        }
        for run in &one.remediations {
            let is_fix = run.ends_with(": Succeeded");
            let word = if is_fix { "fixed by" } else { "remediation:" };
            writeln!(out, "    {word} {}", plain(run))?;
        }
    }
    Ok(())
}
