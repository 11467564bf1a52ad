//! YAML with places: a tree in which every value knows its line and column.
//!
//! JSON is YAML, and comes out the same. Short tags of CloudFormation become their long form:
//! `!Ref x` is `{Ref: x}` and `!If [..]` is `{Fn::If: [..]}`.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::problem::{Place, Problem};

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
    /// Whether it is a scalar without quotes: then `true` and `3` are no texts to who asks for types.
    pub is_plain: bool,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing, or `~` or `null` without quotes.
    Null,
    /// A scalar of any type, as it was written.
    Text(String),
    /// A list.
    Sequence(Vec<Value>),
    /// In the order of the file.
    Mapping(Vec<(Key, Value)>),
}

/// The name of a member.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Where it begins.
    pub place: Place,
    /// The name.
    pub text: String,
}

/// Deeper nesting is refused: no template has it, and it would overflow the stack.
const DEPTH: usize = 64;

/// More values are refused: aliases of aliases can make a small file as large as you like.
const VALUES: usize = 500_000;

const TOO_LARGE: &str = "nested too deeply, or too large";

/// So many bytes of an alias's text count as a value more.
const BYTES_PER_VALUE: usize = 16;

impl Value {
    /// The scalar, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members, where it is a mapping.
    pub fn members(&self) -> Option<&[(Key, Value)]> {
        match &self.kind {
            Kind::Mapping(members) => Some(members),
            _ => None,
        }
    }

    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members()?
            .iter()
            .find(|(key, _)| key.text == name)
            .map(|(_, value)| value)
    }

    /// What kind of value this is, in words.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Text(_) => "a scalar",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
        }
    }
}

/// Reads the first document of a text.
///
/// # Errors
/// Where the text is not YAML, gives a member twice, or is built to be too large.
pub fn read(text: &str) -> Result<Value, Problem> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        anchors: HashMap::new(),
        values: 0,
    };
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            Event::StreamEnd => {
                return Ok(Value {
                    place: Place { line: 1, column: 1 },
                    kind: Kind::Null,
                    is_plain: false,
                });
            }
            event => return reader.value(event, span, 0),
        }
    }
}

struct Reader<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    anchors: HashMap<usize, Value>,
    values: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), Problem> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(Problem::new(
                Place {
                    line: error.marker().line(),
                    column: error.marker().col() + 1,
                },
                format!("not YAML: {}", error.info()),
            )),
            None => Err(Problem::new(
                Place { line: 1, column: 1 },
                "the text ends too soon",
            )),
        }
    }

    fn value(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Value, Problem> {
        let place = Place {
            line: span.start.line(),
            column: span.start.col() + 1,
        };
        self.values += 1;
        if depth > DEPTH || self.values > VALUES {
            return Err(Problem::new(place, TOO_LARGE));
        }
        let is_plain = matches!(event, Event::Scalar(_, ScalarStyle::Plain, ..));
        let (kind, anchor, tag) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_null = style == ScalarStyle::Plain
                    && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                let kind = if is_null && tag.is_none() {
                    Kind::Null
                } else {
                    Kind::Text(text.into_owned())
                };
                (kind, anchor, tag)
            }
            Event::SequenceStart(anchor, tag) => (self.sequence(depth)?, anchor, tag),
            Event::MappingStart(anchor, tag) => (self.mapping(depth)?, anchor, tag),
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                let value = known
                    .ok_or_else(|| Problem::new(place, "an alias of a value that contains it"))?;
                self.values += size(&value);
                if depth + height(&value) > DEPTH {
                    return Err(Problem::new(place, TOO_LARGE));
                }
                return Ok(value);
            }
            _ => return Err(Problem::new(place, "expected a value")),
        };
        let value = Value {
            place,
            kind,
            is_plain,
        };
        let value = tagged(tag.as_deref(), value);
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    fn sequence(&mut self, depth: usize) -> Result<Kind, Problem> {
        let mut elements = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Kind::Sequence(elements));
            }
            elements.push(self.value(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Kind, Problem> {
        let mut members: Vec<(Key, Value)> = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Kind::Mapping(members));
            }
            let key = self.value(event, span, depth + 1)?;
            let Kind::Text(text) = key.kind else {
                return Err(Problem::new(key.place, "expected the name of a member"));
            };
            if !names.insert(text.clone()) {
                let message = format!("{text:?} is given twice");
                return Err(Problem::new(key.place, message));
            }
            let (event, span) = self.next()?;
            let value = self.value(event, span, depth + 1)?;
            let place = key.place;
            members.push((Key { place, text }, value));
        }
    }
}

fn size(value: &Value) -> usize {
    1 + match &value.kind {
        Kind::Null => 0,
        Kind::Text(text) => text.len() / BYTES_PER_VALUE,
        Kind::Sequence(elements) => elements.iter().map(size).sum(),
        Kind::Mapping(members) => members.iter().map(|(_, value)| size(value)).sum(),
    }
}

/// How many levels there are inside.
fn height(value: &Value) -> usize {
    match &value.kind {
        Kind::Null | Kind::Text(_) => None,
        Kind::Sequence(elements) => elements.iter().map(|inner| 1 + height(inner)).max(),
        Kind::Mapping(members) => members.iter().map(|(_, inner)| 1 + height(inner)).max(),
    }
    .unwrap_or(0)
}

fn tagged(tag: Option<&Tag>, value: Value) -> Value {
    let Some(tag) = tag.filter(|tag| tag.handle == "!") else {
        return value;
    };
    let name = match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        suffix => format!("Fn::{suffix}"),
    };
    let place = value.place;
    Value {
        place,
        kind: Kind::Mapping(vec![(Key { place, text: name }, value)]),
        is_plain: false,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn short_tags_and_places() {
        let value = read("a: !Ref B\nc:\n  - !If [d, '', ~]\n").unwrap();
        let reference = value.get("a").unwrap();
        assert_eq!(reference.place, Place { line: 1, column: 4 });
        assert_eq!(reference.get("Ref").unwrap().text(), Some("B"));
        let Kind::Sequence(elements) = &value.get("c").unwrap().kind else {
            panic!("{value:?}")
        };
        let Kind::Sequence(parts) = &elements[0].get("Fn::If").unwrap().kind else {
            panic!("{value:?}")
        };
        assert_eq!(parts[1].text(), Some(""));
        assert_eq!(parts[2].kind, Kind::Null);
    }

    #[test]
    fn a_mistake_has_its_place() {
        let problem = read("a: 1\nb: [1,\n").unwrap_err();
        assert!(problem.place.line >= 2, "{problem:?}");
        let twice = read("a: 1\na: 2\n").unwrap_err();
        assert_eq!(twice.place, Place { line: 2, column: 1 });
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let before = format!("*a{}, ", level - 1).repeat(10);
            writeln!(text, "a{level}: &a{level} [{before}]").unwrap();
        }
        assert!(read(&text).unwrap_err().message.contains("too large"));
        assert!(read(&"[".repeat(10_000)).is_err());
        let text = format!(
            "a: &a {}\nb: [{}]\n",
            "x".repeat(1 << 20),
            "*a, ".repeat(1_000)
        );
        assert!(read(&text).unwrap_err().message.contains("too large"));
    }
}
