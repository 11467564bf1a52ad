//! OCSF 1.4: a compliance finding (2003) where ASFF has a compliance status, else a vulnerability
//! finding (2002) where it names one, else a detection finding (2004).
//!
//! Source: the OCSF schema, `events/findings`, `objects`.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::finding::{Object, Shown};

/// The version of the schema that is written.
const VERSION: &str = "1.4.0";

/// The finding.
pub fn event(finding: &Shown) -> Object {
    let asff = &finding.asff;
    let vulnerabilities = vulnerabilities(asff);
    let is_check = !finding.text(&["Compliance", "Status"]).is_empty();
    let (class, name) = match (is_check, vulnerabilities.is_empty()) {
        (true, _) => (2003, "Compliance Finding"),
        (false, false) => (2002, "Vulnerability Finding"),
        (false, true) => (2004, "Detection Finding"),
    };
    let is_archived = finding.text(&["RecordState"]) == "ARCHIVED";
    let (activity, activity_name) = if is_archived {
        (3, "Close")
    } else {
        (1, "Create")
    };
    let (status_id, status) = status(finding, is_archived);
    let (severity_id, severity) = severity(finding.text(&["Severity", "Label"]));
    let time = milliseconds(finding.text(&["UpdatedAt"])).unwrap_or_default();
    let region = finding.text(&["Region"]);
    let mut event = json!({
        "activity_id": activity,
        "activity_name": activity_name,
        "category_name": "Findings",
        "category_uid": 2,
        "class_name": name,
        "class_uid": class,
        "type_name": format!("{name}: {activity_name}"),
        "type_uid": class * 100 + activity,
        "severity": severity,
        "severity_id": severity_id,
        "status": status,
        "status_id": status_id,
        "time": time,
        "message": finding.text(&["Title"]),
        "cloud": {
            "account": {"uid": finding.text(&["AwsAccountId"])},
            "provider": "AWS",
            "region": region,
        },
        "finding_info": info(finding),
        "metadata": {
            "log_name": "posture",
            "product": {
                "name": product(finding),
                "uid": finding.text(&["ProductArn"]),
                "vendor_name": vendor(finding),
            },
            "profiles": ["cloud"],
            "uid": finding.text(&["Id"]),
            "version": VERSION,
        },
        "resources": resources(asff, region),
    });
    let members = event
        .as_object_mut()
        .map(std::mem::take)
        .unwrap_or_default();
    let mut event: Object = members;
    if class == 2003 {
        event.insert("compliance".to_owned(), compliance(finding));
    }
    if class == 2002 {
        event.insert("vulnerabilities".to_owned(), json!(vulnerabilities));
    }
    if class != 2002
        && let Some(remediation) = remediation(finding)
    {
        event.insert("remediation".to_owned(), remediation);
    }
    event
}

fn info(finding: &Shown) -> Value {
    let mut info = json!({
        "analytic": {"type": "Rule", "type_id": 1, "uid": finding.text(&["GeneratorId"])},
        "desc": finding.text(&["Description"]),
        "title": finding.text(&["Title"]),
        "uid": finding.text(&["Id"]),
    });
    if let Some(members) = info.as_object_mut() {
        for (name, asff) in [
            ("created_time", "CreatedAt"),
            ("modified_time", "UpdatedAt"),
            ("first_seen_time", "FirstObservedAt"),
            ("last_seen_time", "LastObservedAt"),
        ] {
            if let Some(time) = milliseconds(finding.text(&[asff])) {
                members.insert(name.to_owned(), json!(time));
            }
        }
        if let Some(types) = finding.asff.get("Types").filter(|types| types.is_array()) {
            members.insert("types".to_owned(), types.clone());
        }
        let url = finding.text(&["SourceUrl"]);
        if !url.is_empty() {
            members.insert("src_url".to_owned(), json!(url));
        }
    }
    info
}

