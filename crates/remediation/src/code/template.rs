//! A text of YAML or JSON in which a mapping says more than before, and everything else stays as it is written.

use posture_content::yaml::{Place, Value as Yaml};
use serde_json::{Map, Value};

use crate::document::plain_json;

/// A part of the text, by bytes, and what takes its place.
struct Edit {
    from: usize,
    to: usize,
    text: String,
}

/// The text with everything in `wanted` said in the mapping; `Err` names what can't be said safely.
pub(super) fn saying(
    text: &str,
    mapping: &Yaml,
    wanted: &Map<String, Value>,
) -> Result<String, String> {
    let mut edits = Vec::new();
    merge(text, mapping, wanted, &mut edits)?;
    edits.sort_by_key(|edit| edit.from);
    let mut out = String::new();
    let mut at = 0;
    for edit in &edits {
        out.push_str(text.get(at..edit.from).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.to;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Ok(out)
}

fn merge(
    text: &str,
    mapping: &Yaml,
    wanted: &Map<String, Value>,
    edits: &mut Vec<Edit>,
) -> Result<(), String> {
    let mut new = Map::new();
    let is_flow = text
        .get(offset(text, mapping.place)..)
        .is_some_and(|rest| rest.starts_with('{'));
    for (name, value) in wanted {
        match (mapping.get(name), value) {
            (None, value) => {
                new.insert(name.clone(), value.clone());
            }
            (Some(found), Value::Object(members)) if is_plain_mapping(found) => {
                let inside = merge(text, found, members, edits);
                inside.map_err(|path| format!("{name}.{path}"))?;
            }
            (Some(found), value) => {
                if !says(found, value) {
                    edits.push(scalar(text, found, value, is_flow).ok_or_else(|| name.clone())?);
                }
            }
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let first = new.keys().next().cloned().unwrap_or_default();
    let added = if is_flow {
        flow_members(text, mapping, &new)
    } else {
        block_members(text, mapping, &new)
    };
    edits.push(added.ok_or(first)?);
    Ok(())
}

/// A mapping of its own: no intrinsic function.
fn is_plain_mapping(value: &Yaml) -> bool {
    let is_intrinsic = |name: &str| name == "Ref" || name == "Condition" || name.contains("::");
    value
        .members()
        .is_some_and(|members| !members.iter().any(|(key, _)| is_intrinsic(&key.text)))
}

/// The byte at which a place is.
pub(super) fn offset(text: &str, place: Place) -> usize {
    let mut at = 0;
    for line in text
        .split_inclusive('\n')
        .take(place.line.saturating_sub(1))
    {
        at += line.len();
    }
    let line = text.get(at..).unwrap_or_default();
    let column = place.column.saturating_sub(1);
    at + line
        .char_indices()
        .nth(column)
        .map_or(line.len(), |(byte, _)| byte)
}

/// Where the line of a byte begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// The spaces with which the line that begins at a byte begins.
pub(super) fn indent_at(text: &str, start: usize) -> Option<usize> {
    let line = text.get(start..)?;
    Some(line.len() - line.trim_start_matches(' ').len())
}

/// How lines of the text end.
pub(super) fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Whether a value is said already.
fn says(found: &Yaml, wanted: &Value) -> bool {
    let is_scalar = !matches!(wanted, Value::Object(_) | Value::Array(_));
    plain_json(found) == *wanted || (is_scalar && found.text() == Some(&bare(wanted)))
}

/// The change of a scalar; nothing where what is there, or is to be there, is none that can be replaced.
fn scalar(text: &str, found: &Yaml, wanted: &Value, is_flow: bool) -> Option<Edit> {
    if matches!(wanted, Value::Object(_) | Value::Array(_)) {
        return None;
    }
    found.text()?;
    let from = offset(text, found.place);
    let rest = text.get(from..)?;
    let length = match rest.chars().next()? {
        quote @ ('"' | '\'') => {
            let inside = rest.get(1..)?;
            let end = inside.find(quote)?;
            let is_simple = !inside.get(..end)?.contains('\\');
            is_simple.then_some(end + 2)?
        }
        '!' | '&' | '*' | '|' | '>' => return None,
        _ => {
            let line = rest.split('\n').next()?;
            let line = line.split(" #").next()?;
            let plain = if is_flow {
                line.split([',', '}', ']']).next()?
            } else {
                line
            };
            plain.trim_end().len()
        }
    };
    Some(Edit {
        from,
        to: from + length,
        text: if is_flow {
            wanted.to_string()
        } else {
            written(wanted)
        },
    })
}

/// New members right behind the brace.
fn flow_members(text: &str, mapping: &Yaml, new: &Map<String, Value>) -> Option<Edit> {
    let at = offset(text, mapping.place) + 1;
    let first = mapping.members()?.first().map(|(key, _)| key.place);
    let mut out = String::new();
    let own_line = first.filter(|place| place.line > mapping.place.line);
    for (name, value) in new {
        let name = Value::from(name.as_str());
        match own_line {
            Some(place) => {
                let indent = " ".repeat(place.column - 1);
                let value = serde_json::to_string_pretty(value).ok()?;
                let value = value.replace('\n', &format!("\n{indent}"));
                out.extend(["\n", &indent, &name.to_string(), ": ", &value, ","]);
            }
            None => out.extend([&name.to_string(), ": ", &value.to_string(), ", "]),
        }
    }
    if first.is_none() {
        out.truncate(out.trim_end_matches(", ").len());
    }
    Some(Edit {
        from: at,
        to: at,
        text: out,
    })
}

/// New members on lines of their own: behind a first member of one line, else before it.
fn block_members(text: &str, mapping: &Yaml, new: &Map<String, Value>) -> Option<Edit> {
    let (key, value) = mapping.members()?.first()?;
    let start = offset(
        text,
        Place {
            line: key.place.line,
            column: 1,
        },
    );
    let key_at = offset(text, key.place);
    let indent = text.get(start..key_at)?;
    if !indent.chars().all(|letter| letter == ' ') {
        return None;
    }
    let is_one_line = value.place.line == key.place.line && value.text().is_some();
    let end = if is_one_line {
        start
            + text
                .get(start..)?
                .find('\n')
                .map_or(text.len() - start, |at| at + 1)
    } else {
        start
    };
    let line_end = line_end(text);
    let mut out = String::new();
    if end == text.len() && !text.ends_with('\n') {
        out.push_str(line_end);
    }
    for (name, value) in new {
        block(name, value, indent, line_end, &mut out);
    }
    Some(Edit {
        from: end,
        to: end,
        text: out,
    })
}

/// A member as block YAML.
pub(super) fn block(name: &str, value: &Value, indent: &str, line_end: &str, out: &mut String) {
    out.push_str(indent);
    out.push_str(name);
    out.push(':');
    let inner = format!("{indent}  ");
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push_str(line_end);
            for (name, value) in members {
                block(name, value, &inner, line_end, out);
            }
        }
        Value::Array(elements) if elements.iter().all(Value::is_object) => {
            out.push_str(line_end);
            for element in elements {
                let mut item = String::new();
                for (name, value) in element.as_object().into_iter().flatten() {
                    block(name, value, &format!("{inner}  "), line_end, &mut item);
                }
                let item = item.get(inner.len() + 2..).unwrap_or_default();
                out.extend([&inner, "- ", item]);
            }
        }
        value => {
            out.push(' ');
            out.push_str(&written(value));
            out.push_str(line_end);
        }
    }
}

/// A value in one line: words as they are, everything else as JSON, which is YAML.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) if is_word(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A text as it is, everything else as JSON.
pub(super) fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A text that is no other type in any YAML, in block or flow.
fn is_word(text: &str) -> bool {
    const NOT: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let is_letter = |letter: char| letter.is_ascii_alphabetic();
    text.starts_with(is_letter)
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_/".contains(letter))
        && !NOT.contains(&text.to_ascii_lowercase().as_str())
}
