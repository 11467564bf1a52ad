//! From an entry of a listing and the answers about it to a configuration item.

use jiff::Timestamp;
use posture_model::canonical::{CanonicalItem, canonical_item};
use posture_model::tree::{Bump, node_of};
use posture_model::{ConfigurationItem, Source};
use serde_json::{Map, Value, json};

use super::identities::Identities;
use crate::coverage::Outcome;
use crate::declare::{Collector, Tags};
use crate::text::{About, plain, put, value, values};

/// An item in the making.
#[derive(Debug)]
pub(crate) struct Draft {
    item: Value,
    unread: Vec<Value>,
}

impl Draft {
    /// What the listing says. None where it doesn't say which resource it is.
    pub(crate) fn new(
        collector: &Collector,
        aws_region: &str,
        configuration: Value,
        about: &About<'_>,
        listed_at: Timestamp,
    ) -> Option<Draft> {
        let id = about.text(collector.id).filter(|id| !id.is_empty())?;
        let mut item = Map::new();
        item.insert("accountId".to_owned(), json!(about.account));
        item.insert("awsRegion".to_owned(), json!(aws_region));
        item.insert(
            "resourceType".to_owned(),
            json!(collector.resource_type.as_str()),
        );
        item.insert("resourceId".to_owned(), json!(id));
        for (member, text) in [
            ("resourceName", collector.name),
            ("arn", collector.arn),
            ("resourceCreationTime", collector.created),
        ] {
            if let Some(text) = text.and_then(|text| about.text(text)) {
                item.insert(member.to_owned(), Value::String(text));
            }
        }
        let mut configuration = match configuration {
            configuration @ Value::Object(_) => configuration,
            // A listing of names or ARNs says nothing but who there is.
            _ => json!({}),
        };
        if let Some(shape) = collector.shape {
            shape(&mut configuration, about.entry);
        }
        if let Some(at) = collector.at {
            at(&mut configuration, about.entry, listed_at);
        }
        let tags = match collector.tags {
            Tags::Listed(path) => tags(value(path, about.entry)),
            Tags::None | Tags::Bulk(_) | Tags::Asked(..) => json!({}),
        };
        item.insert("tags".to_owned(), tags);
        item.insert(
            "relationships".to_owned(),
            relationships(collector, about.entry),
        );
        item.insert("configuration".to_owned(), configuration);
        item.insert("supplementaryConfiguration".to_owned(), json!({}));
        Some(Draft {
            item: Value::Object(item),
            unread: Vec::new(),
        })
    }

    /// An item of the account itself.
    pub(crate) fn of_account(account_id: &str, aws_region: &str, partition: &str) -> Draft {
        Draft {
            item: json!({
                "accountId": account_id,
                "awsRegion": aws_region,
                "resourceType": posture_model::ResourceType::Account.as_str(),
                "resourceId": account_id,
                "arn": format!("arn:{partition}:iam::{account_id}:root"),
                "tags": {},
                "relationships": [],
                "configuration": {},
                "supplementaryConfiguration": {},
            }),
            unread: Vec::new(),
        }
    }

    /// Takes the ARN for the id where the listing has shown another resource of this id.
    pub(crate) fn tell_apart(&mut self, identities: &mut Identities) {
        let text = |member| self.item.get(member).and_then(Value::as_str);
        if let (Some(id), Some(arn)) = (text("resourceId"), text("arn"))
            && identities.is_taken(id, arn)
        {
            let arn = json!(arn);
            put(&mut self.item, "resourceId", arn);
        }
    }

    /// The item as it is so far.
    pub(crate) fn item(&self) -> &Value {
        &self.item
    }

    /// What a detail says; `null` where it says that there is nothing.
    pub(crate) fn put(&mut self, place: &str, value: Value) {
        match place {
            "tags" => put(&mut self.item, place, tags(Some(&value))),
            "relationships" => {
                let more = value.as_array().cloned().unwrap_or_default();
                if let Some(Value::Array(known)) = self.item.get_mut("relationships") {
                    known.extend(more);
                }
            }
            place => put(&mut self.item, place, value),
        }
    }

    /// That a place was asked for and not read.
    pub(crate) fn unread(&mut self, place: &str, outcome: &Outcome) {
        self.unread.push(json!({
            "path": place,
            "state": outcome.unread_state(),
            "action": outcome.action,
            "code": outcome.code,
        }));
    }

    /// The item as canonical JSON, secrets replaced, with its time.
    pub(crate) fn finish(mut self, captured_at: Timestamp) -> Vec<u8> {
        put(&mut self.item, "unread", Value::Array(self.unread));
        let arena = Bump::new();
        let mut canonical = CanonicalItem::default();
        let item = node_of(&self.item, &arena)
            .ok()
            .and_then(|root| ConfigurationItem::from_node(root, Source::Recorder, &arena).ok());
        if let Some(item) = item {
            canonical_item(&item, &arena, &mut canonical);
        }
        with_time(&canonical, captured_at)
    }
}

/// The canonical text with the members that are left out of it put in where they sort.
fn with_time(canonical: &CanonicalItem, captured_at: Timestamp) -> Vec<u8> {
    let text = canonical.text.as_slice();
    let (before, after) = text
        .split_at_checked(canonical.split)
        .unwrap_or((text, b""));
    let added = format!(
        "\"configurationItemCaptureTime\":\"{captured_at}\",\"configurationItemStatus\":\"OK\""
    );
    let mut whole = before.to_vec();
    if before.last().is_some_and(|byte| *byte != b'{') {
        whole.push(b',');
    }
    whole.extend_from_slice(added.as_bytes());
    whole.extend_from_slice(after);
    whole
}

/// Tags as items have them, from any of the forms in which APIs give them: a map, or a list of
/// `Key` and `Value`, `key` and `value`, or `TagKey` and `TagValue`.
pub(crate) fn tags(found: Option<&Value>) -> Value {
    let mut tags = Map::new();
    match found {
        Some(Value::Object(members)) => {
            for (key, value) in members {
                tags.insert(key.clone(), json!(plain(value).unwrap_or_default()));
            }
        }
        Some(Value::Array(entries)) => {
            for entry in entries {
                let text = |names: [&str; 3]| {
                    let mut found = names.iter().filter_map(|name| entry.get(name));
                    found.next().and_then(plain)
                };
                if let Some(key) = text(["Key", "key", "TagKey"]) {
                    let value = text(["Value", "value", "TagValue"]).unwrap_or_default();
                    tags.insert(key, json!(value));
                }
            }
        }
        _ => {}
    }
    Value::Object(tags)
}

fn relationships(collector: &Collector, entry: &Value) -> Value {
    let mut found = Vec::new();
    for relation in collector.relationships {
        for (member, path) in [
            ("resourceId", relation.ids),
            ("resourceName", relation.names),
        ] {
            if path.is_empty() {
                continue;
            }
            for text in values(path, entry).into_iter().filter_map(plain) {
                found.push(json!({
                    "relationshipName": relation.name,
                    "resourceType": relation.resource_type.as_str(),
                    member: text,
                }));
            }
        }
    }
    Value::Array(found)
}
