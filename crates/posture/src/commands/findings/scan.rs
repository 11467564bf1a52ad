//! Findings of our own scans: one for each check of a resource, in the hub.

use std::collections::HashSet;

use posture_content::standards::Standards;
use posture_engine::{Disposition, Outline, Row, RuleResult, Scan};
use posture_hub::{
    CAPTURED, Check, ComplianceStatus, Finding, Hub, Origin, Prepared, WriteOptions,
};
use posture_rules::{ComplianceType, catalogue};
use posture_store::Store;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use super::super::CommandError;

/// Findings in one transaction.
const BATCH: usize = 500;

/// Keeps what a whole scan of the state came to: findings that are new or others than before, and
/// those that are gone.
pub(crate) async fn keep(store: &Store, scanned: &Scan<'_>) -> Result<(), CommandError> {
    let hub = Hub::open(store).await?;
    let generators: Vec<String> = scanned
        .rules
        .iter()
        .map(|rule| generator(rule, hub.standards()))
        .collect();
    let evaluated: HashSet<String> = generators.iter().cloned().collect();
    let checks = scanned
        .outlines()
        .map(|outline| check(&outline, &generators));
    let changes = hub.scan_changes(checks, &evaluated).await?;
    let now = scanned.now().to_string();
    let options = WriteOptions { has_events: true };
    let mut batch: Vec<Prepared> = Vec::with_capacity(BATCH);
    // A first scan of a large estate has millions: they are written as they are made.
    let runtime = Handle::current();
    let prepare = |row: &Row<'_>| hub.prepare(finding(row, &hub, &now));
    block_in_place(|| {
        scanned.stream_numbered(&changes.changed, &prepare, &mut |made: Vec<_>| {
            for prepared in made {
                batch.push(prepared.map_err(|error| CommandError::Pulled(error.to_string()))?);
                if batch.len() == BATCH {
                    runtime.block_on(hub.write(std::mem::take(&mut batch), options))?;
                }
            }
            Ok::<(), CommandError>(())
        })
    })?;
    hub.write(batch, options).await?;
    hub.archive_gone(&changes).await?;
    hub.refresh_scores().await?;
    Ok(())
}

/// The security control that the rule, with these parameters, checks; else the rule's name.
fn generator(rule: &RuleResult, standards: &Standards) -> String {
    if rule.rule_name.starts_with("security-control/") {
        return rule.rule_name.clone();
    }
    let control = standards
        .controls_of_rule(&rule.source_identifier)
        .find(|control| {
            let Some(entry) = standards.implementation(control) else {
                return false;
            };
            entry.rule.parameters.iter().all(|parameter| {
                let default = parameter.default.map(str::to_owned);
                let set = |given: Option<&String>| given.cloned().or_else(|| default.clone());
                set(rule.parameters.get(parameter.name))
                    == set(control.parameters.get(parameter.name))
            })
        });
    match control {
        Some(control) => format!("security-control/{}", control.id),
        None => rule.rule_name.clone(),
    }
}

fn check(outline: &Outline<'_>, generators: &[String]) -> Check {
    let generator = generators.get(outline.rule_index as usize);
    Check {
        number: outline.number,
        generator: generator.cloned().unwrap_or_default(),
        account_id: outline.account_id.to_owned(),
        aws_region: outline.aws_region.to_owned(),
        resource_type: outline.resource_type.to_owned(),
        resource_id: outline.resource_id.to_owned(),
        compliance: status(outline.compliance_type),
        is_archived: outline.compliance_type == ComplianceType::NotApplicable,
        exception: exception(outline.disposition),
    }
}

fn status(compliance: ComplianceType) -> ComplianceStatus {
    match compliance {
        ComplianceType::Compliant => ComplianceStatus::Passed,
        ComplianceType::NonCompliant => ComplianceStatus::Failed,
        ComplianceType::InsufficientData => ComplianceStatus::Warning,
        ComplianceType::NotApplicable => ComplianceStatus::NotAvailable,
    }
}

fn exception(disposition: Disposition) -> Option<String> {
    (disposition != Disposition::Counted).then(|| disposition.as_str().to_owned())
}

