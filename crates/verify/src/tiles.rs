//! The tree over all records, rebuilt, against the tiles that are stored.

use crate::bundles::{Bundle, read_tile};
use crate::merkle::{Frontier, Hash, WIDTH, root};
use crate::path::Place;
use crate::report::{Problem, ProblemKind};
use crate::source::Source;

const FULL: u64 = WIDTH as u64;

/// The rebuilt tree.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    size: u64,
    /// Hashes of records, by tile; an empty one where neither bundle nor tile is there.
    leaves: Vec<Vec<Hash>>,
    /// Hashes of level 1 and above; none where what is below is not there.
    levels: Vec<Vec<Option<Hash>>>,
    /// Numbers of bundles whose records are not those of the tree.
    pub(crate) damaged: Vec<u64>,
}

/// How many hashes the tile has in a tree of `size` records.
pub(crate) fn width(level: u8, number: u64, size: u64) -> u64 {
    let hashes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
    hashes.saturating_sub(number.saturating_mul(FULL)).min(FULL)
}

/// Rebuilds the tree from what was read of the records, and compares every tile that the tree has.
pub(crate) fn rebuild(
    source: &dyn Source,
    size: u64,
    signed: &Hash,
    bundles: Vec<Bundle>,
    problems: &mut Vec<Problem>,
) -> Tree {
    let mut tree = Tree {
        size,
        ..Tree::default()
    };
    let mut parents = Parents {
        source,
        size,
        tile: None,
    };
    let mut roots: Vec<Option<Hash>> = Vec::with_capacity(bundles.len());
    for (number, bundle) in (0..).zip(bundles) {
        let is_full = width(0, number, size) == FULL;
        if let Some(hash) = bundle.root {
            roots.push(Some(hash));
            tree.leaves.push(bundle.computed.unwrap_or_default());
            continue;
        }
        let expected = if is_full {
            Expected::Subtree(parents.of(number))
        } else {
            Expected::Whole(&roots, signed)
        };
        let leaves = tree.choose(number, bundle, &expected, problems);
        if is_full {
            roots.push((!leaves.is_empty()).then(|| root(&leaves)));
        }
        tree.leaves.push(leaves);
    }
    tree.check_levels(source, roots, problems);
    tree
}

/// What the right ones of two sets of hashes add up to.
enum Expected<'a> {
    /// The hash that the tile above has for them.
    Subtree(Option<Hash>),
    /// The signed root, after the subtrees in front of them.
    Whole(&'a [Option<Hash>], &'a Hash),
}

impl Expected<'_> {
    fn is_met_by(&self, hashes: &[Hash]) -> bool {
        match self {
            Expected::Subtree(expected) => *expected == Some(root(hashes)),
            Expected::Whole(before, signed) => {
                let mut frontier = Frontier::default();
                for subtree in *before {
                    let Some(subtree) = subtree else { return false };
                    frontier.push(FULL, *subtree);
                }
                frontier.root_with(hashes) == **signed
            }
        }
    }
}

impl Tree {
    /// The hashes that count where bundle and tile differ or one is missing.
    fn choose(
        &mut self,
        number: u64,
        bundle: Bundle,
        expected: &Expected<'_>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Hash> {
        let width = width(0, number, self.size);
        let (first, last) = (number * FULL, number * FULL + width - 1);
        let place = Place::Bundle { number, width }.path();
        match (bundle.computed, bundle.stored) {
            (Some(computed), None) => computed,
            (None, stored) => {
                self.damaged.push(number);
                stored.unwrap_or_default()
            }
            (Some(computed), Some(stored)) if expected.is_met_by(&stored) => {
                self.damaged.push(number);
                let changed: Vec<String> = (first..)
                    .zip(computed.iter().zip(&stored))
                    .filter(|(_, (computed, stored))| computed != stored)
                    .map(|(index, _)| index.to_string())
                    .collect();
                let what = format!(
                    "of records {first} to {last}, these are not what was recorded: {}",
                    changed.join(", ")
                );
                problems.push(Problem::new(ProblemKind::Bundle, place, what));
                stored
            }
            (Some(computed), Some(_)) => {
                let tile = Place::Tile {
                    level: 0,
                    number,
                    width,
                };
                let what = if expected.is_met_by(&computed) {
                    "it is damaged; the records are as they were".to_owned()
                } else {
                    self.damaged.push(number);
                    format!("neither it nor records {first} to {last} are what the log was")
                };
                problems.push(Problem::new(ProblemKind::Tile, tile.path(), what));
                computed
            }
        }
    }

