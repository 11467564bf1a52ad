//! What enabled rules read: what has to be asked.

use std::collections::{BTreeMap, BTreeSet};

use posture_model::{ResourceType, path_touches};
use posture_rules::ManagedRule;

/// The types and places that have to be collected.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    is_everything: bool,
    types: BTreeMap<ResourceType, Places>,
}

#[derive(Debug, Clone, Default)]
struct Places {
    is_whole: bool,
    paths: BTreeSet<&'static str>,
}

impl Needs {
    /// Everything that can be collected.
    pub fn everything() -> Needs {
        Needs {
            is_everything: true,
            types: BTreeMap::new(),
        }
    }

    /// What these rules declare that they read.
    pub fn of(rules: impl IntoIterator<Item = &'static ManagedRule>) -> Needs {
        let mut needs = Needs::default();
        for rule in rules {
            needs.add(rule);
        }
        needs
    }

    /// Adds what a rule reads.
    pub fn add(&mut self, rule: &'static ManagedRule) {
        for resource_type in rule.resource_types {
            self.types.entry(*resource_type).or_default();
        }
        for other in rule.others() {
            self.types.entry(other.resource_type).or_default();
        }
        for (resource_type, path) in rule.places() {
            let places = self.types.entry(resource_type).or_default();
            places.paths.insert(path.as_str());
        }
    }

    /// Adds a type with everything that can be collected of it, as custom policies may read it.
    pub fn add_whole(&mut self, resource_type: ResourceType) {
        self.types.entry(resource_type).or_default().is_whole = true;
    }

    /// The same of these types only.
    #[must_use]
    pub fn only(&self, types: &BTreeSet<ResourceType>) -> Needs {
        let mut needs = Needs::default();
        for resource_type in types {
            let places = self.types.get(resource_type);
            if self.is_everything {
                needs.add_whole(*resource_type);
            } else if let Some(places) = places {
                needs.types.insert(*resource_type, places.clone());
            }
        }
        needs
    }

    /// The types that are named, sorted.
    pub fn types(&self) -> impl Iterator<Item = ResourceType> {
        self.types.keys().copied()
    }

    /// Whether anything is needed at all.
    pub fn is_empty(&self) -> bool {
        !self.is_everything && self.types.is_empty()
    }

    /// Whether resources of this type are needed.
    pub fn needs(&self, resource_type: ResourceType) -> bool {
        self.is_everything || self.types.contains_key(&resource_type)
    }

    /// Whether something at, in or around this place of items of the type is needed.
    pub fn needs_place(&self, resource_type: ResourceType, place: &str) -> bool {
        if self.is_everything {
            return true;
        }
        let Some(places) = self.types.get(&resource_type) else {
            return false;
        };
        places.is_whole || places.paths.iter().any(|path| path_touches(path, place))
    }

    /// Every type and path, sorted.
    pub fn pairs(&self) -> impl Iterator<Item = (ResourceType, &'static str)> {
        self.types.iter().flat_map(|(resource_type, places)| {
            places.paths.iter().map(|path| (*resource_type, *path))
        })
    }
}
