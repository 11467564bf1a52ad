//! The rule that asked, asked again: its resource is recorded anew and the rules that read it are evaluated, as
//! `posture watch` does after an event.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use posture_aws::Client;
use posture_content::packs::{Pack, PackRule};
use posture_engine::Outline;
use posture_model::ResourceType;
use posture_recorder::{Accounts, Entries, Estate, Needs};
use posture_remediation::{Judge, Judging, Plan, RuleFailure, Verdict};
use posture_rules::{ComplianceType, Read, catalogue};
use posture_store::{ItemFilter, Lease, Resource, Store};

use super::super::judgement::{Judgement, Told};
use super::super::watch::EVALUATOR;
use super::super::{CommandError, StatePlace};
use crate::config::{Config, FILE};
use crate::exit::with_causes;
use crate::live::{AwsArguments, needs_of, recorded};

/// How long an evaluation may take, and how often and how long somebody else's is waited for.
const HOLD: SignedDuration = SignedDuration::from_mins(2);
const LOOK: std::time::Duration = std::time::Duration::from_millis(250);
const LOOKS: usize = 480;

/// Who records and evaluates, with the credentials that record: the role of the remediation need not be able to.
pub(super) struct RuleJudge {
    store: Store,
    judgement: Arc<Judgement>,
    needs: Needs,
    client: Client,
    estate: Accounts,
    holder: String,
}

impl fmt::Debug for RuleJudge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuleJudge").finish_non_exhaustive()
    }
}

impl RuleJudge {
    /// The judge of the deployed rules. `asked` is one that is among them, deployed or not.
    pub(super) async fn new(
        config: &Config,
        (store, place): (Store, StatePlace),
        profile: Option<String>,
        asked: Option<&str>,
    ) -> Result<RuleJudge, CommandError> {
        let mut packs = super::super::selection::Selection::of_config().packs(config)?;
        packs.extend(asked.and_then(|rule| undeployed(&packs, rule)));
        let evidence = super::super::evidence::place::EvidencePlace::find(config, &place);
        Ok(RuleJudge {
            needs: needs_of(&packs),
            judgement: Arc::new(Judgement {
                packs,
                exceptions: config.exceptions()?,
                place: place.opened(store.clone()),
                evidence,
            }),
            client: AwsArguments::of_profile(profile).client().await,
            estate: config.accounts()?,
            holder: format!("remediate-{}", std::process::id()),
            store,
        })
    }

    async fn try_judge(&self, plan: &Plan) -> Result<Verdict, CommandError> {
        let Some(failure) = &plan.failure else {
            return Ok(Verdict::unknown("no rule asked".to_owned()));
        };
        let Some(resource_type) = ResourceType::from_name(&failure.resource_type) else {
            let reason = format!("{} is not recorded", failure.resource_type);
            return Ok(Verdict::unknown(reason));
        };
        let types = BTreeSet::from([resource_type]);
        let names = BTreeSet::from([failure.resource_id.clone(), plan.resource_id.clone()]);
        // A fix of one resource may be a change of others: the listeners of a load balancer, the flow logs of a VPC.
        let others = read_beside(&failure.rule_name, resource_type);
        for (types, names) in [(&types, Some(&names)), (&others, None)] {
            if types.is_empty() {
                continue;
            }
            if let Some(reason) = self.record(plan, types, names).await? {
                return Ok(Verdict::unknown(reason));
            }
        }
        let told = self.evaluate(plan, failure, types).await?;
        match worst(told) {
            Some(verdict) => Ok(verdict),
            None => self.of_absent(plan, failure).await,
        }
    }

    /// Records resources of some types anew, those of some names where there are any; why that could not be done.
    async fn record(
        &self,
        plan: &Plan,
        types: &BTreeSet<ResourceType>,
        names: Option<&BTreeSet<String>>,
    ) -> Result<Option<String>, CommandError> {
        let estate = Estate::new(
            self.client.clone(),
            Arc::new(crate::clock::now),
            self.estate.clone(),
        )
        .only_accounts(vec![plan.account_id.clone()])
        .only(vec![plan.aws_region.clone()]);
        let entries = Entries::from(Box::pin(estate.resolve()).await?);
        let needs = self.needs.only(types);
        let record = async |sink| {
            let place = (plan.account_id.as_str(), plan.aws_region.as_str());
            let recorded = entries.record_touched(place, &needs, names, sink);
            Ok(Box::pin(recorded).await?)
        };
        let Some(report) = recorded(&self.store, "reread", record).await? else {
            return Ok(Some(format!("account {} is not recorded", plan.account_id)));
        };
        // A listing that broke off says nothing new; a fact that could not be read is the rule's to tell.
        let is_asked = |name: &str| types.iter().any(|known| known.as_str() == name);
        let mut gaps = report.gaps();
        let broken = gaps.find(|gap| {
            gap.fact.is_empty() && (gap.resource_type.is_empty() || is_asked(gap.resource_type))
        });
        Ok(broken.map(|gap| {
            let action = gap.denied_action.as_ref();
            let reason = gap.reason.clone().unwrap_or_default();
            let allow = action.map_or(String::new(), |action| format!(" (allow {action})"));
            format!("it could not be read again: {reason}{allow}")
        }))
    }

