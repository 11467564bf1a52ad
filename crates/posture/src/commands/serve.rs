//! `posture serve`.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use posture_aws::{Client, Options};
use posture_notify::Secrets;
use posture_remediation::{
    Aws, Beside, Content, Place, PlanState, Policy, Record, Remediation, RemediationError, Starts,
    StoreJournal,
};
use posture_store::Store;
use posture_web::{Backend, Web, Word};
use tokio::net::TcpListener;

use super::CommandError;
use super::evidence::place::EvidencePlace;
use super::notifications::{environment, holder};
use super::remediate::{Records, SystemTime, content};
use super::state::StateArgument;
use super::watch::Stop;
use crate::config::Config;
use crate::exit::Outcome;
use crate::output::terminal::plain;

/// Answers over HTTP: /healthz, and the buttons of Slack messages at /slack/interactions.
///
/// It speaks plain HTTP: put what ends TLS before it. An interrupt or SIGTERM ends it.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Where it listens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    state: StateArgument,
    /// The configuration. Default: posture.yaml here, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// The state, and who may say what.
struct Approvals {
    contract: Remediation<Aws, StoreJournal, SystemTime>,
}

/// Why, in the journal.
const REASON: &str = "denied in Slack";

impl Serve {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let config = Config::load(self.config.as_deref())?;
        let policy = config.remediation.policy()?;
        let content = content(self.config.as_deref())?;
        let slack = config.serve.slack();
        let state = self.state.place()?;
        // What is said here is evidence; whoever next publishes the log publishes it.
        let is_evidence = EvidencePlace::find(&config, &state).is_some();
        state.with(|store| async move {
            posture_audit::migrate(&store).await?;
            let mut stop = Stop::listen()?;
            let listener = TcpListener::bind(self.listen).await?;
            let address = listener.local_addr()?;
            let client = Client::load(Options::default()).await;
            let secrets = Secrets::new(environment(), client.clone());
            let approvals = Approvals {
                contract: contract(journal(store, is_evidence), client, policy, content),
            };
            let web = Web::new(approvals, slack, secrets, Arc::new(crate::clock::now));
            writeln!(io::stderr(), "listening on http://{address}")?;
            posture_web::serve(listener, web, async move { stop.wished().await }).await?;
            Ok(Outcome::Clean)
        })
    }
}

/// The contract, for words on plans: it calls nothing of AWS.
fn contract(
    journal: StoreJournal,
    client: Client,
    policy: Policy,
    content: Content,
) -> Remediation<Aws, StoreJournal, SystemTime> {
    Remediation {
        place: Place {
            account_id: String::new(),
            aws_partition: String::new(),
            aws_region: client.region().to_owned(),
        },
        api: Aws(client),
        journal,
        time: SystemTime,
        content,
        policy,
        judge: None,
        starts: Starts::default(),
    }
}

fn journal(store: Store, is_evidence: bool) -> StoreJournal {
    let records: Arc<dyn Beside> = Arc::new(Records);
    StoreJournal {
        store,
        worker: format!("serve {}", holder()),
        beside: is_evidence.then_some(records),
    }
}

impl Approvals {
    async fn decided(&self, plan: &str, by: &str, word: Word) -> Result<Record, RemediationError> {
        let is_waiting = self.contract.show(plan).await?.state == PlanState::Waiting;
        match (word, is_waiting) {
            (Word::Approve, true) => self.contract.answer(plan, by, true).await,
            (Word::Approve, false) => self.contract.approve(plan, by).await,
            (Word::Deny, true) => self.contract.answer(plan, by, false).await,
            (Word::Deny, false) => self.contract.deny(plan, by, REASON).await,
        }
    }
}

impl Backend for Approvals {
    async fn is_well(&self) -> bool {
        let store = &self.contract.journal.store;
        store.count_leases("health").await.is_ok()
    }

    async fn decide(&self, plan: &str, by: &str, word: Word) -> Result<String, String> {
        // At the command line a name is said; here a button is in a channel that anybody may join.
        if self.contract.policy.approvers.is_empty() {
            return Err(format!(
                "posture.yaml names no approvers; name {by:?} under remediation.approvers"
            ));
        }
        let record = self.decided(plan, by, word).await;
        let record = record.map_err(|error| plain(&error.to_string()))?;
        let approved: Vec<&str> = record.approved_by.iter().map(String::as_str).collect();
        let (id, state) = (&record.plan.plan_id, record.state.as_str());
        Ok(match (word, approved.as_slice()) {
            (Word::Deny, _) | (_, []) => format!("{id}: {state}, by {by}"),
            (Word::Approve, approved) => {
                let quorum = self.contract.policy.quorum;
                let (count, names) = (approved.len(), approved.join(", "));
                format!("{id}: approved by {names} ({count} of {quorum})")
            }
        })
    }
}
