//! `posture explain`.

mod finding;

use std::io::Write as _;

use posture_engine::{Filter, Options, Outline, Row, Scan as Scanned, scan};
use posture_rules::catalogue;

use super::selection::Selection;
use super::state::StateArgument;
use super::{CommandError, paths, scan as scan_command};
use crate::config::Config;
use crate::exit::Outcome;
use crate::output::terminal::{Look, plain};
use crate::sink::Sink;

/// Says why a resource passes or fails: the places looked at, what was found, which exception
/// applied, and what to do. Or, of a finding in the state, which rules, exceptions and people changed
/// it, and what its status means.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The resource, by id, name or ARN; without --from, a finding, by number or id.
    resource: String,
    /// Only this rule, by name or identifier.
    #[arg(requires = "from")]
    rule: Option<String>,
    /// Files, folders or globs of configuration items, or -; repeatable.
    #[arg(long = "from", value_name = "PATH", conflicts_with = "state")]
    from: Vec<String>,
    #[command(flatten)]
    selection: Selection,
    /// The clock: a time, or a date, which means its last second in UTC. Default: now.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    #[command(flatten)]
    state: StateArgument,
}

impl Explain {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let config = Config::load(self.selection.config.as_deref())?;
        if self.from.is_empty() {
            let people = config.people.people()?;
            finding::explain(&self.state.existing()?, &self.resource, &people)?;
            return Ok(Outcome::Clean);
        }
        let packs = self.selection.packs(&config)?;
        let exceptions = config.exceptions()?;
        let rules = match &self.rule {
            None => Vec::new(),
            Some(name) => match catalogue::find(name) {
                Some(entry) => vec![entry.rule.id.to_owned()],
                None => return Err(CommandError::unknown_rule(name)),
            },
        };
        let options = Options {
            now: scan_command::clock(self.as_of.as_deref())?,
            filter: Filter {
                rules,
                ..Filter::default()
            },
            exceptions: &exceptions,
            listed: &[],
            progress: None,
        };
        let scanned = scan(&paths::inputs(&self.from)?, &packs, options)?;
        let look = Look::of_stdout();
        let explanations = self.explanations(&scanned, look)?;
        scan_command::say_what_was_not_read(&scanned)?;
        if explanations.is_empty() {
            return Err(CommandError::UnknownResource {
                resource: self.resource,
            });
        }
        let mut out = Sink::new(None)?;
        for explanation in explanations {
            out.write_all(explanation.as_bytes())?;
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }

    /// By id, which needs no reading again, else by name or ARN.
    fn explanations(&self, scanned: &Scanned<'_>, look: Look) -> Result<Vec<String>, CommandError> {
        let wanted = self.resource.as_str();
        let by_id = |outline: &Outline<'_>| outline.resource_id == wanted;
        let found = scanned.collect_rows(&by_id, &|row| explanation(row, look))?;
        if !found.is_empty() {
            return Ok(found);
        }
        let named = |row: &Row<'_>| {
            let is_named =
                row.item.resource_name() == Some(wanted) || row.item.arn() == Some(wanted);
            is_named.then(|| explanation(row, look))
        };
        let found = scanned.collect_rows(&|_| true, &named)?;
        Ok(found.into_iter().flatten().collect())
    }
}

fn explanation(row: &Row<'_>, look: Look) -> String {
    let item = row.item;
    let facts = row.facts();
    let mut lines = vec![
        format!("{} {}", row.compliance_type.as_str(), row.rule.rule_name),
        format!("  {}", row.rule.title),
        format!(
            "  resource    {} {} ({} {})",
            plain(item.type_name()),
            plain(item.resource_id()),
            plain(item.account_id()),
            plain(item.aws_region())
        ),
        format!("  made by     {}", item.managed_by()),
    ];
    if let Some(time) = item.capture_time() {
        lines.push(format!("  captured    {time}, {}", plain(row.input)));
    }
    let mut fact = |name: &str, value: &str| {
        let text = look.wrapped(&plain(value), 14);
        lines.push(format!("  {name:<11} {text}"));
    };
    if !facts.path.is_empty() {
        fact("looked at", &facts.path);
    }
    match facts.insufficient_data {
        Some(_) => fact("why", row.reason()),
        None => fact("found", facts.found.as_deref().unwrap_or("nothing is set")),
    }
    if let Some(expected) = &facts.expected {
        fact("expected", expected);
    }
    for (name, value) in &row.rule.parameters {
        fact("parameter", &format!("{name} = {value}"));
    }
    fact("severity", row.severity.as_str());
    fact("packs", &row.rule.packs.join(", "));
    if !row.rule.controls.is_empty() {
        fact("controls", &row.rule.controls.join(", "));
    }
    fact("counts", row.disposition.as_str());
    if let Some(exception) = row.exception {
        let text = format!(
            "{} ({} until {}): {}",
            exception.name, exception.owner, exception.expires, exception.reason
        );
        fact("exception", &text);
    }
    if let Some(exception) = row.expired_exception {
        fact(
            "exception",
            &format!("{} expired on {}", exception.name, exception.expires),
        );
    }
    if let Some(entry) = catalogue::find(&row.rule.rule_name) {
        fact(
            "what to do",
            &entry.section("What to do").replace('\n', " "),
        );
    }
    lines.join("\n") + "\n\n"
}
