//! `posture events rules`.

use std::io::Write as _;
use std::path::PathBuf;

use serde::Serialize;

use super::super::{CommandError, ListFormat};
use crate::config::Config;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// The rules of posture.yaml: which events go where.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Says whether rules and targets can be used; everything that is wrong, where they can't.
    Validate {
        /// The configuration. Default: posture.yaml here, where there is one.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Lists the rules with their targets.
    List {
        /// The configuration. Default: posture.yaml here, where there is one.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Form of the list.
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
    },
}

const SCHEMA: &str = "posture.event-rules/v1";

/// The rules, as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RulesV1<'c> {
    schema: &'static str,
    rules: Vec<RuleV1<'c>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleV1<'c> {
    name: &'c str,
    pattern: &'c serde_json::Value,
    targets: Vec<TargetV1<'c>>,
    has_transformer: bool,
}

#[derive(Serialize)]
struct TargetV1<'c> {
    name: &'c str,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Rules {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Verb::Validate { config } => {
                let config = Config::load(config.as_deref())?;
                config.routes()?;
                let mut out = Sink::new(None)?;
                let (rules, targets) = (config.events.rules.len(), config.events.targets.len());
                writeln!(out, "{rules} rules and {targets} targets can be used")?;
                out.finish()?;
                Ok(Outcome::Clean)
            }
            Verb::List { config, format } => list(&Config::load(config.as_deref())?, format),
        }
    }
}

fn list(config: &Config, format: ListFormat) -> Result<Outcome, CommandError> {
    config.routes()?;
    let events = &config.events;
    let kind = |name: &str| {
        let target = events.targets.iter().find(|target| target.name == name);
        target.map_or("", |target| target.kind.as_str())
    };
    let rules = events.rules.iter().map(|rule| RuleV1 {
        name: &rule.name,
        pattern: &rule.pattern,
        targets: rule
            .targets
            .iter()
            .map(|name| TargetV1 {
                name,
                kind: kind(name),
            })
            .collect(),
        has_transformer: rule.transformer.is_some(),
    });
    let rules: Vec<RuleV1<'_>> = rules.collect();
    let mut out = Sink::new(None)?;
    match format {
        ListFormat::Json => {
            let schema = SCHEMA;
            serde_json::to_writer_pretty(&mut out, &RulesV1 { schema, rules })?;
            writeln!(out)?;
        }
        ListFormat::Table => {
            for rule in rules {
                let targets: Vec<String> = rule
                    .targets
                    .iter()
                    .map(|target| format!("{} ({})", target.name, target.kind))
                    .collect();
                let pattern = plain(&rule.pattern.to_string());
                writeln!(out, "{} → {}", rule.name, targets.join(", "))?;
                writeln!(out, "  {pattern}")?;
            }
        }
    }
    out.finish()?;
    Ok(Outcome::Clean)
}
