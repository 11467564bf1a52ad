//! Control ids as other files spell them: `soc_2_cc_6_1` is `CC6.1`, `AC-17b` is within `AC-17`.

use std::collections::BTreeMap;

use posture_content::frameworks::Framework;

/// A framework's ids by their words and numbers.
pub(crate) struct Ids(BTreeMap<Vec<String>, String>);

impl Ids {
    pub(crate) fn of(framework: &Framework) -> Ids {
        let ids = framework
            .controls
            .iter()
            .map(|control| (parts(&control.id), control.id.clone()));
        Ids(ids.collect())
    }

    /// The control with this id, or the nearest that the id is a part of.
    pub(crate) fn control(&self, spelled: &str) -> Option<&str> {
        let mut parts = parts(spelled);
        while !parts.is_empty() {
            if let Some(id) = self.0.get(&parts) {
                return Some(id);
            }
            parts.pop();
        }
        None
    }
}

/// Words in small letters and numbers without leading zeros.
fn parts(id: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut was = None;
    for letter in id.to_lowercase().chars() {
        let kind = letter
            .is_ascii_alphanumeric()
            .then(|| letter.is_ascii_digit());
        match parts.last_mut() {
            Some(part) if kind.is_some() && kind == was => part.push(letter),
            _ if kind.is_some() => parts.push(letter.to_string()),
            _ => {}
        }
        was = kind;
    }
    for part in &mut parts {
        if let Ok(number) = part.parse::<u32>() {
            *part = number.to_string();
        }
    }
    parts
}
