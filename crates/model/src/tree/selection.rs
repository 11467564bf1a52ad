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
    members: Vec<(Box<str>, Selection)>,
    elements: Option<Box<Selection>>,
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
                let known = self
                    .members
                    .iter_mut()
                    .find(|(member, _)| **member == *name);
                if let Some((_, inner)) = known {
                    return inner.add(place);
                }
                let mut inner = Selection::default();
                inner.add(place);
                self.members.push((name.into(), inner));
            }
        }
    }

    /// What is wanted of an object's member; none where it may be skipped. An object where an array
    /// was expected is wanted whole, so that it isn't taken for an empty one.
    pub(super) fn member(&self, name: &str) -> Option<Wanted<'_>> {
        if self.is_whole || self.elements.is_some() {
            return Some(Wanted::WHOLE);
        }
        let (_, inner) = self.members.iter().find(|(member, _)| **member == *name)?;
        Some(Wanted::of(inner))
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
