//! A stream of JSON text, cut into documents of one item each.
//!
//! AWS delivers items in arrays inside objects (`configurationItems`, `baseConfigurationItems`,
//! `Results`), alone, in envelopes, or one a line. The cutter follows the structure around the
//! items and hands out each item's bytes, so that no file need ever be held whole.

use memchr::memmem::Finder;
use posture_model::Source;
use posture_model::tree::MAXIMUM_DEPTH;

use super::InputError;
use super::boundary::{End, string_end, value_end};

/// An object longer than this is looked into before its end is known.
const LOOK_INTO: usize = 1 << 20;

/// More brackets around the items than any delivery has.
const FRAMES: usize = 32;

/// What some Windows programs write before the text.
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The bytes of one document: an item, or an envelope of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) source: Source,
    /// It may nest deeper than a parser that doesn't count may go.
    pub(crate) may_be_deep: bool,
}

/// Members of an object whose arrays hold documents, and what kind of source writes them so.
pub(super) type Arrays = &'static [(&'static str, Source)];

/// The arrays of configuration items.
const ITEMS: Arrays = &[
    ("configurationItems", Source::AwsConfig),
    ("baseConfigurationItems", Source::AwsConfig),
    ("Results", Source::AwsConfigQuery),
];

/// Where in the structure around the items the stream is.
#[derive(Debug)]
pub(super) struct Cutter {
    arrays: Arrays,
    /// Cheap to look for: whether an object can hold such an array at all.
    names: Vec<Finder<'static>>,
    frames: Vec<Frame>,
    /// A document was handed out that the stream's end had cut.
    was_cut: bool,
}

#[derive(Debug, Clone, Copy)]
struct Frame {
    container: Container,
    needs_comma: bool,
}

#[derive(Debug, Clone, Copy)]
enum Container {
    Array(Source),
    Object,
}

/// What to do at a place of the text.
enum Step {
    /// Go on there.
    To(usize),
    /// More text is needed.
    More,
}

impl Default for Cutter {
    fn default() -> Cutter {
        Cutter::new(ITEMS)
    }
}

impl Cutter {
    /// One that follows these arrays.
    pub(super) fn new(arrays: Arrays) -> Cutter {
        let names = arrays.iter().map(|(name, _)| Finder::new(name));
        Cutter {
            arrays,
            names: names.collect(),
            frames: Vec::new(),
            was_cut: false,
        }
    }

    /// Cuts what it can of `text`, which stands at `base` of the stream, and returns how many of
    /// its bytes are done with. `is_last` says that no more text follows.
    ///
    /// # Errors
    /// Where the structure around the items is not JSON's. Nothing after that can be read.
    pub(super) fn cut(
        &mut self,
        text: &[u8],
        base: u64,
        is_last: bool,
        documents: &mut Vec<Document>,
    ) -> Result<usize, InputError> {
        let mut at = 0;
        if base == 0 && text.first() == Some(&BYTE_ORDER_MARK[0]) {
            if text.len() < BYTE_ORDER_MARK.len() && !is_last {
                return Ok(0);
            }
            if text.starts_with(&BYTE_ORDER_MARK) {
                at = BYTE_ORDER_MARK.len();
            }
        }
        loop {
            at = skip_space(text, at);
            let Some(byte) = text.get(at) else { break };
            let step = match self.frames.last().copied() {
                None => self.value(text, at, Source::AwsConfig, is_last, documents)?,
                Some(frame) => self.inside(frame, *byte, text, at, is_last, documents)?,
            };
            match step {
                Step::To(next) => at = next,
                Step::More => return Ok(at),
            }
        }
        if is_last && !self.frames.is_empty() && !self.was_cut {
            return Err(InputError::at(
                text.len(),
                "the text ends inside an array or object",
            ));
        }
        Ok(at)
    }

