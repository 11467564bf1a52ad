//! The recorded state at the command line: where it is, and what commands need of it.

use std::collections::BTreeSet;
use std::fs::File;
use std::future::Future;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use posture_audit::{RunDocument, RunRecord, verdict_root};
use posture_engine::{Filter, Input, Listed, Packed, Row, Scan, ScanError};
use posture_ledger::Schedule;
use posture_model::ResourceType;
use posture_store::{
    Clock, EvaluatedRule, ItemFilter, Lease, Location, Scope, Store, Verdict, VerdictChange,
    unpack_item,
};
use tokio::runtime::Handle;

use super::CommandError;
use super::evidence::place::EvidencePlace;
use super::scan::clock;
use crate::live::listed_of_state;

/// Where the state is.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct StateArgument {
    /// Where the state is: a folder, a .db file or postgres://… Default: posture in
    /// XDG_STATE_HOME, which is ~/.local/state.
    #[arg(long, value_name = "DIR|URL")]
    state: Option<String>,
}

impl StateArgument {
    /// The place, whether or not there is a state yet.
    pub(crate) fn place(&self) -> Result<StatePlace, CommandError> {
        StatePlace::at(&self.text()?)
    }

    /// The place of a state that is there.
    pub(crate) fn existing(&self) -> Result<StatePlace, CommandError> {
        StatePlace::existing(&self.text()?)
    }

    fn text(&self) -> Result<String, CommandError> {
        let default = || crate::config::default_state().ok_or(CommandError::NoHome);
        self.state.clone().map_or_else(default, Ok)
    }
}

/// A place of state.
pub(crate) struct StatePlace {
    location: Location,
    clock: Clock,
    /// Where somebody has opened it already: the store, and who runs its work.
    opened: Option<(Store, Handle)>,
}

impl StatePlace {
    pub(crate) fn at(text: &str) -> Result<StatePlace, CommandError> {
        Ok(StatePlace {
            location: Location::read(text)?,
            clock: Arc::new(crate::clock::now),
            opened: None,
        })
    }

    /// The place of a state that is there: to look at one makes none.
    pub(crate) fn existing(text: &str) -> Result<StatePlace, CommandError> {
        let place = StatePlace::at(text)?;
        match &place.location {
            Location::File(file) if !file.exists() => Err(CommandError::NoState {
                place: text.to_owned(),
            }),
            _ => Ok(place),
        }
    }

    /// The same place, whose store is open. What is done there is not to be asked for by a task of
    /// the runtime that this is called in, but by a thread that may block.
    pub(crate) fn opened(self, store: Store) -> StatePlace {
        let opened = Some((store, Handle::current()));
        StatePlace { opened, ..self }
    }

    /// The same place, where it is another time.
    pub(crate) fn with_clock(self, clock: Clock) -> StatePlace {
        StatePlace { clock, ..self }
    }

