//! The expressions of paginators: the part of JMESPath that they use.
//!
//! `NextToken`, `StreamDescription.Shards[-1].ShardId`, `NextMarker || Contents[-1].Key`.

use serde_json::Value;

/// What an expression finds; nothing for null.
pub(super) fn find<'v>(expression: &str, value: &'v Value) -> Option<&'v Value> {
    expression
        .split("||")
        .find_map(|path| follow(path.trim(), value).filter(|found| is_something(found)))
}

/// JMESPath's `||` passes over what is false, empty or null.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => true,
    }
}

fn follow<'v>(path: &str, value: &'v Value) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, step| {
        let (name, index) = step.split_once('[').unwrap_or((step, ""));
        let found = value.get(name)?;
        match index.strip_suffix(']') {
            None => Some(found),
            Some("-1") => found.as_array()?.last(),
            Some(index) => found.get(index.parse::<usize>().ok()?),
        }
    })
}

/// The list at a plain path, to be added to.
pub(super) fn list_mut<'v>(path: &str, value: &'v mut Value) -> Option<&'v mut Value> {
    path.split('.')
        .try_fold(value, |value, step| value.get_mut(step))
}

/// Removes what a plain path names.
pub(super) fn remove(path: &str, value: &mut Value) {
    let (parent, name) = match path.rsplit_once('.') {
        Some((parent, name)) => (list_mut(parent, value), name),
        None => (Some(value), path),
    };
    if let Some(Value::Object(parent)) = parent {
        parent.shift_remove(name);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Service;

    #[test]
    fn the_three_forms() {
        let value = json!({"A": {"B": [{"C": 1}, {"C": 2}]}, "M": "", "K": [{"Key": "z"}]});
        assert_eq!(find("A.B[-1].C", &value), Some(&json!(2)));
        assert_eq!(find("A.B[0].C", &value), Some(&json!(1)));
        assert_eq!(find("M || K[-1].Key", &value), Some(&json!("z")));
        assert_eq!(find("M", &value), None);
        assert_eq!(find("A.X.C", &value), None);
    }

    #[test]
    fn every_paginators_expression_is_of_these_forms() {
        let plain = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        let mut seen = 0;
        for name in Service::names() {
            let service = Service::named(name).unwrap();
            for operation in service.operation_names() {
                let operation = service.operation(operation).unwrap();
                let Some(pages) = &operation.pages else {
                    continue;
                };
                for path in pages.results.iter().chain(&pages.input).chain(&pages.more) {
                    assert!(plain(path), "{name} {} {path}", operation.name);
                }
                for path in pages.output.iter().flat_map(|path| path.split("||")) {
                    let path = path.trim().replace("[-1]", "");
                    assert!(plain(&path), "{name} {} {path}", operation.name);
                    seen += 1;
                }
            }
        }
        assert!(seen > 3000, "{seen}");
    }
}
