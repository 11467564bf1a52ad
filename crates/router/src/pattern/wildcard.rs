//! `wildcard`: `*` stands for any characters, also none; `\*` and `\\` for themselves
//! (`WildcardParser.java`).

use memchr::memmem;

/// A parsed wildcard text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Wildcard {
    /// The literal texts between the `*`; one more than there are `*`.
    pieces: Vec<String>,
}

impl Wildcard {
    /// # Errors
    /// In event-ruler's words. Positions count the quote before the text, as event-ruler's do.
    pub(crate) fn parse(text: &str) -> Result<Wildcard, String> {
        let mut pieces = vec![String::new()];
        let mut characters = text.char_indices().peekable();
        while let Some((offset, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            let literal = match (character, next) {
                ('*', Some('*')) => {
                    return Err(format!(
                        "Consecutive wildcard characters at pos {}",
                        offset + 1
                    ));
                }
                ('*', _) => {
                    pieces.push(String::new());
                    continue;
                }
                ('\\', Some(escaped @ ('*' | '\\'))) => {
                    characters.next();
                    escaped
                }
                ('\\', _) => return Err(format!("Invalid escape character at pos {}", offset + 1)),
                (literal, _) => literal,
            };
            if let Some(piece) = pieces.last_mut() {
                piece.push(literal);
            }
        }
        Ok(Wildcard { pieces })
    }

    pub(crate) fn pieces(&self) -> &[String] {
        &self.pieces
    }

    /// How many places of the text a worst value can be at together: each `*` that was reached stays
    /// reached, and after it the text that follows can have begun as often as it repeats itself.
    /// The measure of event-ruler's `MachineComplexityEvaluator`, for one text.
    pub(crate) fn complexity(&self) -> usize {
        self.pieces
            .iter()
            .skip(1)
            .map(|piece| 1 + deepest_border(piece.as_bytes()))
            .sum()
    }

    pub(crate) fn accepts(&self, value: &str) -> bool {
        let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) else {
            return false;
        };
        if self.pieces.len() == 1 {
            return value == first;
        }
        let Some(mut rest) = value
            .strip_prefix(first.as_str())
            .and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        // The leftmost place of each piece leaves the most for those after it.
        for piece in self.pieces.iter().skip(1).take(self.pieces.len() - 2) {
            let found = memmem::find(rest.as_bytes(), piece.as_bytes());
            match found.and_then(|at| rest.get(at + piece.len()..)) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        true
    }
}

/// Of all beginnings of `text`: the most that one of them has of beginnings which are also its ends,
/// itself counted.
fn deepest_border(text: &[u8]) -> usize {
    let mut borders = vec![0_usize];
    let mut depths = vec![0_usize];
    for (index, byte) in text.iter().enumerate() {
        let mut border = if index == 0 {
            None
        } else {
            borders.get(index).copied()
        };
        while let Some(length) = border {
            if text.get(length) == Some(byte) {
                break;
            }
            border = if length == 0 {
                None
            } else {
                borders.get(length).copied()
            };
        }
        let border = border.map_or(0, |length| length + 1);
        borders.push(border);
        depths.push(depths.get(border).map_or(1, |depth| depth + 1));
    }
    depths.into_iter().max().unwrap_or(0)
}