    /// What time it is there.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(crate) fn name(&self) -> String {
        self.location.to_string()
    }

    /// The folder of a state that is a file.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        match &self.location {
            Location::File(file) => file.parent().map(PathBuf::from),
            Location::Postgres(_) => None,
        }
    }

    /// Opens the state, where it is not open, and does something with it.
    pub(crate) fn with<T, F>(&self, work: impl FnOnce(Store) -> F) -> Result<T, CommandError>
    where
        F: Future<Output = Result<T, CommandError>>,
    {
        if let Some((store, runtime)) = &self.opened {
            return runtime.block_on(work(store.clone()));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let store = Store::open(&self.location, Arc::clone(&self.clock)).await?;
            let done = work(store.clone()).await;
            store.close().await;
            done
        })
    }

    /// The items that were there at `as_of`, as an input of the engine: as they are kept, in a file
    /// without a name, which is gone with this process.
    pub(crate) fn items(
        &self,
        filter: &Filter,
        as_of: Timestamp,
        known_at: Timestamp,
    ) -> Result<Input, CommandError> {
        self.items_of(&filter.accounts, None, as_of, known_at)
    }

    /// The same of these accounts, and of these types only, where any are named.
    pub(crate) fn items_of(
        &self,
        accounts: &[String],
        types: Option<&BTreeSet<ResourceType>>,
        as_of: Timestamp,
        known_at: Timestamp,
    ) -> Result<Input, CommandError> {
        let names = types.into_iter().flatten();
        let filter = ItemFilter {
            accounts: accounts.to_vec(),
            // What belongs to no Region is wanted wherever the scan is narrowed to: it decides.
            regions: Vec::new(),
            types: names.map(|known| known.as_str().to_owned()).collect(),
        };
        let file = self.with(|store| async move {
            let mut file = tempfile::tempfile()?;
            let mut snapshot = store.snapshot(&filter, as_of, known_at).await?;
            while let Some(part) = snapshot.next().await? {
                file.write_all(&part)?;
            }
            Ok::<File, CommandError>(file)
        })?;
        let packed = Packed {
            file: Arc::new(file),
            unpack: unpack_item,
        };
        Ok(Input::Packed("state".to_owned(), packed))
    }

    /// The listings that were made by `as_of`: which types are recorded, and where they broke off.
    pub(crate) fn listed(
        &self,
        as_of: Timestamp,
        known_at: Timestamp,
    ) -> Result<Vec<Listed>, CommandError> {
        let rows = self.with(|store| async move { Ok(store.coverage(as_of, known_at).await?) })?;
        Ok(listed_of_state(&rows))
    }

    /// Keeps what changed of the verdicts since the last evaluation of these rules, and returns it. With an evidence log, the run is recorded there too; an evaluation of a few types that
    /// changes nothing is no run.
    pub(crate) fn keep_verdicts(
        &self,
        scanned: &Scan<'_>,
        kept: Kept<'_>,
    ) -> Result<Vec<VerdictChange>, CommandError> {
        let rules: Vec<EvaluatedRule> = scanned
            .rules
            .iter()
            .map(|rule| EvaluatedRule {
                rule_name: rule.rule_name.clone(),
                source_identifier: rule.source_identifier.clone(),
                parameters: rule.parameters.clone(),
            })
            .collect();
        let verdicts = scanned.outlines().map(|outline| Verdict {
            scope: Scope::new(
                outline.account_id,
                outline.aws_region,
                outline.resource_type,
            ),
            resource_id: outline.resource_id.to_owned(),
            rule: outline.rule_index as usize,
            compliance_type: outline.compliance_type.as_str(),
        });
        self.with(|store| async move {
            posture_audit::migrate(&store).await?;
            let mut changes = store.verdict_changes(&rules, verdicts).await?;
            let wanted: BTreeSet<u64> = changes.iter().filter_map(|change| change.number).collect();
            // Both are in the order of their numbers.
            let mut left = changes.iter_mut();
            let reason = |row: &Row<'_>| (row.number, row.annotation());
            scanned.stream_numbered(&wanted, &reason, &mut |made| {
                for (number, reason) in made {
                    if let Some(change) = left.find(|change| change.number == Some(number)) {
                        change.reason = reason;
                    }
                }
                Ok::<(), ScanError>(())
            })?;
            if kept.only.is_none() || !changes.is_empty() {
                keep_run(&store, scanned, &changes, &kept).await?;
            }
            if kept.has_findings {
                super::findings::keep(&store, scanned).await?;
            }
            if let Some(evidence) = kept.evidence {
                evidence.publish(&store, self.now()).await?;
            }
            Ok(changes)
        })
    }
}

async fn keep_run(
    store: &Store,
    scanned: &Scan<'_>,
    changes: &[VerdictChange],
    kept: &Kept<'_>,
) -> Result<(), CommandError> {
    let mut recording = store.begin_run("evaluate").await?;
    if let Some(lease) = &kept.lease {
        recording = recording.under(lease.clone());
    }
    recording.write_verdicts(scanned.now(), changes).await?;
    let coverage = store.coverage(scanned.now(), Timestamp::MAX).await?;
    let mut document = RunDocument::of(scanned, &coverage)?;
    if let Some(types) = kept.only {
        document.limit_to(types);
    }
    let run = RunRecord {
        run: recording.id(),
        document: &document,
        root: verdict_root(scanned),
        changes,
        evaluated_at: scanned.now(),
        schedule: kept.schedule.clone(),
    };
    let statements = run.statements(store, kept.evidence.is_some()).await?;
    Ok(recording.end_with("finished", statements).await?)
}

/// What is kept of a scan beside its verdicts.
#[derive(Debug, Default)]
pub(crate) struct Kept<'k> {
    /// The evidence log in which the run is recorded.
    pub(crate) evidence: Option<&'k EvidencePlace>,
    /// The schedule that the run keeps.
    pub(crate) schedule: Option<Schedule>,
    /// Whether the hub takes its findings.
    pub(crate) has_findings: bool,
    /// The types that the scan was limited to.
    pub(crate) only: Option<&'k BTreeSet<ResourceType>>,
    /// What has to be held while something is written.
    pub(crate) lease: Option<Lease>,
}

/// `--known-at`, or the end of time: everything that is recorded.
pub(crate) fn known_at(text: Option<&str>) -> Result<Timestamp, CommandError> {
    match text {
        Some(text) => clock(Some(text)),
        None => Ok(Timestamp::MAX),
    }
}

/// Accounts, Regions and types that narrow a command.
#[derive(Debug, clap::Args)]
pub(crate) struct Narrow {
    /// Only this account; repeatable.
    #[arg(long = "account", value_name = "ID")]
    accounts: Vec<String>,
    /// Only this Region; repeatable. `global` is that of what has none.
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// Only resources of this type; repeatable.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
}

impl Narrow {
    pub(crate) fn filter(&self) -> ItemFilter {
        ItemFilter {
            accounts: self.accounts.clone(),
            regions: self.regions.clone(),
            types: self.types.clone(),
        }
    }
}
