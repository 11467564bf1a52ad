//! Match expressions: `{ "prefix": … }` and its kin (`JsonRuleCompiler.processMatchExpression`).

use crate::error::Fault;
use crate::json::{Member, Placed, Value};

use super::address::{self, Block};
use super::alternative::{Alternative, AnythingBut, TextTest};
use super::fold::Fold;
use super::number::{Bound, Comparable, Literal, Range};
use super::wildcard::Wildcard;

/// Names that the objects of a `$or` cannot have as fields (event-ruler's `Constants.java`).
pub(super) const RESERVED: &[&str] = &[
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

const ONE_KEY: &str = "Only one key allowed in match expression";

/// One element of a field's array.
pub(super) fn alternative(element: &Placed<'_>) -> Result<Alternative, Fault> {
    match &element.value {
        Value::Null => Ok(Alternative::Null),
        Value::Bool(value) => Ok(Alternative::Bool(*value)),
        Value::Number(text) => Ok(Alternative::Number(Literal::parse(text))),
        Value::Text(text) => Ok(address::parse(text).map_or_else(
            || Alternative::Text(TextTest::Equals(text.clone())),
            Alternative::Address,
        )),
        Value::Object(members) => {
            expression(only(element, members, "Match expression name not found")?)
        }
        Value::Array(_) => Err(Fault::new(
            element.offset,
            "Match value must be String, number, true, false, or null",
        )),
    }
}

/// The only member of an object.
fn only<'m, 't>(
    object: &Placed<'_>,
    members: &'m [Member<'t>],
    missing: &str,
) -> Result<&'m Member<'t>, Fault> {
    match members {
        [member] => Ok(member),
        [_, second, ..] => Err(Fault::new(second.offset, ONE_KEY)),
        [] => Err(Fault::new(object.offset, missing)),
    }
}

fn expression(member: &Member<'_>) -> Result<Alternative, Fault> {
    let value = &member.value;
    match member.name.as_str() {
        "exactly" => Ok(Alternative::Text(TextTest::Equals(string(
            value,
            "exact match pattern must be a string",
        )?))),
        "prefix" => edge(
            value,
            "prefix",
            TextTest::Prefix,
            TextTest::PrefixIgnoreCase,
        ),
        "suffix" => edge(
            value,
            "suffix",
            TextTest::Suffix,
            TextTest::SuffixIgnoreCase,
        ),
        "equals-ignore-case" => Ok(Alternative::Text(TextTest::EqualsIgnoreCase(Fold::new(
            &string(value, "equals-ignore-case match pattern must be a string")?,
        )))),
        "wildcard" => Ok(Alternative::Text(wildcard(value)?)),
        "numeric" => Ok(Alternative::Range(numeric(value)?)),
        "anything-but" => Ok(Alternative::AnythingBut(anything_but(value)?)),
        "exists" => match value.value {
            Value::Bool(true) => Ok(Alternative::Exists),
            Value::Bool(false) => Ok(Alternative::Absent),
            _ => Err(Fault::new(
                value.offset,
                "exists match pattern must be either true or false.",
            )),
        },
        "cidr" => {
            let text = string(value, "cidr match pattern must be a string")?;
            let block = Block::parse(&text).map_err(|message| Fault::new(value.offset, message))?;
            Ok(Alternative::Cidr(block))
        }
        other => Err(Fault::new(
            member.offset,
            format!("Unrecognized match type {other}"),
        )),
    }
}

fn string(value: &Placed<'_>, message: &str) -> Result<String, Fault> {
    match &value.value {
        Value::Text(text) => Ok(text.clone()),
        _ => Err(Fault::new(value.offset, message)),
    }
}

