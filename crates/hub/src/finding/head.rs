//! What of a finding is kept in columns, to find and count it by.

use jiff::Timestamp;
use posture_content::standards::Standards;
use serde_json::Value;

use super::identity::{Hash, fact, identity};
use super::{ComplianceStatus, Object, RecordState, SeverityLabel, at, text};

/// Why a finding can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindingError {
    /// Members that ASFF requires are not there, or are no texts.
    #[error("a finding lacks {}", .0.join(", "))]
    Missing(Vec<&'static str>),
    /// A member is not what ASFF says.
    #[error("{member} is {seen}, expected {expected}")]
    Member {
        /// The member.
        member: &'static str,
        /// What was seen.
        seen: String,
        /// What ASFF wants.
        expected: &'static str,
    },
}

/// The columns of a finding.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    pub(crate) identity: Hash,
    pub(crate) product_arn: String,
    pub(crate) id: String,
    pub(crate) generator_id: String,
    pub(crate) account_id: String,
    pub(crate) aws_region: String,
    pub(crate) title: String,
    pub(crate) compliance: Option<ComplianceStatus>,
    pub(crate) record_state: RecordState,
    /// The security control; empty where it is none's.
    pub(crate) control: String,
    pub(crate) resource_type: String,
    pub(crate) resource_id: String,
    pub(crate) fact: Hash,
    /// Microseconds since 1970.
    pub(crate) updated_at: i64,
}

/// Texts without which a finding is none. `Title` and the like are required too, but nothing is lost
/// where they lack.
const REQUIRED: [&str; 5] = [
    "Id",
    "ProductArn",
    "GeneratorId",
    "AwsAccountId",
    "UpdatedAt",
];

/// Characters of a title or id that a column holds; the finding itself is kept whole.
const COLUMN: usize = 1024;

impl Head {
    /// Reads a finding.
    pub(crate) fn of(asff: &Object, standards: &Standards) -> Result<Head, FindingError> {
        let mut missing: Vec<&'static str> = REQUIRED
            .into_iter()
            .filter(|name| text(asff, &[name]).is_none_or(str::is_empty))
            .collect();
        let resource = asff.get("Resources").and_then(|list| list.get(0));
        if resource.is_none() {
            missing.push("Resources");
        }
        if !missing.is_empty() {
            return Err(FindingError::Missing(missing));
        }
        let column = |path: &[&str]| storable(text(asff, path).unwrap_or_default());
        let of_resource = |name: &str| {
            let value = resource.and_then(|resource| resource.get(name));
            storable(value.and_then(Value::as_str).unwrap_or_default())
        };
        let account_id = column(&["AwsAccountId"]);
        let aws_region = region(asff, &of_resource("Region"));
        let resource_id = of_resource("Id");
        let control = control(asff, standards);
        let (product_arn, id) = (column(&["ProductArn"]), column(&["Id"]));
        let what = if control.is_empty() {
            vulnerability(asff)
        } else {
            control.clone()
        };
        let identity = identity(&product_arn, &id);
        Ok(Head {
            identity,
            generator_id: column(&["GeneratorId"]),
            title: column(&["Title"]),
            compliance: word(
                asff,
                "Compliance.Status",
                "PASSED, FAILED, WARNING or NOT_AVAILABLE",
                ComplianceStatus::from_word,
            )?,
            record_state: word(
                asff,
                "RecordState",
                "ACTIVE or ARCHIVED",
                RecordState::from_word,
            )?
            .unwrap_or(RecordState::Active),
            resource_type: of_resource("Type"),
            fact: if what.is_empty() {
                identity
            } else {
                fact(&account_id, &aws_region, &what, &resource_id)
            },
            updated_at: updated_at(asff)?,
            product_arn,
            id,
            account_id,
            aws_region,
            control,
            resource_id,
        })
    }
}

/// The severity that counts, of a finding's `Severity` as it is shown.
pub(crate) fn severity(shown: Option<&Value>) -> SeverityLabel {
    let member = |name: &str| shown.and_then(|severity| severity.get(name));
    let label = member("Label").and_then(Value::as_str);
    let normalized = member("Normalized").and_then(Value::as_f64);
    label
        .and_then(SeverityLabel::from_word)
        .or_else(|| normalized.map(SeverityLabel::from_normalized))
        .unwrap_or(SeverityLabel::Informational)
}

/// The finding's Region; else the one in its product's ARN, else its resource's.
fn region(asff: &Object, of_resource: &str) -> String {
    let of_product = text(asff, &["ProductArn"]).and_then(|arn| arn.split(':').nth(3));
    let named = text(asff, &["Region"]).or(of_product).unwrap_or_default();
    storable(if named.is_empty() { of_resource } else { named })
}

/// The security control that a finding is of, in whatever form it says so.
fn control(asff: &Object, standards: &Standards) -> String {
    let named = text(asff, &["Compliance", "SecurityControlId"]);
    let generator = text(asff, &["GeneratorId"]).unwrap_or_default();
    let found = named
        .and_then(|id| standards.control(id))
        .or_else(|| standards.control_of_generator(generator));
    match (found, named) {
        (Some(control), _) => control.id.clone(),
        (None, Some(named)) => storable(named),
        (None, None) => String::new(),
    }
}

/// The vulnerability that a finding is of; two scanners find the same one.
fn vulnerability(asff: &Object) -> String {
    let list = asff.get("Vulnerabilities").and_then(Value::as_array);
    match list.map(Vec::as_slice) {
        Some([one]) => storable(one.get("Id").and_then(Value::as_str).unwrap_or_default()),
        _ => String::new(),
    }
}

fn updated_at(asff: &Object) -> Result<i64, FindingError> {
    let seen = text(asff, &["UpdatedAt"]).unwrap_or_default();
    let time: Result<Timestamp, _> = seen.parse();
    time.map(Timestamp::as_microsecond)
        .map_err(|_| FindingError::Member {
            member: "UpdatedAt",
            seen: format!("{seen:?}"),
            expected: "a time such as 2026-03-03T12:00:00Z",
        })
}

fn word<T>(
    asff: &Object,
    member: &'static str,
    expected: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, FindingError> {
    let path: Vec<&str> = member.split('.').collect();
    let Some(value) = at(asff, &path).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    match value.as_str().and_then(read) {
        Some(word) => Ok(Some(word)),
        None => Err(FindingError::Member {
            member,
            seen: value.to_string(),
            expected,
        }),
    }
}

/// For a column: PostgreSQL can't hold NUL, and nobody searches for a megabyte.
fn storable(text: &str) -> String {
    if text.len() <= COLUMN && !text.contains('\0') {
        return text.to_owned();
    }
    let known = text.chars().take(COLUMN);
    known
        .map(|letter| if letter == '\0' { '\u{fffd}' } else { letter })
        .collect()
}
