//! Places in items of a type, as lists name them: `configuration.environment.variables.*`.

/// Places in items of some types.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    /// The type, as AWS Config spells it.
    pub resource_type: &'static str,
    /// The places: member names between dots, `*` for any member, `[*]` for every element. The
    /// case of letters doesn't count, since AWS writes members of one type in both cases.
    pub paths: &'static [&'static str],
}

/// What is left of the paths that may still match inside a value.
pub(super) type Tails = Vec<&'static str>;

/// The paths of this type, whole.
pub(super) fn of_type(lists: &[Places], resource_type: &str) -> Tails {
    lists
        .iter()
        .filter(|places| places.resource_type == resource_type)
        .flat_map(|places| places.paths.iter().copied())
        .collect()
}

/// What is left inside the member of this name. An empty tail means: this is the place.
pub(super) fn inside(tails: &[&'static str], name: &str) -> Tails {
    let mut left = Tails::new();
    for tail in tails {
        let (first, rest) = tail.split_once('.').unwrap_or((tail, ""));
        let word = first.trim_end_matches("[*]");
        let brackets = first.strip_prefix(word).unwrap_or_default();
        if word == "*" || word.eq_ignore_ascii_case(name) {
            // Arrays are gone through wherever they are met, so that brackets only mark them.
            debug_assert!(brackets.is_empty() || brackets == "[*]", "{tail}");
            left.push(rest);
        }
    }
    left
}

/// Whether one of these tails is at its place.
pub(super) fn is_place(tails: &[&'static str]) -> bool {
    tails.iter().any(|tail| tail.is_empty())
}
