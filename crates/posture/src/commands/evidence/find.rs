//! `posture evidence find`.

use std::borrow::Cow;
use std::io::Write as _;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use posture_audit::{GroupBy, Sought, SoughtImported};
use posture_content::frameworks::{Control, Framework};
use posture_rules::catalogue;

use super::super::state::StateArgument;
use super::super::{CommandError, RowsFormat, nearest};
use super::find_imported::find_imported;
use super::find_other::OtherEvidence;
use super::find_output::{write_groups, write_records};
use crate::exit::Outcome;
use crate::sink::Sink;

/// Finds evidence: verdicts of rules on resources, each from when it became another one than before,
/// the newest first; or how many there are by control, account, rule or day. Or user activity, or API
/// calls.
#[derive(Debug, clap::Args)]
pub(crate) struct Find {
    /// What to find.
    #[arg(long, value_enum, default_value = "verdicts", value_name = "WHAT")]
    kind: Kind,
    /// Of user activity: only calls of this principal, as CloudTrail names it.
    #[arg(long, value_name = "ARN")]
    principal: Option<String>,
    /// Only rules that decide about this framework's controls: a name, or a file of your own.
    #[arg(long, value_name = "NAME", group = "controls_of")]
    framework: Option<String>,
    /// Only rules that decide about this control of the framework, or what was imported for it;
    /// repeatable.
    #[arg(long = "control", value_name = "ID", requires = "controls_of")]
    controls: Vec<String>,
    /// Only this rule, by name or identifier; repeatable.
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// Only this resource: its id, name or ARN.
    #[arg(long, value_name = "RESOURCE")]
    resource: Option<String>,
    /// Only this account; repeatable.
    #[arg(long = "account", value_name = "ID")]
    accounts: Vec<String>,
    /// Only resources of this type; repeatable.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Only this verdict; repeatable.
    #[arg(long = "verdict", value_enum, value_name = "VERDICT")]
    verdicts: Vec<Verdict>,
    /// Only what began at this time or later: a time, or a date.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only what began until this time: a time, before which it has to be, or a date, whose day is in.
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Counts instead of listing.
    #[arg(long, value_enum, value_name = "WHAT")]
    group_by: Option<Group>,
    /// How many records at most; of groups, all are shown.
    #[arg(long, default_value_t = 1000, value_name = "COUNT")]
    limit: usize,
    /// Finds what was imported from Audit Manager instead, by when AWS collected it: no run here saw it.
    #[arg(long, group = "controls_of", conflicts_with_all = ["framework", "rules", "types", "group_by"])]
    imported: bool,
    /// With --imported: only that of this assessment.
    #[arg(long, value_name = "NAME", requires = "imported")]
    assessment: Option<String>,
    #[command(flatten)]
    state: StateArgument,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: RowsFormat,
    /// Where to write it. Default: the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Verdicts of rules on resources.
    Verdicts,
    /// Calls that CloudTrail told of: who did what and when. A control is looked for by its events.
    UserActivity,
    /// API calls that were made for evidence. A control is looked for by its calls.
    ApiCalls,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Group {
    /// A framework's controls; a record counts for each that its rule decides about.
    Control,
    /// Accounts.
    Account,
    /// Rules.
    Rule,
    /// Days, in UTC.
    Day,
}

/// AWS's words.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
enum Verdict {
    Compliant,
    NonCompliant,
    NotApplicable,
    InsufficientData,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Verdict::Compliant => "COMPLIANT",
            Verdict::NonCompliant => "NON_COMPLIANT",
            Verdict::NotApplicable => "NOT_APPLICABLE",
            Verdict::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

impl Find {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        if self.imported {
            return self.run_imported();
        }
        let framework = self.framework()?;
        let framework = framework.as_deref();
        if self.kind != Kind::Verdicts {
            return self.find_other(framework);
        }
        if self.group_by == Some(Group::Control) && framework.is_none() {
            return Err(CommandError::GroupNeedsFramework);
        }
        let sought = self.sought(framework)?;
        let place = self.state.existing()?;
        let mut out = Sink::new(self.output.as_deref())?;
        if let Some(group) = self.group_by {
            let by = match group {
                Group::Control => GroupBy::Control,
                Group::Account => GroupBy::Account,
                Group::Rule => GroupBy::Rule,
                Group::Day => GroupBy::Day,
            };
            let mut groups = place.with(|store| async move {
                posture_audit::migrate(&store).await?;
                Ok(posture_audit::find_groups(&store, &sought, by, framework).await?)
            })?;
            if group == Group::Control && !self.controls.is_empty() {
                groups.retain(|one| self.controls.contains(&one.group));
            }
            write_groups(&groups, self.format, &mut out)?;
        } else {
            let limit = self.limit;
            let (records, has_more) = place.with(|store| async move {
                posture_audit::migrate(&store).await?;
                Ok(posture_audit::find(&store, &sought, limit).await?)
            })?;
            write_records(&records, has_more, self.format, &mut out)?;
            if has_more {
                let mut stderr = std::io::stderr().lock();
                writeln!(stderr, "there are more than {limit}; --limit shows more")?;
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }

    fn run_imported(self) -> Result<Outcome, CommandError> {
        let (from, until) = self.times()?;
        let sought = SoughtImported {
            assessment: self.assessment,
            controls: self.controls,
            resource: self.resource,
            accounts: self.accounts,
            verdicts: words(&self.verdicts),
            from,
            until,
        };
        let mut out = Sink::new(self.output.as_deref())?;
        find_imported(
            &self.state.existing()?,
            sought,
            self.limit,
            self.format,
            &mut out,
        )?;
        out.finish()?;
        Ok(Outcome::Clean)
    }

    fn times(&self) -> Result<(Option<Timestamp>, Option<Timestamp>), CommandError> {
        let read = |text: &Option<String>, is_last| {
            let text = text.as_deref();
            text.map(|text| moment(text, is_last)).transpose()
        };
        Ok((read(&self.from, false)?, read(&self.to, true)?))
    }

    fn framework(&self) -> Result<Option<Cow<'static, Framework>>, CommandError> {
        let name = self.framework.as_deref();
        name.map(super::super::assess::framework).transpose()
    }

