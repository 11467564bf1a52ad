//! The package of an assessment: pages and tables made from the state, and the log that vouches for
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use posture_content::frameworks::Framework;
use posture_ledger::{Body, Contents, Log, LogReader, RecordType, Storage, write_zip};
use posture_store::Store;
use sha2::{Digest as _, Sha256};

use crate::act::subject;
use crate::assessment::Assessment;
use crate::audit_manager;
use crate::control_history::{ControlHistory, Evidence};
use crate::csv_table::{
    FAILURE_COLUMNS, IMPORTED_COLUMNS, POPULATION_COLUMNS, csv_record, failure, imported_cells,
    population,
};
use crate::error::AuditError;
use crate::evidence_pages::{
    self, ACTIVITY_COLUMNS, RETRIEVAL_COLUMNS, activity_cells, activity_file, retrieval_cells,
};
use crate::failures::{Failure, Failures};
use crate::gone;
use crate::oscal::{self, OscalFile, OscalVersion};
use crate::pages::{self, file_name};
use crate::requests::{REQUEST_COLUMNS, RequestStatus, request_cells};
use crate::rule_history::RuleHistory;
use crate::verdict_root::hex;

/// Leaves that are read at once.
const PAGE: u64 = 4096;

/// Files that are made, and their SHA-256 in hex.
struct Files<'f> {
    folder: &'f Path,
    contents: Contents,
    hashes: BTreeMap<String, String>,
}

impl<'f> Files<'f> {
    fn new(folder: &'f Path) -> Files<'f> {
        Files {
            folder,
            contents: Contents::default(),
            hashes: BTreeMap::new(),
        }
    }

    fn write(&mut self, path: String, bytes: &[u8]) -> Result<(), AuditError> {
        let file = self.folder.join(&path);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&file, bytes)?;
        self.hashes
            .insert(path.clone(), hex(&Sha256::digest(bytes)));
        self.contents.files.insert(path, file);
        Ok(())
    }

