//! OCSF 1.x findings: compliance (2003), detection (2004), vulnerability (2002), and the security
//! finding (2001) of its first release candidates.
//!
//! Source: the OCSF schema, `events/findings`.

use posture_content::standards;
use serde_json::{Value, json};

use super::Draft;
use super::draft::{OTHER, remediation, resource};
use super::value::{at, list, text, time};
use crate::finding::{Finding, Object};

pub(super) fn findings(value: &Value) -> Result<Vec<Finding>, String> {
    match at(value, &["class_uid"]).and_then(Value::as_i64) {
        Some(2001..=2007) => finding(value).map(|finding| vec![finding]),
        class => Err(format!(
            "an OCSF event of class {}, expected a finding (2001 to 2007)",
            class.map_or_else(|| "?".to_owned(), |class| class.to_string())
        )),
    }
}

/// The first text that is there.
fn first<'t>(texts: &[&'t str]) -> &'t str {
    let found = texts.iter().find(|text| !text.is_empty());
    found.copied().unwrap_or_default()
}

fn finding(value: &Value) -> Result<Finding, String> {
    // The release candidates called `finding` what is `finding_info` since 1.0.
    let info = at(value, &["finding_info"]).or_else(|| at(value, &["finding"]));
    let info = info.unwrap_or(value);
    let of = |path: &[&str]| text(value, path);
    let resources = resources(value);
    let uid = of(&["cloud", "account", "uid"]);
    let account_id =
        first(&[uid, of(&["cloud", "account_uid"]), arn_part(&resources, 4)]).to_owned();
    let region = of(&["cloud", "region"]);
    let aws_region = first(&[region, arn_part(&resources, 3), "us-east-1"]).to_owned();
    let product = of(&["metadata", "product", "name"]);
    let is_prowler = product.eq_ignore_ascii_case("prowler");
    let reference = list(value, &["remediation", "references"]).iter();
    let url = reference
        .filter_map(Value::as_str)
        .find(|url| url.starts_with("https://"));
    let created_at =
        time(at(info, &["created_time_dt"])).or_else(|| time(at(info, &["created_time"])));
    Draft {
        product: if is_prowler { "prowler/prowler" } else { OTHER },
        product_name: first(&[product, "OCSF"]).to_owned(),
        id: text(info, &["uid"]).to_owned(),
        generator_id: generator(value, info, is_prowler),
        account_id,
        aws_region,
        types: types(value, info),
        updated_at: time(at(info, &["modified_time"]))
            .or_else(|| time(at(value, &["time_dt"])))
            .or_else(|| time(at(value, &["time"])))
            .or_else(|| created_at.clone()),
        created_at,
        first_observed_at: time(at(info, &["first_seen_time"])),
        last_observed_at: time(at(info, &["last_seen_time"])),
        severity: severity(value),
        title: text(info, &["title"]).to_owned(),
        description: first(&[
            of(&["status_detail"]),
            text(info, &["desc"]),
            of(&["message"]),
        ])
        .to_owned(),
        remediation: remediation(of(&["remediation", "desc"]), url.unwrap_or_default()),
        source_url: text(info, &["src_url"]).to_owned(),
        compliance: compliance(value),
        is_archived: at(value, &["status_id"]).and_then(Value::as_i64) == Some(5),
        resources,
        more: more(value),
        ..Draft::default()
    }
    .finding()
}

fn generator(value: &Value, info: &Value, is_prowler: bool) -> String {
    let check = text(value, &["metadata", "event_code"]);
    if is_prowler {
        return format!("prowler-{check}");
    }
    let analytic = text(info, &["analytic", "uid"]);
    let control = text(value, &["compliance", "control"]);
    first(&[analytic, control, check, text(info, &["title"]), "ocsf"]).to_owned()
}

fn types(value: &Value, info: &Value) -> Vec<String> {
    let types = list(info, &["types"]).iter().filter_map(Value::as_str);
    let types: Vec<String> = types.map(str::to_owned).collect();
    if types.is_empty() {
        return vec![text(value, &["class_name"]).to_owned()];
    }
    types
}

