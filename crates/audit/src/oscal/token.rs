//! Control ids as OSCAL's tokens, and back.
//!
//! A token begins with a letter or `_`, and goes on in letters, digits, `.`, `-` and `_`. Of an id,
//! ASCII letters, digits, `.` and `-` stay; any other character becomes `_HEX_`. Where that begins
//! otherwise than with a letter, the framework's name and `_` come first: `cis-aws-v5.0_1.4`.

use posture_content::frameworks::Framework;

/// The token of a control's id.
pub(crate) fn control(framework: &Framework, id: &str) -> String {
    token(&prefix(&framework.name), id)
}

/// The token of what a control's findings are about.
pub(crate) fn objective(framework: &Framework, id: &str) -> String {
    format!("{}_obj", control(framework, id))
}

fn prefix(framework: &str) -> String {
    let name = escaped(framework);
    let is_letter = name.starts_with(|first: char| first.is_ascii_alphabetic());
    format!("{}_", if is_letter { &name } else { "framework" })
}

fn token(prefix: &str, id: &str) -> String {
    let escaped = escaped(id);
    let is_letter = escaped.starts_with(|first: char| first.is_ascii_alphabetic());
    if is_letter && !escaped.starts_with(prefix) {
        escaped
    } else {
        format!("{prefix}{escaped}")
    }
}

fn escaped(id: &str) -> String {
    let mut token = String::with_capacity(id.len());
    for letter in id.chars() {
        if letter.is_ascii_alphanumeric() || letter == '.' || letter == '-' {
            token.push(letter);
        } else {
            token.extend(["_", &format!("{:x}", u32::from(letter)), "_"]);
        }
    }
    token
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use posture_content::frameworks::embedded;

    use super::*;

    /// The way back, as a reader has to go it.
    fn id(prefix: &str, token: &str) -> String {
        let mut id = String::new();
        let rest = token.strip_prefix(prefix).unwrap_or(token);
        for (place, part) in rest.split('_').enumerate() {
            if place % 2 == 0 {
                id.push_str(part);
            } else {
                let value = u32::from_str_radix(part, 16).unwrap();
                id.push(char::from_u32(value).unwrap());
            }
        }
        id
    }

    fn is_token(text: &str) -> bool {
        let mut letters = text.chars();
        letters
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_alphanumeric() || ".-_".contains(letter))
    }

    #[test]
    fn every_id_of_every_framework_is_a_token_of_its_own_and_comes_back() {
        for framework in embedded().unwrap() {
            let mut tokens = BTreeMap::new();
            for one in &framework.controls {
                let token = control(framework, &one.id);
                assert!(is_token(&token), "{token}");
                assert_eq!(id(&prefix(&framework.name), &token), one.id);
                assert_eq!(tokens.insert(token, &one.id), None);
            }
        }
    }

    #[test]
    fn hostile_ids_come_back_too() {
        for id_of in [
            "",
            "_",
            "1_",
            "a_b",
            "p_1",
            "p\u{1}1",
            "p_",
            "é",
            "a b",
            "\u{202e}x",
            "164.308(a)(1)",
        ] {
            let token = token("p_", id_of);
            assert!(is_token(&token), "{token}");
            assert_eq!(id("p_", &token), id_of, "{token}");
        }
        assert_eq!(token("cis-aws-v5.0_", "1.4"), "cis-aws-v5.0_1.4");
        assert_eq!(token("soc2_", "CC6.1"), "CC6.1");
    }
}