    fn check_levels(
        &mut self,
        source: &dyn Source,
        roots: Vec<Option<Hash>>,
        problems: &mut Vec<Problem>,
    ) {
        let mut hashes = roots;
        let mut level = 1;
        while !hashes.is_empty() {
            let mut above = Vec::new();
            for (number, computed) in (0..).zip(hashes.chunks_mut(WIDTH)) {
                let width = computed.len() as u64;
                let stored = read_tile(source, level, number, width, problems).unwrap_or_default();
                let mut is_damaged = false;
                for (place, computed) in computed.iter_mut().enumerate() {
                    let stored = stored.get(place).copied();
                    is_damaged |= stored.is_some() && computed.is_some() && stored != *computed;
                    *computed = computed.or(stored);
                }
                if is_damaged {
                    let place = Place::Tile {
                        level,
                        number,
                        width,
                    };
                    problems.push(Problem::new(
                        ProblemKind::Tile,
                        place.path(),
                        "its hashes are not those of the tiles below it",
                    ));
                }
                if width == FULL {
                    let all: Option<Vec<Hash>> = computed.iter().copied().collect();
                    above.push(all.as_deref().map(root));
                }
            }
            self.levels.push(hashes);
            hashes = above;
            level += 1;
        }
    }

    /// The root of the first `size` records, for each of these sizes, which rise; none where the
    /// tree has holes.
    pub(crate) fn roots(&self, sizes: &[u64]) -> Vec<Option<Hash>> {
        let mut frontier = Some(Frontier::default());
        let mut pushed = 0;
        let mut roots = Vec::with_capacity(sizes.len());
        let subtrees = self.levels.first().map_or(&[][..], Vec::as_slice);
        for size in sizes {
            let (full, rest) = (size / FULL, size % FULL);
            for number in pushed..full {
                let subtree = get(subtrees, number).copied().flatten();
                frontier = frontier.zip(subtree).map(|(mut frontier, subtree)| {
                    frontier.push(FULL, subtree);
                    frontier
                });
            }
            pushed = full;
            let rest = usize::try_from(rest).unwrap_or(WIDTH);
            let hashes = match rest {
                0 => Some(&[][..]),
                _ => get(&self.leaves, full).and_then(|leaves| leaves.get(..rest)),
            };
            roots.push(
                frontier
                    .as_ref()
                    .zip(hashes)
                    .map(|(frontier, hashes)| frontier.root_with(hashes)),
            );
        }
        roots
    }

    /// Whether these are the first hashes of the tile.
    pub(crate) fn tile_begins_with(&self, level: u8, number: u64, hashes: &[Hash]) -> bool {
        if level == 0 {
            return get(&self.leaves, number).is_some_and(|leaves| leaves.starts_with(hashes));
        }
        let start = usize::try_from(number).map_or(usize::MAX, |number| number * WIDTH);
        let known = self
            .levels
            .get(usize::from(level) - 1)
            .and_then(|level| level.get(start..start + hashes.len()));
        known.is_some_and(|known| {
            known
                .iter()
                .zip(hashes)
                .all(|(known, hash)| *known == Some(*hash))
        })
    }

    /// The ranges of records that are not in damaged bundles, first and last of each.
    pub(crate) fn intact(&self, size: u64) -> Vec<(u64, u64)> {
        let mut ranges = Vec::new();
        let mut start = 0;
        for number in self.damaged.iter().chain([&(size.div_ceil(FULL))]) {
            let end = (number * FULL).min(size);
            if start < end {
                ranges.push((start, end - 1));
            }
            start = (number + 1) * FULL;
        }
        ranges
    }
}

fn get<T>(items: &[T], place: u64) -> Option<&T> {
    items.get(usize::try_from(place).ok()?)
}

/// Level 1's tiles, one at a time: what they say of the tiles below them.
struct Parents<'a> {
    source: &'a dyn Source,
    size: u64,
    tile: Option<(u64, Vec<Hash>)>,
}

impl Parents<'_> {
    fn of(&mut self, number: u64) -> Option<Hash> {
        let parent = number / FULL;
        if self.tile.as_ref().is_none_or(|(known, _)| *known != parent) {
            let width = width(1, parent, self.size);
            // Its problems are found when its level is checked.
            let hashes = read_tile(self.source, 1, parent, width, &mut Vec::new());
            self.tile = Some((parent, hashes.unwrap_or_default()));
        }
        let (_, hashes) = self.tile.as_ref()?;
        get(hashes, number % FULL).copied()
    }
}
