//! `posture assess sample`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use posture_audit::{Method, csv_record};

use super::super::CommandError;
use super::context::{Loaded, Place};
use crate::exit::Outcome;
use crate::sink::Sink;

/// Draws a sample of a rule's population, as CSV: the same seed, size and method draw the same.
#[derive(Debug, clap::Args)]
pub(crate) struct Sample {
    /// The assessment.
    name: String,
    /// The rule.
    #[arg(long, value_name = "RULE")]
    rule: String,
    /// The auditor's seed: any text.
    #[arg(long)]
    seed: String,
    /// How many.
    #[arg(long)]
    size: usize,
    /// How they are drawn.
    #[arg(long, value_enum, default_value = "hash-order")]
    method: By,
    /// Where to write it. Default: the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum By {
    /// The first ones in the order of SHA-256 over seed, line feed and the resource's key.
    HashOrder,
    /// Every k-th in the order of their keys.
    Systematic,
}

impl Sample {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let opened = self.place.open()?;
        let name = self.name;
        let loaded = opened.with(|store| async move { Loaded::load(&store, &name).await })?;
        let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let of_rule = |rule: &&posture_audit::RuleHistory| rule.rule.rule_name == self.rule;
        for rule in loaded.evidence.rules.iter().filter(of_rule) {
            for (key, cells) in posture_audit::population(&loaded.evidence, rule) {
                rows.insert(key, cells);
            }
        }
        if rows.is_empty() {
            return Err(CommandError::NoPopulation { rule: self.rule });
        }
        let keys: Vec<&str> = rows.keys().map(String::as_str).collect();
        let method = match self.method {
            By::HashOrder => Method::HashOrder,
            By::Systematic => Method::Systematic,
        };
        let drawn = posture_audit::sample(&keys, &self.seed, self.size, method);
        let mut sink = Sink::new(self.output.as_deref())?;
        let head = posture_audit::POPULATION_COLUMNS.map(str::to_owned);
        sink.write_all(&csv_record(&head))?;
        for cells in drawn.into_iter().filter_map(|key| rows.get(key)) {
            sink.write_all(&csv_record(cells))?;
        }
        sink.finish()?;
        Ok(Outcome::Clean)
    }
}
