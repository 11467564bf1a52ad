//! Reading members of mappings, with every mistake kept.

use posture_content::yaml::{Kind, Place, Problem, Value as Yaml};
use serde_json::{Map, Number, Value};

/// A value in JSON's types: scalars without quotes are numbers, truths and null where they look so.
pub(crate) fn json(value: &Yaml) -> Value {
    match &value.kind {
        Kind::Null => Value::Null,
        Kind::Text(text) if value.is_plain => plain(text),
        Kind::Text(text) => Value::String(text.clone()),
        Kind::Sequence(elements) => Value::Array(elements.iter().map(json).collect()),
        Kind::Mapping(members) => Value::Object(
            members
                .iter()
                .map(|(key, member)| (key.text.clone(), json(member)))
                .collect::<Map<_, _>>(),
        ),
    }
}

fn plain(text: &str) -> Value {
    match text {
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if let Ok(number) = text.parse::<i64>() {
        // `0123` is an account or a mode, and no number that is written so.
        if number.to_string() == text {
            return Value::Number(number.into());
        }
    }
    let is_decimal =
        text.contains('.') && text.chars().all(|c| c.is_ascii_digit() || "-.".contains(c));
    if is_decimal && let Some(number) = text.parse().ok().and_then(Number::from_f64) {
        return Value::Number(number);
    }
    Value::String(text.to_owned())
}

/// The members of a mapping, and what is wrong with them.
pub(super) struct Members<'y> {
    pub(super) place: Place,
    members: &'y [(posture_content::yaml::Key, Yaml)],
}

impl<'y> Members<'y> {
    /// The members of `value`, which have to be among `known`.
    pub(super) fn of(
        value: &'y Yaml,
        what: &str,
        known: &[&str],
        problems: &mut Vec<Problem>,
    ) -> Option<Members<'y>> {
        let members = Members::any(value, what, problems)?;
        for (key, _) in members.members {
            if !known.contains(&key.text.as_str()) {
                problems.push(Problem::unknown(
                    key.place,
                    &format!("{what} has no member"),
                    &key.text,
                    known.iter().copied(),
                ));
            }
        }
        Some(members)
    }

    /// The members of `value`, of any names.
    pub(super) fn any(
        value: &'y Yaml,
        what: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<Members<'y>> {
        let Some(members) = value.members() else {
            let message = format!("expected {what}, a mapping, found {}", value.kind_name());
            problems.push(Problem::new(value.place, message));
            return None;
        };
        Some(Members {
            place: value.place,
            members,
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<&'y Yaml> {
        self.members
            .iter()
            .find(|(key, _)| key.text == name)
            .map(|(_, value)| value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'y posture_content::yaml::Key, &'y Yaml)> {
        self.members.iter().map(|(key, value)| (key, value))
    }

    pub(super) fn needed(&self, name: &str, problems: &mut Vec<Problem>) -> Option<&'y Yaml> {
        let found = self.get(name);
        if found.is_none() {
            problems.push(Problem::new(self.place, format!("{name} is missing")));
        }
        found
    }

    /// A text, or a scalar as it is written.
    pub(super) fn text(&self, name: &str, problems: &mut Vec<Problem>) -> Option<&'y str> {
        let value = self.get(name)?;
        let text = value.text();
        if text.is_none() {
            let message = format!("{name} is a text, found {}", value.kind_name());
            problems.push(Problem::new(value.place, message));
        }
        text
    }

    pub(super) fn needed_text(&self, name: &str, problems: &mut Vec<Problem>) -> Option<&'y str> {
        self.needed(name, problems)?;
        self.text(name, problems)
    }

    pub(super) fn truth(&self, name: &str, problems: &mut Vec<Problem>) -> Option<bool> {
        let value = self.get(name)?;
        let truth = match value.text() {
            Some("true" | "True" | "TRUE") => Some(true),
            Some("false" | "False" | "FALSE") => Some(false),
            _ => None,
        };
        if truth.is_none() {
            problems.push(Problem::new(
                value.place,
                format!("{name} is true or false"),
            ));
        }
        truth
    }

    pub(super) fn count(&self, name: &str, problems: &mut Vec<Problem>) -> Option<u32> {
        let value = self.get(name)?;
        let count = value.text().and_then(|text| text.parse().ok());
        if count.is_none() {
            problems.push(Problem::new(
                value.place,
                format!("{name} is a whole number, 0 or more"),
            ));
        }
        count
    }

    pub(super) fn list(&self, name: &str, problems: &mut Vec<Problem>) -> &'y [Yaml] {
        match self.get(name).map(|value| (&value.kind, value.place)) {
            None => &[],
            Some((Kind::Sequence(elements), _)) => elements,
            Some((_, place)) => {
                problems.push(Problem::new(place, format!("{name} is a list")));
                &[]
            }
        }
    }
}
