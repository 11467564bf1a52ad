//! What the verbs need at hand: the state, AWS, who calls, the documents, what is allowed.

use std::future::Future;
use std::io::{self, Write as _};
use std::path::Path;

use jiff::Timestamp;
use posture_aws::{AssumedRole, Client, Options};
use posture_remediation::{
    Aws, Content, Place, Remediation, RemediationError, Remedy, StoreJournal, Time,
};
use posture_store::{InventoryQuery, ItemFilter, Store};
use serde_json::{Value, json};

use super::super::{CommandError, template};
use super::Where;
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
    /// For a new plan, as a role where one is given.
    Asks(Option<String>),
    /// For a plan that is there: its Region, its role.
    Of(String),
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
        let done = self.state.place()?.with(|store| async move {
            let (api, place, who) = self.call(&store, caller).await?;
            let contract = Remediation {
                api,
                journal: StoreJournal {
                    store,
                    worker: format!("remediate-{}", std::process::id()),
                },
                time: SystemTime,
                content,
                policy,
                place,
            };
            work(contract, who).await
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

    async fn call(
        &self,
        store: &Store,
        caller: Caller,
    ) -> Result<(Aws, Place, String), CommandError> {
        let mut options = Options::default();
        options.region.clone_from(&self.region);
        options.profile.clone_from(&self.profile);
        let mut role = None;
        match caller {
            Caller::Nobody => {
                let client = Client::load(options).await;
                let place = Place {
                    account_id: String::new(),
                    aws_partition: String::new(),
                    aws_region: client.region().to_owned(),
                };
                return Ok((Aws(client), place, String::new()));
            }
            Caller::Asks(asked) => role = asked,
            Caller::Of(plan) => {
                let planned = store.journal(&plan).await?;
                let planned = planned.first().and_then(|row| row.body.get("plan"));
                let text = |pointer: &str| {
                    let found = planned.and_then(|plan| plan.pointer(pointer));
                    found.and_then(Value::as_str).map(str::to_owned)
                };
                options.region = options.region.or_else(|| text("/awsRegion"));
                role = text("/parameters/AutomationAssumeRole").or(role);
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
        Ok((Aws(client), place, who))
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
    let query = InventoryQuery {
        filter: ItemFilter {
            accounts: vec![plan.account_id],
            regions: Vec::new(),
            types: vec![plan.resource_type],
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
