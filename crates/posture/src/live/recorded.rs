//! Recording, from a command.

use std::io::Write as _;
use std::sync::Arc;

use posture_engine::Input;
use posture_recorder::policy::organization_actions;
use posture_recorder::{Accounts, Estate, Needs, Plan, Progress, RecordError, Report};
use posture_store::Store;

use super::AwsArguments;
use super::nothing::Nothing;
use super::progress::showing;
use super::spool::Spool;
use super::stored::recorded;
use crate::commands::{CommandError, StatePlace};
use crate::sink::Sink;

/// What is wanted of AWS.
pub(crate) struct Wanted<'w> {
    pub(crate) arguments: &'w AwsArguments,
    pub(crate) needs: Needs,
    /// Which accounts there are.
    pub(crate) estate: Accounts,
    pub(crate) accounts: &'w [String],
    pub(crate) regions: &'w [String],
}

impl Wanted<'_> {
    pub(crate) fn plan(&self) -> Plan {
        if self.arguments.all {
            Plan::new(&Needs::everything())
        } else {
            Plan::new(&self.needs)
        }
    }

    /// Records, and shows how far it is.
    async fn record<S: posture_recorder::Sink>(&self, sink: Arc<S>) -> Result<Report, RecordError> {
        let client = self.arguments.client().await;
        let progress = Arc::new(Progress::default());
        let clock = Arc::new(crate::clock::now);
        let estate = Estate::new(client.clone(), clock, self.estate.clone())
            .only_accounts(self.accounts.to_vec())
            .only(self.regions.to_vec())
            .telling(Arc::clone(&progress));
        let plan = self.plan();
        Box::pin(showing(&client, &progress, estate.record(&plan, sink))).await
    }
}

/// Records for this once: an input of the engine.
pub(crate) fn spooled(wanted: &Wanted<'_>) -> Result<(Input, Report), CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let spool = Spool::new()?;
    let report = runtime.block_on(async {
        let report = wanted.record(Arc::new(spool.clone())).await?;
        Ok::<Report, CommandError>(report)
    })?;
    let file = Arc::new(spool.finish()?);
    Ok((Input::Open("aws".to_owned(), file), report))
}

/// Records for nothing but how far everything can be read.
pub(crate) fn checked(wanted: &Wanted<'_>) -> Result<Report, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(wanted.record(Arc::new(Nothing)))?)
}

/// Records into the state.
pub(crate) fn into_state(wanted: &Wanted<'_>, place: &StatePlace) -> Result<Report, CommandError> {
    place.with(|store: Store| async move {
        let record = async |sink| Ok(wanted.record(sink).await?);
        recorded(&store, "record-aws", record).await
    })
}

/// Writes which calls would be made.
pub(crate) fn write_plan(wanted: &Wanted<'_>) -> Result<(), CommandError> {
    let plan = wanted.plan();
    let mut out = Sink::new(None)?;
    write_accounts(wanted, &mut out)?;
    let calls = plan.calls();
    let width = calls.iter().map(|call| call.operation.len()).max();
    let width = width.unwrap_or_default();
    let mut service = "";
    for call in &calls {
        if call.service != service {
            service = call.service;
            match plan.ceilings().get(service) {
                Some(rate) => writeln!(out, "{service}, at most {rate} calls a second")?,
                None => writeln!(out, "{service}")?,
            }
        }
        let (operation, action) = (call.operation, &call.action);
        let (resource_type, how_often) = (call.resource_type.as_str(), call.how_often);
        writeln!(
            out,
            "  {operation:width$}  {how_often:18}  {resource_type}  ({action})"
        )?;
    }
    out.finish()?;
    Ok(())
}

/// Which accounts would be read, where it is not that of the credentials alone.
fn write_accounts(wanted: &Wanted<'_>, out: &mut Sink) -> std::io::Result<()> {
    let is_wanted = |id: &String| wanted.accounts.is_empty() || wanted.accounts.contains(id);
    match &wanted.estate {
        Accounts::Own => Ok(()),
        Accounts::Listed(accounts) => {
            let ids = accounts.iter().map(|account| &account.account_id);
            let mut ids: Vec<&str> = ids.filter(|id| is_wanted(id)).map(String::as_str).collect();
            ids.sort_unstable();
            let (count, ids) = (ids.len(), ids.join(", "));
            writeln!(out, "in each of {count} accounts: {ids}")
        }
        Accounts::Organization(_) => {
            writeln!(out, "once, to find the accounts of the organization")?;
            for action in organization_actions() {
                writeln!(out, "  ({action})")?;
            }
            writeln!(out, "in each of its accounts that is active and chosen")
        }
    }
}
