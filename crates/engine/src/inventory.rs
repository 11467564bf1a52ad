//! The resources of all inputs: about a hundred bytes each, whatever the size of their items.
//!
//! Kept are the resource's key, the time and place of its newest item, and one byte a rule. The
//! item itself is read again where its words are wanted.

mod estate;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use hashbrown::{DefaultHashBuilder, HashTable};
use posture_model::Source;

use crate::plan::Plan;

pub(crate) use estate::{Estate, Reference};

const SHARDS: usize = 16;

/// Resources of one type in one account and Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) account_id: String,
    pub(crate) aws_region: String,
    pub(crate) type_name: String,
    /// The rules that judge them, by index in the plan.
    pub(crate) rules: Vec<u32>,
}

/// Where an item stands in the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) text: u32,
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

impl Place {
    /// An item that no input holds: an account of which only resources were seen.
    pub(crate) const NOWHERE: Place = Place {
        text: u32::MAX,
        offset: 0,
        length: 0,
    };
}

/// What is kept of a resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub(crate) group: u32,
    pub(crate) place: Place,
    pub(crate) source: Source,
    pub(crate) exists: bool,
    /// Microseconds since 1970, UTC; the least value where the item has no time.
    time: i64,
    id_start: u32,
    id_length: u32,
    marks_start: u32,
}

/// What one reading of an item says.
pub(crate) struct Reading<'a> {
    pub(crate) group: u32,
    pub(crate) resource_id: &'a str,
    pub(crate) time: i64,
    pub(crate) place: Place,
    pub(crate) source: Source,
    pub(crate) exists: bool,
}

/// A place in a shard's table: a part of the key's hash, which saves a look at most other records,
/// and the record.
#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    record: u32,
}

#[derive(Debug, Default)]
struct Shard {
    table: HashTable<Slot>,
    records: Vec<Record>,
    ids: String,
    marks: Vec<u8>,
    /// What other resources' rules look at, by record.
    projections: HashMap<u32, Vec<u8>>,
}

/// The table while inputs are read, by any number of threads.
pub(crate) struct Inventory<'p> {
    plan: &'p Plan,
    hasher: DefaultHashBuilder,
    groups: RwLock<Groups>,
    shards: Vec<Mutex<Shard>>,
}

#[derive(Debug, Default)]
struct Groups {
    list: Vec<Arc<Group>>,
    by_key: HashMap<(String, String, String), u32>,
}

