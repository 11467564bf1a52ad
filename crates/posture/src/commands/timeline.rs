//! `posture timeline`.

use std::io::Write;

use posture_store::{Change, Resource, Timeline as Entries, TimelineEntry, TimelineEvent};
use serde::Serialize;
use serde_json::Value;

use super::state::{Narrow, StateArgument};
use super::{CommandError, ListFormat};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

const SCHEMA: &str = "posture.timeline/v1";

/// Shows what became of a resource: versions, what changed between them, changes of verdicts.
#[derive(Debug, clap::Args)]
pub(crate) struct Timeline {
    /// The resource's ARN, id or name.
    resource: String,
    #[command(flatten)]
    state: StateArgument,
    #[command(flatten)]
    narrow: Narrow,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

#[derive(Serialize)]
struct TimelineV1<'t> {
    schema: &'static str,
    #[serde(flatten)]
    timeline: &'t Entries,
}

impl Timeline {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let place = self.state.existing()?;
        let name = place.name();
        let filter = self.narrow.filter();
        let wanted = self.resource;
        let timeline = place.with(|store| async move {
            let found = store.resources_named(&wanted, &filter).await?;
            match found.as_slice() {
                [] => Err(CommandError::NotRecorded {
                    name: wanted,
                    state: name,
                }),
                [resource] => Ok(store.timeline(resource).await?),
                several => Err(CommandError::AmbiguousResource {
                    name: wanted,
                    candidates: lines(several),
                }),
            }
        })?;
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                let schema = SCHEMA;
                let document = TimelineV1 {
                    schema,
                    timeline: &timeline,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            ListFormat::Table => table(&timeline, &mut out)?,
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

/// Who made it so, as far as calls are known.
fn write_authors(entry: &TimelineEntry, out: &mut impl Write) -> std::io::Result<()> {
    let word = if entry.authors.len() > 1 {
        "perhaps by"
    } else {
        "by"
    };
    for author in &entry.authors {
        let (who, what) = (plain(&author.principal), plain(&author.event_name));
        writeln!(out, "    {word} {who} ({what}, {})", author.happened_at)?;
    }
    Ok(())
}

fn line(resource: &Resource) -> String {
    let Resource {
        account_id,
        aws_region,
        resource_type,
        resource_id,
        ..
    } = resource;
    let name = resource
        .resource_name
        .as_ref()
        .filter(|name| *name != resource_id)
        .map_or(String::new(), |name| format!(" ({name})"));
    plain(&format!(
        "{account_id} {aws_region} {resource_type} {resource_id}{name}"
    ))
}

fn lines(resources: &[Resource]) -> String {
    let lines: Vec<String> = resources
        .iter()
        .map(|resource| format!("  {}", line(resource)))
        .collect();
    lines.join("\n")
}

fn table(timeline: &Entries, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}", line(&timeline.resource))?;
    for entry in &timeline.entries {
        write!(out, "{}  ", entry.valid_from)?;
        match &entry.event {
            TimelineEvent::Discovered { .. } => writeln!(out, "discovered")?,
            TimelineEvent::Deleted => writeln!(out, "deleted")?,
            TimelineEvent::Changed { changes, .. } => {
                writeln!(out, "changed")?;
                for change in changes {
                    writeln!(out, "    {}", plain(&in_words(change)))?;
                }
            }
            TimelineEvent::Verdict {
                rule_name,
                before,
                compliance_type,
                reason,
                ..
            } => {
                let before = before.as_deref().unwrap_or("-");
                writeln!(
                    out,
                    "{}: {before} > {compliance_type}{}{}",
                    plain(rule_name),
                    if reason.is_empty() { "" } else { ": " },
                    plain(reason)
                )?;
            }
        }
        write_authors(entry, out)?;
    }
    Ok(())
}

/// The longest value that a line shows.
const SHOWN: usize = 120;

fn in_words(change: &Change) -> String {
    let path = if change.path.is_empty() {
        "the item"
    } else {
        &change.path
    };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            format!("{path}: {} > {}", shown(before), shown(after))
        }
        (Some(before), None) => format!("{path}: {} removed", shown(before)),
        (None, Some(after)) => format!("{path}: {} added", shown(after)),
        (None, None) => path.to_owned(),
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN - 1).chain(['…']).collect()
}