    /// The calls that CloudTrail told of, by control, and the API calls that were made.
    fn activity(
        &mut self,
        evidence: &Evidence,
        histories: &[ControlHistory<'_>],
    ) -> Result<(), AuditError> {
        let mut retrievals: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for control in histories.iter().map(|history| history.control) {
            for name in &control.api_calls {
                for one in evidence.retrievals.of(name).retrievals {
                    retrievals.insert(one.retrieval, retrieval_cells(&one));
                }
            }
            if control.cloudtrail.is_empty() {
                continue;
            }
            let found = evidence.activity.of(&control.cloudtrail);
            let rows = found.into_iter().map(activity_cells);
            let bytes = table(&ACTIVITY_COLUMNS, rows);
            self.write(activity_file(&control.id), &bytes)?;
        }
        let bytes = table(&RETRIEVAL_COLUMNS, retrievals.into_values());
        self.write("api-calls.csv".to_owned(), &bytes)
    }

    /// The auditor's requests.
    fn requests(
        &mut self,
        assessment: &Assessment,
        requests: &[RequestStatus],
    ) -> Result<(), AuditError> {
        let bytes = table(&REQUEST_COLUMNS, requests.iter().map(request_cells));
        self.write("requests.csv".to_owned(), &bytes)?;
        let page = evidence_pages::requests(assessment, requests);
        self.write("requests.html".to_owned(), &page)
    }
}

/// A table with its head.
fn table(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let head: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
    let rows = std::iter::once(head).chain(rows);
    rows.flat_map(|cells| csv_record(&cells)).collect()
}

/// Writes the pages, tables and OSCAL documents into an empty folder.
///
/// # Errors
/// Where the state fails, or the folder could not be written.
pub async fn write_files(
    store: &Store,
    framework: &Framework,
    assessment: &Assessment,
    evidence: &Evidence,
    requests: &[RequestStatus],
    version: OscalVersion,
    folder: &Path,
) -> Result<Contents, AuditError> {
    let mut files = Files::new(folder);
    let mut all: BTreeMap<String, Vec<Failure>> = BTreeMap::new();
    let mut failures = Failures::default();
    for rule in &evidence.rules {
        let rows = population(evidence, rule).into_iter();
        let bytes = table(&POPULATION_COLUMNS, rows.map(|(_, cells)| cells));
        files.write(format!("populations/{}", population_file(rule)), &bytes)?;
        let of_rule = failures.of(store, evidence, rule).await?;
        all.insert(population_file(rule), of_rule);
    }
    let rows = all.values().flatten().map(failure);
    files.write("failures.csv".to_owned(), &table(&FAILURE_COLUMNS, rows))?;
    if assessment.imported.is_some() {
        let found = audit_manager::all(store, assessment.number).await?;
        let rows = found.iter().map(imported_cells);
        files.write(pages::IMPORTED.to_owned(), &table(&IMPORTED_COLUMNS, rows))?;
    }
    if !evidence.gone.is_empty() {
        let bytes = table(&gone::COLUMNS, evidence.gone.rows());
        files.write(gone::FILE.to_owned(), &bytes)?;
    }
    let histories: Vec<_> = framework
        .controls
        .iter()
        .map(|control| evidence.control(control))
        .collect();
    let period = &assessment.scope.period;
    for history in &histories {
        let id = &history.control.id;
        let record = assessment.control(id);
        let folders = history.folders(evidence, &record, period);
        let of_control: Vec<&Failure> = history
            .deciding()
            .filter_map(|rule| all.get(&population_file(rule)))
            .flatten()
            .collect();
        let page = pages::control(
            assessment,
            evidence,
            history,
            (&folders, evidence.imported.count(id)),
            &of_control,
            &population_file,
        );
        files.write(format!("controls/{}.html", file_name(id)), &page)?;
    }
    files.activity(evidence, &histories)?;
    files.requests(assessment, requests)?;
    let index = pages::index(assessment, framework, evidence, &histories);
    files.write("index.html".to_owned(), &index)?;
    let Files {
        contents, hashes, ..
    } = &mut files;
    let mut open = |file: OscalFile| {
        let path = folder.join(file.path());
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        let opened = File::create(&path)?;
        contents.files.insert(file.path().to_owned(), path);
        Ok(opened)
    };
    let of = oscal::Rendering {
        framework,
        assessment,
        evidence,
        histories: &histories,
        files: hashes,
        population_of: &population_file,
        version,
    };
    oscal::render(&of, &mut open)?;
    let readme = [pages::README, &evidence.gone.lines()].concat();
    files.write("README.txt".to_owned(), readme.as_bytes())?;
    Ok(files.contents)
}

/// Vouches for the files in the log; returns the size of the log that does, and the contents of the package
/// as of then. Where the log vouches for the same files already, it is that checkpoint: the same bytes as
/// the first time.
///
/// # Errors
/// Where the log fails.
pub fn vouch(
    log: &Log,
    assessment: &Assessment,
    mut contents: Contents,
    now: jiff::Timestamp,
) -> Result<(u64, Contents), AuditError> {
    let subject = subject(assessment.number);
    let others = others(&log.reader()?, &subject)?;
    contents.omits.extend(others);
    let record = contents.manifest(&subject)?;
    let manifest = match &record.body {
        Some(Body::Bytes { bytes, .. }) => hex(&Sha256::digest(bytes)),
        _ => String::new(),
    };
    let size = match vouched(&log.reader()?, &manifest)? {
        Some(size) => size,
        None => log.append(vec![record], now)?.checkpoint.size,
    };
    Ok((size, contents))
}

/// Writes the package as of the checkpoint that vouches for its files.
///
/// # Errors
/// Where the log fails, or the file exists or could not be written.
pub fn write_package(
    storage: &dyn Storage,
    (size, contents): (u64, &Contents),
    to: &Path,
) -> Result<(), AuditError> {
    write_zip(&LogReader::open_at(storage, size)?, contents, to)?;
    Ok(())
}

/// The size of the log when it last vouched for these files, where it did.
fn vouched(reader: &LogReader<'_>, manifest: &str) -> Result<Option<u64>, AuditError> {
    let mut found = None;
    let mut next = 0;
    while next < reader.size() {
        for leaf in reader.leaves(next, PAGE)? {
            let is_it = leaf.kind == RecordType::Report
                && leaf
                    .body
                    .as_ref()
                    .is_some_and(|body| body.sha256 == manifest);
            if is_it {
                found = Some(leaf.index + 1);
            }
        }
        next += PAGE;
    }
    let sizes = reader.kept_checkpoints()?;
    Ok(found.filter(|size| *size == reader.size() || sizes.contains(size)))
}

/// Bodies of other assessments: their files and texts are not this auditor's business.
fn others(reader: &LogReader<'_>, subject: &str) -> Result<BTreeSet<String>, AuditError> {
    let (mut others, mut own) = (BTreeSet::new(), BTreeSet::new());
    let mut next = 0;
    while next < reader.size() {
        for leaf in reader.leaves(next, PAGE)? {
            let Some(body) = leaf.body else { continue };
            if leaf.subject.starts_with("assessment-") && leaf.subject != subject {
                others.insert(body.sha256);
            } else {
                own.insert(body.sha256);
            }
        }
        next += PAGE;
    }
    Ok(others.difference(&own).cloned().collect())
}

/// The file of a rule's population: rules of one name differ in their parameters.
fn population_file(rule: &RuleHistory) -> String {
    let parameters = serde_json::json!(rule.rule.parameters).to_string();
    let digest = hex(&Sha256::digest(parameters));
    let short: String = digest.chars().take(8).collect();
    format!("{}-{short}.csv", file_name(&rule.rule.rule_name))
}
