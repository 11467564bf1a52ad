//! Values of the kind and length that is expected.

use crate::yaml::{Key, Kind, Place, Problem, Value};

/// Audit Manager's limits (API reference, `Control` and `ControlMappingSource`), in characters.
pub(super) const TITLE: usize = 300;
pub(super) const TEXT: usize = 1000;
pub(super) const NAME: usize = 100;

/// Reads values, and notes what is wrong with them.
pub(crate) struct Loader {
    pub(crate) problems: Vec<Problem>,
}

impl Loader {
    pub(crate) fn say(&mut self, place: Place, message: impl Into<String>) {
        self.problems.push(Problem::new(place, message));
    }

    pub(crate) fn members<'v>(
        &mut self,
        value: &'v Value,
        what: &str,
        known: &[&str],
    ) -> Option<&'v [(Key, Value)]> {
        let Some(members) = value.members() else {
            self.say(
                value.place,
                format!("{what} is {}, expected a mapping", value.kind_name()),
            );
            return None;
        };
        for (key, _) in members {
            if !known.contains(&key.text.as_str()) {
                let what = format!("{what} has no member");
                let problem = Problem::unknown(key.place, &what, &key.text, known.iter().copied());
                self.problems.push(problem);
            }
        }
        Some(members)
    }

    pub(crate) fn elements<'v>(&mut self, of: &'v Value, name: &str) -> &'v [Value] {
        match of.get(name).map(|value| (&value.kind, value)) {
            None => &[],
            Some((Kind::Sequence(elements), _)) => elements,
            Some((_, value)) => {
                self.say(
                    value.place,
                    format!("{name} is {}, expected a list", value.kind_name()),
                );
                &[]
            }
        }
    }

    pub(crate) fn text(&mut self, value: &Value, name: &str, longest: usize) -> Option<String> {
        let Some(text) = value.text().map(str::trim) else {
            self.say(
                value.place,
                format!("{name} is {}, expected a text", value.kind_name()),
            );
            return None;
        };
        if text.is_empty() {
            self.say(value.place, format!("{name} is empty"));
            return None;
        }
        let length = text.chars().count();
        if length > longest {
            let message = format!("{name} has {length} characters, expected at most {longest}");
            self.say(value.place, message);
        }
        Some(text.to_owned())
    }

    pub(crate) fn optional(&mut self, of: &Value, name: &str, longest: usize) -> Option<String> {
        self.text(of.get(name)?, name, longest)
    }

    pub(crate) fn required(
        &mut self,
        of: &Value,
        name: &str,
        what: &str,
        longest: usize,
    ) -> Option<String> {
        let Some(value) = of.get(name) else {
            self.say(of.place, format!("{what} has no {name}"));
            return None;
        };
        self.text(value, name, longest)
    }

    pub(crate) fn texts(&mut self, of: &Value, name: &str, longest: usize) -> Vec<(Place, String)> {
        let elements = self.elements(of, name);
        let element = format!("an element of {name}");
        let mut texts: Vec<(Place, String)> = Vec::new();
        for value in elements {
            let Some(text) = self.text(value, &element, longest) else {
                continue;
            };
            if texts.iter().any(|(_, known)| *known == text) {
                self.say(value.place, format!("{name} has {text:?} twice"));
                continue;
            }
            texts.push((value.place, text));
        }
        texts
    }
}
