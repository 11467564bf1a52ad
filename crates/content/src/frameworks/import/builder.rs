//! A framework put together from another tool's controls.

use std::collections::{BTreeMap, BTreeSet};

use posture_rules::catalogue;

use crate::frameworks::framework::{Control, ControlSet, Coverage, Framework, Group};
use crate::frameworks::mapping::{Origin, RuleMapping, Strength};
use crate::yaml::{Place, Problem};

/// Audit Manager's limits, in characters.
const TITLE: usize = 300;
const TEXT: usize = 1000;

pub(super) struct Builder {
    framework: Framework,
    ids: BTreeMap<String, usize>,
    pub(super) notes: Vec<Problem>,
}

impl Builder {
    pub(super) fn new(title: &str, version: Option<&str>, source: &str) -> Builder {
        let name = named(title);
        Builder {
            framework: Framework {
                standard: name.clone(),
                name,
                version: cut(version.unwrap_or("1"), 100),
                title: cut(title, TITLE),
                source: cut(source, TEXT),
                groups: Vec::new(),
                sets: Vec::new(),
                controls: Vec::new(),
            },
            ids: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn note(&mut self, place: Place, message: impl Into<String>) {
        self.notes.push(Problem::new(place, message));
    }

    /// The id of the set with this title, made where it isn't there yet.
    pub(super) fn set(&mut self, id: &str, title: &str) -> String {
        let id = cut(id, TITLE);
        if !self.framework.sets.iter().any(|set| set.id == id) {
            self.framework.sets.push(ControlSet {
                id: id.clone(),
                title: cut(title, TITLE),
            });
        }
        id
    }

    pub(super) fn group(&mut self, id: &str, title: &str) {
        if !self.framework.groups.iter().any(|group| group.id == id) {
            self.framework.groups.push(Group {
                id: cut(id, TITLE),
                title: cut(title, TITLE),
            });
        }
    }

    pub(super) fn has_group(&self, id: &str) -> bool {
        self.framework.groups.iter().any(|group| group.id == id)
    }

    /// Adds a control, unless its id is taken: then says so.
    pub(super) fn add(&mut self, place: Place, mut control: Control) {
        control.title = cut(&control.title, TITLE);
        control.guidance = control.guidance.and_then(|text| some(&text, TEXT));
        control.testing = control.testing.and_then(|text| some(&text, TEXT));
        control.rules.sort_by(|a, b| a.rule.cmp(&b.rule));
        control.rules.dedup_by(|a, b| a.rule == b.rule);
        if self.ids.contains_key(&control.id) {
            self.note(
                place,
                format!(
                    "control {:?} is given twice; the second was left out",
                    control.id
                ),
            );
            return;
        }
        self.ids
            .insert(control.id.clone(), self.framework.controls.len());
        self.framework.controls.push(control);
    }

    /// Adds a control; where its id is taken, under that with a number.
    pub(super) fn add_apart(&mut self, place: Place, mut control: Control) {
        let id = cut(&control.id, TITLE - 8);
        let mut number = 2;
        while self.ids.contains_key(&control.id) {
            control.id = format!("{id} ({number})");
            number += 1;
        }
        self.add(place, control);
    }

    /// The framework, without the sets that no control is in and the parents that are not controls.
    pub(super) fn finish(mut self) -> (Framework, Vec<Problem>) {
        let used: BTreeSet<&str> = self
            .framework
            .controls
            .iter()
            .map(|control| control.set.as_str())
            .collect();
        self.framework
            .sets
            .retain(|set| used.contains(set.id.as_str()));
        for control in &mut self.framework.controls {
            control.parent = control
                .parent
                .take()
                .filter(|parent| self.ids.contains_key(parent));
        }
        (self.framework, self.notes)
    }
}

/// A control that only a person can show, until its user says more.
pub(super) fn manual(id: &str, set: String, title: &str) -> Control {
    Control {
        id: cut(id, TITLE),
        set,
        parent: None,
        title: title.to_owned(),
        guidance: None,
        testing: None,
        groups: Vec::new(),
        coverage: Coverage::Manual,
        because: Some("imported without automated sources".to_owned()),
        rules: Vec::new(),
        security_hub: Vec::new(),
        api_calls: Vec::new(),
        cloudtrail: Vec::new(),
        evidence: vec!["what shows that the control operates".to_owned()],
    }
}

/// The edge to a rule by its name or identifier; none where AWS has no such rule.
pub(super) fn edge(rule: &str) -> Option<RuleMapping> {
    let listing = catalogue::listing_of(rule)?;
    Some(RuleMapping {
        rule: listing.name.clone(),
        from: vec![Origin::Imported],
        strength: Strength::Supporting,
        stricter: None,
    })
}

/// On one line, and no longer than this.
pub(super) fn cut(text: &str, longest: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let kept: String = line.chars().take(longest.saturating_sub(1)).collect();
    kept.trim_end().to_owned() + "…"
}

fn some(text: &str, longest: usize) -> Option<String> {
    // Audit Manager's files have a hyphen where there is nothing.
    Some(cut(text, longest)).filter(|text| !text.is_empty() && text != "-")
}

/// A title as a framework's name.
fn named(title: &str) -> String {
    let mut name = String::new();
    for letter in title.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() || letter == '.' && !name.is_empty() {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if name.len() >= 60 {
            break;
        }
    }
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() {
        "imported".to_owned()
    } else {
        name.to_owned()
    }
}

/// `A.6.1.2 - Segregation of duties` as id and title: the first word is an id where it has a digit,
/// and no letters but capitals before it.
pub(super) fn id_and_title(name: &str) -> (String, String) {
    let whole = || (name.to_owned(), name.to_owned());
    let Some((id, rest)) = name.split_once(char::is_whitespace) else {
        return whole();
    };
    let id = id.trim_end_matches([':', '-']);
    let is_id = id.contains(|letter: char| letter.is_ascii_digit())
        && !id.contains(|letter: char| letter.is_ascii_lowercase());
    let title = rest.trim_start_matches(['-', '–', ':', ' ']).trim();
    if is_id && !title.is_empty() {
        (id.to_owned(), title.to_owned())
    } else {
        whole()
    }
}
