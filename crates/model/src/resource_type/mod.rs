//! AWS's resource types by name.
//!
//! The names come from `crates/model/resource-types.txt`; `cargo xtask gen` writes [`names`].

mod names;

use std::fmt;

pub use names::ResourceType;

impl ResourceType {
    /// The type that AWS spells so; none where this version doesn't know it.
    pub fn from_name(name: &str) -> Option<ResourceType> {
        ResourceType::ALL
            .binary_search_by(|known| known.as_str().cmp(name))
            .ok()
            .and_then(|index| ResourceType::ALL.get(index).copied())
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::ResourceType;

    #[test]
    fn every_name_is_found_again() {
        for known in ResourceType::ALL {
            assert_eq!(ResourceType::from_name(known.as_str()), Some(*known));
        }
        assert_eq!(ResourceType::from_name("AWS::S3::Bukket"), None);
    }
}
