//! The parts of a value that a reader wants.

use crate::Segment;

/// The places of a JSON value that are wanted; all else may be skipped unread.
///
/// What lies at a wanted place, and inside it, is there whole. An object on the way to one is there
/// with the wanted members only; an array on the way whose elements no place names is there whole,
/// so that its being one is seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    is_whole: bool,
    members: Vec<Member>,
    elements: Option<Box<Selection>>,
}

/// A wanted member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    /// Differs where most names differ, so that few are compared.
    sign: u32,
    name: Box<str>,
    inner: Selection,
}

/// The length and the outer letters of a name.
fn sign(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    let letter = |byte: Option<&u8>| byte.copied().unwrap_or(0);
    u32::from_le_bytes([
        length,
        letter(bytes.first()),
        letter(bytes.get(bytes.len() / 2)),
        letter(bytes.last()),
    ])
}

impl Selection {
    /// Everything.
    pub fn whole() -> Selection {
        Selection {
            is_whole: true,
            ..Selection::default()
        }
    }

    /// Adds a place.
    pub fn add<'p>(&mut self, mut place: impl Iterator<Item = Segment<'p>>) {
        if self.is_whole {
            return;
        }
        match place.next() {
            None => *self = Selection::whole(),
            Some(Segment::Each) => self.elements.get_or_insert_default().add(place),
            Some(Segment::Member(name)) => {
                if let Some(member) = self.members.iter_mut().find(|member| *member.name == *name) {
                    return member.inner.add(place);
                }
                let mut inner = Selection::default();
                inner.add(place);
                self.members.push(Member {
                    sign: sign(name),
                    name: name.into(),
                    inner,
                });
            }
        }
    }

    /// What is wanted of an object's member; none where it may be skipped. An object where an array
    /// was expected is wanted whole, so that it isn't taken for an empty one.
    pub(super) fn member(&self, name: &str) -> Option<Wanted<'_>> {
        if self.is_whole || self.elements.is_some() {
            return Some(Wanted::WHOLE);
        }
        let sign = sign(name);
        let is_it = |member: &&Member| member.sign == sign && *member.name == *name;
        let member = self.members.iter().find(is_it)?;
        Some(Wanted::of(&member.inner))
    }

    /// What is wanted of an array's elements.
    pub(super) fn element(&self) -> Wanted<'_> {
        self.elements.as_deref().map_or(Wanted::WHOLE, Wanted::of)
    }
}

/// What is wanted of one value: some places, or all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'s>(pub(super) Option<&'s Selection>);

impl<'s> Wanted<'s> {
    pub(super) const WHOLE: Wanted<'static> = Wanted(None);

    pub(super) fn of(selection: &'s Selection) -> Wanted<'s> {
        Wanted((!selection.is_whole).then_some(selection))
    }
}