    fn inside(
        &mut self,
        frame: Frame,
        byte: u8,
        text: &[u8],
        at: usize,
        is_last: bool,
        documents: &mut Vec<Document>,
    ) -> Result<Step, InputError> {
        match (frame.container, byte) {
            (Container::Array(_), b']') | (Container::Object, b'}') => {
                self.frames.pop();
                Ok(Step::To(at + 1))
            }
            (_, b',') if frame.needs_comma => {
                self.needs_comma(false);
                Ok(Step::To(at + 1))
            }
            (_, _) if frame.needs_comma => Err(InputError::at(
                at,
                "expected a comma or the end of the array or object",
            )),
            (Container::Array(source), _) => {
                let depth = self.frames.len();
                let step = self.value(text, at, source, is_last, documents)?;
                if let (Step::To(_), Some(frame)) = (&step, self.frames.get_mut(depth - 1)) {
                    frame.needs_comma = true;
                }
                Ok(step)
            }
            (Container::Object, b'"') => match Member::read(text, at) {
                Some(member) => {
                    self.needs_comma(true);
                    self.member(text, &member)
                }
                None if is_last => Err(InputError::at(at, "the text ends inside a member")),
                None => Ok(Step::More),
            },
            (Container::Object, _) => Err(InputError::at(at, "expected a member's name in quotes")),
        }
    }

    fn member(&mut self, text: &[u8], member: &Member) -> Result<Step, InputError> {
        if let Some(source) = member.items(text, self.arrays) {
            self.push(Container::Array(source), member.value)?;
            return Ok(Step::To(member.value + 1));
        }
        if let Some(end) = value_end(text, member.value) {
            return Ok(Step::To(end.offset));
        }
        self.needs_comma(false);
        Ok(Step::More)
    }

    fn value(
        &mut self,
        text: &[u8],
        at: usize,
        source: Source,
        is_last: bool,
        documents: &mut Vec<Document>,
    ) -> Result<Step, InputError> {
        match text.get(at) {
            Some(b'[') => {
                self.push(Container::Array(source), at)?;
                return Ok(Step::To(at + 1));
            }
            Some(b'{' | b'"') => {}
            Some(_) if self.frames.is_empty() => {
                return Err(InputError::at(at, "expected a JSON object or array"));
            }
            _ => {}
        }
        let end = value_end(text, at);
        let known_end = end.map_or(text.len(), |end| end.offset);
        let known = text.get(at..known_end).unwrap_or_default();
        let is_worth_looking = end.is_none() && known.len() >= LOOK_INTO;
        if (end.is_some() || is_worth_looking || is_last)
            && known.first() == Some(&b'{')
            && self.names.iter().any(|name| name.find(known).is_some())
            && holds_items(known, self.arrays)
        {
            self.push(Container::Object, at)?;
            return Ok(Step::To(at + 1));
        }
        match end {
            Some(End { offset, deepest }) => documents.push(Document {
                start: at,
                end: offset,
                source,
                may_be_deep: deepest as usize > MAXIMUM_DEPTH,
            }),
            // The parser says what is wrong with it.
            None if is_last => {
                self.was_cut = true;
                documents.push(Document {
                    start: at,
                    end: text.len(),
                    source,
                    may_be_deep: true,
                });
                return Ok(Step::To(text.len()));
            }
            None => return Ok(Step::More),
        }
        Ok(Step::To(known_end))
    }

    fn push(&mut self, container: Container, at: usize) -> Result<(), InputError> {
        if self.frames.len() == FRAMES {
            return Err(InputError::at(at, "items nested deeper than 32 levels"));
        }
        self.needs_comma(true);
        self.frames.push(Frame {
            container,
            needs_comma: false,
        });
        Ok(())
    }

    fn needs_comma(&mut self, needs_comma: bool) {
        if let Some(frame) = self.frames.last_mut() {
            frame.needs_comma = needs_comma;
        }
    }
}

/// A member of an object: offsets of its name and of its value.
struct Member {
    name: usize,
    name_end: usize,
    value: usize,
}

impl Member {
    /// The member whose name begins at `at`; none where the text ends before its value.
    fn read(text: &[u8], at: usize) -> Option<Member> {
        let name_end = string_end(text, at)?;
        let colon = skip_space(text, name_end);
        if text.get(colon)? != &b':' {
            return None;
        }
        let value = skip_space(text, colon + 1);
        text.get(value)?;
        Some(Member {
            name: at,
            name_end,
            value,
        })
    }

