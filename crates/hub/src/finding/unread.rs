//! Members of a finding that nothing here looks into: they stay the JSON text that they came as.
//!
//! Most of a finding is description, remediation, product fields and details of resources. To make values of them only to
//! write them again is a third of what an import costs.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use sonic_rs::{LazyValue, to_array_iter, to_object_iter};

use super::{CUSTOMER_ONLY, Object, SHARED};
use crate::hub::CAPTURED;

/// Members that are looked into, beside [`CUSTOMER_ONLY`] and [`SHARED`].
const READ: [&str; 13] = [
    "AwsAccountId",
    "Compliance",
    "CreatedAt",
    "FindingProviderFields",
    "FirstObservedAt",
    "GeneratorId",
    "Id",
    "ProductArn",
    "RecordState",
    "Region",
    "SchemaVersion",
    "Title",
    "UpdatedAt",
];

/// Members of which a little is looked at, and the rest is not.
const SKIMMED: [&str; 3] = ["ProductFields", "Resources", "Vulnerabilities"];

/// Members as they came, without the braces around them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Unread(String);

/// A finding apart: what is looked into, and the text of the rest. None where it is no finding of ASFF, or one whose
/// members are not of the kinds that ASFF has: that is to be read whole.
///
/// # Errors
/// Where it is no JSON, in serde_json's words.
pub(crate) fn apart(document: &[u8]) -> Result<Option<(Object, Unread)>, serde_json::Error> {
    let text = std::str::from_utf8(document).ok();
    let Some((text, found)) = text.and_then(|text| Some((text, split(text)?))) else {
        return Ok(None);
    };
    // What is kept unread must be what can be read later.
    serde_json::from_str::<Readable>(text)?;
    Ok(Some(found))
}

fn split(document: &str) -> Option<(Object, Unread)> {
    let (mut read, mut text) = (Object::new(), String::with_capacity(document.len()));
    for member in to_object_iter(document) {
        let (name, value) = member.ok()?;
        let name: &str = &name;
        let raw = value.as_raw_str();
        if READ.contains(&name) || CUSTOMER_ONLY.contains(&name) || SHARED.contains(&name) {
            read.insert(name.to_owned(), serde_json::from_str(raw).ok()?);
            continue;
        }
        if SKIMMED.contains(&name) {
            read.insert(name.to_owned(), skimmed(name, raw)?);
        }
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&serde_json::to_string(name).ok()?);
        text.push(':');
        text.push_str(raw);
    }
    let is_asff = read.contains_key("SchemaVersion") && read.contains_key("ProductArn");
    is_asff.then_some((read, Unread(text)))
}

/// What [`super::Head`] and the clock look at.
fn skimmed(name: &str, raw: &str) -> Option<Value> {
    if name == "ProductFields" {
        return of_object(raw, &[CAPTURED]);
    }
    let of_first: &[&str] = if name == "Resources" {
        &["Id", "Region", "Type"]
    } else {
        &["Id"]
    };
    if !raw.starts_with('[') {
        return None;
    }
    let mut list = Vec::new();
    // Whether there is one or more is all that is asked of the others.
    for element in to_array_iter(raw).take(2) {
        let element: LazyValue<'_> = element.ok()?;
        let named = if list.is_empty() { of_first } else { &[] };
        list.push(of_object(element.as_raw_str(), named)?);
    }
    Some(Value::Array(list))
}

fn of_object(raw: &str, names: &[&str]) -> Option<Value> {
    if !raw.starts_with('{') {
        return None;
    }
    let mut object = Object::new();
    if !names.is_empty() {
        for member in to_object_iter(raw) {
            let (name, value) = member.ok()?;
            if names.contains(&&*name) {
                let value = serde_json::from_str(value.as_raw_str()).ok()?;
                object.insert((*name).to_owned(), value);
            }
        }
    }
    Some(Value::Object(object))
}

impl Unread {
    /// The JSON text of a finding: what was read, as it is now, and the rest.
    pub(crate) fn with(&self, read: &Object) -> Result<Vec<u8>, serde_json::Error> {
        if self.0.is_empty() {
            return serde_json::to_vec(read);
        }
        let mut text = Vec::with_capacity(self.0.len() + 2048);
        text.push(b'{');
        for (name, value) in read {
            if !SKIMMED.contains(&name.as_str()) {
                serde_json::to_writer(&mut text, name)?;
                text.push(b':');
                serde_json::to_writer(&mut text, value)?;
                text.push(b',');
            }
        }
        text.extend_from_slice(self.0.as_bytes());
        text.push(b'}');
        Ok(text)
    }
}

/// JSON that [`Value`] could hold, read and dropped: as deep, with such numbers and texts.
struct Readable;

impl<'de> Deserialize<'de> for Readable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Readable, D::Error> {
        deserializer.deserialize_any(Readable)
    }
}