    async fn evaluate(
        &self,
        plan: &Plan,
        failure: &RuleFailure,
        types: BTreeSet<ResourceType>,
    ) -> Result<Vec<Told>, CommandError> {
        let is_in_region = self
            .known(plan, failure)
            .await?
            .iter()
            .any(|known| known.aws_region == failure.aws_region);
        let lease = self.evaluator().await?;
        let (judgement, held) = (Arc::clone(&self.judgement), lease.clone());
        let (account_id, failure) = (plan.account_id.clone(), failure.clone());
        let identifier = identifier(&failure.rule_name);
        let evaluate = move || {
            let is_wanted = |outline: &Outline<'_>| {
                outline.rule.source_identifier == identifier
                    && outline.account_id == account_id
                    && outline.resource_type == failure.resource_type
                    && outline.resource_id == failure.resource_id
                    // One id may be in several Regions, as an account is in all.
                    && (!is_in_region || outline.aws_region == failure.aws_region)
            };
            judgement.evaluate_telling(Some(&types), held, &is_wanted)
        };
        let done = tokio::task::spawn_blocking(evaluate).await;
        let again = Some(Timestamp::UNIX_EPOCH);
        self.store.release_lease(&lease, again).await?;
        let done = done.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
        Ok(done.1)
    }

    /// One process evaluates at a time, `posture watch` among them.
    async fn evaluator(&self) -> Result<Lease, CommandError> {
        for _ in 0..LOOKS {
            let taken = self.store.take_lease(EVALUATOR, &self.holder, HOLD).await?;
            if let Ok(lease) = taken {
                return Ok(lease);
            }
            tokio::time::sleep(LOOK).await;
        }
        let name = EVALUATOR.to_owned();
        Err(CommandError::LeaseLost { name })
    }

    /// What is recorded under the resource's name, in whichever Region.
    async fn known(
        &self,
        plan: &Plan,
        failure: &RuleFailure,
    ) -> Result<Vec<Resource>, CommandError> {
        let filter = ItemFilter {
            accounts: vec![plan.account_id.clone()],
            regions: Vec::new(),
            types: vec![failure.resource_type.clone()],
        };
        let found = self.store.resources_named(&failure.resource_id, &filter);
        Ok(found.await?)
    }

    /// Of what has no verdict: it is gone, or it was never there under this name.
    async fn of_absent(&self, plan: &Plan, failure: &RuleFailure) -> Result<Verdict, CommandError> {
        if self.known(plan, failure).await?.is_empty() {
            let (kind, id) = (&failure.resource_type, &failure.resource_id);
            return Ok(Verdict::unknown(format!("no {kind} {id} is recorded")));
        }
        Ok(Verdict {
            compliance_type: ComplianceType::NotApplicable.as_str().to_owned(),
            reason: "it is not there any more".to_owned(),
        })
    }
}

impl Judge for RuleJudge {
    fn judge<'j>(&'j self, plan: &'j Plan) -> Judging<'j> {
        Box::pin(async move {
            let judged = self.try_judge(plan).await;
            judged.unwrap_or_else(|error| Verdict::unknown(with_causes(&error)))
        })
    }
}

/// The other types that a rule reads.
fn read_beside(rule: &str, own: ResourceType) -> BTreeSet<ResourceType> {
    let reads = catalogue::find(rule).map_or(&[][..], |entry| entry.rule.reads);
    let others = reads.iter().filter_map(|read| match read {
        Read::Own(_) => None,
        Read::Other(other) => Some(other.resource_type),
    });
    others.filter(|other| *other != own).collect()
}

/// A rule that no pack deploys, as a pack of its own.
fn undeployed(packs: &[Pack], rule: &str) -> Option<Pack> {
    let identifier = identifier(rule);
    let mut rules = packs.iter().flat_map(|pack| &pack.rules);
    if rules.any(|known| known.identifier == identifier) {
        return None;
    }
    let rule = PackRule {
        name: rule.to_owned(),
        owner: "AWS".to_owned(),
        identifier,
        ..PackRule::default()
    };
    Some(Pack {
        name: FILE.to_owned(),
        template: FILE.to_owned(),
        rules: vec![rule],
        remediations: Vec::new(),
    })
}

fn identifier(rule: &str) -> String {
    catalogue::find(rule).map_or_else(|| rule.to_owned(), |entry| entry.rule.identifier())
}

/// Of the verdicts of one rule with several sets of parameters, the one that is furthest from a pass.
fn worst(told: Vec<Told>) -> Option<Verdict> {
    let rank = |compliance: ComplianceType| match compliance {
        ComplianceType::NonCompliant => 0,
        ComplianceType::InsufficientData => 1,
        ComplianceType::Compliant => 2,
        ComplianceType::NotApplicable => 3,
    };
    let worst = told
        .into_iter()
        .min_by_key(|(compliance, _)| rank(*compliance));
    worst.map(|(compliance, reason)| Verdict {
        compliance_type: compliance.as_str().to_owned(),
        reason,
    })
}
