//! How a terminal is written to.

use std::io::IsTerminal;

/// What a terminal shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Columns.
    pub(crate) width: usize,
    pub(crate) has_colour: bool,
}

/// Widths that need no terminal: a file, a pipe.
const PLAIN_WIDTH: usize = 120;

impl Look {
    /// For text that no terminal shows.
    pub(crate) const PLAIN: Look = Look {
        width: PLAIN_WIDTH,
        has_colour: false,
    };

    /// For the standard output. <https://no-color.org>
    pub(crate) fn of_stdout() -> Look {
        let stdout = std::io::stdout();
        if !stdout.is_terminal() {
            return Look::PLAIN;
        }
        let width = terminal_size::terminal_size_of(&stdout)
            .map_or(PLAIN_WIDTH, |(width, _)| usize::from(width.0));
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Look {
            width: width.max(40),
            has_colour: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && !is_dumb,
        }
    }

    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if !self.has_colour {
            return text.to_owned();
        }
        let code = match style {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Good => "32",
            Style::Warning => "33",
            Style::Bad => "31",
            Style::Worst => "1;31",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// The text in lines of the terminal's width, all but the first indented.
    pub(crate) fn wrapped(self, text: &str, indent: usize) -> String {
        let width = self.width.saturating_sub(indent).max(20);
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split(' ') {
            let is_full =
                !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width;
            if is_full {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
        lines.join(&format!("\n{}", " ".repeat(indent)))
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Style {
    Bold,
    Dim,
    Good,
    Warning,
    Bad,
    Worst,
}

/// Text from the input, with what could steer a terminal replaced: a resource's name is its
/// owner's, who may be an attacker.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| if steers(letter) { '\u{fffd}' } else { letter })
        .collect()
}

/// Control characters, and those that turn the direction of text around (UTS 55).
pub(crate) fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(
            plain("a\u{1b}[31m\nb\u{202e}c"),
            "a\u{fffd}[31m\u{fffd}b\u{fffd}c"
        );
    }

    #[test]
    fn long_text_is_wrapped_at_words() {
        let look = Look {
            width: 30,
            has_colour: false,
        };
        assert_eq!(
            look.wrapped("one two three four five six seven", 4),
            "one two three four five\n    six seven"
        );
    }
}
