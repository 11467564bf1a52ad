//! Text as OSCAL takes it: its strings have no blank at their ends, and its prose is Markdown.

use crate::pages::inert;

/// A value of OSCAL's `StringDatatype`: one line, no blank at its ends; none where nothing is left.
pub(crate) fn value(text: &str) -> Option<String> {
    let line: String = inert(text)
        .chars()
        .map(|letter| match letter {
            '\n' => ' ',
            '\u{2028}' | '\u{2029}' => '\u{fffd}',
            letter => letter,
        })
        .collect();
    let blank = |letter: char| letter.is_whitespace() || letter == '\u{feff}';
    let line = line.trim_matches(blank);
    (!line.is_empty()).then(|| line.to_owned())
}

/// Somebody else's words as Markdown that shows them as they are, on one line.
pub(crate) fn markup(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    for letter in value(text).unwrap_or_default().chars() {
        // CommonMark 2.4: any of these after a backslash is itself.
        if "\\`*_{}[]<>()#+!|&~$\"^".contains(letter) {
            prose.push('\\');
        }
        prose.push(letter);
    }
    prose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_line_and_steers_nothing() {
        assert_eq!(
            value(" a\nb\t\u{2028}\u{feff} "),
            Some("a b\u{fffd}\u{fffd}".to_owned())
        );
        assert_eq!(value(" \n"), None);
        assert_eq!(value("\u{202e}x").as_deref(), Some("\u{fffd}x"));
    }

    #[test]
    fn markup_of_somebody_else_s_is_shown_and_not_obeyed() {
        assert_eq!(
            markup("<b>[x](javascript:y)</b>"),
            r"\<b\>\[x\]\(javascript:y\)\</b\>"
        );
    }
}
