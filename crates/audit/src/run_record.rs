//! Recording a run: its row in the state, and its records for the evidence log, all in the
//! transaction in which the run ends.

use std::collections::BTreeMap;

use jiff::Timestamp;
use posture_engine::{Outline, Scan};
use posture_ledger::{Body, Record, RecordType, ScanRun, Schedule};
use posture_store::{Scope, Store, VerdictChange};
use serde_json::{Map, Value};

use crate::error::AuditError;
use crate::queued::{queue, queue_with_document};
use crate::run_document::{self, RunDocument, scope};
use crate::schema::{Statement, args};
use crate::verdict_root::VerdictRoot;

/// Media type of the changes of verdicts that a run made.
const CHANGES: &str = "application/vnd.posture.verdict-changes+jsonl";

/// A run that is about to end.
#[derive(Debug)]
pub struct RunRecord<'r> {
    /// The run's number in the state.
    pub run: i64,
    /// What it evaluated.
    pub document: &'r RunDocument,
    /// The root over all its verdicts, and how many there are.
    pub root: (String, u32),
    /// Changes of verdicts that it made.
    pub changes: &'r [VerdictChange],
    /// The clock of the evaluation.
    pub evaluated_at: Timestamp,
    /// The schedule that it keeps.
    pub schedule: Option<Schedule>,
}

/// The root over all verdicts of a scan, in hex, and their number.
pub fn verdict_root(scan: &Scan<'_>) -> (String, u32) {
    root_with(scan, |outline, _, _| outline.disposition.as_str())
}

/// The same with the dispositions that somebody else says, by the outline, its scope, and the rule's
/// parameters as JSON.
pub(crate) fn root_with<'d>(
    scan: &Scan<'_>,
    disposition: impl Fn(&Outline<'_>, &Scope, &str) -> &'d str,
) -> (String, u32) {
    let mut root = VerdictRoot::default();
    let parameters: Vec<String> = scan
        .rules
        .iter()
        .map(|rule| serde_json::json!(rule.parameters).to_string())
        .collect();
    for outline in scan.outlines() {
        let scope = scope(&outline);
        let parameters = parameters.get(outline.rule_index as usize);
        let parameters = parameters.map_or("", String::as_str);
        let members = [
            outline.resource_id,
            &outline.rule.rule_name,
            &outline.rule.source_identifier,
            parameters,
            outline.compliance_type.as_str(),
            disposition(&outline, &scope, parameters),
        ];
        root.add(
            [&scope.account_id, &scope.aws_region, &scope.resource_type],
            &members,
        );
    }
    root.finish()
}

impl RunRecord<'_> {
    /// The statements of this run. `is_logged` says whether there is an evidence log to publish in.
    ///
    /// # Errors
    /// Where the state fails, or something can't be written as JSON.
    pub async fn statements(
        self,
        store: &Store,
        is_logged: bool,
    ) -> Result<Vec<Statement>, AuditError> {
        let (text, sha256) = self.document.to_text()?;
        let recorded_at = store.now();
        let mut statements = vec![run_document::keep(&text, &sha256)?];
        let mut entry = None;
        if is_logged {
            let mut entries = store.take_ids("audit-entry", 2).await?;
            if let (Some(changes), Some(number)) = (self.changes_record()?, entries.next()) {
                statements.push(queue(number, recorded_at, changes)?);
            }
            if let Some(number) = entries.next_back() {
                let record = self.scan_run(text);
                statements.push(queue_with_document(number, recorded_at, record, &sha256)?);
                entry = Some(number);
            }
        }
        let sql = "INSERT INTO audit_runs (run, evaluated_at, recorded_at, document, \
                   verdict_root, verdicts, entry) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = args![
            self.run,
            self.evaluated_at.as_microsecond(),
            recorded_at,
            sha256,
            self.root.0.as_str(),
            i64::from(self.root.1),
            entry,
        ];
        statements.push((sql.to_owned(), values));
        Ok(statements)
    }

    /// Subject of the run's records.
    fn subject(&self) -> String {
        format!("run-{}", self.run)
    }

    fn scan_run(&self, document: Vec<u8>) -> Record {
        let RunDocument {
            posture,
            packs,
            accounts,
            gaps,
            rules,
            ..
        } = self.document;
        let mut coverage: BTreeMap<&str, u64> = BTreeMap::new();
        for gap in gaps {
            *coverage.entry(&gap.state).or_default() += 1;
        }
        let coverage = coverage
            .into_iter()
            .map(|(state, count)| (state.to_owned(), Value::from(count)));
        let mut scope = Map::new();
        scope.insert("accounts".to_owned(), Value::from(accounts.clone()));
        scope.insert("rules".to_owned(), Value::from(rules.len()));
        Record::from(ScanRun {
            id: self.subject(),
            scope,
            clock: self.evaluated_at,
            coverage: coverage.collect(),
            rule_versions: BTreeMap::from([("posture".to_owned(), posture.clone())]),
            pack_versions: packs
                .iter()
                .map(|pack| (pack.name.clone(), pack.sha256.clone()))
                .collect(),
            verdict_root: self.root.0.clone(),
            verdicts: self.root.1,
            body: Some(Body::Bytes {
                media_type: run_document::MEDIA_TYPE.to_owned(),
                bytes: document,
            }),
            schedule: self.schedule.clone(),
        })
    }

    /// One record for all changes of the run; none where nothing changed.
    fn changes_record(&self) -> Result<Option<Record>, AuditError> {
        if self.changes.is_empty() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        for change in self.changes {
            bytes.extend(serde_json_canonicalizer::to_vec(&change.event())?);
            bytes.push(b'\n');
        }
        let mut record = Record::new(RecordType::VerdictChange, self.subject());
        record.times.observed = Some(self.evaluated_at);
        record
            .detail
            .insert("changes".to_owned(), Value::from(self.changes.len()));
        record.body = Some(Body::Bytes {
            media_type: CHANGES.to_owned(),
            bytes,
        });
        Ok(Some(record))
    }
}
