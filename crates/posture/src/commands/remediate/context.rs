//! What the verbs need at hand: the state, AWS, who calls, the documents, what is allowed.

use std::future::Future;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use posture_aws::{AssumedRole, Client, Options};
use posture_remediation::{
    Aws, Beside, Content, Judge, Place, Remediation, RemediationError, Remedy, Starts,
    StoreJournal, Time,
};
use posture_store::{InventoryQuery, ItemFilter, Store};
use serde_json::{Value, json};

use super::super::evidence::place::EvidencePlace;
use super::super::{CommandError, template};
use super::Where;
use super::judge::RuleJudge;
use super::records::Records;
use crate::config::Config;
use crate::exit::Outcome;

/// Remediation, on the recorded state and AWS.
pub(super) type Contract = Remediation<Aws, StoreJournal, SystemTime>;

/// The system's clock.
#[derive(Debug)]
pub(crate) struct SystemTime;

impl Time for SystemTime {
    fn now(&self) -> Timestamp {
        crate::clock::now()
    }

    async fn sleep(&self, seconds: u32) {
        tokio::time::sleep(std::time::Duration::from_secs(u64::from(seconds))).await;
    }
}

/// Whether AWS is called, and for what.
pub(super) enum Caller {
    /// It is not.
    Nobody,
    /// For a new plan.
    Asks {
        /// As this role.
        role: Option<String>,
        /// In this Region, where no other is named.
        region: Option<String>,
        /// For a failure of this rule.
        rule: Option<String>,
    },
    /// For a plan that is there: its Region, its role.
    Of(String),
}

/// AWS, for a plan.
struct Called {
    api: Aws,
    place: Place,
    /// The ARN of the caller.
    who: String,
    /// The rule that asked.
    rule: Option<String>,
}

impl Where {
    /// Does something with remediation. The second argument of the work is the ARN of the caller; empty where AWS is
    /// not called.
    pub(super) fn with<F>(
        &self,
        caller: Caller,
        work: impl FnOnce(Contract, String) -> F,
    ) -> Result<Outcome, CommandError>
    where
        F: Future<Output = Result<Outcome, CommandError>>,
    {
        let config = Config::load(self.config.as_deref())?;
        let policy = config.remediation.policy()?;
        let content = with_own(Content::embedded()?, &config.remediation.documents)?;
        let state = self.state.place()?;
        let evidence = EvidencePlace::find(&config, &state);
        let of_judge = self.state.place()?;
        let done = state.with(|store| async move {
            posture_audit::migrate(&store).await?;
            let calls = !matches!(caller, Caller::Nobody);
            let Called {
                api,
                place,
                who,
                rule,
            } = self.call(&store, caller).await?;
            let mut judge: Option<Arc<dyn Judge>> = None;
            if calls && let Some(rule) = &rule {
                let (profile, of_store) = (self.profile.clone(), (store.clone(), of_judge));
                let of_rule = RuleJudge::new(&config, of_store, profile, Some(rule));
                judge = Some(Arc::new(of_rule.await?));
            }
            let records: Arc<dyn Beside> = Arc::new(Records);
            let contract = Remediation {
                api,
                journal: StoreJournal {
                    store: store.clone(),
                    worker: format!("remediate-{}", std::process::id()),
                    beside: evidence.is_some().then_some(records),
                },
                time: SystemTime,
                content,
                policy,
                place,
                judge,
                starts: Starts::default(),
            };
            let done = work(contract, who).await;
            if let Some(evidence) = evidence {
                evidence.publish(&store, crate::clock::now()).await?;
            }
            done
        });
        match done {
            // AWS was asked and did not tell: not the same as asked wrongly.
            Err(CommandError::Remediation(error)) if is_unread(&error) => {
                writeln!(io::stderr(), "error: {error}")?;
                Ok(Outcome::Incomplete)
            }
            done => done,
        }
    }