/// Workflow and vulnerabilities.
fn more(value: &Value) -> Object {
    let mut more = Object::new();
    if let Some(status) = workflow(value) {
        more.insert("Workflow".to_owned(), json!({"Status": status}));
    }
    let vulnerabilities: Vec<Value> = list(value, &["vulnerabilities"])
        .iter()
        .map(|one| text(one, &["cve", "uid"]))
        .filter(|id| !id.is_empty())
        .map(|id| json!({"Id": id}))
        .collect();
    if !vulnerabilities.is_empty() {
        more.insert("Vulnerabilities".to_owned(), json!(vulnerabilities));
    }
    more
}

/// 0 unknown, 1 informational … 5 critical, 6 fatal.
fn severity(value: &Value) -> Value {
    let label = match at(value, &["severity_id"]).and_then(Value::as_i64) {
        Some(2) => "LOW",
        Some(3) => "MEDIUM",
        Some(4) => "HIGH",
        Some(5 | 6) => "CRITICAL",
        _ => "INFORMATIONAL",
    };
    let original = text(value, &["severity"]);
    if original.is_empty() {
        return json!({"Label": label});
    }
    json!({"Label": label, "Original": original})
}

/// New, in progress, suppressed, resolved.
fn workflow(value: &Value) -> Option<&'static str> {
    match at(value, &["status_id"]).and_then(Value::as_i64)? {
        2 => Some("NOTIFIED"),
        3 => Some("SUPPRESSED"),
        4 => Some("RESOLVED"),
        _ => None,
    }
}

fn compliance(value: &Value) -> Option<Value> {
    let by_id = at(value, &["compliance", "status_id"]).and_then(Value::as_i64);
    let words = [
        text(value, &["compliance", "status"]),
        text(value, &["status_code"]),
    ];
    let by_word = words
        .iter()
        .find_map(|word| match word.to_uppercase().as_str() {
            "PASS" | "PASSED" | "SUCCESS" => Some("PASSED"),
            "FAIL" | "FAILED" | "FAILURE" => Some("FAILED"),
            // Nobody has looked yet: not decided.
            "MANUAL" | "WARNING" | "UNKNOWN" => Some("WARNING"),
            _ => None,
        });
    let by_id = match by_id {
        Some(1) => Some("PASSED"),
        Some(2) => Some("WARNING"),
        Some(3) => Some("FAILED"),
        _ => None,
    };
    let is_check = at(value, &["class_uid"]).and_then(Value::as_i64) == Some(2003);
    let status = by_id.or(by_word).or(is_check.then_some("WARNING"))?;
    let requirements: Vec<&str> = list(value, &["compliance", "requirements"])
        .iter()
        .filter_map(Value::as_str)
        .take(32)
        .collect();
    let mut compliance = json!({"Status": status});
    let members = compliance.as_object_mut()?;
    if !requirements.is_empty() {
        members.insert("RelatedRequirements".to_owned(), json!(requirements));
    }
    let control = text(value, &["compliance", "control"]);
    if let Some(control) = standards::embedded()
        .ok()
        .and_then(|all| all.control(control))
    {
        members.insert("SecurityControlId".to_owned(), json!(control.id));
    }
    Some(compliance)
}

fn resources(value: &Value) -> Vec<Value> {
    let one = at(value, &["resource"]);
    let all = list(value, &["resources"]).iter().chain(one);
    let region = text(value, &["cloud", "region"]);
    let mut resources: Vec<Value> = all
        .map(|about| {
            let id = [text(about, &["uid"]), text(about, &["name"])]
                .into_iter()
                .find(|id| !id.is_empty())
                .unwrap_or_default();
            let own = text(about, &["region"]);
            let kind = match text(about, &["type"]) {
                kind if kind.starts_with("AWS::") => super::asff_type(kind),
                kind if kind.starts_with("Aws") => kind,
                _ => "Other",
            };
            resource(kind, id, if own.is_empty() { region } else { own })
        })
        .collect();
    if resources.is_empty() {
        let account = text(value, &["cloud", "account", "uid"]);
        resources.push(resource(
            "AwsAccount",
            &format!("AWS::::Account:{account}"),
            region,
        ));
    }
    resources
}

fn arn_part(resources: &[Value], part: usize) -> &str {
    let id = resources
        .first()
        .map_or("", |resource| text(resource, &["Id"]));
    id.strip_prefix("arn:")
        .and_then(|_| id.split(':').nth(part))
        .unwrap_or_default()
}
