//! A simulated quarter: daily runs over the sample estate, with drift, fixes, a listing that was
//! denied, and an outage. The clock is the simulation's, so that it is the same at any time.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use posture_audit::{Absence, Person};
use posture_engine::{Exceptions, Filter, Options, scan};
use posture_ledger::{KeyFile, Schedule};
use posture_model::{CoverageState, ManagedBy};
use posture_store::{Coverage, Listing as _, Recording, Scope, Sink as _, Store};

use super::super::evidence::place::EvidencePlace;
use super::super::state::Kept;
use super::super::{CommandError, StatePlace, packs_named};
use super::estate::{DRIFTS, Listings, SANDBOX, Target, on_day, quiet, target};
use crate::exit::Outcome;
use crate::sink::Sink;

/// 2026-04-01T06:00:00Z, when the first run was due.
const FIRST: i64 = 1_775_023_200;
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// April to June.
const DAYS: usize = 91;
/// Days without a run, as indexes: 13 to 15 May.
const OUTAGE: std::ops::Range<usize> = 42..45;
/// Days on which the sandbox's buckets could not be listed.
const DENIED: std::ops::Range<usize> = 55..58;
const SCHEDULE: &str = "daily";
/// The frameworks whose rules the simulated runs evaluate.
const PACKS: [&str; 3] = [
    "framework:soc2",
    "framework:hipaa-security",
    "framework:cis-aws-v5.0",
];

struct History {
    place: StatePlace,
    evidence: EvidencePlace,
    now: Arc<AtomicI64>,
}

/// Makes the state in a folder that has none.
pub(super) fn make(folder: &str) -> Result<Outcome, CommandError> {
    std::fs::create_dir_all(folder)?;
    let now = Arc::new(AtomicI64::new(FIRST));
    let told = Arc::clone(&now);
    let clock = move || {
        Timestamp::from_second(told.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
    };
    let place = StatePlace::at(folder)?.with_clock(Arc::new(clock));
    let evidence = EvidencePlace::beside(&place).ok_or_else(|| CommandError::DemoState {
        state: place.name(),
    })?;
    let state = place.name();
    let files = [
        Some(Path::new(&state)),
        evidence.log.folder(),
        Some(&*evidence.key),
    ];
    for file in files.into_iter().flatten() {
        if file.exists() {
            let path = file.display().to_string();
            return Err(CommandError::Exists { path });
        }
    }
    KeyFile::new(&evidence.key).create("posture.example/demo")?;
    let history = History {
        place,
        evidence,
        now,
    };
    history.simulate()?;
    let mut out = Sink::new(None)?;
    writeln!(
        out,
        "91 days of a sample estate, 2026-04-01 to 2026-06-30: {}\n\n\
         posture assess new q2 --framework soc2 --period 2026-Q2 --owner NAME --by NAME --state {folder}",
        history.place.name()
    )?;
    out.finish()?;
    Ok(Outcome::Clean)
}

impl History {
    fn simulate(&self) -> Result<(), CommandError> {
        let listings = quiet();
        let targets: Vec<Target> = DRIFTS
            .iter()
            .filter_map(|drift| {
                let (scope, id) = target(&listings, drift)?;
                Some(Target { scope, id, drift })
            })
            .collect();
        let packs = packs_named(&PACKS.map(str::to_owned), &[])?;
        let exceptions = Exceptions::new(vec![ManagedBy::Aws], Vec::new())?;
        for day in 0..DAYS {
            if OUTAGE.contains(&day) {
                continue;
            }
            if day == OUTAGE.end {
                self.explain(
                    due(OUTAGE.start),
                    due(OUTAGE.end),
                    "The host of the recorder was down.",
                )?;
            }
            self.set(due(day));
            self.record(day, &listings, &targets)?;
            // Ten minutes after the recording began, whose results are known by then.
            let at = due(day) + SignedDuration::from_mins(10);
            self.set(at);
            let items = self.place.items(&Filter::default(), at, Timestamp::MAX)?;
            let options = Options {
                now: at,
                filter: Filter::default(),
                exceptions: &exceptions,
                listed: &[],
                progress: None,
            };
            let scanned = scan(&[items], &packs, options)?;
            let kept = Kept {
                evidence: Some(&self.evidence),
                schedule: Some(Schedule {
                    name: SCHEDULE.to_owned(),
                    due: due(day),
                    next: due(day + 1),
                }),
                has_findings: day + 1 == DAYS,
                ..Kept::default()
            };
            self.place.keep_verdicts(&scanned, kept)?;
        }
        // Whoever goes on with this state does so long after its last day.
        self.set(due(DAYS - 1) + SignedDuration::from_mins(20));
        let end = Timestamp::constant(4_102_444_800, 0);
        self.explain(due(DAYS), end, "The simulation ends here.")
    }

    fn set(&self, time: Timestamp) {
        self.now.store(time.as_second(), Ordering::Relaxed);
    }

    fn explain(&self, from: Timestamp, until: Timestamp, reason: &str) -> Result<(), CommandError> {
        let absence = Absence {
            schedule: SCHEDULE.to_owned(),
            from,
            until,
            reason: reason.to_owned(),
            by: Person::named("Posture demo")?,
        };
        self.place.with(|store| async move {
            posture_audit::migrate(&store).await?;
            posture_audit::explain(&store, &absence).await?;
            self.evidence.publish(&store, self.place.now()).await
        })
    }

    /// Lists every scope, as the recorder would have on that day.
    fn record(
        &self,
        day: usize,
        listings: &Listings,
        targets: &[Target],
    ) -> Result<(), CommandError> {
        self.place.with(|store: Store| async move {
            let recording = store.begin_run("record-aws").await?;
            for (scope, items) in listings {
                let lines = items
                    .iter()
                    .filter_map(|(id, item)| on_day(scope, id, item, day, targets))
                    .map(|item| item.to_string());
                list(&recording, scope, day, lines).await?;
            }
            recording.end("finished").await?;
            Ok(())
        })
    }
}

async fn list(
    recording: &Recording,
    scope: &Scope,
    day: usize,
    lines: impl Iterator<Item = String>,
) -> Result<(), CommandError> {
    let mut listing = recording.begin_listing(scope.clone(), due(day)).await?;
    let is_denied = DENIED.contains(&day)
        && scope.account_id == SANDBOX
        && scope.resource_type == "AWS::S3::Bucket";
    if is_denied {
        listing
            .end(Coverage {
                fact: String::new(),
                state: CoverageState::Denied,
                denied_action: Some("s3:ListAllMyBuckets".to_owned()),
            })
            .await?;
        return Ok(());
    }
    for line in lines {
        listing.item(line.as_bytes()).await?;
    }
    listing
        .end(Coverage {
            fact: String::new(),
            state: CoverageState::Complete,
            denied_action: None,
        })
        .await?;
    Ok(())
}

/// When the run of a day was due.
fn due(day: usize) -> Timestamp {
    let days = i32::try_from(day).unwrap_or(i32::MAX);
    let first = Timestamp::from_second(FIRST).unwrap_or(Timestamp::UNIX_EPOCH);
    first.saturating_add(DAY * days).unwrap_or(first)
}
