//! Which resources a listing has shown.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

/// The ARN that each id of a listing was first seen with, both hashed: a listing may have a million.
#[derive(Debug, Default)]
pub(super) struct Identities {
    seen: HashMap<u64, u64>,
}

impl Identities {
    /// Whether the listing has shown another resource of this id. AWS does not; what stands for it may (moto gives
    /// every DB instance one `DbiResourceId`), and one of them must not overwrite the other.
    pub(super) fn is_taken(&mut self, id: &str, arn: &str) -> bool {
        let arn = hash(arn);
        *self.seen.entry(hash(id)).or_insert(arn) != arn
    }

    /// The listing begins again.
    pub(super) fn clear(&mut self) {
        self.seen.clear();
    }
}

fn hash(text: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::Identities;

    #[test]
    fn an_id_belongs_to_the_arn_that_it_came_with_first() {
        let mut identities = Identities::default();
        assert!(!identities.is_taken("db-1", "arn:a"));
        assert!(
            !identities.is_taken("db-1", "arn:a"),
            "a page that comes twice"
        );
        assert!(identities.is_taken("db-1", "arn:b"));
        assert!(!identities.is_taken("db-2", "arn:b"));
        identities.clear();
        assert!(!identities.is_taken("db-1", "arn:b"));
    }
}