    async fn call(&self, store: &Store, caller: Caller) -> Result<Called, CommandError> {
        let mut options = Options::default();
        options.region.clone_from(&self.region);
        options.profile.clone_from(&self.profile);
        let mut role = None;
        let mut rule = None;
        match caller {
            Caller::Nobody => {
                let client = Client::load(options).await;
                let place = Place {
                    account_id: String::new(),
                    aws_partition: String::new(),
                    aws_region: client.region().to_owned(),
                };
                return Ok(Called {
                    api: Aws(client),
                    place,
                    who: String::new(),
                    rule,
                });
            }
            Caller::Asks {
                role: asked,
                region,
                rule: of_rule,
            } => {
                role = asked;
                options.region = options.region.or(region);
                rule = of_rule;
            }
            Caller::Of(plan) => {
                let planned = store.journal(&plan).await?;
                let planned = planned.first().and_then(|row| row.body.get("plan"));
                let text = |pointer: &str| {
                    let found = planned.and_then(|plan| plan.pointer(pointer));
                    found.and_then(Value::as_str).map(str::to_owned)
                };
                options.region = options.region.or_else(|| text("/awsRegion"));
                role = text("/parameters/AutomationAssumeRole").or(role);
                rule = text("/failure/ruleName");
            }
        }
        let mut client = Client::load(options).await;
        if let Some(arn) = role.filter(|arn| !arn.is_empty()) {
            let role = AssumedRole {
                arn,
                session_name: "posture-remediation".to_owned(),
                external_id: None,
            };
            client = client.assuming(&role).await;
        }
        let identity = client.call("sts", "GetCallerIdentity", &json!({})).await?;
        let text = |name| {
            let value = identity.get(name).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        let who = text("Arn");
        let place = Place {
            account_id: text("Account"),
            aws_partition: who.split(':').nth(1).unwrap_or_default().to_owned(),
            aws_region: client.region().to_owned(),
        };
        Ok(Called {
            api: Aws(client),
            place,
            who,
            rule,
        })
    }
}

fn is_unread(error: &RemediationError) -> bool {
    matches!(error, RemediationError::Unread { .. })
}

/// The documents: the embedded ones, and the user's own.
pub(crate) fn content(config: Option<&Path>) -> Result<Content, CommandError> {
    let config = Config::load(config)?;
    with_own(Content::embedded()?, &config.remediation.documents)
}

/// The documents of folders, `<name>.document.yaml` with `<name>.safety.yaml`, in the place of others of their names.
fn with_own(mut content: Content, folders: &[String]) -> Result<Content, CommandError> {
    for folder in folders {
        let failed = |cause| CommandError::List {
            path: folder.clone(),
            cause,
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let file = entry.map_err(failed)?.file_name();
            let file = file.to_string_lossy().into_owned();
            names.extend(file.strip_suffix(".document.yaml").map(str::to_owned));
        }
        names.sort();
        for name in names {
            let document = template(&format!("{folder}/{name}.document.yaml"))?;
            let safety = template(&format!("{folder}/{name}.safety.yaml"))?;
            content.add(Remedy::parse(&name, &document, &safety, false)?);
        }
    }
    Ok(content)
}

/// How many resources of the plan's type are recorded in its account; nothing where none are.
pub(super) async fn population(
    contract: &Contract,
    plan: &str,
) -> Result<Option<u64>, CommandError> {
    let plan = contract.show(plan).await?.plan;
    population_of(contract, (plan.account_id, plan.resource_type)).await
}

/// How many resources of an account and a type are recorded; nothing where none are.
pub(super) async fn population_of(
    contract: &Contract,
    (account_id, resource_type): (String, String),
) -> Result<Option<u64>, CommandError> {
    let query = InventoryQuery {
        filter: ItemFilter {
            accounts: vec![account_id],
            regions: Vec::new(),
            types: vec![resource_type],
        },
        ..InventoryQuery::default()
    };
    let now = crate::clock::now();
    let store = &contract.journal.store;
    let mut items = store.inventory(query, now, Timestamp::MAX).await?;
    let mut count = 0;
    while items.next().await?.is_some() {
        count += 1;
    }
    Ok((count > 0).then_some(count))
}

#[cfg(test)]
mod tests {
    use posture_remediation::Policy;

    use super::*;

    #[test]
    fn without_a_configuration_one_other_person_approves() {
        let policy = Config::default().remediation.policy().unwrap();
        assert_eq!(policy, Policy::default());
        assert_eq!(policy.quorum, 1);
        assert!(policy.automatic.is_empty());
    }
}
