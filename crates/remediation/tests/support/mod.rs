//! What the tests share: a journal and a clock in memory, and an API that fails when told to.

#![expect(clippy::unwrap_used, reason = "a test")]
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test uses a part of it"
)]

pub(crate) mod bench;
pub(crate) mod fake;
pub(crate) mod ssm;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{SignedDuration, Timestamp};
use posture_aws::Authorisation;
use posture_remediation::{
    Api, ApiError, Entry, Journal, JournalError, Past, Place, PlanKey, Time,
};
use serde_json::Value;

/// A journal in memory, whose process dies after so many appends.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    plans: Mutex<BTreeMap<String, Vec<Past>>>,
    appends: AtomicUsize,
    /// The append at which the process dies, before it is kept; none where it is 0.
    pub(crate) dies_at: AtomicUsize,
    /// How often it is looked whether all was stopped, before somebody stops it; never where it is 0.
    pub(crate) stops_after: AtomicUsize,
}

impl Memory {
    pub(crate) fn appends(&self) -> usize {
        self.appends.load(Ordering::SeqCst)
    }

    /// Another process: it counts anew.
    pub(crate) fn restart(&self, dies_at: usize) {
        self.appends.store(0, Ordering::SeqCst);
        self.dies_at.store(dies_at, Ordering::SeqCst);
    }

    /// Whether a text is in any entry.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let plans = self.plans.lock().unwrap();
        let mut entries = plans.values().flatten();
        entries.any(|past| serde_json::to_string(&past.entry).unwrap().contains(text))
    }

    /// As `posture remediate stop` does, elsewhere.
    fn stop(&self) {
        let past = Past {
            key: PlanKey {
                plan_id: "stop".to_owned(),
                account_id: String::new(),
                document: String::new(),
                resource_id: String::new(),
            },
            at: "2026-11-25T12:00:00Z".parse().unwrap(),
            entry: Entry::Stopped {
                by: "carl".to_owned(),
                reason: "a bad day".to_owned(),
            },
        };
        let mut plans = self.plans.lock().unwrap();
        plans.entry("stop".to_owned()).or_default().push(past);
    }

    pub(crate) fn kinds(&self, plan: &str) -> Vec<&'static str> {
        let plans = self.plans.lock().unwrap();
        plans[plan].iter().map(|past| past.entry.kind()).collect()
    }
}

impl Journal for &Memory {
    type Hold = ();

    async fn hold(&self, _: &str) -> Result<(), JournalError> {
        Ok(())
    }

    async fn release(&self, (): ()) -> Result<(), JournalError> {
        Ok(())
    }

    async fn renew(&self, _: &str, (): &()) -> Result<(), JournalError> {
        Ok(())
    }

    async fn append(
        &self,
        key: &PlanKey,
        place: usize,
        at: Timestamp,
        entry: &Entry,
        _: Option<&()>,
    ) -> Result<(), JournalError> {
        let count = self.appends.fetch_add(1, Ordering::SeqCst) + 1;
        let dies_at = self.dies_at.load(Ordering::SeqCst);
        let dead = || JournalError::Contended {
            plan: key.plan_id.clone(),
        };
        if dies_at > 0 && count >= dies_at {
            return Err(dead());
        }
        // As it is kept: what can't be read back is no entry.
        let text = serde_json::to_string(entry).unwrap();
        let entry: Entry = serde_json::from_str(&text).unwrap();
        let mut plans = self.plans.lock().unwrap();
        let entries = plans.entry(key.plan_id.clone()).or_default();
        if entries.len() != place {
            return Err(dead());
        }
        entries.push(Past {
            key: key.clone(),
            at,
            entry,
        });
        Ok(())
    }

    async fn entries(&self, plan: &str) -> Result<Vec<Past>, JournalError> {
        if plan == "stop" && self.stops_after.load(Ordering::SeqCst) > 0 {
            let left = self.stops_after.fetch_sub(1, Ordering::SeqCst) - 1;
            if left == 0 {
                self.stop();
            }
        }
        let plans = self.plans.lock().unwrap();
        Ok(plans.get(plan).cloned().unwrap_or_default())
    }

