//! DER as a tree of elements: what RFC 3161 and RFC 5652 put around what they sign.

use der::{AnyRef, Decode as _, Reader as _, SliceReader, Tag};

use super::TimestampError;

/// The first byte of a SET.
const SET: u8 = 0x31;

/// One element: its tag, its value, and the bytes of both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: Tag,
    pub(super) value: &'a [u8],
    pub(super) whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// Reads bytes that are one element and nothing else.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Element<'a>, TimestampError> {
        let any = AnyRef::from_der(bytes)?;
        Ok(Element {
            tag: any.header().tag(),
            value: any.value(),
            whole: bytes,
        })
    }

    /// Its parts, where it is made of some.
    pub(super) fn parts(&self) -> Result<Parts<'a>, TimestampError> {
        let mut reader = SliceReader::new(self.value)?;
        let mut parts = Vec::new();
        while !reader.is_finished() {
            parts.push(Element::read(reader.tlv_bytes()?)?);
        }
        parts.reverse();
        Ok(Parts { rest: parts })
    }

    /// Its parts, where it has this tag.
    pub(super) fn parts_of(&self, tag: Tag, name: &str) -> Result<Parts<'a>, TimestampError> {
        if self.tag != tag {
            return Err(TimestampError::form(format!("{name} is of another type")));
        }
        self.parts()
    }

    /// The bytes as those of a SET, whatever the tag: attributes are signed so (RFC 5652, 5.4).
    pub(super) fn as_set(&self) -> Vec<u8> {
        let rest = self.whole.get(1..).unwrap_or_default();
        [&[SET], rest].concat()
    }
}

/// Parts that are taken one after the other.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    /// The next one last.
    rest: Vec<Element<'a>>,
}

impl<'a> Parts<'a> {
    /// The next part, which has to be there and have this tag.
    pub(super) fn require(&mut self, tag: Tag, name: &str) -> Result<Element<'a>, TimestampError> {
        self.take_if(tag)
            .ok_or_else(|| TimestampError::form(format!("{name} is missing")))
    }

    /// The next part, where it has this tag.
    pub(super) fn take_if(&mut self, tag: Tag) -> Option<Element<'a>> {
        self.rest.pop_if(|part| part.tag == tag)
    }

    /// Refuses what is left.
    pub(super) fn finish(self, name: &str) -> Result<(), TimestampError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(TimestampError::form(format!(
            "{name} has more parts than it can have"
        )))
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        self.rest.pop()
    }
}
