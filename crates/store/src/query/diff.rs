//! What differs between two items, field by field.

use serde::Serialize;
use serde_json::Value;

/// A place that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The place: names between dots, elements as `[0]`, names with dots or brackets as `["a.b"]`.
    pub path: String,
    /// What was there; none where nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What is there; none where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// The places that differ, in the order of the items' members, which is sorted where they are
/// canonical.
pub fn diff(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    compare(String::new(), Some(before), Some(after), &mut changes);
    changes
}

fn compare(path: String, before: Option<&Value>, after: Option<&Value>, out: &mut Vec<Change>) {
    match (before, after) {
        (Some(before), Some(after)) if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                compare(member(&path, name), before.get(name), after.get(name), out);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            elements(&path, before, after, out);
        }
        (before, after) => out.push(Change {
            path,
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}

/// Elements that are in both lists are no difference, wherever they stand. What is left is compared
/// one by one where as many are left on both sides, and else said to have come or gone.
fn elements(path: &str, before: &[Value], after: &[Value], out: &mut Vec<Change>) {
    let mut gone: Vec<(usize, &Value)> = before.iter().enumerate().collect();
    let mut come = Vec::new();
    for (index, element) in after.iter().enumerate() {
        match gone.iter().position(|(_, known)| *known == element) {
            Some(same) => drop(gone.remove(same)),
            None => come.push((index, element)),
        }
    }
    if gone.len() == come.len() {
        if gone.is_empty() {
            // The same elements in another order, where the order counts.
            let all = |list: &[Value]| Some(Value::Array(list.to_vec()));
            out.push(Change {
                path: path.to_owned(),
                before: all(before),
                after: all(after),
            });
        }
        for ((_, was), (index, is)) in gone.into_iter().zip(come) {
            compare(format!("{path}[{index}]"), Some(was), Some(is), out);
        }
        return;
    }
    for (index, was) in gone {
        compare(format!("{path}[{index}]"), Some(was), None, out);
    }
    for (index, is) in come {
        compare(format!("{path}[{index}]"), None, Some(is), out);
    }
}

fn member(path: &str, name: &str) -> String {
    let is_plain = !name.is_empty() && !name.contains(['.', '[', ']', '"', '\\']);
    match (path.is_empty(), is_plain) {
        (true, true) => name.to_owned(),
        (false, true) => format!("{path}.{name}"),
        (_, false) => format!("{path}[{}]", Value::from(name)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(before: &Value, after: &Value) -> Vec<String> {
        diff(before, after)
            .into_iter()
            .map(|change| {
                let text = |value: Option<Value>| value.map_or("-".to_owned(), |v| v.to_string());
                format!(
                    "{}: {} > {}",
                    change.path,
                    text(change.before),
                    text(change.after)
                )
            })
            .collect()
    }

    #[test]
    fn only_what_differs_is_said_at_its_place() {
        let before = json!({"a": {"x": 1, "y": [1]}, "b": true, "c.d": 1});
        let after = json!({"a": {"x": 2, "y": [1]}, "c.d": 2, "e": null});
        assert_eq!(
            lines(&before, &after),
            [
                "a.x: 1 > 2",
                "b: true > -",
                "[\"c.d\"]: 1 > 2",
                "e: - > null"
            ]
        );
    }

    #[test]
    fn an_element_that_comes_first_does_not_move_the_others() {
        let before = json!([{"n": "b", "v": 1}, {"n": "c"}]);
        let after = json!([{"n": "a"}, {"n": "b", "v": 1}, {"n": "c"}]);
        assert_eq!(lines(&before, &after), ["[0]: - > {\"n\":\"a\"}"]);
        let changed = json!([{"n": "b", "v": 2}, {"n": "c"}]);
        assert_eq!(lines(&before, &changed), ["[0].v: 1 > 2"]);
    }

    #[test]
    fn another_order_is_a_difference_of_the_list() {
        assert_eq!(lines(&json!(["a", "b"]), &json!(["b", "a"])).len(), 1);
        assert_eq!(lines(&json!({"a": [1]}), &json!({"a": [1]})).len(), 0);
    }
}
