//! A CloudFormation template that says what it should.

use posture_content::yaml::{self, Key, Kind, Value as Yaml};
use serde_json::{Map, Value, json};

use super::cut::{with_element, without_element, without_member};
use super::declared::{InTemplate, POLICY_VERSION, PolicyPlace, PolicyStatement, Saying};
use super::patch::{PatchError, SourceFile};
use super::template::{bare, saying};
use crate::document::plain_json;

/// The template and its new text.
pub(super) fn patched<'f>(
    change: &InTemplate,
    files: &'f [SourceFile],
) -> Result<(&'f SourceFile, String), PatchError> {
    let Some(file) = files.first() else {
        return Err(PatchError::Absent {
            what: format!("{} ({})", change.logical_resource_id, change.resource_type),
            place: "no template".to_owned(),
        });
    };
    let root = yaml::read(&file.text).map_err(|problem| PatchError::Unreadable {
        path: file.path.clone(),
        what: problem.to_string(),
    })?;
    let mut work = Work {
        change,
        file,
        text: file.text.clone(),
        expected: plain_json(&root),
        root,
    };
    work.says()?;
    for thing in &change.without {
        work.without(thing)?;
    }
    if let Some(statement) = &change.statement
        && let Some(place) = &statement.cloudformation
    {
        work.has_statement(statement, place)?;
    }
    Ok((file, work.text))
}

/// The template so far. After each step its text says what is expected: what it said before, and that change; nothing
/// else.
struct Work<'f> {
    change: &'f InTemplate,
    file: &'f SourceFile,
    text: String,
    root: Yaml,
    expected: Value,
}

