//! Several accounts, some at a time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use posture_aws::{AssumedRole, Client};
use posture_model::{CoverageState, Partition};

use super::{Account, Accounts, organization};
use crate::coverage::{Coverage, Outcome};
use crate::error::RecordError;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::run::{Clock, Recorder, Report};
use crate::sink::Sink;

/// How many accounts are recorded at a time.
const AT_ONCE: usize = 4;
/// How many listings are made at a time in each, where there are several.
const LISTINGS: usize = 12;
/// How long it may take to say who asks, the assuming of the role included.
const ENTRY: Duration = Duration::from_secs(10);
/// What the trails of the accounts show.
const SESSION: &str = "posture";

/// The accounts that are recorded.
#[derive(Clone)]
pub struct Estate {
    client: Client,
    clock: Clock,
    accounts: Accounts,
    only: Vec<String>,
    regions: Vec<String>,
    progress: Arc<Progress>,
}

/// Accounts, each with the recorder that enters it, and those that are left out.
#[derive(Debug, Default)]
pub struct Resolved {
    /// Account ids and their recorders, sorted. Nobody has tried yet whether they can be entered.
    pub recorders: Vec<(String, Recorder)>,
    /// Accounts that can't be recorded as they are, such as those that are suspended; the listing
    /// of the organization itself, of no account, where it could not be read.
    pub left_out: Vec<Coverage>,
}

impl Estate {
    /// These accounts, from the account of this client.
    pub fn new(client: Client, clock: Clock, accounts: Accounts) -> Estate {
        Estate {
            client,
            clock,
            accounts,
            only: Vec::new(),
            regions: Vec::new(),
            progress: Arc::default(),
        }
    }

    /// Says there how far it is.
    #[must_use]
    pub fn telling(mut self, progress: Arc<Progress>) -> Estate {
        self.progress = progress;
        self
    }

    /// Only these of the accounts, or all where there are none.
    #[must_use]
    pub fn only_accounts(mut self, accounts: Vec<String>) -> Estate {
        self.only = accounts;
        self
    }

    /// Only these Regions, or all where there are none; global resources are recorded all the same.
    #[must_use]
    pub fn only(mut self, regions: Vec<String>) -> Estate {
        self.regions = regions;
        self
    }

    /// Finds the accounts, and a recorder for each.
    ///
    /// # Errors
    /// Where nobody says whose the credentials are, and where an account is wanted that is not there.
    pub async fn resolve(&self) -> Result<Resolved, RecordError> {
        let own = Recorder::new(self.client.clone(), Arc::clone(&self.clock));
        let own = own
            .only(self.regions.clone())
            .telling(Arc::clone(&self.progress));
        let own_id = own.account_id().await?;
        let mut resolved = Resolved::default();
        let accounts = match &self.accounts {
            Accounts::Own if self.only.is_empty() || self.only.contains(&own_id) => {
                resolved.recorders.push((own_id, own));
                return Ok(resolved);
            }
            Accounts::Own => return Err(RecordError::OtherAccount { account_id: own_id }),
            Accounts::Listed(accounts) => accounts.clone(),
            Accounts::Organization(chosen) => {
                let client = own.home_client();
                let client = client.in_region(Partition::of(client.region()).home_region);
                let members = organization::members(&client, chosen, &own_id).await;
                let members = match members {
                    Ok(members) => members,
                    Err(outcome) => {
                        resolved.left_out.push(outcome.row(("", ""), None, ""));
                        return Ok(resolved);
                    }
                };
                for (account_id, state) in members.inactive {
                    if self.is_wanted(&account_id) {
                        let outcome = Outcome::failed(CoverageState::Disabled, "", &state);
                        let row = outcome.row((&account_id, ""), None, "");
                        resolved.left_out.push(row);
                    }
                }
                for account_id in members.unknown {
                    let code = "NotInOrganization";
                    let outcome = Outcome::failed(CoverageState::Unreachable, "", code);
                    let row = outcome.row((&account_id, ""), None, "");
                    resolved.left_out.push(row);
                }
                members.active
            }
        };
        self.check(&accounts, &resolved.left_out)?;
        for account in accounts {
            if !self.is_wanted(&account.account_id) {
                continue;
            }
            let recorder = self.recorder(&own, &own_id, &account).await?;
            resolved.recorders.push((account.account_id, recorder));
        }
        resolved.recorders.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(resolved)
    }