impl<'p> Inventory<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Inventory<'p> {
        Inventory {
            plan,
            hasher: DefaultHashBuilder::default(),
            groups: RwLock::default(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    /// The group of this key, made where there is none.
    pub(crate) fn group(
        &self,
        account_id: &str,
        aws_region: &str,
        type_name: &str,
    ) -> (u32, Arc<Group>) {
        let key = (
            account_id.to_owned(),
            aws_region.to_owned(),
            type_name.to_owned(),
        );
        let mut groups = self.groups.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = groups.by_key.get(&key).copied()
            && let Some(group) = groups.list.get(index as usize)
        {
            return (index, Arc::clone(group));
        }
        let group = Arc::new(Group {
            account_id: account_id.to_owned(),
            aws_region: aws_region.to_owned(),
            type_name: type_name.to_owned(),
            rules: self.plan.rules_for(type_name, aws_region),
        });
        let index = u32::try_from(groups.list.len()).unwrap_or(u32::MAX);
        groups.list.push(Arc::clone(&group));
        groups.by_key.insert(key, index);
        (index, group)
    }

    /// The groups so far.
    pub(crate) fn groups(&self) -> Vec<Arc<Group>> {
        let groups = self.groups.read().unwrap_or_else(PoisonError::into_inner);
        groups.list.clone()
    }

    /// Whether this reading is newer than what is known of the resource.
    pub(crate) fn is_newer(&self, reading: &Reading<'_>) -> bool {
        let hash = self.hash(reading);
        let shard = self.shard(hash);
        shard
            .find(hash, reading)
            .and_then(|index| shard.records.get(index as usize))
            .is_none_or(|known| known.order(reading) == Ordering::Less)
    }

    /// Keeps a reading, unless a newer one is known. `marks` has a byte for each rule of the group.
    pub(crate) fn keep(&self, reading: &Reading<'_>, marks: &[u8], projection: Option<Vec<u8>>) {
        let hash = self.hash(reading);
        let mut shard = self.shard(hash);
        shard.keep(hash, reading, marks, projection);
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
    fn hash(&self, reading: &Reading<'_>) -> u32 {
        self.hasher.hash_one((reading.group, reading.resource_id)) as u32
    }

    fn shard(&self, hash: u32) -> MutexGuard<'_, Shard> {
        // Four bits, for sixteen shards.
        self.shards[(hash >> 28) as usize]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The resources that exist, sorted by account, Region, type and id.
    pub(crate) fn sorted(self) -> Estate {
        let groups = self
            .groups
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .list;
        let shards: Vec<Shard> = self
            .shards
            .into_iter()
            .map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner))
            .collect();
        let mut ranks: Vec<u32> = (0u32..).take(groups.len()).collect();
        let key = |index: &u32| {
            groups
                .get(*index as usize)
                .map(|group| (&group.account_id, &group.aws_region, &group.type_name))
        };
        ranks.sort_by(|a, b| key(a).cmp(&key(b)));
        let mut rank_of = vec![0u32; groups.len()];
        for (rank, group) in (0u32..).zip(&ranks) {
            if let Some(place) = rank_of.get_mut(*group as usize) {
                *place = rank;
            }
        }
        let mut order: Vec<(u32, u128, Reference)> = Vec::new();
        for (shard, records) in (0u8..).zip(&shards) {
            for (record, kept) in (0u32..).zip(&records.records) {
                if kept.exists {
                    let rank = rank_of.get(kept.group as usize).copied().unwrap_or(0);
                    let begin = beginning(records.id(kept));
                    order.push((rank, begin, Reference { shard, record }));
                }
            }
        }
        let mut estate = Estate {
            groups,
            shards,
            order: Vec::new(),
        };
        // Most ids differ in their first letters, which are at hand.
        order.sort_unstable_by(|(rank_a, begin_a, a), (rank_b, begin_b, b)| {
            (rank_a, begin_a)
                .cmp(&(rank_b, begin_b))
                .then_with(|| estate.id(*a).cmp(estate.id(*b)))
        });
        estate.order = order
            .into_iter()
            .map(|(_, _, reference)| reference)
            .collect();
        estate
    }
}

/// The first bytes of an id, in a number that sorts as they do.
fn beginning(id: &str) -> u128 {
    let mut bytes = [0; 16];
    for (place, byte) in bytes.iter_mut().zip(id.bytes()) {
        *place = byte;
    }
    u128::from_be_bytes(bytes)
}

impl Record {
    fn order(&self, reading: &Reading<'_>) -> Ordering {
        (self.time, self.place).cmp(&(reading.time, reading.place))
    }
}

impl Shard {
    fn find(&self, hash: u32, reading: &Reading<'_>) -> Option<u32> {
        let is_same = |slot: &Slot| slot.hash == hash && self.is_same(slot.record, reading);
        let slot = self.table.find(spread(hash), is_same)?;
        Some(slot.record)
    }

    fn is_same(&self, index: u32, reading: &Reading<'_>) -> bool {
        self.records.get(index as usize).is_some_and(|record| {
            record.group == reading.group && self.id(record) == reading.resource_id
        })
    }

    fn id(&self, record: &Record) -> &str {
        let start = record.id_start as usize;
        self.ids
            .get(start..start + record.id_length as usize)
            .unwrap_or_default()
    }

    fn keep(
        &mut self,
        hash: u32,
        reading: &Reading<'_>,
        marks: &[u8],
        projection: Option<Vec<u8>>,
    ) {
        let index = match self.find(hash, reading) {
            Some(index) => {
                let Some(record) = self.records.get_mut(index as usize) else {
                    return;
                };
                if record.order(reading) != Ordering::Less {
                    return;
                }
                record.place = reading.place;
                record.source = reading.source;
                record.exists = reading.exists;
                record.time = reading.time;
                let start = record.marks_start as usize;
                if let Some(place) = self.marks.get_mut(start..start + marks.len()) {
                    place.copy_from_slice(marks);
                }
                index
            }
            None => self.insert(hash, reading, marks),
        };
        match projection {
            Some(projection) => self.projections.insert(index, projection),
            None => self.projections.remove(&index),
        };
    }

    fn insert(&mut self, hash: u32, reading: &Reading<'_>, marks: &[u8]) -> u32 {
        let narrow = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let index = narrow(self.records.len());
        self.records.push(Record {
            group: reading.group,
            place: reading.place,
            source: reading.source,
            exists: reading.exists,
            time: reading.time,
            id_start: narrow(self.ids.len()),
            id_length: narrow(reading.resource_id.len()),
            marks_start: narrow(self.marks.len()),
        });
        self.ids.push_str(reading.resource_id);
        self.marks.extend_from_slice(marks);
        let slot = Slot {
            hash,
            record: index,
        };
        self.table
            .insert_unique(spread(hash), slot, |slot| spread(slot.hash));
        index
    }
}

/// Half a hash, on all bits of a whole one: the table looks at both ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
