//! The versions of one resource, and what a further observation adds to them.

use crate::record::observation::Hash;

/// A version: from a time on, the resource was this, or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) valid_from: i64,
    pub(crate) recorded_at: i64,
    pub(crate) version: i64,
    pub(crate) hash: Option<Hash>,
}

impl Point {
    /// Of two versions of one time, the one that was recorded later counts.
    pub(crate) fn order(&self) -> (i64, i64, i64) {
        (self.valid_from, self.recorded_at, self.version)
    }
}

/// Versions of one resource by time: all, or the newest alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    points: Vec<Point>,
    is_whole: bool,
}

impl History {
    /// Of a resource that nobody has seen.
    pub(crate) fn new() -> History {
        History {
            points: Vec::new(),
            is_whole: true,
        }
    }

    /// Of which the newest version alone is known.
    pub(crate) fn of_head(head: Point) -> History {
        History {
            points: vec![head],
            is_whole: false,
        }
    }

    /// All of a resource's versions.
    pub(crate) fn whole(mut points: Vec<Point>) -> History {
        points.sort_by_key(Point::order);
        History {
            points,
            is_whole: true,
        }
    }

    pub(crate) fn head(&self) -> Option<&Point> {
        self.points.last()
    }

    /// Whether what is known here is too little to say if an observation is news: it falls before
    /// the newest version, or says something else of the same time, which an older version may
    /// have said already.
    pub(crate) fn needs_more(&self, valid_from: i64, hash: Option<Hash>) -> bool {
        let is_beyond = |head: &Point| {
            valid_from < head.valid_from || (valid_from == head.valid_from && hash != head.hash)
        };
        !self.is_whole && self.head().is_some_and(is_beyond)
    }

    /// What the resource was at a time.
    pub(crate) fn at(&self, time: i64) -> Option<&Point> {
        self.points
            .iter()
            .rev()
            .find(|point| point.valid_from <= time)
    }

    /// When the next version after a time begins.
    pub(crate) fn next_after(&self, time: i64) -> Option<i64> {
        self.points
            .iter()
            .map(|point| point.valid_from)
            .find(|valid_from| *valid_from > time)
    }

    /// Whether this observation is news: the resource was something else then, or the observation
    /// is a moment of its own that may be the end of something which is delivered later; and nobody
    /// has said this of this time before.
    pub(crate) fn is_news(&self, valid_from: i64, hash: Option<Hash>, is_moment: bool) -> bool {
        let was = self.at(valid_from).and_then(|point| point.hash);
        let is_known = self
            .points
            .iter()
            .any(|point| point.valid_from == valid_from && point.hash == hash);
        (is_moment || was != hash) && !is_known
    }

    pub(crate) fn add(&mut self, point: Point) {
        let place = self
            .points
            .partition_point(|known| known.order() <= point.order());
        self.points.insert(place, point);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(valid_from: i64, letter: u8) -> Point {
        Point {
            valid_from,
            recorded_at: 0,
            version: valid_from,
            hash: (letter != b'-').then_some([letter; 32]),
        }
    }

    fn history() -> History {
        History::whole(vec![point(30, b'B'), point(10, b'A'), point(40, b'-')])
    }

    #[test]
    fn what_is_already_so_is_no_news() {
        for (time, letter, news) in [
            (10, b'A', false),
            (20, b'A', false),
            (20, b'B', true),
            (35, b'B', false),
            (40, b'-', false),
            (50, b'-', false),
            (5, b'-', false),
            (5, b'A', true),
        ] {
            let hash = point(0, letter).hash;
            assert_eq!(
                history().is_news(time, hash, false),
                news,
                "{time} {letter}"
            );
        }
    }

    #[test]
    fn a_moment_of_its_own_is_news_once() {
        let hash = point(0, b'A').hash;
        assert!(history().is_news(20, hash, true));
        assert!(!history().is_news(10, hash, true));
        assert!(!history().is_news(40, None, true));
    }

    #[test]
    fn only_what_the_head_does_not_answer_needs_more() {
        let head = History::of_head(point(30, b'B'));
        let hash = |letter| point(0, letter).hash;
        assert!(head.needs_more(29, hash(b'B')));
        assert!(head.needs_more(30, hash(b'A')));
        assert!(!head.needs_more(30, hash(b'B')));
        assert!(!head.needs_more(31, hash(b'A')));
        assert!(!history().needs_more(5, hash(b'A')));
    }
}