fn finding(row: &Row<'_>, hub: &Hub, now: &str) -> Finding {
    let standards = hub.standards();
    let item = row.item;
    let check = Check {
        number: row.number,
        generator: generator(row.rule, standards),
        account_id: item.account_id().to_owned(),
        aws_region: item.aws_region().to_owned(),
        resource_type: item.type_name().to_owned(),
        resource_id: item.resource_id().to_owned(),
        compliance: status(row.compliance_type),
        is_archived: row.compliance_type == ComplianceType::NotApplicable,
        exception: exception(row.disposition),
    };
    let id = check.generator.strip_prefix("security-control/");
    let control = id.and_then(|id| standards.control(id));
    let severity = control.map_or_else(
        || row.severity.as_str().to_uppercase(),
        |control| control.severity.clone(),
    );
    let mut asff = json!({
        "SchemaVersion": "2018-10-08",
        "Id": check.id(),
        "ProductArn": check.product_arn(),
        "ProductName": "Posture",
        "Region": check.region(),
        "GeneratorId": check.generator,
        "AwsAccountId": check.account_id,
        "CreatedAt": now,
        "UpdatedAt": now,
        "FindingProviderFields": {
            "Severity": {"Label": severity},
            "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
        },
        "Title": row.rule.title,
        "Description": words(row),
        "ProductFields": {
            "posture/rule": row.rule.source_identifier,
            "posture/evaluationId": row.evaluation_id(),
        },
        "Resources": [resource(row, &check)],
        "Compliance": compliance(row, &check, standards),
        "RecordState": if check.is_archived { "ARCHIVED" } else { "ACTIVE" },
    });
    if let Some(time) = item.capture_time()
        && let Some(Value::Object(fields)) = asff.get_mut("ProductFields")
    {
        fields.insert(CAPTURED.to_owned(), json!(time.to_string()));
    }
    if let Some(remedy) = remedy(&row.rule.source_identifier)
        && let Some(members) = asff.as_object_mut()
    {
        members.insert(
            "Remediation".to_owned(),
            json!({"Recommendation": {"Text": remedy}}),
        );
    }
    let asff = asff.as_object_mut().map(std::mem::take);
    let mut finding = Finding::new(asff.unwrap_or_default(), Origin::Scan);
    finding.exception = check.exception;
    finding
}

/// ASFF wants a description.
fn words(row: &Row<'_>) -> String {
    let reason = row.annotation();
    if reason.is_empty() {
        row.rule.title.clone()
    } else {
        reason
    }
}

fn resource(row: &Row<'_>, check: &Check) -> Value {
    let item = row.item;
    let account = format!("AWS::::Account:{}", check.account_id);
    let id = match (item.arn(), item.type_name()) {
        (_, "AWS::::Account") => account.as_str(),
        (Some(arn), _) => arn,
        (None, _) => item.resource_id(),
    };
    let tags: serde_json::Map<String, Value> = item
        .tags()
        .iter()
        .map(|tag| (tag.key.to_owned(), json!(tag.value)))
        .collect();
    let mut resource = json!({
        "Type": posture_hub::formats::asff_type(item.type_name()),
        "Id": id,
        "Region": check.region(),
    });
    if let Some(members) = resource.as_object_mut()
        && !tags.is_empty()
    {
        members.insert("Tags".to_owned(), Value::Object(tags));
    }
    resource
}

/// At most so many related requirements fit in a finding.
const REQUIREMENTS: usize = 32;

fn compliance(row: &Row<'_>, check: &Check, standards: &Standards) -> Value {
    let mut compliance = json!({"Status": check.compliance.as_str()});
    let Some(members) = compliance.as_object_mut() else {
        return compliance;
    };
    let reason = match row.compliance_type {
        ComplianceType::NotApplicable => Some("CONFIG_RETURNS_NOT_APPLICABLE".to_owned()),
        ComplianceType::InsufficientData => Some(
            row.facts()
                .insufficient_data
                .unwrap_or("INSUFFICIENT_DATA")
                .to_owned(),
        ),
        ComplianceType::Compliant | ComplianceType::NonCompliant => None,
    };
    if let Some(code) = reason {
        let reasons = json!([{"ReasonCode": code, "Description": words(row)}]);
        members.insert("StatusReasons".to_owned(), reasons);
    }
    if let Some(id) = check.generator.strip_prefix("security-control/") {
        members.insert("SecurityControlId".to_owned(), json!(id));
        let with: Vec<_> = standards.standards_with(id).collect();
        let named: Vec<Value> = with
            .iter()
            .map(|standard| json!({"StandardsId": standard.arn}))
            .collect();
        members.insert("AssociatedStandards".to_owned(), json!(named));
        let requirements: Vec<&String> = with
            .iter()
            .filter_map(|standard| standard.controls.get(id))
            .flatten()
            .take(REQUIREMENTS)
            .collect();
        members.insert("RelatedRequirements".to_owned(), json!(requirements));
    }
    compliance
}

/// What the rule's page says is to be done, as far as it fits.
fn remedy(identifier: &str) -> Option<String> {
    let entry = catalogue::by_identifier(identifier)?;
    let section = entry.section("What to do");
    let paragraph = section.split("\n\n").next().unwrap_or_default();
    let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = words.chars().take(512).collect::<String>();
    (!fits.is_empty()).then_some(fits)
}
