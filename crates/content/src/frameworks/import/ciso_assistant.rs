//! CISO Assistant's libraries (intuitem/ciso-assistant-community, `backend/library/libraries`):
//! assessable requirement nodes become controls, the node above them that is not assessable their
//! control set, implementation groups our groups.

use std::collections::BTreeMap;

use super::Imported;
use super::builder::{Builder, cut, manual};
use crate::yaml::{Kind, Problem, Value};

/// No library nests deeper; a circle of parents ends here.
const DEPTH: usize = 32;

pub(super) fn import(root: &Value) -> Result<Imported, Vec<Problem>> {
    let framework = root.get("objects").and_then(|objects| {
        let several = objects
            .get("frameworks")
            .map(elements)
            .and_then(<[Value]>::first);
        objects.get("framework").or(several)
    });
    let Some(framework) = framework else {
        let message =
            "a CISO Assistant library with a framework has objects.framework, and this has none";
        return Err(vec![Problem::new(root.place, message)]);
    };
    let Some(nodes) = framework.get("requirement_nodes") else {
        return Err(vec![Problem::new(
            framework.place,
            "the framework has no requirement_nodes",
        )]);
    };
    let title = text(framework, "name")
        .or_else(|| text(root, "name"))
        .unwrap_or("CISO Assistant framework");
    let copyright = text(root, "copyright").unwrap_or_default();
    let source = format!("imported from a CISO Assistant library. {copyright}");
    let mut builder = Builder::new(title, text(root, "version"), source.trim());
    for group in framework
        .get("implementation_groups_definition")
        .map(elements)
        .unwrap_or_default()
    {
        if let Some(id) = text(group, "ref_id") {
            builder.group(id, text(group, "name").unwrap_or(id));
        }
    }
    let nodes = elements(nodes);
    let by_urn: BTreeMap<&str, &Value> = nodes
        .iter()
        .filter_map(|node| Some((text(node, "urn")?, node)))
        .collect();
    for node in nodes.iter().filter(|node| is_assessable(node)) {
        requirement(&mut builder, node, &by_urn);
    }
    let (framework, notes) = builder.finish();
    Ok(Imported {
        frameworks: vec![framework],
        notes,
    })
}

fn text<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    of.get(name)
        .and_then(Value::text)
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

fn elements(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::Sequence(elements) => elements,
        _ => &[],
    }
}

fn is_assessable(node: &Value) -> bool {
    text(node, "assessable").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Its reference, or the end of its URN.
fn id(node: &Value) -> String {
    let urn_end = || text(node, "urn").and_then(|urn| urn.rsplit(':').next());
    text(node, "ref_id")
        .or_else(urn_end)
        .unwrap_or_default()
        .to_owned()
}

fn requirement(builder: &mut Builder, node: &Value, by_urn: &BTreeMap<&str, &Value>) {
    let id = id(node);
    if id.is_empty() {
        builder.note(
            node.place,
            "a requirement without ref_id and urn was left out",
        );
        return;
    }
    let parent = |node: &Value| text(node, "parent_urn").and_then(|urn| by_urn.get(urn).copied());
    let mut set = None;
    let mut above = parent(node);
    for _ in 0..DEPTH {
        match above {
            Some(heading) if !is_assessable(heading) => {
                set = Some(heading);
                break;
            }
            Some(requirement) => above = parent(requirement),
            None => break,
        }
    }
    let set = match set {
        Some(heading) => {
            let title = text(heading, "name").or_else(|| text(heading, "description"));
            let set_id = text(heading, "ref_id").or(title).unwrap_or("Controls");
            builder.set(set_id, title.unwrap_or(set_id))
        }
        None => builder.set("Controls", "Controls"),
    };
    let description = text(node, "description");
    let title = text(node, "name").or(description).unwrap_or(&id);
    let mut control = manual(&id, set, &cut(title, 120));
    control.parent = parent(node)
        .filter(|parent| is_assessable(parent))
        .map(self::id);
    control.guidance = description
        .filter(|words| *words != title || title.chars().count() > 120)
        .map(str::to_owned);
    for group in node
        .get("implementation_groups")
        .map(elements)
        .unwrap_or_default()
    {
        let Some(name) = group.text() else { continue };
        if !builder.has_group(name) {
            builder.group(name, name);
        }
        control.groups.push(name.to_owned());
    }
    builder.add(node.place, control);
}
