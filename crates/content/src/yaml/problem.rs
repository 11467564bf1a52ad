//! What is wrong with a text that a user wrote, and where.

use std::fmt;

/// A place in a text, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// A mistake in a text that a user wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What was seen, and what to do.
    pub message: String,
}

/// Names are shorter: comparing a longer text with all of them would take long, and tell nothing.
const LONGEST: usize = 128;

impl Problem {
    /// A mistake at a place.
    pub fn new(place: Place, message: impl Into<String>) -> Problem {
        Problem {
            place,
            message: message.into(),
        }
    }

    /// A name that isn't one, with the nearest that is.
    pub fn unknown<'n>(
        place: Place,
        what: &str,
        seen: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Problem {
        if seen.chars().count() > LONGEST {
            let begin: String = seen.chars().take(LONGEST).collect();
            return Problem::new(place, format!("{what} {begin:?}…"));
        }
        let nearest = known
            .into_iter()
            // One that is so much longer or shorter is no slip of the keys.
            .filter(|name| name.len().abs_diff(seen.len()) <= seen.len() / 2)
            .map(|name| (strsim::damerau_levenshtein(&fold(name), &fold(seen)), name))
            .min();
        let hint = match nearest {
            Some((distance, name)) if distance <= seen.len() / 2 => {
                format!("; did you mean {name}?")
            }
            _ => String::new(),
        };
        Problem::new(place, format!("{what} {seen:?}{hint}"))
    }
}

fn fold(name: &str) -> String {
    name.to_ascii_lowercase().replace('-', "_")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}",
            self.place.line, self.place.column, self.message
        )
    }
}

impl std::error::Error for Problem {}
