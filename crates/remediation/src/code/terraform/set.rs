//! Arguments and blocks of a resource that say what they should.

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Structure};
use hcl_edit::{Decorate as _, Ident};
use serde_json::{Map, Value};

use super::INDENT;

/// Sets arguments of a block; `Err` names what is said in another way than by a value.
pub(super) fn set(
    block: &mut Block,
    arguments: &Map<String, Value>,
    indent: &str,
) -> Result<(), String> {
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