    async fn of_kind(&self, kind: &str, since: Timestamp) -> Result<Vec<Past>, JournalError> {
        let plans = self.plans.lock().unwrap();
        let mut found: Vec<Past> = plans
            .values()
            .flatten()
            .filter(|past| past.entry.kind() == kind && past.at >= since)
            .cloned()
            .collect();
        found.sort_by_key(|past| past.at);
        Ok(found)
    }
}

/// A clock that goes on when somebody waits.
#[derive(Debug)]
pub(crate) struct Clock(Mutex<Timestamp>);

impl Default for Clock {
    fn default() -> Clock {
        Clock(Mutex::new(Clock::start()))
    }
}

impl Clock {
    pub(crate) fn start() -> Timestamp {
        "2026-11-25T12:00:00Z".parse().unwrap()
    }

    pub(crate) fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap() = now;
    }

    pub(crate) fn forward(&self, duration: SignedDuration) {
        *self.0.lock().unwrap() += duration;
    }
}

impl Time for &Clock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, seconds: u32) {
        self.forward(SignedDuration::from_secs(i64::from(seconds)));
    }
}

/// How a call that changes something fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is refused.
    Denied,
    /// It is carried out, and no answer comes.
    AnswerLost,
}

/// An API of which the nth call that changes something fails.
#[derive(Debug)]
pub(crate) struct Faulty<A> {
    pub(crate) inner: A,
    /// From 1; 0 is none.
    pub(crate) fails_at: AtomicUsize,
    pub(crate) fault: Mutex<Fault>,
    /// What was carried out.
    pub(crate) made: Mutex<Vec<String>>,
    count: AtomicUsize,
}

impl<A> Faulty<A> {
    pub(crate) fn new(inner: A) -> Faulty<A> {
        Faulty {
            inner,
            fails_at: AtomicUsize::new(0),
            fault: Mutex::new(Fault::Denied),
            made: Mutex::new(Vec::new()),
            count: AtomicUsize::new(0),
        }
    }

    pub(crate) fn fail(&self, at: usize, fault: Fault) {
        self.count.store(0, Ordering::SeqCst);
        self.fails_at.store(at, Ordering::SeqCst);
        *self.fault.lock().unwrap() = fault;
        self.made.lock().unwrap().clear();
    }

    pub(crate) fn made(&self) -> Vec<String> {
        self.made.lock().unwrap().clone()
    }
}

impl<A: Api> Api for &Faulty<A> {
    async fn read(&self, service: &str, operation: &str, input: &Value) -> Result<Value, ApiError> {
        // moto has no filter by the resource id of a cluster.
        let id = input.pointer("/Filters/0/Values/0").cloned();
        let of_clusters =
            input.pointer("/Filters/0/Name") == Some(&"db-cluster-resource-id".into());
        if !of_clusters {
            return self.inner.read(service, operation, input).await;
        }
        let all = serde_json::json!({});
        let mut answer = self.inner.read(service, operation, &all).await?;
        if let Some(clusters) = answer["DBClusters"].as_array_mut() {
            clusters.retain(|cluster| Some(&cluster["DbClusterResourceId"]) == id.as_ref());
        }
        Ok(answer)
    }

    async fn mutate(
        &self,
        authorisation: &Authorisation,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, ApiError> {
        let count = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        let fails = count == self.fails_at.load(Ordering::SeqCst);
        let fault = *self.fault.lock().unwrap();
        if fails && fault == Fault::Denied {
            return Err(ApiError {
                code: Some("AccessDenied".to_owned()),
                message: format!("{service}:{operation}: AccessDenied"),
                denied: Some(format!("{service}:{operation}")),
                may_have_happened: false,
            });
        }
        let answer = self
            .inner
            .mutate(authorisation, service, operation, input)
            .await;
        if answer.is_ok() {
            let made = format!("{service} {operation} {input}");
            self.made.lock().unwrap().push(made);
        }
        if fails {
            return Err(ApiError {
                code: None,
                message: format!("{service} did not answer"),
                denied: None,
                may_have_happened: true,
            });
        }
        answer
    }
}

pub(crate) fn place() -> Place {
    Place {
        account_id: "123456789012".to_owned(),
        aws_partition: "aws".to_owned(),
        aws_region: "eu-west-1".to_owned(),
    }
}
