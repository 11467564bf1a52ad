//! The outbox's rows as EventBridge's events: envelope, what they are about, and whether that is over.
//!
//! Source of the envelope of findings: AWS's "EventBridge event formats for Security Hub CSPM"
//! (securityhub-cwe-event-formats.html).

use jiff::Timestamp;
use posture_router::Event;
use posture_store::OutboxEvent;
use serde_json::{Map, Value};
use uuid::Uuid;

/// AWS's name for the event of a finding.
pub(crate) const IMPORTED: &str = "Security Hub Findings - Imported";
/// AWS Config's name for the event of a verdict.
pub(crate) const COMPLIANCE: &str = "Config Rules Compliance Change";
/// Ours, of plans and their runs.
pub(crate) const REMEDIATION: &str = "Posture Remediation State Change";
/// Ours, of a control's status.
pub(crate) const CONTROL: &str = "Posture Control Status Change";
/// Ours, of scores.
pub(crate) const INCIDENT_OPENED: &str = "Posture Score Incident Opened";
/// Ours, of scores.
pub(crate) const INCIDENT_CLOSED: &str = "Posture Score Incident Closed";
/// Ours, of findings that are late, or nearly.
pub(crate) const OVERDUE: &str = "Posture Finding Overdue";
/// Ours: many events as one.
pub(crate) const GROUP: &str = "Posture Event Group";

/// The namespace of event ids (RFC 9562, version 5): a number and a time give one id for ever.
const NAMESPACE: Uuid = Uuid::from_u128(0x7b64_6c5b_53cc_5f6b_9f2c_9a5c_0e64_7d31);

/// An event that is to go out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outgoing {
    /// Its number in the outbox.
    pub(crate) number: i64,
    /// The envelope.
    pub(crate) event: Event,
    /// The resource that it is about: events of one arrive in their order.
    pub(crate) subject: String,
    /// The finding, plan or incident: what a ticket or an alert is opened and closed for.
    pub(crate) thing: String,
}

impl Outgoing {
    /// The envelope of a row.
    pub(crate) fn of(row: OutboxEvent) -> Outgoing {
        let detail = match row.detail {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let about = About::of(&row.detail_type, &detail);
        let event = Event {
            version: "0".to_owned(),
            id: id(row.event, row.recorded_at),
            source: source(&row.detail_type).to_owned(),
            detail_type: row.detail_type,
            account: about.account,
            time: row.recorded_at,
            region: about.region,
            resources: about.resources,
            detail,
        };
        Outgoing {
            number: row.event,
            event,
            subject: about.subject,
            thing: about.thing,
        }
    }
}

fn id(number: i64, at: Timestamp) -> String {
    let name = format!("{number}/{}", at.as_microsecond());
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

/// AWS's own source where the detail is AWS's own, so that patterns written for AWS match.
fn source(detail_type: &str) -> &'static str {
    match detail_type {
        IMPORTED => "aws.securityhub",
        COMPLIANCE => "aws.config",
        _ => "posture",
    }
}

/// What an event is about.
struct About {
    account: String,
    region: String,
    resources: Vec<String>,
    subject: String,
    thing: String,
}

/// The account of what concerns no single one.
const NO_ACCOUNT: &str = "000000000000";
/// The Region of what has none, as Posture sends global resources' findings there too.
const NO_REGION: &str = "us-east-1";

impl About {
    fn of(detail_type: &str, detail: &Map<String, Value>) -> About {
        if detail_type == IMPORTED {
            return About::finding(detail);
        }
        let text = |name: &str| detail.get(name).and_then(Value::as_str).unwrap_or_default();
        let (subject, thing) = match detail_type {
            COMPLIANCE => {
                let parts = ["awsAccountId", "awsRegion", "resourceType", "resourceId"];
                let resource = parts.map(text).join("/");
                let rule = text("configRuleName");
                (resource.clone(), format!("rule/{rule}/{resource}"))
            }
            REMEDIATION => {
                let thing = format!("plan/{}", text("planId"));
                let resource = format!("{}/{}", text("awsAccountId"), text("resourceId"));
                (resource, thing)
            }
            CONTROL => {
                let thing = format!("control/{}", text("securityControlId"));
                (thing.clone(), thing)
            }
            INCIDENT_OPENED | INCIDENT_CLOSED => {
                let number = detail.get("incident").and_then(Value::as_i64);
                let score = format!("score/{}/{}", text("standard"), text("awsAccountId"));
                let number = number.unwrap_or_default();
                (score, format!("incident/{number}"))
            }
            OVERDUE => {
                let number = detail.get("finding").and_then(Value::as_i64);
                let (stage, to) = (text("stage"), text("to"));
                let number = number.unwrap_or_default();
                let resource = format!("{}/{}", text("awsAccountId"), text("resourceId"));
                (resource, format!("reminder/{number}/{stage}/{to}"))
            }
            _ => (detail_type.to_owned(), detail_type.to_owned()),
        };
        let or = |text: &str, other: &str| if text.is_empty() { other } else { text }.to_owned();
        let resource = text("resourceId");
        About {
            account: or(text("awsAccountId"), NO_ACCOUNT),
            region: or(text("awsRegion").trim_start_matches("global"), NO_REGION),
            resources: if resource.is_empty() {
                Vec::new()
            } else {
                vec![resource.to_owned()]
            },
            subject,
            thing,
        }
    }

    fn finding(detail: &Map<String, Value>) -> About {
        let finding = finding(detail);
        let text = |pointer: &str| {
            let found = finding.and_then(|finding| finding.pointer(pointer));
            found.and_then(Value::as_str).unwrap_or_default()
        };
        let product = text("/ProductArn");
        let named = format!("{product}/{}", text("/Id"));
        let region = [
            text("/Region"),
            text("/Resources/0/Region"),
            product.split(':').nth(3).unwrap_or_default(),
        ];
        let region = region.into_iter().find(|region| !region.is_empty());
        About {
            account: text("/AwsAccountId").to_owned(),
            region: region.unwrap_or(NO_REGION).to_owned(),
            subject: format!("{}/{}", text("/AwsAccountId"), text("/Resources/0/Id")),
            thing: format!("finding/{named}"),
            resources: vec![named],
        }
    }
}

/// The finding of an `Imported` event, which has one.
pub(crate) fn finding(detail: &Map<String, Value>) -> Option<&Value> {
    detail.get("findings")?.get(0)
}
