//! Terraform files that say what they should.

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, BlockLabel, Body, Structure};
use hcl_edit::{Decorate as _, Ident};
use serde_json::{Map, Value};

use super::declared::{Companion, InTerraform};
use super::patch::{PatchError, SourceFile};

/// How Terraform's own style sets a block's members off.
const INDENT: &str = "  ";

/// The file and its new text.
pub(super) fn patched<'f>(
    change: &InTerraform,
    files: &'f [SourceFile],
    address: Option<&str>,
    state: Option<&str>,
) -> Result<(&'f SourceFile, String), PatchError> {
    let mut bodies = Vec::new();
    for file in files {
        let body: Body = file.text.parse().map_err(|error| PatchError::Unreadable {
            path: file.path.clone(),
            what: format!("{error}"),
        })?;
        bodies.push((file, body));
    }
    let name = label(change, &bodies, address, state)?;
    let resource = format!("{}.{name}", change.resource_type);
    let of_name = |block: &Block| is_resource(block, &change.resource_type, Some(&name));
    let place = find(&bodies, of_name).ok_or_else(|| PatchError::Absent {
        what: resource.clone(),
        place: "the Terraform files".to_owned(),
    })?;
    match &change.beside {
        None => set_at(&mut bodies, place, &change.arguments),
        Some(beside) => {
            let of_other = |block: &Block| is_beside(block, beside, &resource, change);
            match find(&bodies, of_other) {
                Some(place) => set_at(&mut bodies, place, &change.arguments),
                None => append(&mut bodies, place.0, (beside, &name, &resource), change),
            }
        }
    }
}

/// The resource's name in the code: as it was said, by the state, or by what the code calls it.
fn label(
    change: &InTerraform,
    bodies: &[(&SourceFile, Body)],
    address: Option<&str>,
    state: Option<&str>,
) -> Result<String, PatchError> {
    let kind = &change.resource_type;
    let what = format!("{kind} {}", change.identifiers.join(" or "));
    let absent = |place: &str| PatchError::Absent {
        what: what.clone(),
        place: place.to_owned(),
    };
    if let Some(address) = address {
        let name = address.strip_prefix(kind.as_str());
        let name = name.and_then(|rest| rest.strip_prefix('.'));
        return name.map(str::to_owned).ok_or_else(|| {
            absent(&format!(
                "{address}: an address is {kind}.NAME, within the folder that has it"
            ))
        });
    }
    let mut found = of_state(change, state);
    if found.is_empty() {
        let blocks = bodies.iter().flat_map(|(_, body)| body.blocks());
        let named = blocks.filter(|block| {
            let value = block.body.get_attribute(&change.name);
            let value = value.and_then(|attribute| attribute.value.as_str());
            let is_it = value.is_some_and(|text| change.identifiers.iter().any(|id| id == text));
            is_it && is_resource(block, kind, None)
        });
        found.extend(named.filter_map(|block| Some(block.labels.get(1)?.as_str().to_owned())));
    }
    found.sort();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(absent(
            "the Terraform files, nor in a terraform.tfstate beside them: say its address",
        )),
        several => Err(PatchError::Several {
            what,
            found: several
                .iter()
                .map(|name| format!("{kind}.{name}"))
                .collect(),
        }),
    }
}

/// The names that a state file (version 4) of the folder's own root has for the resource.
fn of_state(change: &InTerraform, state: Option<&str>) -> Vec<String> {
    let state: Value = serde_json::from_str(state.unwrap_or("{}")).unwrap_or_default();
    let resources = state.get("resources").and_then(Value::as_array);
    let mut names = Vec::new();
    for resource in resources.into_iter().flatten() {
        let text = |name| resource.get(name).and_then(Value::as_str);
        let is_kind = text("mode") == Some("managed")
            && text("type") == Some(change.resource_type.as_str())
            && resource.get("module").is_none();
        let instances = resource.get("instances").and_then(Value::as_array);
        let is_it = instances.into_iter().flatten().any(|instance| {
            ["id", "arn", change.name.as_str()].iter().any(|name| {
                let value = instance.pointer(&format!("/attributes/{name}"));
                let value = value.and_then(Value::as_str);
                value.is_some_and(|value| change.identifiers.iter().any(|id| id == value))
            })
        });
        if is_kind && is_it {
            names.extend(text("name").map(str::to_owned));
        }
    }
    names
}

fn is_resource(block: &Block, kind: &str, name: Option<&str>) -> bool {
    let labels: Vec<&str> = block.labels.iter().map(BlockLabel::as_str).collect();
    block.has_ident("resource")
        && matches!(labels.as_slice(), [of, called] if *of == kind && name.is_none_or(|name| name == *called))
}

/// Whether it is the resource beside, and about this one: by reference, or by its name.
fn is_beside(block: &Block, beside: &Companion, resource: &str, change: &InTerraform) -> bool {
    let of = block.body.get_attribute(&beside.of);
    let said = of.map(|attribute| attribute.value.to_string());
    let is_about = said.is_some_and(|said| {
        let said = said.trim().trim_matches('"');
        said.strip_prefix(resource)
            .is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
            || change.identifiers.iter().any(|id| id == said)
    });
    is_about && is_resource(block, &beside.resource_type, None)
}

/// Which file, and which of its structures.
fn find(bodies: &[(&SourceFile, Body)], is_it: impl Fn(&Block) -> bool) -> Option<(usize, usize)> {
    bodies.iter().enumerate().find_map(|(file, (_, body))| {
        let place = body
            .iter()
            .position(|structure| structure.as_block().is_some_and(&is_it));
        Some((file, place?))
    })
}

