//! The numeric ranges of one field, by the numbers that they contain.

use crate::pattern::{Comparable, Range};

use super::values::Hit;

/// An interval tree laid into an array that is sorted by the lower bounds.
#[derive(Debug, Default)]
pub(super) struct Ranges {
    /// With each range: the highest upper bound in the part of the array that it is the middle of.
    ranges: Vec<(Range, Hit, f64)>,
}

impl Ranges {
    pub(super) fn build(mut ranges: Vec<(Range, Hit)>) -> Ranges {
        ranges.sort_by(|(a, _), (b, _)| a.bottom.at.value().total_cmp(&b.bottom.at.value()));
        let mut ranges: Vec<_> = ranges
            .into_iter()
            .map(|(range, hit)| (range, hit, f64::NEG_INFINITY))
            .collect();
        highest(&mut ranges);
        Ranges { ranges }
    }

    pub(super) fn find(&self, number: Comparable, found: &mut impl FnMut(Hit)) {
        find(&self.ranges, number, found);
    }
}

fn highest(part: &mut [(Range, Hit, f64)]) -> f64 {
    let middle = part.len() / 2;
    let (left, right) = part.split_at_mut(middle);
    let Some(((range, _, top), right)) = right.split_first_mut() else {
        return f64::NEG_INFINITY;
    };
    *top = range.top.at.value().max(highest(left)).max(highest(right));
    *top
}

fn find(part: &[(Range, Hit, f64)], number: Comparable, found: &mut impl FnMut(Hit)) {
    let (left, right) = part.split_at(part.len() / 2);
    let Some(((range, hit, top), right)) = right.split_first() else {
        return;
    };
    if *top < number.value() {
        return;
    }
    find(left, number, found);
    if range.bottom.at.value() <= number.value() {
        if range.contains(number) {
            found(*hit);
        }
        find(right, number, found);
    }
}
