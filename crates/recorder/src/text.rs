//! Reading replies: paths and templates of declarations.

use serde_json::Value;

/// The members that a path goes through, and whether every element of each is meant.
fn steps(path: &str) -> impl Iterator<Item = (&str, bool)> {
    let steps = path.split('.').filter(|step| !step.is_empty());
    steps.map(|step| match step.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (step, false),
    })
}

/// Every value at a path: `A.B` members, `[]` every element, the empty path the value itself.
pub(crate) fn values<'v>(path: &str, value: &'v Value) -> Vec<&'v Value> {
    let mut found = vec![value];
    for (name, is_each) in steps(path) {
        let members = found.into_iter().filter_map(|value| match name {
            "" => Some(value),
            name => value.get(name),
        });
        found = if is_each {
            members.filter_map(Value::as_array).flatten().collect()
        } else {
            members.collect()
        };
    }
    found.retain(|value| !value.is_null());
    found
}

/// The same, taken out of the value.
pub(crate) fn taken(path: &str, value: Value) -> Vec<Value> {
    let mut found = vec![value];
    for (name, is_each) in steps(path) {
        let members = found.into_iter().filter_map(|mut value| match name {
            "" => Some(value),
            name => value.get_mut(name).map(Value::take),
        });
        found = if is_each {
            members
                .filter_map(|value| match value {
                    Value::Array(list) => Some(list),
                    _ => None,
                })
                .flatten()
                .collect()
        } else {
            members.collect()
        };
    }
    found.retain(|value| !value.is_null());
    found
}

/// The first value at a path.
pub(crate) fn value<'v>(path: &str, value: &'v Value) -> Option<&'v Value> {
    values(path, value).into_iter().next()
}

/// A value as a text: strings as they are, numbers and truth values as JSON has them.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What a text of a declaration is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) entry: &'a Value,
    pub(crate) parent: &'a Value,
    pub(crate) partition: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
}

impl About<'_> {
    /// The text that a path or a template gives; none where a part of it is missing, or where it is
    /// empty. Of several, between `|`, the first that gives one.
    pub(crate) fn text(&self, text: &str) -> Option<String> {
        let mut found = text.split('|').filter_map(|text| self.one(text));
        found.find(|found| !found.is_empty())
    }

    fn one(&self, text: &str) -> Option<String> {
        if !text.contains('{') {
            return value(text, self.entry).and_then(plain);
        }
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            filled.push_str(before);
            match name {
                "partition" => filled.push_str(self.partition),
                "region" => filled.push_str(self.region),
                "account" => filled.push_str(self.account),
                name => filled.push_str(&self.part(name)?),
            }
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }

    fn part(&self, name: &str) -> Option<String> {
        if let Some(name) = name.strip_prefix('/') {
            let whole = self.part(name)?;
            return whole.rsplit('/').next().map(str::to_owned);
        }
        let found = match name.strip_prefix('^') {
            Some(path) => value(path, self.parent),
            None => value(name, self.entry),
        };
        found.and_then(plain)
    }
}

/// Puts a value at a place whose steps are members, quoted where they are no words; makes the
/// objects on the way.
pub(crate) fn put(whole: &mut Value, place: &str, value: Value) {
    let mut at = whole;
    for step in place.split('.') {
        let step = step.trim_matches('"');
        if !at.is_object() {
            *at = Value::Object(serde_json::Map::new());
        }
        at = match at.as_object_mut() {
            Some(members) => members.entry(step).or_insert(Value::Null),
            None => return,
        };
    }
    *at = value;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_and_templates() {
        let entry = json!({
            "Id": "i-1",
            "Path": "/hostedzone/Z1",
            "A": [{"B": [1, 2]}, {"B": [3]}, {"C": null}],
        });
        assert_eq!(values("A[].B[]", &entry), [&json!(1), &json!(2), &json!(3)]);
        assert!(values("A[].C", &entry).is_empty());
        assert_eq!(value("", &entry), Some(&entry));
        let about = About {
            entry: &entry,
            parent: &json!({"Name": "p"}),
            partition: "aws",
            region: "eu-west-1",
            account: "123456789012",
        };
        let arn = about.text("arn:{partition}:ec2:{region}:{account}:instance/{Id}");
        assert_eq!(
            arn.as_deref(),
            Some("arn:aws:ec2:eu-west-1:123456789012:instance/i-1")
        );
        assert_eq!(about.text("{^Name}/{Id}").as_deref(), Some("p/i-1"));
        assert_eq!(about.text("{/Path}").as_deref(), Some("Z1"));
        assert_eq!(about.text("x/{/Id}").as_deref(), Some("x/i-1"));
        assert_eq!(about.text("{/Missing}"), None);
        assert_eq!(about.text("{Missing}x"), None);
        assert_eq!(about.text("Missing"), None);
        assert_eq!(about.text("Missing|Id").as_deref(), Some("i-1"));
    }

    #[test]
    fn places_are_made() {
        let mut whole = json!({"configuration": {"a": 1}});
        put(&mut whole, "configuration.b.c", json!(2));
        assert_eq!(whole, json!({"configuration": {"a": 1, "b": {"c": 2}}}));
        put(&mut whole, "configuration.\"A:B\"", json!(3));
        assert_eq!(whole["configuration"]["A:B"], 3);
    }
}