/// `prefix` or `suffix`.
fn edge(
    value: &Placed<'_>,
    name: &str,
    plain: fn(String) -> TextTest,
    ignore_case: fn(Fold) -> TextTest,
) -> Result<Alternative, Fault> {
    let Value::Object(members) = &value.value else {
        let text = string(value, &format!("{name} match pattern must be a string"))?;
        return Ok(Alternative::Text(plain(text)));
    };
    let missing = if name == "prefix" {
        "Prefix expression name not found"
    } else {
        "Suffix expression name not found"
    };
    let first = members
        .first()
        .ok_or_else(|| Fault::new(value.offset, missing))?;
    if first.name != "equals-ignore-case" {
        return Err(Fault::new(
            first.offset,
            format!("Unsupported {name} pattern: {}", first.name),
        ));
    }
    let member = only(value, members, missing)?;
    let text = string(
        &member.value,
        "equals-ignore-case match pattern must be a string",
    )?;
    Ok(Alternative::Text(ignore_case(Fold::new(&text))))
}

fn wildcard(value: &Placed<'_>) -> Result<TextTest, Fault> {
    let text = string(value, "wildcard match pattern must be a string")?;
    Wildcard::parse(&text)
        .map(TextTest::Wildcard)
        .map_err(|message| Fault::new(value.offset, message))
}

fn anything_but(value: &Placed<'_>) -> Result<AnythingBut, Fault> {
    match &value.value {
        Value::Text(_) | Value::Number(_) => values_but(std::slice::from_ref(value), value),
        Value::Array(elements) => values_but(elements, value),
        Value::Object(members) => {
            let missing = "Anything-But expression name not found";
            let first = members
                .first()
                .ok_or_else(|| Fault::new(value.offset, missing))?;
            let test = inner_test(first)?;
            let member = only(value, members, missing)?;
            let tests = match &member.value.value {
                Value::Array(elements) if elements.is_empty() => {
                    return Err(Fault::new(
                        member.value.offset,
                        "Empty arrays are not allowed",
                    ));
                }
                Value::Array(elements) => elements.iter().map(test).collect::<Result<_, _>>()?,
                Value::Text(_) | Value::Number(_) => vec![test(&member.value)?],
                _ => return Err(not_a_value(&member.value)),
            };
            Ok(AnythingBut::Texts(tests))
        }
        _ => Err(not_a_value(value)),
    }
}

fn not_a_value(value: &Placed<'_>) -> Fault {
    Fault::new(
        value.offset,
        "Value of anything-but must be an array or single string/number value.",
    )
}

