//! `posture frameworks crossmap`.

use std::io::Write as _;

use posture_content::frameworks::{CrossMap, Framework, Served};
use posture_rules::catalogue;

use super::{embedded, framework};
use crate::commands::{CommandError, ListFormat};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Which controls of which frameworks a rule serves; of all rules, where none is named.
#[derive(Debug, clap::Args)]
pub(super) struct Crossmap {
    /// Rules, by name or AWS's identifier.
    rules: Vec<String>,
    /// Only these frameworks: names, or files.
    #[arg(long = "framework", value_name = "NAME")]
    frameworks: Vec<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'f> {
    rule: &'f str,
    controls: &'f [Served<'f>],
}

impl Crossmap {
    pub(super) fn run(self) -> Result<Outcome, CommandError> {
        let frameworks: Vec<Framework> = if self.frameworks.is_empty() {
            embedded()?.to_vec()
        } else {
            self.frameworks
                .iter()
                .map(|name| framework(name))
                .collect::<Result<_, _>>()?
        };
        let crossmap = CrossMap::new(&frameworks);
        let mut names: Vec<&str> = Vec::new();
        for rule in &self.rules {
            let listing =
                catalogue::listing_of(rule).ok_or_else(|| CommandError::unknown_rule(rule))?;
            names.push(&listing.name);
        }
        if names.is_empty() {
            names.extend(crossmap.rules());
        }
        let rules: Vec<Rule<'_>> = names
            .into_iter()
            .map(|rule| Rule {
                rule,
                controls: crossmap.served_by(rule),
            })
            .collect();
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &rules)?;
                writeln!(out)?;
            }
            ListFormat::Table => table(&rules, &mut out)?,
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn table(rules: &[Rule<'_>], out: &mut Sink) -> std::io::Result<()> {
    for Rule { rule, controls } in rules {
        writeln!(out, "{rule}: {} controls", controls.len())?;
        for served in *controls {
            let from: Vec<&str> = served
                .mapping
                .from
                .iter()
                .map(|origin| origin.as_str())
                .collect();
            writeln!(
                out,
                "  {:<20} {:<40} {:<11} from {}",
                plain(served.framework),
                plain(served.control),
                served.mapping.strength.as_str(),
                from.join(", ")
            )?;
        }
    }
    Ok(())
}
