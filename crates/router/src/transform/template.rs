//! `InputTemplate`: JSON with `<variables>`, or lines of quoted text with them.

use serde_json::Value;

use super::TransformError;

#[derive(Debug, Clone)]
pub(super) struct Template {
    pieces: Vec<Piece>,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// One JSON value that is no string.
    Json,
    /// JSON strings, a line each. What is put in loses its quotes, as AWS has it.
    Lines,
}

#[derive(Debug, Clone)]
enum Piece {
    Literal(String),
    Variable { name: String, quoted: bool },
}

/// Stands for a variable while a template is checked: in no template, since JSON escapes it.
const MARK: char = '\u{1}';

impl Template {
    pub(super) fn parse(
        text: &str,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Template, TransformError> {
        let text = text.trim();
        let form = if text.starts_with('"') {
            Form::Lines
        } else {
            Form::Json
        };
        let template = Template {
            pieces: pieces(text),
            form,
        };
        for piece in &template.pieces {
            if let Piece::Variable { name, .. } = piece
                && !is_known(name)
            {
                return Err(TransformError::Placeholder { name: name.clone() });
            }
        }
        template.check()?;
        Ok(template)
    }

    /// Whether it is JSON with any text in the place of its variables, none of them in a name.
    fn check(&self) -> Result<(), TransformError> {
        let marked = self.filled(|name, quoted| {
            let mark = format!("\\u0001{name}\\u0001");
            if quoted { mark } else { format!("\"{mark}\"") }
        });
        for value in self.parsed(&marked)? {
            if let Some(name) = marked_name(&value) {
                return Err(TransformError::PlaceholderInName { name });
            }
        }
        Ok(())
    }

    pub(super) fn fill(
        &self,
        value: impl Fn(&str) -> Option<Value>,
    ) -> Result<String, TransformError> {
        let filled = self.filled(|name, quoted| match value(name) {
            None if quoted => String::new(),
            None => "\"\"".to_owned(),
            Some(value) if quoted => self.in_quotes(&value),
            Some(value) => value.to_string(),
        });
        let values = self.parsed(&filled)?;
        match (self.form, values.as_slice()) {
            (Form::Json, [value]) => Ok(value.to_string()),
            _ => Ok(filled),
        }
    }

    /// A value between the quotes of a template.
    fn in_quotes(&self, value: &Value) -> String {
        let text = match (value, self.form) {
            (Value::String(text), _) => text.clone(),
            // AWS writes an object or array into a text without the quotes of its strings.
            (Value::Object(_) | Value::Array(_), Form::Lines) => value.to_string().replace('"', ""),
            // In JSON this breaks the text that it is in, and is found when that is read again.
            (Value::Object(_) | Value::Array(_), Form::Json) => return value.to_string(),
            _ => value.to_string(),
        };
        let escaped = Value::String(text).to_string();
        escaped
            .strip_prefix('"')
            .and_then(|inner| inner.strip_suffix('"'))
            .unwrap_or_default()
            .to_owned()
    }

    fn filled(&self, variable: impl Fn(&str, bool) -> String) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.clone(),
                Piece::Variable { name, quoted } => variable(name, *quoted),
            })
            .collect()
    }

    fn parsed(&self, text: &str) -> Result<Vec<Value>, TransformError> {
        let parse = |text: &str| {
            serde_json::from_str(text).map_err(|error| TransformError::NotJson {
                reason: error.to_string(),
            })
        };
        match self.form {
            Form::Json => Ok(vec![parse(text)?]),
            Form::Lines => text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(|line| match parse(line)? {
                    value @ Value::String(_) => Ok(value),
                    _ => Err(TransformError::NotJson {
                        reason: format!("the line {line:?} is no quoted text"),
                    }),
                })
                .collect(),
        }
    }
}

/// Splits a template at its variables. Neither `<` nor `>` can be escaped; a `<` without a `>` after
/// it is text.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut quoted = false;
    while let Some((before, (name, after))) = rest
        .split_once('<')
        .and_then(|(before, after)| Some((before, after.split_once('>')?)))
    {
        quoted = quoted_after(before, quoted);
        pieces.push(Piece::Literal(before.to_owned()));
        pieces.push(Piece::Variable {
            name: name.to_owned(),
            quoted,
        });
        rest = after;
    }
    pieces.push(Piece::Literal(rest.to_owned()));
    pieces
}

/// Whether a JSON string is open after this text.
fn quoted_after(text: &str, mut quoted: bool) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => quoted = !quoted,
            b'\\' if quoted => {
                bytes.next();
            }
            _ => {}
        }
    }
    quoted
}

/// A variable in the name of a field.
fn marked_name(value: &Value) -> Option<String> {
    match value {
        Value::Array(elements) => elements.iter().find_map(marked_name),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let marked = name.split(MARK).nth(1).map(str::to_owned);
            marked.or_else(|| marked_name(value))
        }),
        _ => None,
    }
}
