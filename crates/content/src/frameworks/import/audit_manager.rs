//! Audit Manager's frameworks (API reference, `Framework`, `Control`, `ControlMappingSource`).
//!
//! Three shapes are read: what `GetAssessmentFramework` answers; the custom-framework files of
//! aws-samples/aws-audit-manager-custom-frameworks, a mapping of control sets to controls; and its
//! files that compose frameworks from controls that exist already, by name.

use super::Imported;
use super::builder::{Builder, edge, id_and_title, manual};
use crate::frameworks::framework::{Control, Coverage};
use crate::frameworks::validate::{is_api_call, is_event, is_security_hub_control};
use crate::yaml::{Key, Kind, Problem, Value};

const SOURCE: &str = "imported from Audit Manager";

pub(super) fn import(root: &Value) -> Result<Imported, Vec<Problem>> {
    let of_api = root.get("framework").unwrap_or(root);
    if let Some(sets) = of_api.get("controlSets") {
        return api(of_api, sets);
    }
    let Some(members) = root.members().filter(|members| !members.is_empty()) else {
        let message = format!(
            "an Audit Manager framework is a mapping, and this is {}",
            root.kind_name()
        );
        return Err(vec![Problem::new(root.place, message)]);
    };
    if members.iter().all(|(_, value)| is_composition(value)) {
        return Ok(compositions(members));
    }
    let mut builder = Builder::new("Audit Manager custom framework", None, SOURCE);
    for (key, controls) in members {
        let Some(controls) = controls.members() else {
            let message = format!(
                "control set {:?} is {}, expected a mapping of controls",
                key.text,
                controls.kind_name()
            );
            return Err(vec![Problem::new(controls.place, message)]);
        };
        let set = builder.set(&key.text, &key.text);
        for (name, body) in controls {
            if body.members().is_none() {
                let message = format!(
                    "control {:?} is {}, expected a mapping",
                    name.text,
                    body.kind_name()
                );
                return Err(vec![Problem::new(body.place, message)]);
            }
            let control = control(&mut builder, &set, &name.text, body);
            builder.add(body.place, control);
        }
    }
    Ok(one(builder))
}

fn one(builder: Builder) -> Imported {
    let (framework, notes) = builder.finish();
    Imported {
        frameworks: vec![framework],
        notes,
    }
}

fn text<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    of.get(name).and_then(Value::text)
}

fn elements(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::Sequence(elements) => elements,
        _ => &[],
    }
}

fn api(framework: &Value, sets: &Value) -> Result<Imported, Vec<Problem>> {
    let Some(title) = text(framework, "name") else {
        return Err(vec![Problem::new(
            framework.place,
            "a framework has a name, and this has none",
        )]);
    };
    let mut builder = Builder::new(title, None, SOURCE);
    for set in elements(sets) {
        let title = text(set, "name").unwrap_or("Controls");
        let id = builder.set(title, title);
        for body in set.get("controls").map(elements).unwrap_or_default() {
            match text(body, "name") {
                // Audit Manager lets a control stand in several control sets.
                Some(name) => {
                    let control = control(&mut builder, &id, name, body);
                    builder.add_apart(body.place, control);
                }
                None => builder.note(body.place, "a control without a name was left out"),
            }
        }
    }
    Ok(one(builder))
}

/// Whether this is a mapping of control sets to lists of names.
fn is_composition(value: &Value) -> bool {
    let is_names = |value: &Value| matches!(&value.kind, Kind::Sequence(names) if names.iter().all(|name| name.text().is_some()));
    value
        .members()
        .is_some_and(|sets| sets.iter().all(|(_, names)| is_names(names)))
}

fn compositions(frameworks: &[(Key, Value)]) -> Imported {
    let mut all = Imported {
        frameworks: Vec::new(),
        notes: Vec::new(),
    };
    for (title, sets) in frameworks {
        let mut builder = Builder::new(&title.text, None, SOURCE);
        for (set, names) in sets.members().unwrap_or_default() {
            let id = builder.set(&set.text, &set.text);
            for name in elements(names) {
                let (control_id, title) = id_and_title(name.text().unwrap_or_default());
                let mut control = manual(&control_id, id.clone(), &title);
                control.because =
                    Some("the file names it only: its sources are in Audit Manager".to_owned());
                builder.add(name.place, control);
            }
        }
        let (framework, notes) = builder.finish();
        all.frameworks.push(framework);
        all.notes.extend(notes);
    }
    all
}

fn control(builder: &mut Builder, set: &str, key: &str, body: &Value) -> Control {
    let (id, title) = id_and_title(text(body, "name").unwrap_or(key));
    let mut control = manual(&id, set.to_owned(), &title);
    control.guidance = text(body, "description").map(str::to_owned);
    control.testing = text(body, "testingInformation")
        .map(str::to_owned)
        .filter(|text| text != "-");
    let mut by_person = Vec::new();
    for source in body
        .get("controlMappingSources")
        .map(elements)
        .unwrap_or_default()
    {
        add_source(builder, &mut control, source, &mut by_person);
    }
    let is_automated = !control.rules.is_empty()
        || !control.security_hub.is_empty()
        || !control.api_calls.is_empty()
        || !control.cloudtrail.is_empty();
    if is_automated {
        control.coverage = Coverage::Partial;
        control.because = Some(
            "Audit Manager collects its evidence and judges no control: a person reviews it"
                .to_owned(),
        );
        control.evidence = vec!["review of the collected evidence".to_owned()];
    }
    if !by_person.is_empty() {
        control.evidence = by_person;
    }
    control
}

fn add_source(
    builder: &mut Builder,
    control: &mut Control,
    source: &Value,
    by_person: &mut Vec<String>,
) {
    let kind = text(source, "sourceType").unwrap_or("MANUAL");
    let keyword = source
        .get("sourceKeyword")
        .and_then(|keyword| keyword.get("keywordValue"));
    let place = keyword.map_or(source.place, |keyword| keyword.place);
    let keyword = keyword.and_then(Value::text).unwrap_or_default();
    match kind {
        "AWS_Config" => match edge(keyword) {
            Some(edge) => control.rules.push(edge),
            None => builder.note(
                place,
                format!("AWS Config has no managed rule {keyword:?}; it was left out"),
            ),
        },
        "AWS_Security_Hub" if is_security_hub_control(keyword) => {
            push(&mut control.security_hub, keyword);
        }
        "AWS_API_Call" if is_api_call(keyword) => push(&mut control.api_calls, keyword),
        "AWS_Cloudtrail" => {
            // The console lists events with their service before them.
            let event = keyword.split_once('_').map_or(keyword, |(_, event)| event);
            if is_event(event) {
                push(&mut control.cloudtrail, event);
            } else {
                builder.note(
                    place,
                    format!("{keyword:?} is no CloudTrail event; it was left out"),
                );
            }
        }
        "MANUAL" => {
            let words = text(source, "sourceDescription").or_else(|| text(source, "sourceName"));
            push(
                by_person,
                &super::builder::cut(words.unwrap_or("manual evidence"), 300),
            );
        }
        other => builder.note(
            place,
            format!("a source of type {other} with {keyword:?} was left out"),
        ),
    }
}

fn push(to: &mut Vec<String>, text: &str) {
    if !to.iter().any(|known| known == text) {
        to.push(text.to_owned());
    }
}