    /// Evidence that is no verdict.
    fn find_other(&self, framework: Option<&Framework>) -> Result<Outcome, CommandError> {
        let of_verdicts = [
            ("--rule", !self.rules.is_empty()),
            ("--resource", self.resource.is_some()),
            ("--type", !self.types.is_empty()),
            ("--verdict", !self.verdicts.is_empty()),
            ("--group-by", self.group_by.is_some()),
        ];
        if let Some((option, _)) = of_verdicts.into_iter().find(|(_, is_given)| *is_given) {
            return Err(CommandError::VerdictsOnly { option });
        }
        let controls = self.controls_of(framework)?;
        let from = self.from.as_deref().map(|text| moment(text, false));
        let until = self.to.as_deref().map(|text| moment(text, true));
        let wanted = OtherEvidence {
            controls,
            accounts: self.accounts.clone(),
            principal: self.principal.clone(),
            from: from.transpose()?,
            until: until.transpose()?,
            limit: self.limit,
            format: self.format,
            output: self.output.as_deref(),
        };
        let place = self.state.existing()?;
        match self.kind {
            Kind::UserActivity => wanted.activity(&place),
            _ => wanted.api_calls(&place),
        }
    }

    /// The controls that are named, or all of the framework; none where no framework is.
    fn controls_of<'f>(
        &self,
        framework: Option<&'f Framework>,
    ) -> Result<Option<Vec<&'f Control>>, CommandError> {
        let Some(framework) = framework else {
            return Ok(None);
        };
        for id in &self.controls {
            if framework.control(id).is_none() {
                let ids = framework.controls.iter().map(|control| control.id.as_str());
                return Err(CommandError::UnknownControl {
                    framework: framework.name.clone(),
                    id: id.clone(),
                    nearest: nearest(ids, id),
                });
            }
        }
        let all = self.controls.is_empty();
        let wanted = framework.controls.iter();
        let wanted = wanted.filter(|control| all || self.controls.contains(&control.id));
        Ok(Some(wanted.collect()))
    }

    fn sought(&self, framework: Option<&Framework>) -> Result<Sought, CommandError> {
        let controls = self.controls_of(framework)?;
        let mut identifiers =
            controls.map(|controls| posture_audit::deciding(controls.into_iter()));
        if !self.rules.is_empty() {
            let mut named = std::collections::BTreeSet::new();
            for name in &self.rules {
                let entry =
                    catalogue::find(name).ok_or_else(|| CommandError::unknown_rule(name))?;
                named.insert(entry.rule.identifier());
            }
            identifiers = Some(match identifiers {
                Some(others) => others.intersection(&named).cloned().collect(),
                None => named,
            });
        }
        let (from, until) = self.times()?;
        Ok(Sought {
            identifiers,
            resource: self.resource.clone(),
            accounts: self.accounts.clone(),
            types: self.types.clone(),
            verdicts: words(&self.verdicts),
            from,
            until,
        })
    }
}

fn words(verdicts: &[Verdict]) -> Vec<String> {
    let words = verdicts.iter().map(|it| it.as_str().to_owned());
    words.collect()
}

/// A time, or the beginning of a date; of the last date, the beginning of the next one.
fn moment(text: &str, is_last: bool) -> Result<Timestamp, CommandError> {
    let refuse = || CommandError::AsOf {
        text: text.to_owned(),
    };
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let mut date: Date = text.parse().map_err(|_| refuse())?;
    if is_last {
        date = date.tomorrow().map_err(|_| refuse())?;
    }
    Offset::UTC
        .to_timestamp(date.at(0, 0, 0, 0))
        .map_err(|_| refuse())
}
