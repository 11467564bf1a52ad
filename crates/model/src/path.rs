//! Places in a configuration item.

use std::fmt;

/// A place in a configuration item, as AWS Config's advanced queries write it:
/// `configuration.encrypted`, `supplementaryConfiguration.BucketPolicy.policyText`.
///
/// `[*]` stands for each element of an array; a member whose name has a dot or a colon is quoted:
/// `tags."aws:cloudformation:stack-name"`. Strings that hold JSON are read through: AWS Config
/// delivers many parts of an item as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(&'static str);

/// Names a place; usable in constants.
pub const fn path(text: &'static str) -> Path {
    Path(text)
}

/// One step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'p> {
    /// The member of this name.
    Member(&'p str),
    /// Each element.
    Each,
}

impl Path {
    /// The path as it is written.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The steps, from the item inwards.
    pub fn segments(self) -> Segments<'static> {
        Segments { rest: self.0 }
    }

    /// Whether this place is `other` or lies inside it.
    pub fn is_within(self, other: &str) -> bool {
        within(self.0, other)
    }

    /// Whether AWS Config records this place.
    ///
    /// What AWS Config doesn't record and a rule needs lies under `supplementaryConfiguration`, in
    /// a member named for the API operation that answers it (`GetAccountSummary`,
    /// `DescribeAlarms`). AWS Config's own members there are nouns.
    pub fn is_recorded_by_aws_config(self) -> bool {
        self.operation().is_none()
    }

    /// The API operation that answers this place, where it is one that AWS Config does not record.
    pub fn operation(self) -> Option<&'static str> {
        let rest = self.0.strip_prefix("supplementaryConfiguration.")?;
        let mut segments = path_segments(rest);
        let Segment::Member(name) = segments.next()? else {
            return None;
        };
        VERBS
            .iter()
            .any(|verb| {
                name.strip_prefix(verb)
                    .and_then(|noun| noun.chars().next())
                    .is_some_and(char::is_uppercase)
            })
            .then_some(name)
    }
}

/// How the names of API operations that read begin.
const VERBS: [&str; 8] = [
    "Get", "List", "Describe", "Batch", "Search", "Lookup", "Generate", "Query",
];

/// The segments of a path, or of a part of one.
pub fn path_segments(text: &str) -> Segments<'_> {
    Segments { rest: text }
}

/// Whether the path `inner` is `outer` or lies inside it.
pub(crate) fn within(inner: &str, outer: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Whether one place is the other, or lies inside it.
pub fn path_touches(a: &str, b: &str) -> bool {
    within(a, b) || within(b, a)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Iterates over the steps of a path.
#[derive(Debug, Clone)]
pub struct Segments<'p> {
    rest: &'p str,
}

impl<'p> Iterator for Segments<'p> {
    type Item = Segment<'p>;

    fn next(&mut self) -> Option<Segment<'p>> {
        let rest = self.rest.strip_prefix('.').unwrap_or(self.rest);
        if rest.is_empty() {
            return None;
        }
        if let Some(after) = rest.strip_prefix("[*]") {
            self.rest = after;
            return Some(Segment::Each);
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            let (name, after) = quoted.split_once('"').unwrap_or((quoted, ""));
            self.rest = after;
            return Some(Segment::Member(name));
        }
        let end = rest
            .bytes()
            .position(|byte| byte == b'.' || byte == b'[')
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        self.rest = after;
        Some(Segment::Member(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_members_elements_and_quoted_names() {
        let steps: Vec<_> = path("configuration.rules[*].\"aws:x.y\".name")
            .segments()
            .collect();
        assert_eq!(
            steps,
            [
                Segment::Member("configuration"),
                Segment::Member("rules"),
                Segment::Each,
                Segment::Member("aws:x.y"),
                Segment::Member("name"),
            ]
        );
    }

    #[test]
    fn a_sibling_with_a_longer_name_is_not_within() {
        assert!(path("a.b.c").is_within("a.b"));
        assert!(path("a.b[*].c").is_within("a.b"));
        assert!(!path("a.bc").is_within("a.b"));
    }

    #[test]
    fn operations_are_told_from_the_nouns_of_aws_config() {
        let own = path("supplementaryConfiguration.BucketPolicy.policyText");
        let api = path("supplementaryConfiguration.GetAccountSummary.SummaryMap");
        assert_eq!(own.operation(), None);
        assert_eq!(api.operation(), Some("GetAccountSummary"));
        assert!(path("supplementaryConfiguration.Listeners").is_recorded_by_aws_config());
    }
}
