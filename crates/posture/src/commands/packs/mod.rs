//! `posture packs`.

mod import;
pub(super) mod named;

use std::io::Write as _;

use posture_content::packs::{EmbeddedPack, PackRule};
use posture_content::template::load;
use posture_rules::catalogue;

use super::CommandError;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;
use import::Import;
use named::{packs_named, template, templates};

/// Lists, shows and checks conformance packs.
#[derive(Debug, clap::Args)]
pub(crate) struct Packs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Every built-in pack: its name, its rules, and how many of them this version implements.
    List {
        /// The form of the output.
        #[arg(long, value_enum, default_value = "table")]
        format: super::ListFormat,
    },
    /// A pack's rules and parameters.
    Show {
        /// The pack's short name, or a template's file.
        name: String,
    },
    Import(Import),
    /// Checks templates: every mistake, with its line and column.
    Validate {
        /// Files, or folders of them.
        #[arg(required = true)]
        paths: Vec<String>,
    },
}

impl Packs {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let mut out = Sink::new(None)?;
        let outcome = match self.verb {
            Verb::Import(import) => return import.run(),
            Verb::List { format } => list(format, &mut out),
            Verb::Show { name } => show(&name, &mut out),
            Verb::Validate { paths } => validate(&paths, &mut out),
        }?;
        out.finish()?;
        Ok(outcome)
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct PackLine<'p> {
    name: &'p str,
    template: &'p str,
    rules: usize,
    implemented: usize,
    manual: usize,
}

fn list(format: super::ListFormat, out: &mut Sink) -> Result<Outcome, CommandError> {
    let packs = posture_content::packs::embedded()?;
    let lines: Vec<PackLine<'_>> = packs.iter().map(line).collect();
    match format {
        super::ListFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &lines)?;
            writeln!(out)?;
        }
        super::ListFormat::Table => {
            writeln!(
                out,
                "{:<72} {:>5} {:>11} {:>6}",
                "PACK", "RULES", "IMPLEMENTED", "MANUAL"
            )?;
            for line in &lines {
                writeln!(
                    out,
                    "{:<72} {:>5} {:>11} {:>6}",
                    line.name, line.rules, line.implemented, line.manual
                )?;
            }
            writeln!(out, "{} packs", lines.len())?;
        }
    }
    Ok(Outcome::Clean)
}

fn line(pack: &EmbeddedPack) -> PackLine<'_> {
    let count = |is: &dyn Fn(&str) -> bool| {
        let identifiers = pack.rules.iter().map(|rule| rule.identifier.as_str());
        identifiers.filter(|identifier| is(identifier)).count()
    };
    PackLine {
        name: &pack.name,
        template: &pack.template,
        rules: pack.rules.len(),
        implemented: count(&|identifier| catalogue::by_identifier(identifier).is_some()),
        manual: count(&|identifier| identifier == catalogue::PROCESS_CHECK),
    }
}

fn show(name: &str, out: &mut Sink) -> Result<Outcome, CommandError> {
    for pack in packs_named(&[name.to_owned()], &[])? {
        writeln!(out, "{}: {} rules", plain(&pack.name), pack.rules.len())?;
        for rule in &pack.rules {
            writeln!(out, "  {:<68} {}", plain(&rule.name), state(rule))?;
            for (name, value) in &rule.parameters {
                writeln!(out, "      {} = {}", plain(name), plain(value))?;
            }
            if !rule.controls.is_empty() {
                writeln!(out, "      controls: {}", plain(&rule.controls.join(", ")))?;
            }
        }
        for remediation in &pack.remediations {
            let how = if remediation.automatic {
                "automatic"
            } else {
                "on request"
            };
            writeln!(
                out,
                "  remediation of {}: {}, {how}",
                plain(&remediation.rule),
                plain(&remediation.target)
            )?;
        }
    }
    Ok(Outcome::Clean)
}

/// What [`state`] says of a rule that is evaluated.
pub(super) const IMPLEMENTED: &str = "implemented";

/// Whether a rule is evaluated, in words.
pub(super) fn state(rule: &PackRule) -> &'static str {
    match rule.owner.as_str() {
        "CUSTOM_LAMBDA" => "a Lambda function, not run here",
        "CUSTOM_POLICY" => "a Guard policy",
        _ if rule.identifier == catalogue::PROCESS_CHECK => "manual",
        _ if catalogue::by_identifier(&rule.identifier).is_some() => IMPLEMENTED,
        _ => "not implemented: never a pass",
    }
}

fn validate(paths: &[String], out: &mut Sink) -> Result<Outcome, CommandError> {
    let files = templates(paths)?;
    let mut broken = 0;
    for file in &files {
        let text = template(file)?;
        match load(&text, file, &[]) {
            Ok(pack) => writeln!(out, "{}: {} rules", plain(file), pack.rules.len())?,
            Err(problems) => {
                broken += 1;
                for problem in problems {
                    writeln!(out, "{}:{}", plain(file), plain(&problem.to_string()))?;
                }
            }
        }
    }
    writeln!(out, "{} templates, {broken} with mistakes", files.len())?;
    Ok(if broken > 0 || files.is_empty() {
        Outcome::BadInput
    } else {
        Outcome::Clean
    })
}
