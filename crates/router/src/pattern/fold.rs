//! `equals-ignore-case`, as event-ruler does it: each character of the pattern stands for its lower
//! and its upper case (`EqualsIgnoreCaseParser.java`), by Unicode's unconditional mappings. So `ß` in
//! a pattern accepts `ß` and `SS`, while `SS` in a pattern accepts no `ß`.

/// A text of a pattern whose case does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Fold {
    characters: Vec<[String; 2]>,
    /// The text in lower case, where all of it is ASCII.
    ascii: Option<String>,
}

impl Fold {
    pub(crate) fn new(text: &str) -> Fold {
        Fold {
            characters: text
                .chars()
                .map(|character| {
                    [
                        character.to_lowercase().collect(),
                        character.to_uppercase().collect(),
                    ]
                })
                .collect(),
            ascii: text.is_ascii().then(|| text.to_ascii_lowercase()),
        }
    }

    /// The text in lower case where all of it is ASCII: then a byte is a character.
    pub(crate) fn ascii(&self) -> Option<&str> {
        self.ascii.as_deref()
    }

    pub(crate) fn equals(&self, value: &str) -> bool {
        self.ends(value).any(str::is_empty)
    }

    pub(crate) fn begins(&self, value: &str) -> bool {
        self.ends(value).next().is_some()
    }

    pub(crate) fn ends_of(&self, value: &str) -> bool {
        value
            .char_indices()
            .map(|(offset, _)| offset)
            .chain([value.len()])
            .filter_map(|offset| value.get(offset..))
            .any(|tail| self.equals(tail))
    }

    /// What can be left of `value` after this text; more than one where a character's two cases
    /// differ in length and one begins the other.
    fn ends<'v>(&self, value: &'v str) -> impl Iterator<Item = &'v str> {
        let mut rests = vec![value];
        for [lower, upper] in &self.characters {
            let mut next: Vec<&str> = rests
                .iter()
                .flat_map(|rest| [rest.strip_prefix(lower), rest.strip_prefix(upper)])
                .flatten()
                .collect();
            next.sort_unstable_by_key(|rest| rest.len());
            next.dedup_by_key(|rest| rest.len());
            rests = next;
        }
        rests.into_iter()
    }
}
