//! Reading places of an item: a value, absent, or not read.

use jiff::Timestamp;

use super::ConfigurationItem;
use crate::path::within;
use crate::tree::{self, Node};
use crate::{InsufficientData, Path, Reason, Segment, Source, Unread, UnreadState, time};

impl<'a> ConfigurationItem<'a> {
    /// The value at this place; `Ok(None)` where the source was asked and there is nothing.
    ///
    /// JSON's `null` counts as nothing: AWS Config writes it for what is not set.
    ///
    /// # Errors
    /// Where the place was not read, or the source doesn't hold it; and where something on the way
    /// to it is neither an object nor empty.
    pub fn node(&self, path: Path) -> Result<Option<Node<'a>>, InsufficientData> {
        self.note_and_check(path)?;
        match self.find(path)? {
            Some(Node::Null) => Ok(None),
            Some(node) => Ok(Some(node)),
            None => self.absent(path).map(|()| None),
        }
    }

    /// The string at this place.
    ///
    /// # Errors
    /// As [`ConfigurationItem::node`], and where there is something other than a string.
    pub fn text(&self, path: Path) -> Result<Option<&'a str>, InsufficientData> {
        self.converted(path, "a string", Node::as_text)
    }

    /// The boolean at this place; the strings `true` and `false` count.
    ///
    /// # Errors
    /// As [`ConfigurationItem::node`], and where there is something other than a boolean.
    pub fn boolean(&self, path: Path) -> Result<Option<bool>, InsufficientData> {
        self.converted(path, "a boolean", Node::as_boolean)
    }

    /// The whole number at this place; a string that holds one counts.
    ///
    /// # Errors
    /// As [`ConfigurationItem::node`], and where there is something other than a whole number.
    pub fn integer(&self, path: Path) -> Result<Option<i64>, InsufficientData> {
        self.converted(path, "a whole number", Node::as_integer)
    }

    /// The time at this place, in any of AWS's spellings.
    ///
    /// # Errors
    /// As [`ConfigurationItem::node`], and where there is something other than a time.
    pub fn time(&self, path: Path) -> Result<Option<Timestamp>, InsufficientData> {
        self.converted(path, "a time", time::read)
    }

    /// The elements of the array at this place; none where nothing is set there.
    ///
    /// # Errors
    /// As [`ConfigurationItem::node`], and where there is something other than an array.
    pub fn list(&self, path: Path) -> Result<&'a [Node<'a>], InsufficientData> {
        let elements = self.converted(path, "an array", |node| match node {
            Node::Array(elements) => Some(elements),
            _ => None,
        })?;
        Ok(elements.unwrap_or(&[]))
    }

    /// Every value at a place with `[*]` in it, in order, `null` left out.
    ///
    /// # Errors
    /// As [`ConfigurationItem::node`], and where `[*]` stands for the elements of something other
    /// than an array; an array without elements is no error.
    pub fn each(&self, path: Path) -> Result<Vec<Node<'a>>, InsufficientData> {
        self.note_and_check(path)?;
        let mut found = self.walk(path)?;
        if found.is_empty() {
            self.absent_container(path)?;
        }
        found.retain(|node| *node != Node::Null);
        Ok(found)
    }

    /// Reads JSON in a string, such as a policy document; plain or percent-encoded, as IAM's is.
    ///
    /// # Errors
    /// Where `node` is neither an object nor a string that holds JSON.
    pub fn decoded(&self, path: Path, node: Node<'a>) -> Result<Node<'a>, InsufficientData> {
        match self.decode(node) {
            Some(decoded) if !matches!(decoded, Node::Text(_)) => Ok(decoded),
            _ => Err(self.malformed(path, node, "a JSON document")),
        }
    }

    fn converted<T>(
        &self,
        path: Path,
        expected: &'static str,
        convert: impl Fn(Node<'a>) -> Option<T>,
    ) -> Result<Option<T>, InsufficientData> {
        match self.node(path)? {
            None => Ok(None),
            Some(node) => match convert(node) {
                Some(value) => Ok(Some(value)),
                None => Err(self.malformed(path, node, expected)),
            },
        }
    }

    #[expect(clippy::unused_self, reason = "reads as a statement about the item")]
    fn malformed(&self, path: Path, node: Node<'_>, expected: &'static str) -> InsufficientData {
        let found = match node {
            Node::Text(_) | Node::Array(_) | Node::Object(_) => node.kind().to_owned(),
            other => format!("{} ({other})", other.kind()),
        };
        InsufficientData {
            path: path.to_string(),
            reason: Reason::Malformed { found, expected },
        }
    }

    fn note_and_check(&self, path: Path) -> Result<(), InsufficientData> {
        if let Some(log) = self.log {
            log.note(path.as_str());
        }
        match self
            .unread
            .iter()
            .find(|unread| path.is_within(unread.path) || within(unread.path, path.as_str()))
        {
            None => Ok(()),
            Some(unread) => Err(InsufficientData {
                path: path.to_string(),
                reason: reason(unread),
            }),
        }
    }

    /// What it means that nothing is at this place.
    fn absent(&self, path: Path) -> Result<(), InsufficientData> {
        let answered = match self.source {
            Source::Seen => false,
            Source::AwsConfigQuery => self.was_selected(path),
            Source::AwsConfig | Source::Recorder => match path.operation() {
                None => true,
                Some(operation) => self.supplementary.get(operation).is_some(),
            },
        };
        if answered {
            return Ok(());
        }
        Err(InsufficientData {
            path: path.to_string(),
            reason: Reason::NotCollected,
        })
    }

    /// A place with `[*]` is answered where the array itself is there.
    fn absent_container(&self, path: Path) -> Result<(), InsufficientData> {
        let text = path.as_str();
        let container = text.split_once("[*]").map_or(text, |(before, _)| before);
        let mut found = Vec::new();
        let steps: Vec<_> = crate::path::path_segments(container).collect();
        self.step(path, self.start(), &steps, &mut found)?;
        if found.is_empty() {
            return self.absent(path);
        }
        Ok(())
    }

    /// An answer to a query holds the columns that were asked for. A whole `configuration` was
    /// asked for where it has members that AWS Config returns for every type in one piece; that
    /// can't be told, so only what is inside a part that is `null` or empty counts as answered.
    fn was_selected(&self, path: Path) -> bool {
        let mut node = self.start();
        for segment in path.segments() {
            let Segment::Member(name) = segment else {
                return false;
            };
            match node.member(self, name) {
                Some(Node::Null) => return true,
                Some(next) => node = Place::Node(next),
                None => return false,
            }
        }
        true
    }

    /// The value at a path, the last of several; without a list, since most reads are of one.
    fn find(&self, path: Path) -> Result<Option<Node<'a>>, InsufficientData> {
        let mut place = self.start();
        for segment in path.segments() {
            let Segment::Member(name) = segment else {
                return Ok(self.walk(path)?.pop());
            };
            match self.inner(path, place, name)? {
                Some(node) => place = Place::Node(node),
                None => return Ok(None),
            }
        }
        Ok(match place {
            Place::Node(node) => Some(self.decode(node).unwrap_or(node)),
            Place::Item => None,
        })
    }

    /// The values at a path.
    fn walk(&self, path: Path) -> Result<Vec<Node<'a>>, InsufficientData> {
        let steps: Vec<_> = path.segments().collect();
        let mut found = Vec::new();
        self.step(path, self.start(), &steps, &mut found)?;
        Ok(found)
    }

    fn step(
        &self,
        path: Path,
        place: Place<'a>,
        steps: &[Segment<'_>],
        found: &mut Vec<Node<'a>>,
    ) -> Result<(), InsufficientData> {
        let Some((first, rest)) = steps.split_first() else {
            if let Place::Node(node) = place {
                found.push(self.decode(node).unwrap_or(node));
            }
            return Ok(());
        };
        match first {
            Segment::Member(name) => {
                if let Some(node) = self.inner(path, place, name)? {
                    self.step(path, Place::Node(node), rest, found)?;
                }
            }
            Segment::Each => {
                if let Place::Node(node) = place {
                    let node = self.decode(node).unwrap_or(node);
                    if !matches!(node, Node::Array(_)) && !node.is_empty() {
                        return Err(self.within(path, node, "an array"));
                    }
                    for element in node.elements() {
                        self.step(path, Place::Node(*element), rest, found)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The member of this name; none where there is none. What is neither an object nor empty can't
    /// say that it has none.
    fn inner(
        &self,
        path: Path,
        place: Place<'a>,
        name: &str,
    ) -> Result<Option<Node<'a>>, InsufficientData> {
        let member = place.member(self, name);
        if let (None, Place::Node(node)) = (member, place) {
            let node = self.decode(node).unwrap_or(node);
            if !matches!(node, Node::Object(_)) && !node.is_empty() {
                return Err(self.within(path, node, "an object"));
            }
        }
        Ok(member)
    }

    #[expect(clippy::unused_self, reason = "reads as a statement about the item")]
    fn within(&self, path: Path, node: Node<'_>, expected: &'static str) -> InsufficientData {
        InsufficientData {
            path: path.to_string(),
            reason: Reason::Malformed {
                found: format!("within {}", node.kind()),
                expected,
            },
        }
    }

    #[expect(clippy::unused_self, reason = "a place belongs to an item")]
    fn start(&self) -> Place<'a> {
        Place::Item
    }

    /// Parses JSON in a string; remembers it, for the next rule that reads the same place.
    /// None where the string holds no JSON.
    fn decode(&self, node: Node<'a>) -> Option<Node<'a>> {
        let Node::Text(text) = node else {
            return Some(node);
        };
        let first = text.bytes().find(|byte| !byte.is_ascii_whitespace())?;
        if !matches!(first, b'{' | b'[' | b'"' | b'%') {
            return None;
        }
        let known = self
            .decoded
            .borrow()
            .iter()
            .find(|(at, _)| *at == text.as_ptr())
            .map(|(_, node)| *node);
        if known.is_some() {
            return known;
        }
        let plain = match first {
            b'%' => self.arena.alloc_str(&percent_decoded(text)?),
            _ => text,
        };
        let parsed = tree::parse(plain.as_bytes(), self.arena).ok()?;
        let decoded = match parsed {
            Node::Text(_) => self.decode(parsed)?,
            other => other,
        };
        self.decoded.borrow_mut().push((text.as_ptr(), decoded));
        Some(decoded)
    }
}

/// Where a walk stands.
#[derive(Clone, Copy)]
enum Place<'a> {
    Item,
    Node(Node<'a>),
}

impl<'a> Place<'a> {
    fn member(self, item: &ConfigurationItem<'a>, name: &str) -> Option<Node<'a>> {
        match self {
            Place::Item => match name {
                "configuration" => Some(item.configuration),
                "supplementaryConfiguration" => Some(item.supplementary),
                "arn" => item.arn.map(Node::Text),
                _ => item.root.get(name),
            },
            Place::Node(node) => item.decode(node).unwrap_or(node).get(name),
        }
    }
}

fn reason(unread: &Unread<'_>) -> Reason {
    let action = unread.action.to_owned();
    match unread.state {
        UnreadState::Denied => Reason::Denied { action },
        UnreadState::Throttled => Reason::Throttled { action },
        UnreadState::Failed => Reason::CallFailed {
            action,
            code: unread.code.to_owned(),
        },
        UnreadState::NotCollected => Reason::NotCollected,
    }
}

/// RFC 3986 percent-decoding; none where the result isn't UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests;
