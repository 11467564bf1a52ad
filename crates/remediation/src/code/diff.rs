//! The unified diff of two texts.

use std::fmt::Write as _;

/// Lines around a change.
const CONTEXT: usize = 3;

/// A changed region with more pairs of lines is given as a whole.
const PAIRS: usize = 4_000_000;

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Kept,
    Gone,
    New,
}

/// The unified diff of a file, with `a/` and `b/` before its path, as git has them.
pub(super) fn unified(path: &str, before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        before.split_inclusive('\n').collect(),
        after.split_inclusive('\n').collect(),
    );
    let lines = lines(&old, &new);
    let mut out = format!("--- a/{path}\n+++ b/{path}\n");
    let mut at = 0;
    while let Some(first) = (at..lines.len()).find(|place| is_change(&lines, *place)) {
        let start = first.saturating_sub(CONTEXT).max(at);
        let mut end = first;
        let mut next = first;
        // Changes with few lines between them are one hunk.
        while next < lines.len() && next <= end + 2 * CONTEXT {
            if is_change(&lines, next) {
                end = next;
            }
            next += 1;
        }
        let stop = (end + 1 + CONTEXT).min(lines.len());
        hunk(&lines, start, stop, &mut out);
        at = stop;
    }
    out
}

fn is_change(lines: &[(Kind, &str)], place: usize) -> bool {
    lines
        .get(place)
        .is_some_and(|(kind, _)| *kind != Kind::Kept)
}

fn hunk(lines: &[(Kind, &str)], start: usize, stop: usize, out: &mut String) {
    let count = |from: usize, to: usize, other: Kind| {
        let part = lines.get(from..to).unwrap_or_default();
        part.iter().filter(|(kind, _)| *kind != other).count()
    };
    let (old, new) = (
        count(start, stop, Kind::New),
        count(start, stop, Kind::Gone),
    );
    // Of nothing, the line before it is given.
    let old_at = count(0, start, Kind::New) + usize::from(old > 0);
    let new_at = count(0, start, Kind::Gone) + usize::from(new > 0);
    let written = writeln!(out, "@@ -{old_at},{old} +{new_at},{new} @@");
    debug_assert!(written.is_ok());
    for (kind, line) in lines.get(start..stop).unwrap_or_default() {
        out.push(match kind {
            Kind::Kept => ' ',
            Kind::Gone => '-',
            Kind::New => '+',
        });
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// All lines of both texts, in order.
fn lines<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Kind, &'t str)> {
    let same = |(one, other): &(&&str, &&str)| one == other;
    let head = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (tail(old, head), tail(new, head));
    let end = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(same)
        .count();
    let old_middle = old_rest.get(..old_rest.len() - end).unwrap_or_default();
    let new_middle = new_rest.get(..new_rest.len() - end).unwrap_or_default();
    let mut all: Vec<(Kind, &str)> = Vec::new();
    all.extend(old.iter().take(head).map(|line| (Kind::Kept, *line)));
    all.extend(middle(old_middle, new_middle));
    all.extend(
        tail(old, old.len() - end)
            .iter()
            .map(|line| (Kind::Kept, *line)),
    );
    all
}

fn tail<'a, 't>(lines: &'a [&'t str], from: usize) -> &'a [&'t str] {
    lines.get(from..).unwrap_or_default()
}

/// By the longest common subsequence.
fn middle<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Kind, &'t str)> {
    let gone = old.iter().map(|line| (Kind::Gone, *line));
    let come = new.iter().map(|line| (Kind::New, *line));
    if old.len() * new.len() > PAIRS {
        return gone.chain(come).collect();
    }
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    let of = |table: &[u32], one: usize, other: usize| {
        table.get(one * width + other).copied().unwrap_or_default()
    };
    for (one, line) in old.iter().enumerate().rev() {
        for (other, candidate) in new.iter().enumerate().rev() {
            let best = if line == candidate {
                of(&longest, one + 1, other + 1) + 1
            } else {
                of(&longest, one + 1, other).max(of(&longest, one, other + 1))
            };
            if let Some(cell) = longest.get_mut(one * width + other) {
                *cell = best;
            }
        }
    }
    let (mut one, mut other, mut all) = (0, 0, Vec::new());
    while let (Some(line), Some(candidate)) = (old.get(one), new.get(other)) {
        if line == candidate {
            all.push((Kind::Kept, *line));
            (one, other) = (one + 1, other + 1);
        } else if of(&longest, one + 1, other) >= of(&longest, one, other + 1) {
            all.push((Kind::Gone, *line));
            one += 1;
        } else {
            all.push((Kind::New, *candidate));
            other += 1;
        }
    }
    all.extend(tail(old, one).iter().map(|line| (Kind::Gone, *line)));
    all.extend(tail(new, other).iter().map(|line| (Kind::New, *line)));
    all
}