impl<'de> Visitor<'de> for Readable {
    type Value = Readable;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("any valid JSON value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Readable, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Readable, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Readable, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Readable, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Readable, E> {
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Readable, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Readable, A::Error> {
        while list.next_element::<Readable>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Readable, A::Error> {
        while members.next_entry::<Readable, Readable>()?.is_some() {}
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    //! Oracle: the same finding read whole.

    use posture_content::standards;
    use serde_json::json;

    use super::super::Head;
    use super::*;

    fn finding() -> Value {
        json!({
            "SchemaVersion": "2018-10-08",
            "Id": "f1",
            "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
            "GeneratorId": "security-control/S3.1",
            "AwsAccountId": "111122223333",
            "UpdatedAt": "2026-03-03T12:00:00Z",
            "Description": "with \"quotes\", a \\ and \u{1f980}",
            "Compliance": {"Status": "FAILED"},
            "ProductFields": {"posture/capturedAt": "2026-03-01T00:00:00Z", "other": "x"},
            "Resources": [
                {"Id": "arn:aws:s3:::b", "Type": "AwsS3Bucket", "Region": "eu-west-1", "Details": {"AwsS3Bucket": {}}},
                {"Id": "arn:aws:s3:::c", "Type": "AwsS3Bucket"},
                {"Id": "arn:aws:s3:::d", "Type": "AwsS3Bucket"},
            ],
            "Severity": {"Label": "HIGH", "Original": "9"},
            "Vulnerabilities": [{"Id": "CVE-2026-1", "Cvss": [{"BaseScore": 9.8}]}],
            "Workflow": {"Status": "NOTIFIED"},
            "Unheard \"of\"": [1, -2, 3.5, true, null, {}],
        })
    }

    #[test]
    fn nothing_is_lost_and_the_columns_are_those_of_the_whole() {
        let standards = standards::embedded().unwrap();
        let mut shorter = finding();
        shorter["Resources"] = json!([{"Id": "arn:aws:s3:::b"}]);
        shorter["Vulnerabilities"] = json!([]);
        let mut without = finding();
        for name in ["Compliance", "ProductFields", "Vulnerabilities"] {
            without.as_object_mut().unwrap().remove(name);
        }
        for value in [finding(), shorter, without] {
            let text = serde_json::to_vec_pretty(&value).unwrap();
            let (read, unread) = apart(&text).unwrap().unwrap();
            let again: Value = serde_json::from_slice(&unread.with(&read).unwrap()).unwrap();
            assert_eq!(again, value);
            let Value::Object(whole) = value else {
                unreachable!()
            };
            assert_eq!(Head::of(&read, standards), Head::of(&whole, standards));
            let captured = |asff: &Object| {
                super::super::text(asff, &["ProductFields", CAPTURED]).map(str::to_owned)
            };
            assert_eq!(captured(&read), captured(&whole));
        }
    }

    #[test]
    fn what_was_changed_since_is_written() {
        let text = finding().to_string();
        let (mut read, unread) = apart(text.as_bytes()).unwrap().unwrap();
        read.remove("Workflow");
        read.insert("Severity".to_owned(), json!({"Label": "LOW"}));
        let again: Value = serde_json::from_slice(&unread.with(&read).unwrap()).unwrap();
        let mut expected = finding();
        expected.as_object_mut().unwrap().remove("Workflow");
        expected["Severity"] = json!({"Label": "LOW"});
        assert_eq!(again, expected);
    }

    #[test]
    fn members_of_other_kinds_are_read_whole() {
        for (name, value) in [
            ("Resources", json!({"Id": "a"})),
            ("Resources", json!(["a"])),
            ("Resources", Value::Null),
            ("ProductFields", json!("none")),
            ("Vulnerabilities", json!(3)),
            ("SchemaVersion", Value::Null),
        ] {
            let mut finding = finding();
            if value.is_null() {
                finding.as_object_mut().unwrap().remove(name);
            } else {
                finding[name] = value.clone();
            }
            let found = apart(finding.to_string().as_bytes()).unwrap();
            // A finding without resources is one that Head refuses; one without a version is none.
            let is_one = name == "Resources" && value.is_null();
            assert_eq!(found.is_some(), is_one, "{name}: {value}");
        }
    }

    #[test]
    fn what_could_not_be_read_later_is_refused_as_when_it_is_read_whole() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for unread in [
            "1e999",
            deep.as_str(),
            "\"\\ud800\"",
            "[1,]",
            "nul",
            "\"\u{1}\"",
        ] {
            let text = finding().to_string();
            let text = text.replacen('{', &format!("{{\"Other\":{unread},"), 1);
            let whole = serde_json::from_slice::<Value>(text.as_bytes()).unwrap_err();
            match apart(text.as_bytes()) {
                Err(error) => assert_eq!(error.to_string(), whole.to_string()),
                Ok(found) => assert_eq!(found, None, "{unread}"),
            }
        }
    }

    #[test]
    fn of_a_member_that_comes_twice_the_last_counts() {
        let text = finding().to_string();
        let again = ",\"Id\":\"f2\",\"Resources\":[{\"Id\":\"last\"}]}";
        let text = format!("{}{again}", text.strip_suffix('}').unwrap());
        let (read, unread) = apart(text.as_bytes()).unwrap().unwrap();
        let whole: Value = serde_json::from_str(&text).unwrap();
        let again: Value = serde_json::from_slice(&unread.with(&read).unwrap()).unwrap();
        assert_eq!(again, whole);
        assert_eq!(read["Id"], "f2");
        assert_eq!(read["Resources"], whole["Resources"]);
    }
}