    /// Where it is an array of items: what kind of source wrote them.
    fn items(&self, text: &[u8], arrays: Arrays) -> Option<Source> {
        if text.get(self.value) != Some(&b'[') {
            return None;
        }
        let name = text.get(self.name + 1..self.name_end - 1)?;
        let found = arrays.iter().find(|(known, _)| known.as_bytes() == name);
        found.map(|(_, source)| *source)
    }
}

/// Whether the object that `text` begins with has a member that is an array of items.
fn holds_items(text: &[u8], arrays: Arrays) -> bool {
    let mut at = skip_space(text, 1);
    while text.get(at) == Some(&b'"') {
        let Some(member) = Member::read(text, at) else {
            return false;
        };
        if member.items(text, arrays).is_some() {
            return true;
        }
        let Some(end) = value_end(text, member.value) else {
            return false;
        };
        let comma = skip_space(text, end.offset);
        if text.get(comma) != Some(&b',') {
            return false;
        }
        at = skip_space(text, comma + 1);
    }
    false
}

fn skip_space(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    at + rest.iter().take_while(|byte| is_space(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The documents of a text, read `step` bytes at a time.
    fn cut(text: &str, step: usize) -> Result<Vec<String>, InputError> {
        let mut cutter = Cutter::default();
        let mut found = Vec::new();
        let (mut done, mut end) = (0, 0);
        loop {
            end = (end + step).min(text.len());
            let part = text.as_bytes().get(done..end).unwrap();
            let mut documents = Vec::new();
            let consumed = cutter.cut(part, done as u64, end == text.len(), &mut documents)?;
            for document in documents {
                let bytes = part.get(document.start..document.end).unwrap();
                found.push(String::from_utf8_lossy(bytes).into_owned());
            }
            done += consumed;
            if end == text.len() {
                return Ok(found);
            }
        }
    }

    #[test]
    fn every_shape_is_cut_the_same_however_it_arrives() {
        let cases = [
            (r#"{"a":1} {"a":[2]}"#, vec![r#"{"a":1}"#, r#"{"a":[2]}"#]),
            (
                r#"{"v":"1","configurationItems":[{"a":"}"},{"b":{}}],"t":{}}"#,
                vec![r#"{"a":"}"}"#, r#"{"b":{}}"#],
            ),
            (
                r#"{"Results" : [ "{\"a\":1}", "{}" ] }"#,
                vec![r#""{\"a\":1}""#, r#""{}""#],
            ),
            (
                "[{\"a\":1},\n[{\"b\":2}],{\"configurationItems\":[{\"c\":3}]}]",
                vec![r#"{"a":1}"#, r#"{"b":2}"#, r#"{"c":3}"#],
            ),
            (
                r#"{"configuration":{"Results":[1]}}"#,
                vec![r#"{"configuration":{"Results":[1]}}"#],
            ),
            ("", vec![]),
            ("\u{feff}{}", vec!["{}"]),
        ];
        for (text, wanted) in cases {
            for step in 1..=text.len().max(1) {
                // An object that is cut is looked into only when it is long, so whole ones here.
                if step < text.len() && text.contains("onfigurationItems\"") {
                    continue;
                }
                assert_eq!(cut(text, step).unwrap(), wanted, "{text} by {step}");
            }
        }
    }

    #[test]
    fn a_long_object_is_cut_before_its_end_is_known() {
        let item = format!("{{\"a\":\"{}\"}}", "x".repeat(1000));
        let text = format!(
            "{{\"configurationItems\":[{}]}}",
            vec![item; 5000].join(",")
        );
        assert_eq!(cut(&text, 3 << 19).unwrap().len(), 5000);
    }

    #[test]
    fn broken_structure_is_an_error_at_its_place() {
        for (text, offset) in [
            ("hello", 0),
            ("[{} {}]", 4),
            (r#"{"configurationItems":[{}"#, 25),
        ] {
            let error = cut(text, text.len()).unwrap_err();
            assert_eq!(error.offset, offset, "{text}: {error}");
        }
    }
}
