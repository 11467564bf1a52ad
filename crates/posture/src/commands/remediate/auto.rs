//! `posture remediate auto`: the failures that remediation configurations are about, taken on.

use std::collections::BTreeMap;
use std::io::{self, Write};

use posture_hub::filter::Filters;
use posture_hub::{Hub, HubError, ListOptions};
use posture_remediation::{
    Content, ParameterValue, PlanState, RemediationConfiguration, RunOutcome, Taken,
};

use super::super::CommandError;
use super::Where;
use super::context::{Caller, Contract, content, population_of};
use super::target::Target;
use crate::config::Config;
use crate::exit::Outcome;
use crate::output::terminal::plain;

/// Failures of one configuration that are taken on in one pass.
const MOST: usize = 1000;

/// What one pass came to.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    taken: usize,
    failed: usize,
    unknown: usize,
}

impl Where {
    /// Takes on every open finding that a remediation configuration is about: plans, and runs what may run by itself.
    /// What became of each is written to stderr, a line each.
    pub(crate) fn pass(&self, by: &str) -> Result<Outcome, CommandError> {
        let config = Config::load(self.config.as_deref())?;
        let content = content(self.config.as_deref())?;
        let mut all = Count::default();
        for configuration in config.remediation_configurations()? {
            let found = self.failing(&content, &configuration)?;
            let mut places: BTreeMap<(String, String), Vec<Target>> = BTreeMap::new();
            for target in found {
                let place = (target.account_id.clone(), target.aws_region.clone());
                places.entry(place).or_default().push(target);
            }
            for (place, targets) in places {
                let count = self.pass_at(&configuration, &content, &place, targets, by)?;
                all.taken += count.taken;
                all.failed += count.failed;
                all.unknown += count.unknown;
            }
        }
        Ok(match all {
            Count { unknown: 1.., .. } => Outcome::Incomplete,
            Count { failed: 1.., .. } => Outcome::Findings,
            _ => Outcome::Clean,
        })
    }

    /// The open findings of the configuration's rule, as targets of its document. What is suppressed is none.
    fn failing(
        &self,
        content: &Content,
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
        };
        let found = self.state.place()?.with(|store| async move {
            let hub = Hub::open(&store).await?;
            let mut targets = Vec::new();
            for finding in hub.list(&options).await?.findings {
                if targets.len() == MOST {
                    break;
                }
                targets.extend(Target::of_configuration(&store, &finding, configuration).await?);
            }
            Ok(targets)
        })?;
        content.remedy(&configuration.target_id)?;
        Ok(found)
    }

    fn pass_at(
        &self,
        configuration: &RemediationConfiguration,
        content: &Content,
        (account_id, aws_region): &(String, String),
        targets: Vec<Target>,
        by: &str,
    ) -> Result<Count, CommandError> {
        let role = match configuration.parameters.get("AutomationAssumeRole") {
            Some(ParameterValue::Static(values)) => values.first().cloned(),
            _ => None,
        };
        let caller = Caller::Asks {
            role,
            region: Some(aws_region.clone()),
            rule: Some(configuration.rule_name.clone()),
        };
        let here = self.in_region(aws_region);
        let mut count = Count::default();
        let counted = &mut count;
        here.with(caller, |contract, _| async move {
            if contract.place.account_id != *account_id {
                let found = &contract.place.account_id;
                counted.unknown += 1;
                say(&format!(
                    "{}: account {account_id} is not that of the credentials ({found}); name a role in AutomationAssumeRole",
                    configuration.rule_name
                ))?;
                return Ok(Outcome::Clean);
            }
            let total = targets.len();
            for target in targets {
                take(&contract, (configuration, content), &target, by, counted).await?;
                let most = total * configuration.error_percentage as usize;
                if counted.failed * 100 > most {
                    say(&format!(
                        "{}: {} of {total} failed, more than {} %: the others wait",
                        configuration.rule_name, counted.failed, configuration.error_percentage
                    ))?;
                    break;
                }
            }
            Ok(Outcome::Clean)
        })?;
        Ok(count)
    }
}

/// One failure, and a line of what became of it.
async fn take(
    contract: &Contract,
    (configuration, content): (&RemediationConfiguration, &Content),
    target: &Target,
    by: &str,
    count: &mut Count,
) -> Result<(), CommandError> {
    let resource = target.failure.resource_id.clone();
    let subject = target.subject(content)?;
    let of_type = (
        target.account_id.clone(),
        target.failure.resource_type.clone(),
    );
    let population = population_of(contract, of_type).await?;
    let taken = contract.take(
        configuration,
        &target.failure,
        subject.as_deref(),
        population,
        by,
    );
    count.taken += 1;
    let words = match taken.await {
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
            match report.state {
                PlanState::Ended(RunOutcome::Succeeded | RunOutcome::AlreadyCompliant) => {}
                PlanState::Ended(RunOutcome::Unknown) => {
                    count.unknown += 1;
                    count.failed += 1;
                }
                _ => count.failed += 1,
            }
            format!("{plan}  {}  {}", report.state.as_str(), report.reason)
        }
        Err(error) => {
            count.unknown += 1;
            count.failed += 1;
            error.to_string()
        }
    };
    say(&format!("{} {resource}: {words}", configuration.rule_name))
}

fn say(line: &str) -> Result<(), CommandError> {
    Ok(writeln!(io::stderr(), "{}", plain(line))?)
}
