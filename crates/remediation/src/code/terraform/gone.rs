//! What Terraform files say no more: an element of a list, a block, or a resource of its own.

use hcl_edit::Decorate as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, BlockLabel, Body};
use serde_json::Value;

use super::super::declared::{Companion, Saying};
use super::super::patch::PatchError;
use super::super::template::bare;
use super::{Work, by_hand, find};

/// What is no way in by itself.
const WORDS: [&str; 1] = ["description"];

impl Work<'_> {
    /// Says a thing no more, in whichever way it is said.
    pub(super) fn without(&mut self, ways: &[Saying]) -> Result<(), PatchError> {
        for way in ways {
            if let Some(kind) = &way.within
                && self.without_block(kind, way)?
            {
                return Ok(());
            }
            if let Some(beside) = &way.beside
                && self.without_resource(beside, way)?
            {
                return Ok(());
            }
        }
        let paths: Vec<&str> = self
            .bodies
            .iter()
            .map(|(file, _)| file.path.as_str())
            .collect();
        Err(PatchError::Unsaid {
            path: paths.join(", "),
            what: ways.first().map(Saying::words).unwrap_or_default(),
        })
    }

    fn without_block(&mut self, kind: &str, way: &Saying) -> Result<bool, PatchError> {
        let place = self.place()?;
        let (source, resource) = self.block_at(place)?;
        let is_dynamic = |block: &Block| {
            block.has_ident("dynamic") && block.labels.first().map(BlockLabel::as_str) == Some(kind)
        };
        if resource.body.has_attribute(kind) || resource.body.blocks().any(is_dynamic) {
            return Err(by_hand(source, kind));
        }
        let is_it = |block: &Block| block.has_ident(kind) && says(&block.body, way);
        let found = resource
            .body
            .iter()
            .position(|one| one.as_block().is_some_and(is_it));
        let Some(index) = found else {
            return Ok(false);
        };
        let block = resource
            .body
            .get_mut(index)
            .and_then(|one| one.as_block_mut());
        if block.is_none_or(|block| is_over(&mut block.body, way)) {
            resource.body.remove(index);
        }
        Ok(true)
    }

    fn without_resource(&mut self, beside: &Companion, way: &Saying) -> Result<bool, PatchError> {
        let is_it = |block: &Block| self.is_beside(block, beside) && says(&block.body, way);
        let Some(place) = find(&self.bodies, is_it) else {
            return Ok(false);
        };
        let (source, block) = self.block_at(place)?;
        if !is_over(&mut block.body, way) {
            return Ok(true);
        }
        let labels: Vec<&str> = block.labels.iter().map(BlockLabel::as_str).collect();
        let address = labels.join(".");
        if let Some((_, body)) = self.bodies.get_mut(place.0) {
            body.remove(place.1);
        }
        if self
            .bodies
            .iter()
            .any(|(_, body)| names(&body.to_string(), &address))
        {
            return Err(by_hand(
                source,
                format!("{address}, which the code refers to,"),
            ));
        }
        Ok(true)
    }
}

/// Whether a text has the address, as a whole.
fn names(text: &str, address: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    text.match_indices(address).any(|(at, found)| {
        let behind = text
            .get(at + found.len()..)
            .and_then(|rest| rest.chars().next());
        let before = text.get(..at).and_then(|rest| rest.chars().next_back());
        !behind.is_some_and(is_part)
            && !before.is_some_and(|letter| is_part(letter) || letter == '.')
    })
}

/// Whether arguments say the thing, among others perhaps.
fn says(body: &Body, way: &Saying) -> bool {
    let is_among = way.among.as_ref().is_none_or(|among| {
        let list = body.get_attribute(&among.list);
        let list = list.and_then(|list| list.value.as_array());
        let element = among.element.as_str();
        list.is_some_and(|list| list.iter().any(|one| one.as_str() == element))
    });
    let is_said = |(name, value): (&String, &Value)| {
        let found = body
            .get_attribute(name)
            .and_then(|found| scalar(&found.value));
        found == Some(bare(value))
    };
    is_among && way.asked().all(is_said)
}

fn scalar(value: &Expression) -> Option<String> {
    let text = value.as_str().map(str::to_owned);
    let number = || value.as_number().map(ToString::to_string);
    text.or_else(number)
        .or_else(|| value.as_bool().map(|value| value.to_string()))
}

/// Takes the thing out of the list that has it; whether nothing is left that the arguments say.
fn is_over(body: &mut Body, way: &Saying) -> bool {
    let Some(among) = &way.among else {
        return true;
    };
    let element = among.element.as_str();
    let list = body.get_attribute_mut(&among.list);
    if let Some(mut list) = list
        && let Some(list) = list.value_mut().as_array_mut()
    {
        let found = list.iter().position(|one| one.as_str() == element);
        let gone = found.map(|index| list.remove(index));
        // The first one has no space before it.
        if let (Some(0), Some(gone), Some(first)) = (found, gone, list.get_mut(0)) {
            *first.decor_mut() = gone.decor().clone();
        }
    }
    let is_nothing = |value: &Expression| {
        value
            .as_array()
            .is_some_and(hcl_edit::expr::Array::is_empty)
            || value.as_bool() == Some(false)
            || value.is_null()
    };
    let is_word = |name: &str| {
        WORDS.contains(&name)
            || way.says.contains_key(name)
            || way.beside.as_ref().is_some_and(|beside| beside.of == name)
    };
    body.attributes()
        .all(|one| is_nothing(&one.value) || is_word(one.key.as_str()))
        && body.blocks().next().is_none()
}
