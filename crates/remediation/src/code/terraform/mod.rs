//! Terraform files that say what they should.

mod gone;
mod policy;
mod set;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, BlockLabel, Body, Structure};
use hcl_edit::{Decorate as _, Ident};
use serde_json::{Map, Value};

use self::set::set;
use super::declared::{Companion, InTerraform};
use super::patch::{PatchError, SourceFile};

/// How Terraform's own style sets a block's members off.
const INDENT: &str = "  ";

/// The files with their texts.
type Bodies<'f> = Vec<(&'f SourceFile, Body)>;

/// Which file, and which of its structures.
type Place = (usize, usize);

/// The files that say something else now, with their new texts; the resource's own file where none does.
pub(super) fn patched<'f>(
    change: &'f InTerraform,
    files: &'f [SourceFile],
    address: Option<&str>,
    state: Option<&str>,
) -> Result<Vec<(&'f SourceFile, String)>, PatchError> {
    let mut bodies = Vec::new();
    for file in files {
        let body: Body = file.text.parse().map_err(|error| PatchError::Unreadable {
            path: file.path.clone(),
            what: format!("{error}"),
        })?;
        bodies.push((file, body));
    }
    let name = label(change, &bodies, address, state)?;
    let mut work = Work {
        resource: format!("{}.{name}", change.resource_type),
        name,
        change,
        bodies,
    };
    let (own, _) = work.place()?;
    work.says()?;
    for ways in &change.without {
        work.without(ways)?;
    }
    if let Some(statement) = &change.statement
        && let Some(place) = &statement.terraform
    {
        work.has_statement(statement, place)?;
    }
    let mut texts = Vec::new();
    for (place, (source, body)) in work.bodies.iter().enumerate() {
        let text = body.to_string();
        if text != source.text || place == own {
            texts.push(written(source, body, text)?);
        }
    }
    Ok(texts)
}

/// The files so far.
struct Work<'f> {
    change: &'f InTerraform,
    /// Its name in the code.
    name: String,
    /// Its type and name.
    resource: String,
    bodies: Bodies<'f>,
}

impl<'f> Work<'f> {
    fn absent(&self) -> PatchError {
        PatchError::Absent {
            what: self.resource.clone(),
            place: "the Terraform files".to_owned(),
        }
    }

    fn place(&self) -> Result<Place, PatchError> {
        let of_name =
            |block: &Block| is_resource(block, &self.change.resource_type, Some(&self.name));
        find(&self.bodies, of_name).ok_or_else(|| self.absent())
    }

    fn block_at(&mut self, place: Place) -> Result<(&'f SourceFile, &mut Block), PatchError> {
        let absent = self.absent();
        let found = self.bodies.get_mut(place.0).and_then(|(source, body)| {
            let block = body.get_mut(place.1).and_then(Structure::as_block_mut);
            Some((*source, block?))
        });
        found.ok_or(absent)
    }

    fn says(&mut self) -> Result<(), PatchError> {
        let arguments = &self.change.arguments;
        if arguments.is_empty() {
            return Ok(());
        }
        let own = self.place()?;
        let place = match &self.change.beside {
            None => own,
            Some(beside) => match self.beside(beside) {
                Some(place) => place,
                None => return self.append(own.0, beside, arguments, None),
            },
        };
        let (source, block) = self.block_at(place)?;
        set(block, arguments, INDENT).map_err(|path| by_hand(source, path))
    }

    /// The resource that is about this one: by reference, or by its name.
    fn beside(&self, beside: &Companion) -> Option<Place> {
        find(&self.bodies, |block| self.is_beside(block, beside))
    }

    fn is_beside(&self, block: &Block, beside: &Companion) -> bool {
        let of = block.body.get_attribute(&beside.of);
        let said = of.map(|attribute| attribute.value.to_string());
        let is_about = said.is_some_and(|said| {
            let said = said.trim().trim_matches('"');
            said.strip_prefix(&self.resource)
                .is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
                || self.change.identifiers.iter().any(|id| id == said)
        });
        is_about && is_resource(block, &beside.resource_type, None)
    }

    /// A new resource beside, at the end of a file; `more` is an argument and its expression.
    fn append(
        &mut self,
        file: usize,
        beside: &Companion,
        arguments: &Map<String, Value>,
        more: Option<(&str, &str)>,
    ) -> Result<(), PatchError> {
        let absent = self.absent();
        let reference = format!("{}.id", self.resource);
        let (source, body) = self.bodies.get_mut(file).ok_or(absent)?;
        let mut new = Block::builder(Ident::new("resource"))
            .label(beside.resource_type.as_str())
            .label(self.name.as_str())
            .build();
        for (name, text) in [(beside.of.as_str(), reference.as_str())]
            .into_iter()
            .chain(more)
        {
            let value: Expression = text
                .parse()
                .map_err(|error: hcl_edit::parser::Error| by_hand(source, error.to_string()))?;
            let mut argument = Attribute::new(Ident::new(name), value);
            argument.decor_mut().set_prefix(INDENT);
            new.body.push(argument);
        }
        set(&mut new, arguments, INDENT).map_err(|path| by_hand(source, path))?;
        let before = body.to_string();
        let gap = if before.ends_with('\n') { "\n" } else { "\n\n" };
        let text = format!("{before}{gap}{}", Body::builder().block(new).build());
        *body = text
            .parse()
            .map_err(|error: hcl_edit::parser::Error| by_hand(source, error.to_string()))?;
        Ok(())
    }
}

fn by_hand(source: &SourceFile, what: impl Into<String>) -> PatchError {
    PatchError::ByHand {
        path: source.path.clone(),
        what: what.into(),
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

fn find(bodies: &[(&SourceFile, Body)], is_it: impl Fn(&Block) -> bool) -> Option<Place> {
    bodies.iter().enumerate().find_map(|(file, (_, body))| {
        let place = body
            .iter()
            .position(|structure| structure.as_block().is_some_and(&is_it));
        Some((file, place?))
    })
}

/// The text of a body, which read again is that body.
fn written<'f>(
    source: &'f SourceFile,
    body: &Body,
    text: String,
) -> Result<(&'f SourceFile, String), PatchError> {
    let again: Result<Body, _> = text.parse();
    if again.is_ok_and(|again| again == *body) {
        return Ok((source, text));
    }
    Err(by_hand(source, "the resource"))
}
