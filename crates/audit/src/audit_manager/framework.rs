//! The framework of an assessment, as ours. An assessment holds a copy of its framework without the
//! controls' sources; these come from the framework, where that can still be read.

use std::collections::{BTreeMap, HashMap};

use posture_content::frameworks::{self, Format, Framework, load, to_yaml};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::verdict_root::hex;

/// What the names of imported frameworks begin with.
const PREFIX: &str = "audit-manager-";

/// Members of a control that describe it (API reference, `Control`).
const DESCRIBING: [&str; 3] = ["description", "testingInformation", "controlMappingSources"];

/// A framework, and where Audit Manager's controls are in it.
pub(super) struct Built {
    pub(super) framework: Framework,
    pub(super) content: String,
    pub(super) placed: Placed,
    pub(super) notes: Vec<String>,
}

/// Where controls are, by the ids of their control set and their own.
#[derive(Debug, Clone, Default)]
pub(super) struct Placed(BTreeMap<(String, String), Place>);

/// A control here.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) set: String,
    pub(super) control: String,
}

impl Placed {
    pub(super) fn get(&self, set: &str, control: &str) -> Option<&Place> {
        self.0.get(&(set.to_owned(), control.to_owned()))
    }

    /// A control set's id here.
    pub(super) fn set(&self, set: &str) -> Option<&str> {
        let mut places = self.0.iter();
        let found = places.find(|((known, _), _)| known == set);
        found.map(|(_, place)| place.set.as_str())
    }
}

/// Of what `GetAssessment` answers, and of the framework where it could be read.
pub(super) fn of_assessment(assessment: &Value, read: Option<&Value>) -> Result<Built, String> {
    let own = assessment.get("framework").unwrap_or(&Value::Null);
    let name = text(own.get("metadata").unwrap_or(&Value::Null), "name");
    let mut sources: HashMap<String, &Value> = HashMap::new();
    for set in read
        .map(|read| elements(read, "controlSets"))
        .unwrap_or_default()
    {
        for control in elements(set, "controls") {
            // By id; by name where the control was made anew since.
            sources.insert(text(control, "id"), control);
            sources.entry(text(control, "name")).or_insert(control);
        }
    }
    let sets: Vec<Value> = elements(own, "controlSets")
        .iter()
        .map(|set| {
            let controls = elements(set, "controls").iter().map(|control| {
                let source = sources
                    .get(&text(control, "id"))
                    .or_else(|| sources.get(&text(control, "name")));
                described(control, source.copied())
            });
            json!({ "id": text(set, "id"), "name": text(set, "id"), "controls": controls.collect::<Vec<_>>() })
        })
        .collect();
    build(&name, &sets)
}

/// Of what `GetAssessmentFramework` answers.
pub(super) fn of_framework(framework: &Value) -> Result<Built, String> {
    let sets: Vec<Value> = elements(framework, "controlSets")
        .iter()
        .map(|set| {
            let controls = elements(set, "controls").iter();
            let controls: Vec<Value> = controls.map(|control| described(control, None)).collect();
            json!({ "id": text(set, "name"), "name": text(set, "name"), "controls": controls })
        })
        .collect();
    build(&text(framework, "name"), &sets)
}

/// Of controls that no framework has.
pub(super) fn of_controls(controls: &[Value]) -> Result<Built, String> {
    let controls: Vec<Value> = controls.iter().map(|one| described(one, None)).collect();
    let set = json!({ "id": "Controls", "name": "Controls", "controls": controls });
    build("Custom controls in no framework", &[set])
}

fn described(control: &Value, source: Option<&Value>) -> Value {
    let mut whole = json!({ "id": text(control, "id"), "name": text(control, "name") });
    for name in DESCRIBING {
        let own = control.get(name);
        if let Some(value) = own.or_else(|| source.and_then(|source| source.get(name))) {
            whole[name] = value.clone();
        }
    }
    whole
}

fn build(name: &str, sets: &[Value]) -> Result<Built, String> {
    let whole = json!({ "name": name, "controlSets": sets }).to_string();
    let imported = frameworks::import(&whole, Format::AuditManager, None, None);
    let imported = imported.map_err(|error| error.to_string())?;
    let notes = imported.notes.iter();
    let notes = notes
        .map(|note| format!("{name}: {}", note.message))
        .collect();
    let [framework] = imported.frameworks.as_slice() else {
        return Err(format!(
            "{name} is {} frameworks",
            imported.frameworks.len()
        ));
    };
    let mut framework = framework.clone();
    framework.name = format!("{PREFIX}{}", framework.name);
    framework.standard.clone_from(&framework.name);
    // What is the same has the same version, however often it is read.
    let digest = hex(&Sha256::digest(to_yaml(&framework)));
    let short: String = digest.chars().take(12).collect();
    framework.version = format!("import-{short}");
    let content = to_yaml(&framework);
    match load(&content) {
        Ok(_) => {}
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            return Err(problems.join("; "));
        }
    }
    let keys = sets.iter().flat_map(|set| {
        let of_set = elements(set, "controls").iter();
        of_set.map(|control| (text(set, "id"), text(control, "id")))
    });
    let keys: Vec<(String, String)> = keys.collect();
    if keys.len() != framework.controls.len() {
        return Err(format!(
            "{} of {} controls have a place here",
            framework.controls.len(),
            keys.len()
        ));
    }
    let places = framework.controls.iter().map(|control| Place {
        set: control.set.clone(),
        control: control.id.clone(),
    });
    let placed = Placed(keys.into_iter().zip(places).collect());
    Ok(Built {
        framework,
        content,
        placed,
        notes,
    })
}

/// A text of an answer; empty where there is none.
pub(super) fn text(of: &Value, name: &str) -> String {
    let text = of.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// A list of an answer; empty where there is none.
pub(super) fn elements<'v>(of: &'v Value, name: &str) -> &'v [Value] {
    let list = of.get(name).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}