fn compliance(finding: &Shown) -> Value {
    let (id, word) = match finding.text(&["Compliance", "Status"]) {
        "PASSED" => (1, "Pass"),
        "FAILED" => (3, "Fail"),
        "WARNING" => (2, "Warning"),
        _ => (0, "Unknown"),
    };
    let of = |name: &str| finding.asff.get("Compliance").and_then(|all| all.get(name));
    let standards: Vec<&str> = of("AssociatedStandards")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|standard| standard.get("StandardsId")?.as_str())
        .collect();
    let control = [finding.control.as_str(), finding.text(&["GeneratorId"])]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default();
    let mut compliance = json!({
        "control": control,
        "standards": standards,
        "status": word,
        "status_id": id,
    });
    if let Some(members) = compliance.as_object_mut() {
        if let Some(requirements) = of("RelatedRequirements") {
            members.insert("requirements".to_owned(), requirements.clone());
        }
        let reasons = of("StatusReasons")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let details: Vec<&str> = reasons
            .filter_map(|reason| {
                reason
                    .get("Description")
                    .or_else(|| reason.get("ReasonCode"))?
                    .as_str()
            })
            .collect();
        if !details.is_empty() {
            members.insert("status_details".to_owned(), json!(details));
        }
    }
    compliance
}

fn vulnerabilities(asff: &Object) -> Vec<Value> {
    let list = asff.get("Vulnerabilities").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|one| one.get("Id")?.as_str())
        .map(|id| {
            if id.starts_with("CVE-") {
                json!({"cve": {"uid": id}})
            } else {
                json!({"advisory": {"uid": id}})
            }
        })
        .collect()
}

fn remediation(finding: &Shown) -> Option<Value> {
    let words = finding.text(&["Remediation", "Recommendation", "Text"]);
    let url = finding.text(&["Remediation", "Recommendation", "Url"]);
    if words.is_empty() && url.is_empty() {
        return None;
    }
    let references: Vec<&str> = Some(url)
        .filter(|url| !url.is_empty())
        .into_iter()
        .collect();
    Some(json!({"desc": if words.is_empty() { url } else { words }, "references": references}))
}

fn resources(asff: &Object, region: &str) -> Vec<Value> {
    let list = asff.get("Resources").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .map(|resource| {
            let of = |name: &str| resource.get(name).and_then(Value::as_str);
            let mut about = json!({
                "region": of("Region").unwrap_or(region),
                "type": of("Type").unwrap_or("Other"),
                "uid": of("Id").unwrap_or("unknown"),
            });
            if let (Some(partition), Some(members)) = (of("Partition"), about.as_object_mut()) {
                members.insert("cloud_partition".to_owned(), json!(partition));
            }
            about
        })
        .collect()
}

fn status(finding: &Shown, is_archived: bool) -> (i64, &'static str) {
    match finding.text(&["Workflow", "Status"]) {
        _ if is_archived => (5, "Archived"),
        "SUPPRESSED" => (3, "Suppressed"),
        "RESOLVED" => (4, "Resolved"),
        "NOTIFIED" => (2, "In Progress"),
        _ => (1, "New"),
    }
}

fn severity(label: &str) -> (i64, &'static str) {
    match label {
        "CRITICAL" => (5, "Critical"),
        "HIGH" => (4, "High"),
        "MEDIUM" => (3, "Medium"),
        "LOW" => (2, "Low"),
        _ => (1, "Informational"),
    }
}

fn product(finding: &Shown) -> String {
    let named = finding.text(&["ProductName"]);
    if !named.is_empty() {
        return named.to_owned();
    }
    let arn = finding.text(&["ProductArn"]);
    arn.rsplit('/').next().unwrap_or(arn).to_owned()
}

fn vendor(finding: &Shown) -> String {
    let named = finding.text(&["CompanyName"]);
    if !named.is_empty() {
        return named.to_owned();
    }
    if finding.text(&["ProductArn"]).contains("::product/aws/") {
        "AWS".to_owned()
    } else {
        product(finding)
    }
}

fn milliseconds(time: &str) -> Option<i64> {
    let time: Timestamp = time.parse().ok()?;
    Some(time.as_millisecond())
}