type ReadTest = fn(&Placed<'_>) -> Result<TextTest, Fault>;

/// How the test is read that `anything-but` negates.
fn inner_test(member: &Member<'_>) -> Result<ReadTest, Fault> {
    match member.name.as_str() {
        "prefix" => Ok(|value| Ok(TextTest::Prefix(inner_edge(value)?))),
        "suffix" => Ok(|value| Ok(TextTest::Suffix(inner_edge(value)?))),
        "wildcard" => Ok(wildcard),
        "equals-ignore-case" => Ok(|value| {
            let text = string(
                value,
                "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
            )?;
            Ok(TextTest::EqualsIgnoreCase(Fold::new(&text)))
        }),
        other => Err(Fault::new(
            member.offset,
            format!("Unsupported anything-but pattern: {other}"),
        )),
    }
}

fn inner_edge(value: &Placed<'_>) -> Result<String, Fault> {
    let text = string(value, "prefix/suffix match pattern must be a string")?;
    if text.is_empty() {
        return Err(Fault::new(value.offset, "Null prefix/suffix not allowed"));
    }
    Ok(text)
}

/// `anything-but` with texts or with numbers.
fn values_but(elements: &[Placed<'_>], whole: &Placed<'_>) -> Result<AnythingBut, Fault> {
    let mixed = "Inside anything but list, either all values are number or string, mixed type is not supported";
    let mut numbers = Vec::new();
    let mut texts = Vec::new();
    for element in elements {
        match &element.value {
            Value::Number(text) => numbers.push(comparable(element, text)?),
            Value::Text(text) => texts.push(TextTest::Equals(text.clone())),
            _ => {
                return Err(Fault::new(
                    element.offset,
                    "Inside anything but list, start|null|boolean is not supported.",
                ));
            }
        }
        if !numbers.is_empty() && !texts.is_empty() {
            return Err(Fault::new(element.offset, mixed));
        }
    }
    match (numbers.is_empty(), texts.is_empty()) {
        (false, true) => Ok(AnythingBut::Numbers(numbers)),
        (true, false) => Ok(AnythingBut::Texts(texts)),
        _ => Err(Fault::new(whole.offset, mixed)),
    }
}

fn comparable(value: &Placed<'_>, text: &str) -> Result<Comparable, Fault> {
    Comparable::parse(text)
        .ok_or_else(|| Fault::new(value.offset, format!("Cannot compare number : {text}")))
}

fn numeric(value: &Placed<'_>) -> Result<Range, Fault> {
    let Value::Array(terms) = &value.value else {
        return Err(Fault::new(
            value.offset,
            "Value of numeric must be an array.",
        ));
    };
    let Some(first) = terms.first() else {
        return Err(Fault::new(
            value.offset,
            "Invalid member in numeric match: ]",
        ));
    };
    let operator = string(
        first,
        &format!("Invalid member in numeric match: {}", first.shown()),
    )?;
    if !["=", "<", "<=", ">", ">="].contains(&operator.as_str()) {
        return Err(Fault::new(
            first.offset,
            format!("Unrecognized numeric range operator: {operator}"),
        ));
    }
    let at = operand(value, terms.get(1), &operator)?;
    let open = matches!(operator.as_str(), "<" | ">");
    let bound = Bound { at, open };
    let above = matches!(operator.as_str(), ">" | ">=");
    let range = match (operator.as_str(), terms.get(2)) {
        ("=", None) => Range {
            bottom: bound,
            top: bound,
        },
        (_, None) if above => Range {
            bottom: bound,
            top: Bound::HIGHEST,
        },
        (_, None) => Range {
            bottom: Bound::LOWEST,
            top: bound,
        },
        (_, Some(third)) if above => Range {
            bottom: bound,
            top: upper_bound(value, third, terms)?,
        },
        (_, Some(third)) => {
            return Err(Fault::new(
                third.offset,
                "Too many elements in numeric expression",
            ));
        }
    };
    let is_range = operator != "=";
    if is_range && range.bottom.at.value() >= range.top.at.value() {
        return Err(Fault::new(value.offset, "Bottom must be less than top"));
    }
    Ok(range)
}

/// The number that follows an operator.
fn operand(
    whole: &Placed<'_>,
    term: Option<&Placed<'_>>,
    operator: &str,
) -> Result<Comparable, Fault> {
    let word = if operator == "=" { "equals" } else { operator };
    match term.map(|term| (term, &term.value)) {
        Some((term, Value::Number(text))) => comparable(term, text),
        other => Err(Fault::new(
            other.map_or(whole.offset, |(term, _)| term.offset),
            format!("Value of {word} must be numeric"),
        )),
    }
}

/// `"<", n` or `"<=", n` at the end of a range.
fn upper_bound(
    whole: &Placed<'_>,
    third: &Placed<'_>,
    terms: &[Placed<'_>],
) -> Result<Bound, Fault> {
    let operator = string(
        third,
        &format!("Bad value in numeric range: {}", third.shown()),
    )?;
    if !["<", "<="].contains(&operator.as_str()) {
        return Err(Fault::new(
            third.offset,
            format!("Bad numeric range operator: {operator}"),
        ));
    }
    let at = operand(whole, terms.get(3), &operator)?;
    if let Some(extra) = terms.get(4) {
        return Err(Fault::new(
            extra.offset,
            "Too many terms in numeric range expression",
        ));
    }
    Ok(Bound {
        at,
        open: operator == "<",
    })
}
