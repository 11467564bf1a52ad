//! YAML written for people: block mappings, lists in one line where they fit, texts without quotes
//! where YAML (1.1 or 1.2) reads them back as the same text.

/// The width that lists and texts are folded at.
const WIDTH: usize = 110;

/// A tree to write. Mappings keep their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Text(String),
    /// Texts in brackets, folded.
    Flow(Vec<String>),
    Block(Vec<Node>),
    Mapping(Vec<(&'static str, Node)>),
}

/// The document, ending in a line feed.
pub(crate) fn write(root: &Node) -> String {
    let mut out = String::new();
    node(root, 0, &mut out);
    out
}

fn node(value: &Node, indent: usize, out: &mut String) {
    match value {
        Node::Text(text) => {
            push_indent(indent, out);
            out.push_str(&scalar(text, false));
            out.push('\n');
        }
        Node::Flow(texts) => {
            push_indent(indent, out);
            flow(texts, indent + 2, indent, out);
        }
        Node::Block(elements) => {
            for element in elements {
                let mut inner = String::new();
                node(element, indent + 2, &mut inner);
                push_indent(indent, out);
                out.push_str("- ");
                out.push_str(inner.trim_start_matches(' '));
            }
        }
        Node::Mapping(members) => {
            for (name, member) in members {
                push_indent(indent, out);
                out.push_str(name);
                out.push(':');
                match member {
                    Node::Text(text) => {
                        out.push(' ');
                        out.push_str(&scalar(text, false));
                        out.push('\n');
                    }
                    Node::Flow(texts) => {
                        out.push(' ');
                        flow(texts, indent + 2, indent + name.len() + 2, out);
                    }
                    Node::Block(elements) if elements.is_empty() => out.push_str(" []\n"),
                    Node::Block(_) | Node::Mapping(_) => {
                        out.push('\n');
                        node(member, indent + 2, out);
                    }
                }
            }
        }
    }
}

fn push_indent(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn flow(texts: &[String], indent: usize, mut column: usize, out: &mut String) {
    out.push('[');
    column += 1;
    for (index, text) in texts.iter().enumerate() {
        let text = scalar(text, true);
        let length = text.chars().count() + 2;
        if index > 0 {
            out.push(',');
            if column + length > WIDTH {
                out.push('\n');
                push_indent(indent, out);
                column = indent;
            } else {
                out.push(' ');
            }
        }
        column += length;
        out.push_str(&text);
    }
    out.push_str("]\n");
}

/// The text as a scalar on one line.
fn scalar(text: &str, is_in_flow: bool) -> String {
    if is_plain(text, is_in_flow) {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter if is_unprintable(letter) => quoted.push_str(&escaped(letter)),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn escaped(letter: char) -> String {
    format!("\\U{:08X}", u32::from(letter))
}

/// Not in YAML's printable set, or a line break of its (YAML 1.2.2, productions 1 and 26-28).
fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

fn is_plain(text: &str, is_in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let starts_well = first.is_alphanumeric() || matches!(first, '(' | '/' | '_' | '.');
    let ends_well = !text.ends_with([' ', ':']);
    let is_safe =
        |letter: char| !(is_unprintable(letter) || is_in_flow && "[]{},".contains(letter));
    starts_well
        && ends_well
        && text.chars().all(is_safe)
        && !text.contains(": ")
        && !text.contains(" #")
        && !(is_in_flow && text.contains(':'))
        && !reads_as_another_type(text)
}

/// A number, a time, a truth value or nothing to some reader of YAML 1.1 or 1.2.
fn reads_as_another_type(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    const NUMBER: &str = "0123456789abcdefABCDEFxo._-+:";
    let starts_as_number =
        text.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.');
    WORDS.contains(&text.to_ascii_lowercase().as_str())
        || starts_as_number && text.chars().all(|letter| NUMBER.contains(letter))
}

#[cfg(test)]
mod tests {
    use super::super::read::{Kind, read};
    use super::*;

    #[test]
    fn any_text_reads_back_as_itself() {
        for text in [
            "",
            " ",
            "a",
            "a ",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "- a",
            "[a]",
            "{a}",
            "a, b",
            "'a'",
            "\"a\"",
            "1.10",
            "true",
            "No",
            "null",
            "~",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "a\nb",
            "a\\b",
            "é",
            "\u{1b}[2J",
            "\u{feff}",
            "164.308(a)(1)(i)",
            "2017",
            "0x1F",
            "1e3",
            "A.5.1",
            "\u{2028}",
            "|",
            ">",
            "?",
            "a\tb",
            "---",
            "...",
        ] {
            let written = write(&Node::Mapping(vec![
                ("a", Node::Text(text.to_owned())),
                ("b", Node::Flow(vec![text.to_owned(), "x".to_owned()])),
                (
                    "c",
                    Node::Block(vec![Node::Mapping(vec![(
                        "d",
                        Node::Text(text.to_owned()),
                    )])]),
                ),
            ]));
            let back = read(&written).unwrap();
            assert_eq!(back.get("a").unwrap().text(), Some(text), "{written}");
            let Kind::Sequence(list) = &back.get("b").unwrap().kind else {
                panic!("{written}")
            };
            assert_eq!(list[0].text(), Some(text), "{written}");
            let Kind::Sequence(block) = &back.get("c").unwrap().kind else {
                panic!("{written}")
            };
            assert_eq!(block[0].get("d").unwrap().text(), Some(text), "{written}");
        }
    }

    #[test]
    fn long_lists_are_folded() {
        let names: Vec<String> = (0..40).map(|n| format!("a-rule-with-a-name-{n}")).collect();
        let written = write(&Node::Mapping(vec![("rules", Node::Flow(names.clone()))]));
        assert!(
            written
                .lines()
                .all(|line| line.chars().count() <= WIDTH + 1),
            "{written}"
        );
        let back = read(&written).unwrap();
        let Kind::Sequence(list) = &back.get("rules").unwrap().kind else {
            panic!("{written}")
        };
        assert_eq!(list.len(), names.len());
    }
}
