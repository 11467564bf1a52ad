//! `posture evidence expire` and `posture evidence hold`.

use std::io::Write as _;
use std::path::PathBuf;

use posture_audit::{
    Assessment, ExpiredBody, Expiry, HoldReason, HoldScope, LegalHolds, Person, RetentionRules,
};
use posture_ledger::{BodyRef, Log};

use super::super::scan::clock;
use super::super::state::StateArgument;
use super::super::{CommandError, StatePlace};
use super::place::EvidencePlace;
use crate::config::Config;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// The state, and the configuration that names its evidence log.
#[derive(Debug, clap::Args)]
struct Place {
    #[command(flatten)]
    state: StateArgument,
    /// The configuration with the log and `evidence.retain`. Default: posture.yaml, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

struct Opened {
    place: StatePlace,
    evidence: EvidencePlace,
    config: Config,
}

impl Place {
    fn open(&self) -> Result<Opened, CommandError> {
        let place = self.state.place()?;
        let config = Config::load(self.config.as_deref())?;
        let evidence = EvidencePlace::find(&config, &place).ok_or(CommandError::NoEvidenceLog)?;
        Ok(Opened {
            place,
            evidence,
            config,
        })
    }
}

impl Opened {
    /// The log, with all in it that waits in the state, and the assessments.
    fn log(&self) -> Result<(Log, Vec<Assessment>), CommandError> {
        let assessments = self.place.with(|store| async move {
            posture_audit::migrate(&store).await?;
            self.evidence.publish(&store, self.place.now()).await?;
            Ok(posture_audit::assessments(&store).await?)
        })?;
        Ok((self.evidence.open(self.place.now())?, assessments))
    }
}

/// Deletes the bodies of evidence that are past the time that `evidence.retain` in posture.yaml gives
/// their type. Each leaves a tombstone in the log: its hash, and the rule under which it went. What an
/// open assessment may need, and what is held, is kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Expire {
    /// Show what would go, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// The day or time for which that is shown. Default: now.
    #[arg(long, value_name = "TIME", requires = "dry_run")]
    as_of: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Expire {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let opened = self.place.open()?;
        let rules = match &opened.config.evidence {
            Some(evidence) => evidence.rules()?,
            None => RetentionRules::default(),
        };
        if rules.is_empty() {
            return Err(CommandError::NoRetention);
        }
        let (log, assessments) = opened.log()?;
        let now = match &self.as_of {
            Some(text) => clock(Some(text))?,
            None => opened.place.now(),
        };
        let expiry = if self.dry_run {
            Expiry {
                plan: posture_audit::due(&log, &rules, &assessments, now)?,
                ..Expiry::default()
            }
        } else {
            posture_audit::expire(&log, &rules, &assessments, now)?
        };
        let plan = &expiry.plan;
        let mut out = Sink::new(None)?;
        for body in &plan.expired {
            writeln!(out, "{}", row(body))?;
        }
        for (why, count) in &plan.kept {
            writeln!(out, "kept     {count} past their time: {}", plain(why))?;
        }
        for (why, count) in &expiry.spared {
            let why = plain(why);
            writeln!(out, "kept     {count} that have a tombstone: {why}")?;
        }
        if self.dry_run {
            writeln!(
                out,
                "{} bodies would go; nothing was done",
                plan.expired.len()
            )?;
        } else {
            writeln!(out, "{} bodies deleted", expiry.removed)?;
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn row(body: &ExpiredBody) -> String {
    let records: Vec<String> = body.records.iter().map(u64::to_string).collect();
    format!(
        "expired  {}  {}  record {}",
        body.sha256,
        body.rule,
        records.join(", ")
    )
}

/// Holds evidence: what is held is not deleted, whatever its retention rule says.
#[derive(Debug, clap::Args)]
pub(crate) struct HoldCommand {
    #[command(subcommand)]
    verb: HoldVerb,
}

#[derive(Debug, clap::Subcommand)]
enum HoldVerb {
    /// Begins a hold, and prints its number.
    Add {
        /// Hold what belongs to this assessment: what is about it, and what was recorded since its
        /// period began.
        #[arg(long, value_name = "NAME", required_unless_present = "all")]
        assessment: Option<String>,
        /// Hold everything.
        #[arg(long, conflicts_with = "assessment")]
        all: bool,
        #[command(flatten)]
        why: Why,
        #[command(flatten)]
        place: Place,
    },
    /// Ends a hold.
    Remove {
        /// Its number.
        hold: u64,
        #[command(flatten)]
        why: Why,
        #[command(flatten)]
        place: Place,
    },
    /// Puts what was recorded since a hold began under S3's legal hold too, and repairs what was
    /// interrupted. Without a bucket that has Object Lock there is nothing to do.
    Apply {
        #[command(flatten)]
        place: Place,
    },
    /// Lists the holds in force.
    List {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, clap::Args)]
struct Why {
    /// Who does this: a person's name.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why.
    #[arg(long)]
    reason: String,
}

impl Why {
    fn reason(self) -> Result<HoldReason, CommandError> {
        Ok(HoldReason {
            by: Person::named(&self.by)?,
            reason: self.reason,
        })
    }
}

impl HoldCommand {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            HoldVerb::Add {
                assessment,
                why,
                place,
                ..
            } => add(assessment.as_deref(), &why.reason()?, &place.open()?),
            HoldVerb::Remove { hold, why, place } => remove(hold, &why.reason()?, &place.open()?),
            HoldVerb::Apply { place } => {
                let opened = place.open()?;
                let (log, assessments) = opened.log()?;
                apply(&log, &assessments, &opened)?;
                Ok(Outcome::Clean)
            }
            HoldVerb::List { place } => list(&place.open()?),
        }
    }
}

fn add(
    assessment: Option<&str>,
    why: &HoldReason,
    opened: &Opened,
) -> Result<Outcome, CommandError> {
    let (log, assessments) = opened.log()?;
    let scope = match assessment {
        None => HoldScope::All,
        Some(name) => {
            let found = assessments.iter().find(|one| one.name == name);
            let known = || assessments.iter().map(|one| one.name.clone()).collect();
            let found = found.ok_or_else(|| posture_audit::AuditError::NoAssessment {
                name: name.to_owned(),
                known: known(),
            })?;
            HoldScope::Assessment(found.number)
        }
    };
    let appended = log.append(vec![why.begins(&scope)?], opened.place.now())?;
    let mut out = Sink::new(None)?;
    writeln!(out, "{}", appended.first)?;
    out.finish()?;
    apply(&log, &assessments, opened)?;
    Ok(Outcome::Clean)
}

/// Does what the holds say to the objects, and says what came of it.
fn apply(log: &Log, assessments: &[Assessment], opened: &Opened) -> Result<(), CommandError> {
    let now = opened.place.now();
    let applied = posture_audit::apply_holds(log, assessments, now);
    let applied = applied.map_err(|cause| CommandError::LegalHold {
        cause: Box::new(cause),
    })?;
    let mut stderr = std::io::stderr().lock();
    let place = plain(opened.evidence.log.text());
    match applied {
        None if opened.evidence.log.folder().is_some() => writeln!(
            stderr,
            "{place} is a folder, which has no legal hold: holds are Posture's own only, and bind nobody else who may delete there"
        )?,
        None => writeln!(
            stderr,
            "{place} has no Object Lock: holds are Posture's own only, and bind nobody else who may delete there"
        )?,
        Some(done) => writeln!(stderr, "{}", applied_text(&done))?,
    }
    Ok(())
}

fn applied_text(done: &LegalHolds) -> String {
    let mut text = format!(
        "S3's legal hold: {} bodies are held, {} of them from now on; {} released",
        done.held, done.placed, done.released
    );
    if done.of_others > 0 {
        text.push_str("; ");
        text.push_str(&done.of_others.to_string());
        text.push_str(" had a legal hold of somebody else's, which is left to them");
    }
    text
}

fn remove(number: u64, why: &HoldReason, opened: &Opened) -> Result<Outcome, CommandError> {
    let (log, assessments) = opened.log()?;
    let holds = posture_audit::holds(&log.reader()?)?;
    let hold = holds.iter().find(|hold| hold.record == number);
    let hold = hold.ok_or(CommandError::NoHold { number })?;
    log.append(vec![why.ends(hold)?], opened.place.now())?;
    apply(&log, &assessments, opened)?;
    Ok(Outcome::Clean)
}

fn list(opened: &Opened) -> Result<Outcome, CommandError> {
    let (log, assessments) = opened.log()?;
    let mut out = Sink::new(None)?;
    for hold in posture_audit::holds(&log.reader()?)? {
        let scope = match hold.scope {
            HoldScope::All => "everything".to_owned(),
            HoldScope::Assessment(number) => {
                let found = assessments.iter().find(|one| one.number == number);
                found.map_or_else(
                    || format!("assessment-{number}"),
                    |one| format!("assessment {}", one.name),
                )
            }
        };
        let why = match &hold.body {
            Some(body) => reason(&log, body)?,
            None => String::new(),
        };
        writeln!(
            out,
            "{:>8}  {}  {}  {}",
            hold.record,
            plain(&hold.since),
            plain(&scope),
            plain(&why)
        )?;
    }
    out.finish()?;
    Ok(Outcome::Clean)
}

fn reason(log: &Log, body: &BodyRef) -> Result<String, CommandError> {
    let mut bytes = Vec::new();
    log.read_body(body, &mut bytes)?;
    let why: HoldReason = serde_json::from_slice(&bytes)?;
    Ok(format!("{}: {}", why.by.name, why.reason))
}
