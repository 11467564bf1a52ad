//! `{{ references }}` in values, and JSONPath in answers.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::Kind;

/// Who knows what a reference stands for.
pub(crate) trait Lookup {
    /// The value of what stands between the braces.
    fn value(&self, reference: &str) -> Result<Value, Unresolved>;
}

impl<F: Fn(&str) -> Result<Value, Unresolved>> Lookup for F {
    fn value(&self, reference: &str) -> Result<Value, Unresolved> {
        self(reference)
    }
}

/// A reference that stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{{{{ {reference} }}}} {why}")]
pub(crate) struct Unresolved {
    pub(crate) reference: String,
    pub(crate) why: &'static str,
}

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Reference(&'t str),
}

/// The pieces of a text. Braces that are not closed are text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((reference, following)) = after.split_once("}}") else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Reference(reference.trim()));
        rest = following;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// The value with its references replaced. A text that is one reference becomes what that stands for, of any type;
/// in a longer text a value that is no text is written as JSON. What was put in is not looked through again.
pub(crate) fn resolve(value: &Value, lookup: &dyn Lookup) -> Result<Value, Unresolved> {
    Ok(match value {
        Value::String(text) => {
            let pieces = pieces(text);
            if let [Piece::Reference(reference)] = pieces.as_slice() {
                return lookup.value(reference);
            }
            let mut whole = String::new();
            for piece in pieces {
                match piece {
                    Piece::Text(text) => whole.push_str(text),
                    Piece::Reference(reference) => match lookup.value(reference)? {
                        Value::String(text) => whole.push_str(&text),
                        Value::Null => {
                            return Err(Unresolved {
                                reference: reference.to_owned(),
                                why: "stands for nothing, in the middle of a text",
                            });
                        }
                        other => whole.push_str(&other.to_string()),
                    },
                }
            }
            Value::String(whole)
        }
        Value::Array(elements) => Value::Array(
            elements
                .iter()
                .map(|element| resolve(element, lookup))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(members) => {
            let mut resolved = Map::new();
            for (name, member) in members {
                resolved.insert(name.clone(), resolve(member, lookup)?);
            }
            Value::Object(resolved)
        }
        other => other.clone(),
    })
}

/// The references in a value.
pub(super) fn references(value: &Value, work: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => {
            for piece in pieces(text) {
                if let Piece::Reference(reference) = piece {
                    work(reference);
                }
            }
        }
        Value::Array(elements) => elements
            .iter()
            .for_each(|element| references(element, work)),
        Value::Object(members) => members.values().for_each(|member| references(member, work)),
        _ => {}
    }
}

/// What a JSONPath finds, as a value of a type: a list is all that is found, or the one list found; anything else is
/// the first. Nothing found is null, or an empty list.
pub(crate) fn select(answer: &Value, selector: &str, kind: Kind) -> Value {
    let Ok(path) = JsonPath::parse(selector) else {
        return Value::Null;
    };
    let found = path.query(answer).all();
    if !kind.is_list() {
        return found.first().copied().cloned().unwrap_or(Value::Null);
    }
    match found.as_slice() {
        [Value::Array(elements)] => Value::Array(elements.clone()),
        several => Value::Array(several.iter().copied().cloned().collect()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_alone_keeps_its_type_and_is_not_looked_through_again() {
        let lookup = |reference: &str| match reference {
            "List" => Ok(json!(["a", "{{ Secret }}"])),
            "Number" => Ok(json!(3)),
            other => Err(Unresolved {
                reference: other.to_owned(),
                why: "is unknown",
            }),
        };
        let resolved = resolve(
            &json!({"A": "{{List}}", "B": "n={{ Number }};{{ List }}", "C": ["{{x"]}),
            &lookup,
        );
        assert_eq!(
            resolved,
            Ok(
                json!({"A": ["a", "{{ Secret }}"], "B": "n=3;[\"a\",\"{{ Secret }}\"]", "C": ["{{x"]})
            )
        );
        let unknown = resolve(&json!("{{ Other }}"), &lookup).unwrap_err();
        assert_eq!(unknown.to_string(), "{{ Other }} is unknown");
    }

    #[test]
    fn selectors_find_one_or_all() {
        let answer = json!({"R": [{"I": [{"s": "a"}, {"s": "b"}]}], "L": ["x"]});
        assert_eq!(select(&answer, "$.R[0].I[1].s", Kind::String), json!("b"));
        assert_eq!(
            select(&answer, "$.R..I..s", Kind::StringList),
            json!(["a", "b"])
        );
        assert_eq!(select(&answer, "$.L", Kind::StringList), json!(["x"]));
        assert_eq!(select(&answer, "$.no", Kind::String), Value::Null);
        assert_eq!(select(&answer, "$.no", Kind::StringList), json!([]));
    }
}
