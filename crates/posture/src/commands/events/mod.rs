//! `posture events`.

mod dead_letters;
mod deliver;
mod ingest;
mod rules;

use std::io::Write as _;

use posture_model::tree::{self, Bump, Node};
use posture_router::{Event, Pattern};

use super::CommandError;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;
use dead_letters::DeadLetters;
use deliver::Deliver;
use ingest::Ingest;
use rules::Rules;

/// Takes events in, sends what changed to where rules say, and tests event patterns, the language in
/// which rules choose events.
#[derive(Debug, clap::Args)]
pub(crate) struct Events {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Ingest(Ingest),
    Deliver(Deliver),
    DeadLetters(DeadLetters),
    Rules(Rules),
    /// Says whether an event matches a pattern, as EventBridge would.
    ///
    /// Exit codes: 0 it matches, 1 it does not, 2 the pattern is invalid (with line and column) or
    /// the event cannot be read.
    Test {
        /// The EventBridge event pattern: a file, or JSON that begins with {.
        #[arg(long)]
        pattern: String,
        /// The event: a file, or JSON that begins with {.
        #[arg(long)]
        event: String,
    },
}

impl Events {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Verb::Ingest(ingest) => ingest.run(),
            Verb::Deliver(deliver) => deliver.run(),
            Verb::DeadLetters(letters) => letters.run(),
            Verb::Rules(rules) => rules.run(),
            Verb::Test { pattern, event } => test(&pattern, &event),
        }
    }
}

fn test(pattern: &str, event: &str) -> Result<Outcome, CommandError> {
    let (place, text) = given("--pattern", pattern)?;
    let pattern = Pattern::parse(&text).map_err(|error| CommandError::Pattern { place, error })?;
    let (place, text) = given("--event", event)?;
    let arena = Bump::new();
    let node =
        read_event(&text, &arena).map_err(|problem| CommandError::Event { place, problem })?;
    let mut out = Sink::new(None)?;
    let outcome = if pattern.matches(node) {
        writeln!(out, "match")?;
        Outcome::Clean
    } else {
        writeln!(out, "no match")?;
        why(&pattern, node, &mut out)?;
        Outcome::NoMatch
    };
    out.finish()?;
    remark(node)?;
    Ok(outcome)
}

/// The argument's place for messages, and its text: its file's, where it does not begin as JSON.
fn given(argument: &str, value: &str) -> Result<(String, String), CommandError> {
    if value.trim_start().starts_with(['{', '[']) {
        return Ok((argument.to_owned(), value.to_owned()));
    }
    let text = super::template(value)?;
    Ok((value.to_owned(), text))
}

fn read_event<'a>(text: &'a str, arena: &'a Bump) -> Result<Node<'a>, String> {
    let node = tree::parse(text.as_bytes(), arena).map_err(|error| error.to_string())?;
    match node {
        Node::Object(_) => Ok(node),
        _ => Err(format!("expected a JSON object, found {}", node.kind())),
    }
}

fn why(pattern: &Pattern, event: Node<'_>, out: &mut Sink) -> Result<(), CommandError> {
    let unmet = pattern.unmet(event);
    if unmet.is_empty() {
        writeln!(
            out,
            "  each field holds, but not all in the same element of an array"
        )?;
    }
    for field in unmet {
        writeln!(out, "  {}", plain(&field.to_string()))?;
    }
    Ok(())
}

/// Says on stderr what AWS's own test would refuse in the event; it changes no answer here.
fn remark(event: Node<'_>) -> Result<(), CommandError> {
    let problems = Event::problems(event);
    if problems.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| plain(&problem.to_string()))
        .collect();
    writeln!(
        std::io::stderr().lock(),
        "note: the event is not a whole EventBridge event: {}",
        lines.join("; ")
    )?;
    Ok(())
}
