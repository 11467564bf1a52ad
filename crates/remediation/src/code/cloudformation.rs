//! A CloudFormation template that says what it should.

use posture_content::yaml;
use serde_json::{Map, Value};

use super::declared::InTemplate;
use super::patch::{PatchError, SourceFile};
use super::template::saying;
use crate::document::plain_json;

/// The template and its new text.
pub(super) fn patched<'f>(
    change: &InTemplate,
    files: &'f [SourceFile],
) -> Result<(&'f SourceFile, String), PatchError> {
    let logical = &change.logical_resource_id;
    let absent = |place: &str| PatchError::Absent {
        what: format!("{logical} ({})", change.resource_type),
        place: place.to_owned(),
    };
    let Some(file) = files.first() else {
        return Err(absent("no template"));
    };
    let unreadable = |what: String| PatchError::Unreadable {
        path: file.path.clone(),
        what,
    };
    let root = yaml::read(&file.text).map_err(|problem| unreadable(problem.to_string()))?;
    let resource = root.get("Resources").and_then(|all| all.get(logical));
    let resource = resource.ok_or_else(|| absent(&file.path))?;
    let found = resource.get("Type").and_then(yaml::Value::text);
    if found != Some(&change.resource_type) {
        let found = found.unwrap_or("nothing");
        let expected = &change.resource_type;
        return Err(unreadable(format!("{logical} is {found}, not {expected}")));
    }
    let wanted: Map<String, Value> = [(
        "Properties".to_owned(),
        Value::Object(change.properties.clone()),
    )]
    .into_iter()
    .collect();
    let by_hand = |what: String| PatchError::ByHand {
        path: file.path.clone(),
        what: format!("{logical}.{what}"),
    };
    let text = saying(&file.text, resource, &wanted).map_err(by_hand)?;
    // What the new text says is what the old one said, and the change: nothing else.
    let mut expected = plain_json(&root);
    if let Some(resource) = expected
        .pointer_mut("/Resources")
        .and_then(|all| all.get_mut(logical))
    {
        put(resource, Value::Object(wanted));
    }
    let said = yaml::read(&text).map(|root| plain_json(&root));
    if said.is_ok_and(|said| said == expected) {
        return Ok((file, text));
    }
    Err(by_hand("Properties".to_owned()))
}

/// Puts members into an object, into those that are there, too.
fn put(target: &mut Value, wanted: Value) {
    match (target, wanted) {
        (Value::Object(target), Value::Object(wanted)) => {
            for (name, value) in wanted {
                put(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, wanted) => *target = wanted,
    }
}
