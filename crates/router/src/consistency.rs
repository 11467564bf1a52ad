//! Array consistency: the values that satisfy a sub-rule together must not lie in different elements
//! of one array (event-ruler's README, "JSON Array Matching").
//!
//! As in event-ruler, fields are taken in the order of their names, each choosing a value that agrees
//! with the elements chosen before; `exists: false` holds where no value agrees with them. What was
//! chosen in arrays that no later field is in is forgotten, and a choice is tried once, so that the
//! work is bounded by fields times array elements, not by their combinations.

use hashbrown::{HashMap, HashSet};

use crate::fields::{Fields, PathId, Place};
use crate::pattern::Condition;

/// (array, element) pairs in the order of the arrays, which is outermost first.
type Elements = Vec<(u32, u32)>;

/// Whether an event's fields satisfy all that is asked, together. `asked` is in the order of names.
pub(crate) fn holds(fields: &Fields<'_>, asked: &[(PathId, &Condition)]) -> bool {
    let on_its_own = asked
        .iter()
        .all(|(path, condition)| satisfied(fields, *path, condition));
    let placed = fields.has_places()
        && asked.iter().any(|(path, _)| {
            fields
                .values(*path)
                .any(|value| value.place != Place::NOWHERE)
        });
    if placed {
        return Search::new(fields, asked).from(0, &[]);
    }
    on_its_own
}

/// Whether a field holds, wherever its value is.
pub(crate) fn satisfied(fields: &Fields<'_>, path: PathId, condition: &Condition) -> bool {
    let mut values = fields.values(path).peekable();
    if values.peek().is_none() {
        return condition.accepts_absence();
    }
    values.any(|value| condition.accepts(value.scalar))
}

/// What a field can choose from.
struct Choices {
    accepted: Vec<Elements>,
    /// All of its values, where it may be missing.
    unless: Option<Vec<Elements>>,
}

struct Search {
    choices: Vec<Choices>,
    /// The last field that has a value in this array.
    last_use: HashMap<u32, usize>,
    tried: HashSet<(usize, Elements)>,
}

impl Search {
    fn new(fields: &Fields<'_>, asked: &[(PathId, &Condition)]) -> Search {
        let mut last_use = HashMap::new();
        let mut choices = Vec::with_capacity(asked.len());
        for (index, (path, condition)) in asked.iter().enumerate() {
            let mut accepted = Vec::new();
            let mut all = Vec::new();
            for value in fields.values(*path) {
                let elements = fields.elements(value.place);
                for (array, _) in &elements {
                    last_use.insert(*array, index);
                }
                if condition.accepts(value.scalar) {
                    accepted.push(elements.clone());
                }
                all.push(elements);
            }
            choices.push(Choices {
                accepted: sorted(accepted),
                unless: condition.accepts_absence().then(|| sorted(all)),
            });
        }
        Search {
            choices,
            last_use,
            tried: HashSet::new(),
        }
    }

    fn from(&mut self, index: usize, chosen: &[(u32, u32)]) -> bool {
        let Some(choices) = self.choices.get(index) else {
            return true;
        };
        let is_absent = choices
            .unless
            .as_ref()
            .is_some_and(|all| !agreeing(all, 0, chosen, &mut |_| true));
        let mut next = Vec::new();
        let keep = |array: u32| self.last_use.get(&array).is_some_and(|last| *last > index);
        let tried = &mut self.tried;
        if is_absent {
            next.push(merged(chosen, &[], keep));
        }
        agreeing(&choices.accepted, 0, chosen, &mut |elements| {
            let merged = merged(chosen, elements, keep);
            if tried.insert((index + 1, merged.clone())) {
                next.push(merged);
            }
            false
        });
        next.iter().any(|chosen| self.from(index + 1, chosen))
    }
}

fn sorted(mut list: Vec<Elements>) -> Vec<Elements> {
    list.sort_unstable();
    list.dedup();
    list
}

/// Both, without the arrays that are not to be kept.
fn merged(chosen: &[(u32, u32)], more: &[(u32, u32)], keep: impl Fn(u32) -> bool) -> Elements {
    let mut both: Elements = chosen
        .iter()
        .chain(more)
        .copied()
        .filter(|(array, _)| keep(*array))
        .collect();
    both.sort_unstable();
    both.dedup();
    both
}

/// Shows `visit` each member of a sorted list that is in no other element of an array than chosen,
/// until it says true; whether it did. The first `depth` pairs of all members are the same.
fn agreeing(
    list: &[Elements],
    depth: usize,
    chosen: &[(u32, u32)],
    visit: &mut impl FnMut(&[(u32, u32)]) -> bool,
) -> bool {
    let mut rest = list;
    while let Some(first) = rest.first() {
        let Some(pair @ (array, _)) = first.get(depth).copied() else {
            if visit(first) {
                return true;
            }
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        let element = chosen.iter().find(|(chosen, _)| *chosen == array);
        let wanted = element.copied().unwrap_or(pair);
        let start = rest.partition_point(|member| member.get(depth) < Some(&wanted));
        let end = rest.partition_point(|member| member.get(depth) <= Some(&wanted));
        let same = rest.get(start..end).unwrap_or_default();
        if agreeing(same, depth + 1, chosen, visit) {
            return true;
        }
        let after = match element {
            // The other elements of this array do not agree.
            Some(_) => rest.partition_point(|member| {
                member.get(depth).is_none_or(|(other, _)| *other <= array)
            }),
            None => end,
        };
        rest = rest.get(after..).unwrap_or_default();
    }
    false
}
