//! The other resources that rules look at: projections of their items, found by value.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use posture_model::tree::{Bump, Node, parse};
use posture_model::{
    ConfigurationItem, InsufficientData, Path, Reason, ResourceType, Segment, Source, path_segments,
};
use posture_rules::{By, Other, Related};

use crate::inventory::{Estate, Reference};
use crate::parallel::in_order;
use crate::plan::{Check, Plan, is_home};
use crate::scan::Listed;
use crate::selections::ENVELOPE;

/// What rules look at of one type, beside the items that they judge.
pub(crate) type Joined = BTreeMap<ResourceType, BTreeSet<&'static str>>;

/// The item, reduced to the parts of `configuration` and `supplementaryConfiguration` in which the
/// paths begin.
pub(crate) fn project(item: &ConfigurationItem<'_>, paths: &BTreeSet<&'static str>) -> Vec<u8> {
    let mut kept: Vec<(&str, Node<'_>)> = Vec::new();
    for name in ENVELOPE.into_iter().chain(["relationships"]) {
        if let Some(node) = item.root().get(name) {
            kept.push((name, node));
        }
    }
    let arena = Bump::new();
    for (root, node) in [
        ("configuration", item.configuration()),
        (
            "supplementaryConfiguration",
            item.supplementary_configuration(),
        ),
    ] {
        let wanted: BTreeSet<&str> = paths
            .iter()
            .filter_map(|path| second_segment(path, root))
            .collect();
        let members: Vec<(&str, Node<'_>)> = node
            .members()
            .iter()
            .filter(|(name, _)| wanted.contains(name))
            .copied()
            .collect();
        kept.push((root, Node::Object(arena.alloc_slice_copy(&members))));
    }
    let whole = Node::Object(arena.alloc_slice_copy(&kept));
    whole.to_string().into_bytes()
}

fn second_segment<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    let mut segments = path_segments(path);
    match (segments.next(), segments.next()) {
        (Some(Segment::Member(first)), Some(Segment::Member(second))) if first == root => {
            Some(second)
        }
        _ => None,
    }
}

/// Where one type of resource lives: account, place and type.
type GroupKey = (String, String, ResourceType);

fn group_key(account_id: &str, aws_region: &str, resource_type: ResourceType) -> GroupKey {
    // AWS Config says `global` of IAM's resources, and the home Region of an account's own facts.
    let place = if is_home(aws_region) {
        "global"
    } else {
        aws_region
    };
    (account_id.to_owned(), place.to_owned(), resource_type)
}

/// Every projected resource, by group, and by the values by which rules find them.
#[derive(Debug, Default)]
pub(crate) struct Neighbours {
    groups: HashMap<GroupKey, GroupOf>,
}

#[derive(Debug, Default)]
struct GroupOf {
    /// Why there may be more than are known.
    gap: Option<Reason>,
    resources: Vec<(Reference, Source)>,
    by_path: BTreeMap<&'static str, ByValue>,
}

#[derive(Debug, Default)]
struct ByValue {
    /// Positions in `resources`.
    found: HashMap<String, Vec<u32>>,
    /// Some resource's value was not read: nothing can be said to be missing.
    unread: Option<InsufficientData>,
}

impl Neighbours {
    /// Indexes an estate for the joins of a plan.
    pub(crate) fn new(estate: &Estate, plan: &Plan, listed: &[Listed]) -> Neighbours {
        let mut places: BTreeMap<ResourceType, BTreeMap<&'static str, Path>> = BTreeMap::new();
        for rule in &plan.rules {
            let Check::Managed(rule) = &rule.check else {
                continue;
            };
            for other in rule.others() {
                let by_path = places.entry(other.resource_type).or_default();
                if let By::Value(path) = other.by {
                    by_path.insert(path.as_str(), path);
                }
            }
        }
        // A type that was seen, if only as deleted, is recorded.
        let mut keys: BTreeMap<GroupKey, Vec<Reference>> = BTreeMap::new();
        let key_of_group: Vec<Option<GroupKey>> = estate
            .groups
            .iter()
            .map(|group| {
                let resource_type = ResourceType::from_name(&group.type_name)?;
                let key = places
                    .contains_key(&resource_type)
                    .then(|| group_key(&group.account_id, &group.aws_region, resource_type))?;
                keys.entry(key.clone()).or_default();
                Some(key)
            })
            .collect();
        // So is one that was listed, be there none of it; where its listing broke off there may be
        // more.
        let mut gaps: HashMap<GroupKey, Reason> = HashMap::new();
        for listing in listed {
            let Some(resource_type) = ResourceType::from_name(&listing.resource_type)
                .filter(|resource_type| places.contains_key(resource_type))
            else {
                continue;
            };
            let key = group_key(&listing.account_id, &listing.aws_region, resource_type);
            if let Some(gap) = &listing.gap {
                gaps.insert(key.clone(), gap.clone());
            }
            keys.entry(key).or_default();
        }
        for reference in &estate.order {
            let group = estate.group_of(*reference);
            if let Some(Some(key)) = group.and_then(|group| key_of_group.get(group as usize))
                && let Some(references) = keys.get_mut(key)
            {
                references.push(*reference);
            }
        }
        let keys: Vec<(GroupKey, Vec<Reference>)> = keys.into_iter().collect();
        let mut groups = HashMap::new();
        let group = |(key, references): &(GroupKey, Vec<Reference>)| {
            let places = places.get(&key.2);
            (key.clone(), GroupOf::new(estate, references, places))
        };
        in_order(&keys, &group, &mut |(key, mut group)| {
            group.gap = gaps.remove(&key);
            groups.insert(key, group);
        });
        Neighbours { groups }
    }

    /// Whether resources of this type are recorded where an item of this account and Region looks.
    pub(crate) fn is_recorded(
        &self,
        account_id: &str,
        aws_region: &str,
        resource_type: ResourceType,
    ) -> bool {
        let key = group_key(account_id, aws_region, resource_type);
        self.groups.contains_key(&key)
    }
}

impl GroupOf {
    fn new(
        estate: &Estate,
        references: &[Reference],
        places: Option<&BTreeMap<&'static str, Path>>,
    ) -> GroupOf {
        let mut of = GroupOf::default();
        let mut arena = Bump::new();
        for reference in references {
            arena.reset();
            let (Some((record, _, _)), Some(bytes)) =
                (estate.get(*reference), estate.projection(*reference))
            else {
                continue;
            };
            let position = u32::try_from(of.resources.len()).unwrap_or(u32::MAX);
            of.resources.push((*reference, record.source));
            let Some(places) = places.filter(|places| !places.is_empty()) else {
                continue;
            };
            let Some(item) = projected(bytes, record.source, &arena) else {
                continue;
            };
            for (name, path) in places {
                of.by_path
                    .entry(name)
                    .or_default()
                    .add(position, item.each(*path));
            }
        }
        of
    }
}

impl ByValue {
    fn add(&mut self, position: u32, values: Result<Vec<Node<'_>>, InsufficientData>) {
        match values {
            Ok(values) => {
                for value in values.iter().filter_map(|value| value.as_text()) {
                    let found = self.found.entry(value.to_owned()).or_default();
                    if found.last() != Some(&position) {
                        found.push(position);
                    }
                }
            }
            Err(unread) => self.unread = Some(unread),
        }
    }
}

fn projected<'a>(
    bytes: &'a [u8],
    source: Source,
    arena: &'a Bump,
) -> Option<ConfigurationItem<'a>> {
    let root = parse(bytes, arena).ok()?;
    ConfigurationItem::from_node(root, source, arena).ok()
}

