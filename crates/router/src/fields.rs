//! The fields of an event that patterns ask about.
//!
//! As event-ruler does (`Event.java`): a field's name is the names on the way to it, joined by dots,
//! so that `{"a.b": 1}` and `{"a": {"b": 1}}` hold the same field; arrays do not appear in the name;
//! which element of which array a value is in is kept beside it.

use hashbrown::HashMap;
use memchr::memchr;
use posture_model::tree::Node;

use crate::pattern::Scalar;

/// A field's name, interned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PathId(u32);

impl PathId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The names that are asked about, as a tree of their dotted parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paths {
    root: Step,
    count: u32,
}

#[derive(Debug, Clone, Default)]
struct Step {
    path: Option<PathId>,
    below: HashMap<Box<str>, Step>,
    /// A bit for each length that a name in `below` has, modulo 64, and for each first byte, modulo
    /// 32: most names of an event are asked for by no one, and these tell without a look-up.
    lengths: u64,
    first_bytes: u32,
}

impl Paths {
    /// The id of this dotted name; ids count up from 0.
    pub(crate) fn insert(&mut self, name: &str) -> PathId {
        let mut step = &mut self.root;
        for part in name.split('.') {
            step.lengths |= 1 << (part.len() % 64);
            step.first_bytes |= first_byte(part);
            step = step.below.entry(part.into()).or_default();
        }
        *step.path.get_or_insert_with(|| {
            self.count += 1;
            PathId(self.count - 1)
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.count as usize
    }
}

impl Step {
    /// Where a field of this name leads. Names seldom have dots, so the whole is tried first; no part
    /// of an asked name has one.
    fn child(&self, name: &str) -> Option<&Step> {
        if self.first_bytes & first_byte(name) == 0 {
            return None;
        }
        if self.lengths & (1 << (name.len() % 64)) != 0
            && let Some(step) = self.below.get(name)
        {
            return Some(step);
        }
        memchr(b'.', name.as_bytes())?;
        name.split('.')
            .try_fold(self, |step, part| step.below.get(part))
    }
}

/// The bit of a name's first byte. A part of a dotted name can be empty, as the whole name can: then
/// the dot, or nothing, stands for it, and may be any.
fn first_byte(name: &str) -> u32 {
    match name.as_bytes().first() {
        None | Some(b'.') => u32::MAX,
        Some(byte) => 1 << (byte % 32),
    }
}

/// One value of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldValue<'e> {
    pub(crate) scalar: Scalar<'e>,
    pub(crate) place: Place,
    /// The field's value before this one.
    next: Option<u32>,
}

/// In which array elements a value is; an index into [`Fields::links`], or nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(Option<u32>);

impl Place {
    pub(crate) const NOWHERE: Place = Place(None);
}

#[derive(Debug, Clone, Copy)]
struct Link {
    outer: Place,
    array: u32,
    element: u32,
}

/// The values of one event's asked fields.
#[derive(Debug, Default)]
pub(crate) struct Fields<'e> {
    newest: Vec<Option<u32>>,
    values: Vec<FieldValue<'e>>,
    links: Vec<Link>,
    arrays: u32,
}

impl<'e> Fields<'e> {
    pub(crate) fn collect(paths: &Paths, event: Node<'e>) -> Fields<'e> {
        let empty = Fields::default();
        empty.refilled(paths, event)
    }

    /// As [`Fields::collect`], in memory of these.
    pub(crate) fn refilled(mut self, paths: &Paths, event: Node<'e>) -> Fields<'e> {
        self.newest.clear();
        self.newest.resize(paths.len(), None);
        self.arrays = 0;
        self.object(&paths.root, event, Place::NOWHERE);
        self
    }

    /// The memory of these, for an event that lives longer or shorter.
    pub(crate) fn emptied<'f>(mut self) -> Fields<'f> {
        self.values.clear();
        self.links.clear();
        Fields {
            newest: self.newest,
            // Of none; std collects an iterator over a vector into that vector's memory.
            values: self
                .values
                .into_iter()
                .map(|value| FieldValue {
                    scalar: Scalar::Null,
                    ..value
                })
                .collect(),
            links: self.links,
            arrays: 0,
        }
    }

    fn object(&mut self, step: &Step, object: Node<'e>, place: Place) {
        for (name, value) in object.members() {
            if let Some(step) = step.child(name) {
                self.value(step, *value, place);
            }
        }
    }

    fn value(&mut self, step: &Step, value: Node<'e>, place: Place) {
        match value {
            Node::Object(_) => {
                if !step.below.is_empty() {
                    self.object(step, value, place);
                }
            }
            Node::Array(elements) => self.array(step, elements, place),
            _ => self.scalar(step, value, place),
        }
    }

    fn scalar(&mut self, step: &Step, value: Node<'e>, place: Place) {
        let (Some(path), Some(scalar)) = (step.path, Scalar::of(value)) else {
            return;
        };
        let id = u32::try_from(self.values.len()).ok();
        if let Some(newest) = self.newest.get_mut(path.index()) {
            self.values.push(FieldValue {
                scalar,
                place,
                next: *newest,
            });
            *newest = id;
        }
    }

    fn array(&mut self, step: &Step, elements: &'e [Node<'e>], place: Place) {
        let array = self.arrays;
        self.arrays += 1;
        for (element, value) in (0_u32..).zip(elements) {
            match value {
                Node::Object(_) | Node::Array(_) => {
                    // The only element of an array is never another one than that of other fields.
                    let inner = if elements.len() == 1 {
                        place
                    } else {
                        self.link(place, array, element)
                    };
                    self.value(step, *value, inner);
                }
                _ => self.scalar(step, *value, place),
            }
        }
    }

    fn link(&mut self, outer: Place, array: u32, element: u32) -> Place {
        let place = Place(u32::try_from(self.links.len()).ok());
        self.links.push(Link {
            outer,
            array,
            element,
        });
        place
    }

    /// Whether some value is in one of several elements of an array.
    pub(crate) fn has_places(&self) -> bool {
        !self.links.is_empty()
    }

    /// A field's values, the last of the event first.
    pub(crate) fn values(&self, path: PathId) -> impl Iterator<Item = FieldValue<'e>> {
        let mut next = self.newest.get(path.index()).copied().flatten();
        std::iter::from_fn(move || {
            let value = self.values.get(next? as usize)?;
            next = value.next;
            Some(*value)
        })
    }

    /// The (array, element) pairs of a place, outermost first.
    pub(crate) fn elements(&self, place: Place) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        let mut place = place;
        while let Some(link) = place.0.and_then(|index| self.links.get(index as usize)) {
            pairs.push((link.array, link.element));
            place = link.outer;
        }
        pairs.reverse();
        pairs
    }
}
