//! A pattern's objects, as sub-rules without nesting and without `$or`
//! (`JsonRuleCompiler.parseObject`, `parseIntoOrRelationship`).

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::json::{Member, Placed, Value};

use super::alternative::{Condition, TextTest};
use super::operator::{self, RESERVED};
use super::{Alternative, AnythingBut, SubRule};

const OR: &str = "$or";

/// A pattern may stand for at most so many combinations of the objects in its `$or`s.
const MAXIMUM_SUB_RULES: usize = 1_000;

/// A combination may have at most so many fields (event-ruler's `MAXIMUM_RULE_SIZE`).
const MAXIMUM_FIELDS: usize = 256;

/// The wildcards of one field may have at most this complexity together
/// (see [`Wildcard::complexity`](super::wildcard::Wildcard::complexity)).
const MAXIMUM_COMPLEXITY: usize = 100;

type Draft = BTreeMap<String, Condition>;

/// The sub-rules of a pattern: it matches where one of them does.
pub(super) fn compile(root: &Placed<'_>) -> Result<Vec<SubRule>, Fault> {
    let Value::Object(members) = &root.value else {
        return Err(Fault::new(root.offset, "Filter is not an object"));
    };
    let strict = draft(root, members, Or::Primitive);
    // As event-ruler does: where `$or` cannot be the primitive, all of them are ordinary fields.
    let drafts = match strict {
        Err(fault) if root.mentions(OR) => draft(root, members, Or::Field).map_err(|_| fault)?,
        other => other?,
    };
    Ok(drafts
        .into_iter()
        .map(|draft| SubRule {
            fields: draft.into_iter().collect(),
        })
        .collect())
}

fn draft(root: &Placed<'_>, members: &[Member<'_>], or: Or) -> Result<Vec<Draft>, Fault> {
    let mut compiler = Compiler {
        path: Vec::new(),
        or,
    };
    let mut drafts = Vec::new();
    compiler.object(&mut drafts, root.offset, members, Inside::Object)?;
    Ok(drafts)
}

/// What `$or` is.
#[derive(Clone, Copy, PartialEq)]
enum Or {
    Primitive,
    Field,
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Object,
    Or,
}

struct Compiler<'p> {
    path: Vec<&'p str>,
    or: Or,
}

impl<'p> Compiler<'p> {
    fn object(
        &mut self,
        drafts: &mut Vec<Draft>,
        offset: usize,
        members: &'p [Member<'_>],
        inside: Inside,
    ) -> Result<(), Fault> {
        if members.is_empty() {
            return Err(Fault::new(offset, "Empty objects are not allowed"));
        }
        for member in members {
            if self.or == Or::Primitive && member.name == OR {
                self.either(drafts, &member.value)?;
                continue;
            }
            if inside == Inside::Or && RESERVED.contains(&member.name.as_str()) {
                return Err(Fault::new(
                    member.offset,
                    format!(
                        "{} is Ruler reserved fieldName which cannot be used inside $or.",
                        member.name
                    ),
                ));
            }
            self.path.push(&member.name);
            match &member.value.value {
                Value::Object(members) => {
                    self.object(drafts, member.value.offset, members, inside)?;
                }
                Value::Array(elements) => self.field(drafts, &member.value, elements)?,
                _ => {
                    return Err(Fault::new(
                        member.value.offset,
                        format!("\"{}\" must be an object or an array", member.name),
                    ));
                }
            }
            self.path.pop();
        }
        Ok(())
    }

    /// `$or`: the drafts so far, once for each object.
    fn either(&mut self, drafts: &mut Vec<Draft>, value: &'p Placed<'_>) -> Result<(), Fault> {
        let Value::Array(elements) = &value.value else {
            return Err(Fault::new(
                value.offset,
                "It must be an Array followed with $or.",
            ));
        };
        let mut so_far = std::mem::take(drafts);
        if so_far.is_empty() {
            so_far.push(Draft::new());
        }
        for element in elements {
            let Value::Object(members) = &element.value else {
                return Err(Fault::new(
                    element.offset,
                    "Only JSON object is allowed in array of $or relationship.",
                ));
            };
            let mut branch = so_far.clone();
            self.object(&mut branch, element.offset, members, Inside::Or)?;
            drafts.append(&mut branch);
            if drafts.len() > MAXIMUM_SUB_RULES {
                return Err(Fault::new(
                    value.offset,
                    format!("$or stands for more than {MAXIMUM_SUB_RULES} combinations"),
                ));
            }
        }
        if elements.len() < 2 {
            return Err(Fault::new(
                value.offset,
                "There must have at least 2 Objects in $or relationship.",
            ));
        }
        Ok(())
    }

    /// A field's array. A field named again replaces what was asked of it, as in event-ruler.
    fn field(
        &mut self,
        drafts: &mut Vec<Draft>,
        value: &Placed<'_>,
        elements: &[Placed<'_>],
    ) -> Result<(), Fault> {
        if elements.is_empty() {
            return Err(Fault::new(value.offset, "Empty arrays are not allowed"));
        }
        let alternatives: Vec<Alternative> = elements
            .iter()
            .map(operator::alternative)
            .collect::<Result<_, _>>()?;
        if complexity(&alternatives) > MAXIMUM_COMPLEXITY {
            return Err(Fault::new(
                value.offset,
                "Rule is too complex - try using fewer wildcard characters or fewer repeating \
                 character sequences after a wildcard character",
            ));
        }
        if drafts.is_empty() {
            drafts.push(Draft::new());
        }
        let name = self.path.join(".");
        let condition = Condition { alternatives };
        for draft in drafts {
            draft.insert(name.clone(), condition.clone());
            if draft.len() > MAXIMUM_FIELDS {
                return Err(Fault::new(
                    value.offset,
                    format!("Size of rule exceeds max value of {MAXIMUM_FIELDS}"),
                ));
            }
        }
        Ok(())
    }
}

fn complexity(alternatives: &[Alternative]) -> usize {
    let tests = alternatives
        .iter()
        .flat_map(|alternative| match alternative {
            Alternative::Text(test) => std::slice::from_ref(test),
            Alternative::AnythingBut(AnythingBut::Texts(tests)) => tests.as_slice(),
            _ => &[],
        });
    tests
        .map(|test| match test {
            TextTest::Wildcard(wildcard) => wildcard.complexity(),
            _ => 0,
        })
        .sum()
}