fn set_at<'f>(
    bodies: &mut [(&'f SourceFile, Body)],
    (file, place): (usize, usize),
    arguments: &Map<String, Value>,
) -> Result<(&'f SourceFile, String), PatchError> {
    let absent = || PatchError::Absent {
        what: "the resource".to_owned(),
        place: "the Terraform files".to_owned(),
    };
    let (source, body) = bodies.get_mut(file).ok_or_else(absent)?;
    let block = body.get_mut(place).and_then(Structure::as_block_mut);
    let block = block.ok_or_else(absent)?;
    let called = |path: String| PatchError::ByHand {
        path: source.path.clone(),
        what: path,
    };
    set(block, arguments, INDENT).map_err(called)?;
    written(source, body)
}

/// The text of a body, which read again is that body.
fn written<'f>(
    source: &'f SourceFile,
    body: &Body,
) -> Result<(&'f SourceFile, String), PatchError> {
    let text = body.to_string();
    let again: Result<Body, _> = text.parse();
    if again.is_ok_and(|again| again == *body) {
        return Ok((source, text));
    }
    Err(PatchError::ByHand {
        path: source.path.clone(),
        what: "the resource".to_owned(),
    })
}

/// Sets arguments of a block; `Err` names what is said in another way than by a value.
fn set(block: &mut Block, arguments: &Map<String, Value>, indent: &str) -> Result<(), String> {
    if block.body.prefer_oneline() {
        let mut missing = arguments
            .keys()
            .filter(|name| !block.body.has_attribute(name));
        match missing.next() {
            Some(name) if !block.body.is_empty() => return Err(name.clone()),
            Some(_) => block.body.set_prefer_oneline(false),
            None => {}
        }
    }
    for (name, value) in arguments {
        let Value::Object(members) = value else {
            argument(block, name, value, indent)?;
            continue;
        };
        if block.body.has_attribute(name) || block.body.get_blocks("dynamic").next().is_some() {
            return Err(name.clone());
        }
        let deeper = format!("{indent}{INDENT}");
        let place = |block: &Block| {
            block
                .body
                .iter()
                .position(|one| one.as_block().is_some_and(|one| one.has_ident(name)))
        };
        if place(block).is_none() {
            let mut new = Block::new(Ident::new(name));
            new.decor_mut().set_prefix(indent);
            block.body.push(new);
        }
        let place = place(block).ok_or_else(|| name.clone())?;
        let inner = block.body.get_mut(place).and_then(Structure::as_block_mut);
        let inner = inner.ok_or_else(|| name.clone())?;
        let is_new = inner.body.is_empty();
        set(inner, members, &deeper).map_err(|path| format!("{name}.{path}"))?;
        if is_new {
            inner.body.decor_mut().set_suffix(indent);
        }
    }
    Ok(())
}

fn argument(block: &mut Block, name: &str, value: &Value, indent: &str) -> Result<(), String> {
    let wanted = match value {
        Value::Bool(value) => Expression::from(*value),
        Value::String(value) => Expression::from(value.as_str()),
        Value::Number(value) => match value.as_i64() {
            Some(value) => Expression::from(value),
            None => return Err(name.to_owned()),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => return Err(name.to_owned()),
    };
    let Some(mut found) = block.body.get_attribute_mut(name) else {
        let mut new = Attribute::new(Ident::new(name), wanted);
        new.decor_mut().set_prefix(indent);
        block.body.push(new);
        return Ok(());
    };
    let said = found.value_mut();
    if *said == wanted {
        return Ok(());
    }
    let is_value = matches!(
        said,
        Expression::Bool(_) | Expression::String(_) | Expression::Number(_)
    );
    if !is_value {
        return Err(name.to_owned());
    }
    let decor = said.decor().clone();
    *said = wanted;
    *said.decor_mut() = decor;
    Ok(())
}

/// A new resource beside, at the end of the other one's file.
fn append<'f>(
    bodies: &mut [(&'f SourceFile, Body)],
    file: usize,
    (beside, name, resource): (&Companion, &str, &str),
    change: &InTerraform,
) -> Result<(&'f SourceFile, String), PatchError> {
    let absent = || PatchError::Absent {
        what: resource.to_owned(),
        place: "the Terraform files".to_owned(),
    };
    let (source, _) = bodies.get(file).ok_or_else(absent)?;
    let by_hand = |what: String| PatchError::ByHand {
        path: source.path.clone(),
        what,
    };
    let mut new = Block::builder(Ident::new("resource"))
        .label(beside.resource_type.as_str())
        .label(name)
        .build();
    let reference = format!("{resource}.id");
    let reference: Expression = reference
        .parse()
        .map_err(|error: hcl_edit::parser::Error| by_hand(error.to_string()))?;
    let mut of = Attribute::new(Ident::new(&beside.of), reference);
    of.decor_mut().set_prefix(INDENT);
    new.body.push(of);
    set(&mut new, &change.arguments, INDENT).map_err(by_hand)?;
    let gap = if source.text.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    let text = format!("{}{gap}{}", source.text, Body::builder().block(new).build());
    let again: Result<Body, _> = text.parse();
    match again {
        Ok(_) => Ok((source, text)),
        Err(error) => Err(by_hand(error.to_string())),
    }
}
