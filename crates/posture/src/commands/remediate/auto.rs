//! `posture remediate auto`: the failures that remediation configurations are about, taken on.

use std::collections::BTreeMap;
use std::io::{self, Write};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use posture_hub::filter::Filters;
use posture_hub::{Hub, HubError, ListOptions};
use posture_remediation::{Content, PlanState, RemediationConfiguration, RunOutcome, Taken};

use super::super::CommandError;
use super::Where;
use super::context::{Caller, Contract, content, population_of};
use super::target::Target;
use crate::config::Config;
use crate::exit::Outcome;
use crate::output::terminal::plain;

/// Failures of one configuration that are taken on in one pass.
const MOST: usize = 1000;

/// What of a pass is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tells {
    /// What became of each failure.
    Everything,
    /// What was planned, run or failed just now.
    News,
}

/// What one pass came to.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    failed: usize,
    unknown: usize,
}

impl Where {
    /// Takes on every open finding that a remediation configuration is about: plans, and runs what may run by itself.
    /// What became of each is written to stderr, a line each; for whoever passes again and again, only news.
    pub(crate) fn pass(&self, by: &str, tells: Tells) -> Result<Outcome, CommandError> {
        let config = Config::load(self.config.as_deref())?;
        let content = content(self.config.as_deref())?;
        let mut all = Count::default();
        for configuration in config.remediation_configurations()? {
            let pass = Pass {
                configuration: &configuration,
                content: &content,
                by,
                tells,
            };
            // One that can't be carried out is no reason to leave out the others.
            if let Err(error) = self.pass_over(&pass, &mut all) {
                all.unknown += 1;
                say(&format!("{}: {error}", configuration.rule_name))?;
            }
        }
        Ok(match all {
            Count { unknown: 1.., .. } => Outcome::Incomplete,
            Count { failed: 1.., .. } => Outcome::Findings,
            Count { .. } => Outcome::Clean,
        })
    }

    /// One configuration, at every place at which its rule fails.
    fn pass_over(&self, pass: &Pass<'_>, all: &mut Count) -> Result<(), CommandError> {
        let mut places: BTreeMap<(String, String), Vec<Target>> = BTreeMap::new();
        for target in self.failing(pass.configuration)? {
            let place = (target.account_id.clone(), target.aws_region.clone());
            places.entry(place).or_default().push(target);
        }
        if places.is_empty() {
            return Ok(());
        }
        pass.content.remedy(&pass.configuration.target_id)?;
        for (place, targets) in places {
            match self.pass_at(pass, &place, targets) {
                Ok(count) => {
                    all.failed += count.failed;
                    all.unknown += count.unknown;
                }
                Err(error) => {
                    all.unknown += 1;
                    let (account_id, aws_region) = &place;
                    let rule = &pass.configuration.rule_name;
                    say(&format!("{rule} {account_id} {aws_region}: {error}"))?;
                }
            }
        }
        Ok(())
    }

    /// The open findings of the configuration's rule, as targets of its document. What is suppressed is none.
    fn failing(
        &self,
        configuration: &RemediationConfiguration,
    ) -> Result<Vec<Target>, CommandError> {
        let open = [
            "RecordState EQUALS ACTIVE",
            "ComplianceStatus EQUALS FAILED",
            "WorkflowStatus EQUALS NEW",
            "WorkflowStatus EQUALS NOTIFIED",
        ];
        let filters = Filters::from_conditions(&open.map(str::to_owned)).map_err(HubError::from)?;
        let options = ListOptions {
            filters,
            limit: usize::MAX,
            is_joined: false,
            people: None,
        };
        self.state.place()?.with(|store| async move {
            let hub = Hub::open(&store).await?;
            let mut targets = Vec::new();
            for finding in hub.list(&options).await?.findings {
                if targets.len() == MOST {
                    break;
                }
                targets.extend(Target::of_configuration(&store, &finding, configuration).await?);
            }
            Ok(targets)
        })
    }