impl Work<'_> {
    fn logical(&self) -> &str {
        &self.change.logical_resource_id
    }

    fn by_hand(&self, what: &str) -> PatchError {
        PatchError::ByHand {
            path: self.file.path.clone(),
            what: format!("{}.{what}", self.logical()),
        }
    }

    fn resource(&self) -> Result<&Yaml, PatchError> {
        let found = self.resources().and_then(|all| all.get(self.logical()));
        found.ok_or_else(|| PatchError::Absent {
            what: format!("{} ({})", self.logical(), self.change.resource_type),
            place: self.file.path.clone(),
        })
    }

    fn resources(&self) -> Option<&Yaml> {
        self.root.get("Resources")
    }

    /// Takes a step's text, where it says what is expected.
    fn take(&mut self, text: Option<String>, what: &str) -> Result<(), PatchError> {
        let read = text.and_then(|text| Some((yaml::read(&text).ok()?, text)));
        match read {
            Some((root, text)) if plain_json(&root) == self.expected => {
                (self.root, self.text) = (root, text);
                Ok(())
            }
            _ => Err(self.by_hand(what)),
        }
    }

    fn says(&mut self) -> Result<(), PatchError> {
        let resource = self.resource()?;
        let found = resource.get("Type").and_then(Yaml::text);
        if found != Some(&self.change.resource_type) {
            let (found, expected) = (found.unwrap_or("nothing"), &self.change.resource_type);
            return Err(PatchError::Unreadable {
                path: self.file.path.clone(),
                what: format!("{} is {found}, not {expected}", self.logical()),
            });
        }
        if self.change.properties.is_empty() {
            return Ok(());
        }
        let wanted = json!({ "Properties": self.change.properties });
        let wanted = wanted.as_object().cloned().unwrap_or_default();
        let text = saying(&self.text, resource, &wanted);
        let text = text.map_err(|what| self.by_hand(&what))?;
        let logical = self.logical().to_owned();
        if let Some(resource) = at(&mut self.expected, &["Resources", &logical]) {
            put(resource, Value::Object(wanted));
        }
        self.take(Some(text), "Properties")
    }

    /// Says a thing no more, in whichever way it is said.
    fn without(&mut self, ways: &[Saying]) -> Result<(), PatchError> {
        for way in ways {
            if let Some(list) = &way.within
                && self.without_element(list, way)?
            {
                return Ok(());
            }
            if way.beside.is_some() && self.without_resource(way)? {
                return Ok(());
            }
        }
        Err(PatchError::Unsaid {
            path: self.file.path.clone(),
            what: ways.first().map(Saying::words).unwrap_or_default(),
        })
    }

    fn without_element(&mut self, list: &str, way: &Saying) -> Result<bool, PatchError> {
        let properties = self.resource()?.get("Properties");
        let Some((key, value)) = properties.and_then(|all| member(all, list)) else {
            return Ok(false);
        };
        let Kind::Sequence(elements) = &value.kind else {
            return Err(self.by_hand(list));
        };
        let Some(index) = elements.iter().position(|one| says(one, way.asked())) else {
            return Ok(false);
        };
        let text = without_element(&self.text, key, value, index);
        let logical = self.logical().to_owned();
        let place = ["Resources", &logical, "Properties", list];
        if let Some(Value::Array(elements)) = at(&mut self.expected, &place) {
            elements.remove(index);
        }
        self.take(text, list)?;
        Ok(true)
    }

    fn without_resource(&mut self, way: &Saying) -> Result<bool, PatchError> {
        let Some(beside) = &way.beside else {
            return Ok(false);
        };
        let is_it = |resource: &Yaml| {
            self.is_about(resource, &beside.resource_type, &beside.of)
                && resource
                    .get("Properties")
                    .is_some_and(|all| says(all, way.asked()))
        };
        let Some(all) = self.resources() else {
            return Ok(false);
        };
        let members = all.members().unwrap_or_default();
        let Some(index) = members.iter().position(|(_, resource)| is_it(resource)) else {
            return Ok(false);
        };
        let name = members.get(index).map(|(key, _)| key.text.clone());
        let name = name.unwrap_or_default();
        let text = without_member(&self.text, all, index);
        if let Some(Value::Object(all)) = at(&mut self.expected, &["Resources"]) {
            all.remove(&name);
        }
        if names(&self.expected, &name) {
            return Err(PatchError::ByHand {
                path: self.file.path.clone(),
                what: format!("{name}, which the template refers to,"),
            });
        }
        self.take(text, &name)?;
        Ok(true)
    }

    /// Adds the statement to the policy of the resource, or the policy where there is none at all.
    fn has_statement(
        &mut self,
        statement: &PolicyStatement,
        place: &PolicyPlace,
    ) -> Result<(), PatchError> {
        let says = Value::Object(statement.says.clone());
        let members = self.resources().and_then(Yaml::members).unwrap_or_default();
        let is_it = |resource: &Yaml| self.is_about(resource, &place.resource_type, &place.of);
        let found = members.iter().find(|(_, resource)| is_it(resource));
        let Some((key, policy)) = found else {
            return self.new_policy(statement, place, &says);
        };
        let path = format!("{}.Properties.{}.Statement", key.text, place.document);
        let list = policy
            .get("Properties")
            .and_then(|all| all.get(&place.document));
        let list = list.and_then(|document| document.get("Statement"));
        let Some(Kind::Sequence(elements)) = list.map(|list| &list.kind) else {
            return Err(self.by_hand(&path));
        };
        // One that differs in its name is the same.
        let mut unnamed = statement.says.clone();
        unnamed.remove("Sid");
        if elements.iter().any(|one| self::says(one, unnamed.iter())) {
            return Ok(());
        }
        let text = list.and_then(|list| with_element(&self.text, list, &says));
        let name = key.text.clone();
        let place = [
            "Resources",
            &name,
            "Properties",
            &place.document,
            "Statement",
        ];
        if let Some(Value::Array(elements)) = at(&mut self.expected, &place) {
            elements.push(says);
        }
        self.take(text, &path)
    }

    fn new_policy(
        &mut self,
        statement: &PolicyStatement,
        place: &PolicyPlace,
        says: &Value,
    ) -> Result<(), PatchError> {
        let name = format!("{}Policy", self.logical());
        let is_free = self.resources().is_some_and(|all| all.get(&name).is_none());
        // It has one that this template doesn't say: a new one would fight with it.
        if !statement.policy.is_null() || !is_free {
            return Err(PatchError::Absent {
                what: format!("the {} of {}", place.resource_type, self.logical()),
                place: self.file.path.clone(),
            });
        }
        let policy = json!({ "Type": place.resource_type, "Properties": {
            &place.of: { "Ref": self.logical() },
            &place.document: { "Version": POLICY_VERSION, "Statement": [says] },
        }});
        let wanted: Map<String, Value> = [(name, policy)].into_iter().collect();
        let text = self.resources().map(|all| saying(&self.text, all, &wanted));
        if let Some(all) = at(&mut self.expected, &["Resources"]) {
            put(all, Value::Object(wanted));
        }
        self.take(text.and_then(Result::ok), "policy")
    }

    /// Whether a resource is of a type, and names this one by reference or by its name.
    fn is_about(&self, resource: &Yaml, resource_type: &str, of: &str) -> bool {
        let named = resource.get("Properties").and_then(|all| all.get(of));
        let is_it = named.map(plain_json).is_some_and(|named| {
            let attribute = named.get("Fn::GetAtt");
            let first = match attribute {
                Some(Value::String(path)) => path.split('.').next(),
                Some(Value::Array(parts)) => parts.first().and_then(Value::as_str),
                _ => named.get("Ref").and_then(Value::as_str),
            };
            let text = named.as_str();
            first == Some(self.logical())
                || text.is_some_and(|text| self.change.identifiers.iter().any(|id| id == text))
        });
        is_it && resource.get("Type").and_then(Yaml::text) == Some(resource_type)
    }
}

fn member<'y>(mapping: &'y Yaml, name: &str) -> Option<&'y (Key, Yaml)> {
    let mut members = mapping.members()?.iter();
    members.find(|(key, _)| key.text == name)
}

/// Whether a mapping says all of these, a scalar as text or not.
fn says<'v>(mapping: &Yaml, mut wanted: impl Iterator<Item = (&'v String, &'v Value)>) -> bool {
    let is_said = |(name, value): (&String, &Value)| {
        let Some(found) = mapping.get(name) else {
            return false;
        };
        plain_json(found) == *value || found.text() == Some(&bare(value))
    };
    wanted.all(is_said)
}

/// Whether a template still refers to a resource: `Ref`, `Fn::GetAtt`, `DependsOn`, or within `Fn::Sub`.
fn names(value: &Value, name: &str) -> bool {
    match value {
        Value::String(text) => {
            let path = text.strip_prefix(name);
            path.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                || text.contains(&format!("${{{name}}}"))
                || text.contains(&format!("${{{name}."))
        }
        Value::Array(elements) => elements.iter().any(|one| names(one, name)),
        Value::Object(members) => members.values().any(|one| names(one, name)),
        _ => false,
    }
}

fn at<'v>(value: &'v mut Value, path: &[&str]) -> Option<&'v mut Value> {
    path.iter()
        .try_fold(value, |value, name| value.get_mut(*name))
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
