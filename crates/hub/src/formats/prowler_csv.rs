//! Prowler's CSV: a row a finding, `;` between cells.

use std::io::Read;

use posture_engine::{InputError, InputReport};
use serde::Deserialize;
use serde_json::json;

use super::Draft;
use super::draft::{remediation, resource};
use super::value::time;
use crate::finding::{Finding, Object};

/// The columns that are read. Prowler of version 3 and later has them.
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Row {
    timestamp: String,
    account_uid: String,
    finding_uid: String,
    check_id: String,
    check_title: String,
    status: String,
    status_extended: String,
    #[serde(default)]
    muted: String,
    severity: String,
    resource_type: String,
    resource_uid: String,
    #[serde(default)]
    partition: String,
    region: String,
    #[serde(default)]
    remediation_recommendation_text: String,
    #[serde(default)]
    remediation_recommendation_url: String,
}

/// Errors that are told by their places.
const ERRORS: usize = 20;

pub(super) fn read(
    name: String,
    text: Box<dyn Read>,
    take: &mut impl FnMut(Finding) -> Result<(), String>,
) -> InputReport {
    let mut report = InputReport {
        name,
        ..InputReport::default()
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text);
    let headers = reader.headers().cloned();
    let mut record = csv::StringRecord::new();
    loop {
        let offset = reader.position().byte();
        let taken = match reader.read_record(&mut record) {
            Ok(false) => return report,
            Ok(true) => headers
                .as_ref()
                .map_err(ToString::to_string)
                .and_then(|headers| {
                    record
                        .deserialize::<Row>(Some(headers))
                        .map_err(|error| error.to_string())
                })
                .and_then(|row| finding(row).and_then(&mut *take)),
            Err(error) => Err(error.to_string()),
        };
        match taken {
            Ok(()) => report.items += 1,
            Err(_) if report.errors.len() == ERRORS => report.further_errors += 1,
            Err(message) => report.errors.push(InputError { offset, message }),
        }
        if reader.is_done() {
            return report;
        }
    }
}

fn finding(row: Row) -> Result<Finding, String> {
    let status = match row.status.as_str() {
        "PASS" => "PASSED",
        "FAIL" => "FAILED",
        // Nobody has looked yet: not decided.
        "MANUAL" => "WARNING",
        other => {
            return Err(format!(
                "STATUS is {other:?}, expected PASS, FAIL or MANUAL"
            ));
        }
    };
    let mut more = Object::new();
    if row.muted.eq_ignore_ascii_case("true") {
        more.insert("Workflow".to_owned(), json!({"Status": "SUPPRESSED"}));
    }
    Draft {
        product: "prowler/prowler",
        product_name: "Prowler".to_owned(),
        id: row.finding_uid,
        generator_id: format!("prowler-{}", row.check_id),
        account_id: row.account_uid,
        resources: vec![resource(
            if row.resource_type.starts_with("Aws") {
                &row.resource_type
            } else {
                "Other"
            },
            &row.resource_uid,
            &row.region,
        )],
        aws_region: row.region,
        partition: row.partition,
        types: vec!["Software and Configuration Checks".to_owned()],
        updated_at: time(Some(&json!(row.timestamp))),
        severity: json!({"Label": row.severity.to_uppercase(), "Original": row.severity}),
        title: row.check_title,
        description: row.status_extended,
        remediation: remediation(
            &row.remediation_recommendation_text,
            &row.remediation_recommendation_url,
        ),
        compliance: Some(json!({"Status": status})),
        more,
        ..Draft::default()
    }
    .finding()
}
