//! Keeping a retrieval: its row in the state, its records in the evidence log.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use posture_ledger::{Body, BodyRef, Log, Record, RecordType};
use posture_store::Store;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::collect::{CallMade, Retrieval, RetrievalOutcome};
use super::known::outcome_of;
use crate::config_counts::counted;
use crate::error::AuditError;
use crate::queued::queue;
use crate::schema::{Statement, args};
use crate::scope::Frequency;
use crate::verdict_root::hex;

/// Media type of what a retrieval was: what was asked, by whom, what came of it.
const DOCUMENT: &str = "application/vnd.posture.retrieval+json";
/// Media type of what was answered.
const REPLY: &str = "application/vnd.posture.api-reply+json";

/// How long one record that names a reply does for later retrievals with the same reply: what
/// retention deletes is older.
const NAMED_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a retrieval was, as a record's body. Who asked is personal data.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'r> {
    schema: &'static str,
    service: &'r str,
    operation: &'r str,
    account_id: &'r str,
    aws_region: &'r str,
    caller: Option<&'r str>,
    started_at: Timestamp,
    ended_at: Timestamp,
    outcome: RetrievalOutcome,
    code: &'r str,
    denied_action: Option<&'r str>,
    calls: &'r [CallMade],
    reply: &'r BodyRef,
}

/// A call in a place: service, operation, account and Region.
pub type Asked = (String, String, String, String);

/// What has been asked in the turn of a time and need not be asked again: it was answered. What was
/// denied or is not there stays so until the next turn, unless it is to be asked `again`.
///
/// # Errors
/// Where the state fails.
pub async fn asked(
    store: &Store,
    frequency: Frequency,
    now: Timestamp,
    again: bool,
) -> Result<HashSet<Asked>, AuditError> {
    let mut asked = HashSet::new();
    let Some(began) = frequency.turn_began(now) else {
        return Ok(asked);
    };
    let sql = "SELECT service, operation, account_id, aws_region, outcome FROM audit_retrievals \
               WHERE started_at >= $1";
    let values = args![began.as_microsecond()];
    for row in store.database().rows(sql, values).await? {
        let outcome = outcome_of(&row.text(4)?);
        if outcome == RetrievalOutcome::Complete || !again && !outcome.may_change() {
            asked.insert((row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?));
        }
    }
    Ok(asked)
}

/// Keeps a retrieval, its reply in the log at once, the rest in one transaction. Its number.
///
/// # Errors
/// Where the state or the log fails; then it was not kept.
pub async fn keep(store: &Store, log: &Log, retrieval: &Retrieval) -> Result<i64, AuditError> {
    let reply = serde_json_canonicalizer::to_vec(&retrieval.reply)?;
    let reply = log.put_body(REPLY, &mut reply.as_slice())?;
    let document = serde_json_canonicalizer::to_vec(&retrieval.document(&reply))?;
    let sha256 = hex(&Sha256::digest(&document));
    let number = store.take_ids("audit-retrieval", 1).await?.start;
    let mut entries = store.take_ids("audit-entry", 2).await?;
    let now = store.now();
    let is_named = is_named(store, &reply, retrieval.started_at).await?;
    let mut statements: Vec<Statement> = Vec::new();
    let subject = format!("retrieval-{number}");
    if !is_named && let Some(entry) = entries.next() {
        let mut record = Record::new(RecordType::ConfigurationVersion, subject.clone());
        record.times.observed = Some(retrieval.ended_at);
        record.body = Some(Body::Stored(reply.clone()));
        statements.push(queue(entry, now, record)?);
    }
    let entry = entries.next_back().unwrap_or(number);
    let record = retrieval.record(subject, &reply, document);
    statements.push(queue(entry, now, record)?);
    statements.push(retrieval.row((number, entry), &sha256, &reply, !is_named));
    statements.extend(counted(number, retrieval));
    let mut transaction = store.database().begin().await?;
    for (sql, values) in statements {
        transaction.execute(&sql, values).await?;
    }
    transaction.commit().await?;
    Ok(number)
}

/// Whether a record names this reply that is not old.
async fn is_named(store: &Store, reply: &BodyRef, at: Timestamp) -> Result<bool, AuditError> {
    let since = at.saturating_sub(NAMED_FOR).unwrap_or(Timestamp::MIN);
    let sql = "SELECT COUNT(*) FROM audit_retrievals \
               WHERE reply = $1 AND started_at >= $2 AND has_reply = 1";
    let values = args![reply.sha256.as_str(), since.as_microsecond()];
    let rows = store.database().rows(sql, values).await?;
    Ok(rows.first().map_or(Ok(0), |row| row.int(0))? > 0)
}

impl Retrieval {
    /// Rows of all its calls.
    pub fn rows(&self) -> usize {
        self.calls.iter().map(|call| call.rows).sum()
    }

    /// Pages of all its calls.
    pub fn pages(&self) -> usize {
        self.calls.iter().map(|call| call.pages).sum()
    }

    fn document<'r>(&'r self, reply: &'r BodyRef) -> Document<'r> {
        Document {
            schema: "posture.retrieval/v1",
            service: self.service,
            operation: self.operation,
            account_id: &self.account_id,
            aws_region: &self.aws_region,
            caller: self.caller.as_deref(),
            started_at: self.started_at,
            ended_at: self.ended_at,
            outcome: self.outcome,
            code: &self.code,
            denied_action: self.denied_action.as_deref(),
            calls: &self.calls,
            reply,
        }
    }

    fn record(&self, subject: String, reply: &BodyRef, document: Vec<u8>) -> Record {
        let mut record = Record::new(RecordType::ConfigurationVersion, subject);
        record.times.observed = Some(self.ended_at);
        record.times.collected = Some(self.ended_at);
        let mut set = |name: &str, value: Value| record.detail.insert(name.to_owned(), value);
        set("accountId", Value::from(self.account_id.as_str()));
        set("awsRegion", Value::from(self.aws_region.as_str()));
        set("calls", Value::from(self.calls.len()));
        set(
            "operation",
            Value::from(format!("{}_{}", self.service, self.operation)),
        );
        set("outcome", Value::from(self.outcome.as_str()));
        set("pages", Value::from(self.pages()));
        set("reply", Value::from(reply.sha256.as_str()));
        set("rows", Value::from(self.rows()));
        if let Some(action) = &self.denied_action {
            set("deniedAction", Value::from(action.as_str()));
        }
        record.body = Some(Body::Bytes {
            media_type: DOCUMENT.to_owned(),
            bytes: document,
        });
        record
    }

    fn row(
        &self,
        (number, entry): (i64, i64),
        document: &str,
        reply: &BodyRef,
        has_reply: bool,
    ) -> Statement {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let sql = "INSERT INTO audit_retrievals (retrieval, service, operation, account_id, \
                   aws_region, started_at, ended_at, calls, pages, row_count, outcome, code, \
                   denied_action, document, reply, has_reply, entry) VALUES ($1, $2, $3, $4, $5, $6, \
                   $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
        let values = args![
            number,
            self.service,
            self.operation,
            self.account_id.as_str(),
            self.aws_region.as_str(),
            self.started_at.as_microsecond(),
            self.ended_at.as_microsecond(),
            count(self.calls.len()),
            count(self.pages()),
            count(self.rows()),
            self.outcome.as_str(),
            self.code.as_str(),
            self.denied_action.clone(),
            document,
            reply.sha256.as_str(),
            i64::from(has_reply),
            entry,
        ];
        (sql.to_owned(), values)
    }
}