/// Neighbours as rules see them, parsed when first asked for.
pub(crate) struct Nearby<'a> {
    neighbours: &'a Neighbours,
    estate: &'a Estate,
    arena: &'a Bump,
    parsed: RefCell<HashMap<*const u8, &'a ConfigurationItem<'a>>>,
}

impl<'a> Nearby<'a> {
    pub(crate) fn new(
        neighbours: &'a Neighbours,
        estate: &'a Estate,
        arena: &'a Bump,
    ) -> Nearby<'a> {
        Nearby {
            neighbours,
            estate,
            arena,
            parsed: RefCell::default(),
        }
    }

    fn item(&self, (reference, source): (Reference, Source)) -> Option<&'a ConfigurationItem<'a>> {
        let bytes = self.estate.projection(reference)?;
        if let Some(known) = self.parsed.borrow().get(&bytes.as_ptr()) {
            return Some(known);
        }
        let item: &'a ConfigurationItem<'a> =
            self.arena.alloc(projected(bytes, source, self.arena)?);
        self.parsed.borrow_mut().insert(bytes.as_ptr(), item);
        Some(item)
    }
}

impl<'a> Related<'a> for Nearby<'a> {
    fn find(
        &self,
        item: &ConfigurationItem<'a>,
        other: &Other,
        value: Option<&str>,
    ) -> Result<Vec<&'a ConfigurationItem<'a>>, InsufficientData> {
        let key = group_key(item.account_id(), item.aws_region(), other.resource_type);
        let Some(group) = self.neighbours.groups.get(&key) else {
            return Err(other.not_recorded());
        };
        if let Some(reason) = &group.gap {
            return Err(InsufficientData {
                path: format!("the listing of {}", other.resource_type.as_str()),
                reason: reason.clone(),
            });
        }
        let (By::Value(path), Some(value)) = (other.by, value) else {
            return Ok(group
                .resources
                .iter()
                .filter_map(|resource| self.item(*resource))
                .collect());
        };
        let Some(by_value) = group.by_path.get(path.as_str()) else {
            return Ok(Vec::new());
        };
        if let Some(unread) = &by_value.unread {
            return Err(unread.clone());
        }
        let positions = by_value.found.get(value).map_or(&[][..], Vec::as_slice);
        let found = positions.iter().filter_map(|position| {
            let resource = group.resources.get(*position as usize)?;
            self.item(*resource)
        });
        Ok(found.collect())
    }
}