    fn is_wanted(&self, account_id: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == account_id)
    }

    /// Whoever asks for an account that is not there is told so.
    fn check(&self, accounts: &[Account], left_out: &[Coverage]) -> Result<(), RecordError> {
        let known: BTreeSet<&str> = accounts
            .iter()
            .map(|account| account.account_id.as_str())
            .chain(left_out.iter().map(|row| row.account_id.as_str()))
            .collect();
        match self.only.iter().find(|only| !known.contains(only.as_str())) {
            Some(unknown) => Err(RecordError::UnknownAccount {
                account_id: unknown.clone(),
            }),
            None => Ok(()),
        }
    }

    async fn recorder(
        &self,
        own: &Recorder,
        own_id: &str,
        account: &Account,
    ) -> Result<Recorder, RecordError> {
        let base = own.home_client();
        let client = match &account.role {
            Some(role) => {
                let partition = Partition::of(base.region()).id;
                base.assuming(&AssumedRole {
                    arn: role.arn(partition, &account.account_id),
                    session_name: SESSION.to_owned(),
                    external_id: account.external_id.clone(),
                })
                .await
            }
            None if account.account_id == own_id => base,
            None => {
                return Err(RecordError::NoRole {
                    account_id: account.account_id.clone(),
                    own: own_id.to_owned(),
                });
            }
        };
        let recorder = Recorder::new(client, Arc::clone(&self.clock));
        let recorder = recorder.telling(Arc::clone(&self.progress));
        Ok(match (&*account.regions, &*self.regions) {
            ([], regions) | (regions, []) => recorder.only(regions.to_vec()),
            (regions, narrowed) => {
                let both = regions.iter().filter(|region| narrowed.contains(region));
                recorder.exactly(both.cloned().collect())
            }
        })
    }

    /// Records everything in a plan, in every account, some at a time.
    ///
    /// # Errors
    /// Where the accounts aren't known or the sink fails. An account that can't be entered is
    /// coverage, and stops no other.
    pub async fn record<S: Sink>(&self, plan: &Plan, sink: Arc<S>) -> Result<Report, RecordError> {
        let resolved = self.resolve().await?;
        let is_alone = matches!(self.accounts, Accounts::Own);
        let mut report = Report {
            accounts: Vec::new(),
            coverage: resolved.left_out,
        };
        let entries = resolved
            .recorders
            .into_iter()
            .map(|(account_id, recorder)| {
                let sink = Arc::clone(&sink);
                let entry = async move {
                    if is_alone {
                        // Its credentials have just said whose they are.
                        return recorder.record_as(account_id, plan, sink).await;
                    }
                    let recorder = recorder.listings(LISTINGS);
                    match enter(&recorder, &account_id).await {
                        Ok(()) => recorder.record_as(account_id, plan, sink).await,
                        Err(outcome) => Ok(Report {
                            accounts: Vec::new(),
                            coverage: vec![outcome.row((&account_id, ""), None, "")],
                        }),
                    }
                };
                Box::pin(entry)
            });
        let mut recorded = stream::iter(entries).buffer_unordered(AT_ONCE);
        while let Some(account) = recorded.next().await {
            report.add(account?);
        }
        report.sort();
        Ok(report)
    }
}

/// Whether an account can be entered, and is the one that it should be.
pub(super) async fn enter(recorder: &Recorder, account_id: &str) -> Result<(), Outcome> {
    let action = "sts:AssumeRole";
    let failed = |code| Err(Outcome::failed(CoverageState::Unreachable, action, code));
    match tokio::time::timeout(ENTRY, recorder.account_id()).await {
        Ok(Ok(entered)) if entered == account_id => Ok(()),
        Ok(Ok(_)) => failed("OtherAccount"),
        Ok(Err(RecordError::Account(error))) => {
            let action = "sts:GetCallerIdentity".to_owned();
            Err(Outcome::of_error(&error, action, &[]))
        }
        Ok(Err(_)) => failed("NoAnswer"),
        Err(_) => failed("Timeout"),
    }
}

impl std::fmt::Debug for Estate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the external ids.
        f.debug_struct("Estate")
            .field("only", &self.only)
            .field("regions", &self.regions)
            .finish_non_exhaustive()
    }
}
