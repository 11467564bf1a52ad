//! `posture rules`.

use std::io::Write as _;

use posture_rules::catalogue::{self, Listing};
use posture_rules::{ManagedRule, Read, Remedy};

use super::{CommandError, ListFormat};
use crate::exit::Outcome;
use crate::sink::Sink;

/// Lists and shows AWS Config's managed rules.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Every managed rule that AWS has.
    List {
        /// Only those that this version implements.
        #[arg(long)]
        implemented: bool,
        /// The form of the output.
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// A rule's page: what it checks, what it reads, what to do.
    Show {
        /// The rule's name or AWS's identifier.
        name: String,
    },
}

impl Rules {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let mut out = Sink::new(None)?;
        match self.verb {
            Verb::List {
                implemented,
                format,
            } => {
                let listings: Vec<&Listing> = catalogue::listings()
                    .iter()
                    .filter(|listing| !implemented || listing.entry.is_some())
                    .collect();
                match format {
                    ListFormat::Json => json(&listings, &mut out)?,
                    ListFormat::Table => table(&listings, &mut out)?,
                }
            }
            Verb::Show { name } => {
                let listing = catalogue::listing_of(&name)
                    .ok_or_else(|| CommandError::unknown_rule(&name))?;
                show(listing, &mut out)?;
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleLine<'l> {
    rule_name: &'l str,
    source_identifier: &'l str,
    trigger: &'static str,
    resource_types: &'l [String],
    parameters: &'l [catalogue::ListedParameter],
    implemented: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
}

fn json(listings: &[&Listing], out: &mut Sink) -> Result<(), CommandError> {
    let lines: Vec<RuleLine<'_>> = listings
        .iter()
        .map(|listing| {
            let rule = listing.entry.map(|entry| entry.rule);
            RuleLine {
                rule_name: &listing.name,
                source_identifier: &listing.identifier,
                trigger: listing.trigger.as_str(),
                resource_types: &listing.resource_types,
                parameters: &listing.parameters,
                implemented: rule.is_some(),
                title: rule.map(|rule| rule.title),
                severity: rule.map(|rule| rule.severity.as_str()),
                version: rule.map(|rule| rule.version),
            }
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &lines)?;
    writeln!(out)?;
    Ok(())
}

fn table(listings: &[&Listing], out: &mut Sink) -> std::io::Result<()> {
    for listing in listings {
        let (severity, title) = match listing.entry {
            Some(entry) => (entry.rule.severity.as_str(), entry.rule.title),
            None if listing.identifier == catalogue::PROCESS_CHECK => {
                ("manual", "For a person to check")
            }
            None => ("-", "Not implemented"),
        };
        writeln!(out, "{:<72} {severity:<8} {title}", listing.name)?;
    }
    let implemented = listings
        .iter()
        .filter(|listing| listing.entry.is_some())
        .count();
    writeln!(out, "{} rules, {implemented} implemented", listings.len())
}

fn show(listing: &Listing, out: &mut Sink) -> std::io::Result<()> {
    writeln!(out, "# {} ({})\n", listing.name, listing.identifier)?;
    match listing.entry {
        Some(entry) => writeln!(out, "{}", entry.page())?,
        None if listing.identifier == catalogue::PROCESS_CHECK => {
            writeln!(
                out,
                "Stands for work of a person. It is never passed by itself."
            )?;
        }
        None => writeln!(
            out,
            "This version does not implement it: it is never a pass."
        )?,
    }
    writeln!(out, "\n## Runs\n\n{}", listing.trigger.as_str())?;
    let types = match listing.resource_types.as_slice() {
        [] => "AWS::::Account".to_owned(),
        types => types.join(", "),
    };
    writeln!(out, "on {types}")?;
    if !listing.parameters.is_empty() {
        writeln!(out, "\n## Parameters\n")?;
    }
    for parameter in &listing.parameters {
        let default = parameter.default.as_deref().unwrap_or("none");
        let need = if parameter.is_optional {
            ""
        } else {
            ", required"
        };
        writeln!(
            out,
            "- `{}`: {}, default {default}{need}",
            parameter.name, parameter.kind
        )?;
    }
    match listing.entry {
        Some(entry) => show_declaration(entry.rule, out),
        None => Ok(()),
    }
}

fn show_declaration(rule: &ManagedRule, out: &mut Sink) -> std::io::Result<()> {
    writeln!(out, "\n## Reads\n")?;
    for read in rule.reads {
        match read {
            Read::Own(path) => writeln!(out, "- `{path}`")?,
            Read::Other(other) => {
                let paths: Vec<String> =
                    other.all_paths().map(|path| format!("`{path}`")).collect();
                writeln!(out, "- of `{}`: {}", other.resource_type, paths.join(", "))?;
            }
        }
    }
    if let Remedy::Automation(document) = rule.remedy {
        writeln!(out, "\n## Automation\n\n`{document}`")?;
    }
    writeln!(
        out,
        "\nSeverity {}, version {}.",
        rule.severity.as_str(),
        rule.version
    )
}