    fn pass_at(
        &self,
        pass: &Pass<'_>,
        (account_id, aws_region): &(String, String),
        targets: Vec<Target>,
    ) -> Result<Count, CommandError> {
        let configuration = pass.configuration;
        let role = configuration.static_value("AutomationAssumeRole", account_id);
        let role = role.and_then(|values| values.into_iter().next());
        let caller = Caller::Asks {
            role,
            region: Some(aws_region.clone()),
            rule: Some(configuration.rule_name.clone()),
        };
        let mut count = Count::default();
        let counted = &mut count;
        self.in_region(aws_region).with(caller, |contract, _| async move {
            let rule = &configuration.rule_name;
            if contract.place.account_id != *account_id {
                let found = &contract.place.account_id;
                counted.unknown += 1;
                say(&format!(
                    "{rule}: account {account_id} is not that of the credentials ({found}); name a role in AutomationAssumeRole"
                ))?;
                return Ok(Outcome::Clean);
            }
            let mut populations = BTreeMap::new();
            for target in &targets {
                let resource_type = &target.failure.resource_type;
                if !populations.contains_key(resource_type) {
                    let of_type = (account_id.clone(), resource_type.clone());
                    let population = population_of(&contract, of_type).await?;
                    populations.insert(resource_type.clone(), population);
                }
            }
            pass.take_all(&contract, &targets, &populations, counted).await?;
            Ok(Outcome::Clean)
        })?;
        Ok(count)
    }
}

/// What a pass has at hand for each failure.
struct Pass<'p> {
    configuration: &'p RemediationConfiguration,
    content: &'p Content,
    by: &'p str,
    tells: Tells,
}

impl Pass<'_> {
    /// Takes failures on, as many at the same time as the configuration says. After too many errors nothing begins any
    /// more; what began ends.
    async fn take_all(
        &self,
        contract: &Contract,
        targets: &[Target],
        populations: &BTreeMap<String, Option<u64>>,
        count: &mut Count,
    ) -> Result<(), CommandError> {
        let total = targets.len();
        let most = self.configuration.error_percentage;
        let is_over = |failed: usize| failed * 100 > total * most as usize;
        let mut waiting = targets.iter();
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < self.configuration.concurrent_runs(total)
                && !is_over(count.failed)
            {
                let Some(target) = waiting.next() else { break };
                let population = populations.get(&target.failure.resource_type);
                let population = population.copied().flatten();
                running.push(self.take(contract, target, population));
            }
            let Some(taken) = running.next().await else {
                break;
            };
            let taken = taken?;
            count.failed += taken.failed;
            count.unknown += taken.unknown;
        }
        if is_over(count.failed) {
            let (rule, failed) = (&self.configuration.rule_name, count.failed);
            say(&format!(
                "{rule}: {failed} of {total} failed, more than {most} %: the others wait"
            ))?;
        }
        Ok(())
    }

    /// Takes one failure on, and tells what became of it.
    async fn take(
        &self,
        contract: &Contract,
        target: &Target,
        population: Option<u64>,
    ) -> Result<Count, CommandError> {
        let mut count = Count::default();
        let taken = match target.subject(self.content) {
            Ok(subject) => {
                let (configuration, failure) = (self.configuration, &target.failure);
                let subject = subject.as_deref();
                let taken = contract.take(configuration, failure, subject, population, self.by);
                taken.await.map_err(CommandError::from)
            }
            Err(error) => Err(error),
        };
        match &taken {
            Ok(Taken::Ran(_, report)) => match report.state {
                PlanState::Ended(RunOutcome::Succeeded | RunOutcome::AlreadyCompliant) => {}
                PlanState::Ended(RunOutcome::Unknown) => {
                    count.unknown += 1;
                    count.failed += 1;
                }
                _ => count.failed += 1,
            },
            Ok(_) => {}
            Err(_) => {
                count.unknown += 1;
                count.failed += 1;
            }
        }
        let is_news = matches!(
            taken,
            Err(_) | Ok(Taken::Ran(..) | Taken::Open { is_new: true, .. })
        );
        if self.tells == Tells::News && !is_news {
            return Ok(count);
        }
        let (rule, resource) = (&self.configuration.rule_name, &target.failure.resource_id);
        say(&format!("{rule} {resource}: {}", in_words(taken)))?;
        Ok(count)
    }
}

fn in_words(taken: Result<Taken, CommandError>) -> String {
    match taken {
        Ok(Taken::Excepted) => "a remediation exception holds".to_owned(),
        Ok(Taken::Open { plan, reasons, .. }) if reasons.is_empty() => {
            format!("{plan} waits for approval")
        }
        Ok(Taken::Open { plan, reasons, .. }) => {
            format!("{plan} waits: {}", reasons.join("; "))
        }
        Ok(Taken::Declined(plan)) => format!("{plan} was denied or undone: not planned again"),
        Ok(Taken::Later(at)) => format!("tried again at {at}"),
        Ok(Taken::AlreadyCompliant) => "it is as it should be already".to_owned(),
        Ok(Taken::Ran(plan, report)) => {
            format!("{plan}  {}  {}", report.state.as_str(), report.reason)
        }
        Err(error) => error.to_string(),
    }
}

fn say(line: &str) -> Result<(), CommandError> {
    Ok(writeln!(io::stderr(), "{}", plain(line))?)
}
