//! What the shapes of declarations have in common.

pub(crate) mod ec2;

use serde_json::{Map, Value};

use crate::text::value;

/// An object of the members whose paths lead somewhere in the entry; what is not there is left out.
pub(crate) fn pick(entry: &Value, members: &[(&str, &str)]) -> Value {
    let found = members.iter().filter_map(|(member, path)| {
        let found = value(path, entry)?;
        Some(((*member).to_owned(), found.clone()))
    });
    Value::Object(found.collect())
}

/// Gives members other names; what is not there stays so.
pub(crate) fn rename(whole: &mut Value, members: &[(&str, &str)]) {
    if let Some(whole) = whole.as_object_mut() {
        for (from, to) in members {
            if let Some(found) = whole.shift_remove(*from) {
                whole.insert((*to).to_owned(), found);
            }
        }
    }
}

/// Takes members out.
pub(crate) fn remove(whole: &mut Value, members: &[&str]) {
    if let Some(whole) = whole.as_object_mut() {
        for member in members {
            whole.shift_remove(*member);
        }
    }
}

/// Adds a member, if there is something to add.
pub(crate) fn add(whole: &mut Value, member: &str, found: Option<Value>) {
    if let (Some(whole), Some(found)) = (whole.as_object_mut(), found) {
        whole.insert(member.to_owned(), found);
    }
}

/// A reply of which only one member is kept, under another name.
pub(crate) fn under(member: &str, found: &Value) -> Value {
    let mut whole = Map::new();
    whole.insert(member.to_owned(), found.clone());
    Value::Object(whole)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_picked_renamed_and_taken_out() {
        let entry = json!({"A": {"B": 1}, "C": null});
        assert_eq!(
            pick(&entry, &[("b", "A.B"), ("c", "C"), ("d", "D")]),
            json!({"b": 1})
        );
        let mut whole = json!({"a": 1, "b": 2});
        rename(&mut whole, &[("a", "c"), ("x", "y")]);
        remove(&mut whole, &["b", "z"]);
        add(&mut whole, "d", None);
        add(&mut whole, "e", Some(json!(3)));
        assert_eq!(whole, json!({"c": 1, "e": 3}));
        assert_eq!(under("f", &whole), json!({"f": {"c": 1, "e": 3}}));
    }
}
