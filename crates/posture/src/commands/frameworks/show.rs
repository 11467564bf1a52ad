//! `posture frameworks show`.

use std::io::Write as _;

use posture_content::frameworks::{
    Control, Counts, CrossMap, Framework, Related, RuleMapping, testing_procedure,
};
use posture_rules::catalogue;

use super::{embedded, framework};
use crate::commands::{CommandError, ListFormat, nearest};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// A framework's controls, or one control: its testing procedure, sources and related controls.
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The framework's name, or a file.
    name: String,
    /// A control's id.
    control: Option<String>,
    /// Only the controls of this group: a baseline, a level, a category.
    #[arg(long, conflicts_with = "control")]
    group: Option<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

/// So many related controls are shown to a person: the strongest.
const SHOWN: usize = 12;

/// A control with what is derived for it.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ControlPage<'f> {
    framework: &'f str,
    version: &'f str,
    #[serde(flatten)]
    control: &'f Control,
    #[serde(skip_serializing_if = "Option::is_none")]
    testing_procedure: Option<String>,
    related_controls: Vec<Related<'f>>,
}

impl Show {
    pub(super) fn run(self) -> Result<Outcome, CommandError> {
        let mut framework = framework(&self.name)?;
        if let Some(group) = &self.group {
            select(&mut framework, group)?;
        }
        let mut out = Sink::new(None)?;
        match &self.control {
            Some(id) => {
                let control = framework
                    .control(id)
                    .ok_or_else(|| unknown_control(&framework, id))?;
                show_control(&framework, control, self.format, &mut out)?;
            }
            None => match self.format {
                ListFormat::Json => {
                    serde_json::to_writer_pretty(&mut out, &framework)?;
                    writeln!(out)?;
                }
                ListFormat::Table => show_framework(&framework, &mut out)?,
            },
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn select(framework: &mut Framework, group: &str) -> Result<(), CommandError> {
    if !framework.groups.iter().any(|known| known.id == group) {
        let groups = framework.groups.iter().map(|known| known.id.as_str());
        return Err(CommandError::UnknownGroup {
            framework: framework.name.clone(),
            group: group.to_owned(),
            nearest: nearest(groups, group),
        });
    }
    framework
        .controls
        .retain(|control| control.groups.iter().any(|known| known == group));
    let kept: Vec<String> = framework
        .controls
        .iter()
        .map(|control| control.set.clone())
        .collect();
    framework.sets.retain(|set| kept.contains(&set.id));
    Ok(())
}

fn unknown_control(framework: &Framework, id: &str) -> CommandError {
    let ids = framework.controls.iter().map(|control| control.id.as_str());
    CommandError::UnknownControl {
        framework: framework.name.clone(),
        id: id.to_owned(),
        nearest: nearest(ids, id),
    }
}

fn show_framework(framework: &Framework, out: &mut Sink) -> Result<(), CommandError> {
    let counts = Counts::of(framework);
    writeln!(
        out,
        "{}, version {}",
        plain(&framework.title),
        plain(&framework.version)
    )?;
    if !framework.source.is_empty() {
        writeln!(out, "{}", plain(&framework.source))?;
    }
    writeln!(
        out,
        "{} controls: {} full, {} partial, {} manual, {} not automated; {} rules, {} of them implemented",
        counts.controls,
        counts.full,
        counts.partial,
        counts.manual,
        counts.not_automated,
        counts.rules,
        counts.implemented
    )?;
    for set in &framework.sets {
        let heading = if set.id == set.title {
            set.title.clone()
        } else {
            format!("{} {}", set.id, set.title)
        };
        writeln!(out, "\n{}", plain(&heading))?;
        for control in framework.controls_of(&set.id) {
            writeln!(
                out,
                "  {:<22} {:<13} {:>3} rules  {}",
                plain(&control.id),
                control.coverage.as_str(),
                control.rules.len(),
                plain(&control.title)
            )?;
        }
    }
    Ok(())
}

fn show_control(
    framework: &Framework,
    control: &Control,
    format: ListFormat,
    out: &mut Sink,
) -> Result<(), CommandError> {
    let others = embedded()?
        .iter()
        .filter(|other| other.name != framework.name);
    let crossmap = CrossMap::new(others.chain([framework]));
    let page = ControlPage {
        framework: &framework.name,
        version: &framework.version,
        control,
        testing_procedure: testing_procedure(control),
        related_controls: crossmap.related(&framework.name, &control.id),
    };
    match format {
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &page)?;
            writeln!(out)?;
        }
        ListFormat::Table => write_page(&page, out)?,
    }
    Ok(())
}

fn write_page(page: &ControlPage<'_>, out: &mut Sink) -> Result<(), CommandError> {
    let control = page.control;
    writeln!(out, "{} {}", plain(&control.id), plain(&control.title))?;
    let mut optional = |name: &str, text: Option<&str>| match text {
        Some(text) => writeln!(out, "{name:<14}{}", plain(text)),
        None => Ok(()),
    };
    optional("", control.guidance.as_deref())?;
    optional("control set", Some(&control.set))?;
    optional("part of", control.parent.as_deref())?;
    optional("groups", joined(&control.groups).as_deref())?;
    optional("coverage", Some(control.coverage.as_str()))?;
    optional("because", control.because.as_deref())?;
    optional("testing", page.testing_procedure.as_deref())?;
    optional("Security Hub", joined(&control.security_hub).as_deref())?;
    optional("API calls", joined(&control.api_calls).as_deref())?;
    optional("CloudTrail", joined(&control.cloudtrail).as_deref())?;
    optional("a person adds", joined(&control.evidence).as_deref())?;
    if !control.rules.is_empty() {
        writeln!(out, "rules")?;
    }
    for edge in &control.rules {
        writeln!(
            out,
            "  {:<60} {:<11} {}",
            edge.rule,
            edge.strength.as_str(),
            about(edge)
        )?;
    }
    if !page.related_controls.is_empty() {
        writeln!(out, "controls of other frameworks with the same rules")?;
    }
    for related in page.related_controls.iter().take(SHOWN) {
        writeln!(
            out,
            "  {:<20} {:<22} {:<11} {}",
            plain(related.framework),
            plain(related.control),
            related.strength.as_str(),
            rules(related.rules.len())
        )?;
    }
    if let Some(more) = page
        .related_controls
        .len()
        .checked_sub(SHOWN)
        .filter(|more| *more > 0)
    {
        writeln!(out, "  and {more} more: --format json has them")?;
    }
    Ok(())
}

fn joined(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| texts.join(", "))
}

fn rules(count: usize) -> String {
    if count == 1 {
        "1 rule".to_owned()
    } else {
        format!("{count} rules")
    }
}

fn about(edge: &RuleMapping) -> String {
    let from: Vec<&str> = edge.from.iter().map(|origin| origin.as_str()).collect();
    let mut words = format!("from {}", from.join(", "));
    if let Some(stricter) = &edge.stricter {
        words.extend(["; stricter: ", &plain(stricter)]);
    }
    if catalogue::listing_of(&edge.rule).is_none_or(|listing| listing.entry.is_none()) {
        words.push_str("; not implemented: never a pass");
    }
    words
}
