//! A text of YAML or JSON without one of its elements or members, or with one more; everything else stays as it is
//! written. Where the text is written in a way that isn't followed here the result is wrong, so it is read again.

use posture_content::yaml::{Key, Kind, Value as Yaml};
use serde_json::Value;

use super::template::{block, indent_at, line_end, line_start, offset};

/// Without the element of a list; `key` is the list's name.
pub(super) fn without_element(text: &str, key: &Key, list: &Yaml, index: usize) -> Option<String> {
    let Kind::Sequence(elements) = &list.kind else {
        return None;
    };
    let at = offset(text, elements.get(index)?.place);
    let starts = |index: usize| elements.get(index).map(|one| offset(text, one.place));
    if is_flow(text, list, '[') {
        let before = index.checked_sub(1).and_then(starts);
        return flow_cut(
            text,
            offset(text, list.place),
            (before, at, starts(index + 1)),
        );
    }
    let (start, column) = dash(text, at)?;
    let end = block_end(text, start, column);
    if elements.len() > 1 {
        return Some(cut(text, start, end, ""));
    }
    let name = offset(text, key.place);
    let colon = name + text.get(name..)?.find(':')? + 1;
    Some(cut(&cut(text, start, end, ""), colon, colon, " []"))
}

/// Without the member of a mapping.
pub(super) fn without_member(text: &str, mapping: &Yaml, index: usize) -> Option<String> {
    let members = mapping.members()?;
    let at = offset(text, members.get(index)?.0.place);
    let starts = |index: usize| members.get(index).map(|(key, _)| offset(text, key.place));
    if is_flow(text, mapping, '{') {
        // A member ends where its value does.
        let values = |index: usize| {
            members
                .get(index)
                .map(|(_, value)| offset(text, value.place))
        };
        let before = index.checked_sub(1).and_then(values);
        let (from, to) = match (starts(index + 1), before) {
            (Some(next), _) => (at, next),
            (None, Some(before)) => (flow_end(text, before)?, flow_end(text, values(index)?)?),
            (None, None) => (at, flow_end(text, values(index)?)?),
        };
        return Some(cut(text, from, to, ""));
    }
    let start = line_start(text, at);
    let column = indent_at(text, start)?;
    (start + column == at).then(|| cut(text, start, block_end(text, start, column), ""))
}

/// With one more element of a list, at its end.
pub(super) fn with_element(text: &str, list: &Yaml, element: &Value) -> Option<String> {
    let Kind::Sequence(elements) = &list.kind else {
        return None;
    };
    let Some(last) = elements.last() else {
        let inside = offset(text, list.place) + 1;
        let is_empty = is_flow(text, list, '[');
        return is_empty.then(|| cut(text, inside, inside, &element.to_string()));
    };
    let at = offset(text, last.place);
    if is_flow(text, list, '[') {
        let end = flow_end(text, at)?;
        let own_line = last.place.line > list.place.line;
        let added = if own_line {
            let indent = " ".repeat(last.place.column - 1);
            let pretty = serde_json::to_string_pretty(element).ok()?;
            format!(
                ",\n{indent}{}",
                pretty.replace('\n', &format!("\n{indent}"))
            )
        } else {
            format!(", {element}")
        };
        return Some(cut(text, end, end, &added));
    }
    let (start, column) = dash(text, at)?;
    let end = block_end(text, start, column);
    let (indent, line_end) = (" ".repeat(column), line_end(text));
    let mut item = String::new();
    for (name, value) in element.as_object()? {
        block(name, value, &format!("{indent}  "), line_end, &mut item);
    }
    let mut added = String::new();
    if !text.get(..end)?.ends_with('\n') {
        added.push_str(line_end);
    }
    added.extend([&indent, "- ", item.trim_start()]);
    Some(cut(text, end, end, &added))
}

fn cut(text: &str, from: usize, to: usize, instead: &str) -> String {
    let part = |range: Option<&str>| range.unwrap_or_default().to_owned();
    part(text.get(..from)) + instead + &part(text.get(to..))
}

fn is_flow(text: &str, value: &Yaml, bracket: char) -> bool {
    let rest = text.get(offset(text, value.place)..);
    rest.is_some_and(|rest| rest.starts_with(bracket))
}

/// Without the element at a byte, between those before and behind it, in a list whose bracket is at another.
fn flow_cut(
    text: &str,
    list: usize,
    (before, at, next): (Option<usize>, usize, Option<usize>),
) -> Option<String> {
    let (from, to) = match (next, before) {
        (Some(next), _) => (at, next),
        (None, Some(before)) => (flow_end(text, before)?, flow_end(text, at)?),
        (None, None) => (list + 1, flow_end(text, list)? - 1),
    };
    Some(cut(text, from, to, ""))
}

/// Where the line of an element's dash begins, and the column of the dash.
fn dash(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = line_start(text, at);
    let column = indent_at(text, start)?;
    let rest = text.get(start + column..at)?.strip_prefix('-')?;
    rest.trim().is_empty().then_some((start, column))
}

/// Behind the lines that belong to the one that begins at a byte: those that are deeper than its column.
fn block_end(text: &str, start: usize, column: usize) -> usize {
    let mut lines = text.get(start..).unwrap_or_default().split_inclusive('\n');
    let mut at = start + lines.next().map_or(0, str::len);
    let mut end = at;
    for line in lines {
        let is_blank = line.trim().is_empty();
        let indent = line.len() - line.trim_start_matches(' ').len();
        if !is_blank && indent <= column {
            break;
        }
        at += line.len();
        if !is_blank {
            end = at;
        }
    }
    end
}

/// Behind the value of JSON, or of YAML within brackets, that begins at a byte.
fn flow_end(text: &str, at: usize) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0_usize;
    let mut is_escaped = false;
    for (place, letter) in text.get(at..)?.char_indices() {
        let behind = at + place + letter.len_utf8();
        if let Some(open) = quote {
            if is_escaped {
                is_escaped = false;
            } else if letter == '\\' && open == '"' {
                is_escaped = true;
            } else if letter == open {
                quote = None;
                if depth == 0 {
                    return Some(behind);
                }
            }
            continue;
        }
        match letter {
            '"' | '\'' => quote = Some(letter),
            '{' | '[' => depth += 1,
            '}' | ']' | ',' if depth == 0 => return Some(at + place),
            '}' | ']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(behind);
                }
            }
            _ => {}
        }
    }
    None
}
