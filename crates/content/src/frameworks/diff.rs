//! What changed from one framework, or version of it, to another.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::framework::{Control, Framework};

/// A difference. Fields name `from` and `to` where both have the control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "change")]
pub enum Change {
    /// Only the second has it.
    Added {
        /// Its id.
        to: String,
        /// Its title.
        title: String,
    },
    /// Only the first has it.
    Removed {
        /// Its id.
        from: String,
        /// Its title.
        title: String,
    },
    /// The same control under another id.
    Moved {
        /// Its id in the first.
        from: String,
        /// Its id in the second.
        to: String,
        /// Its title.
        title: String,
    },
    /// What a control of both says.
    Changed {
        /// Its id in the second.
        to: String,
        /// What of it: `title`, `guidance`, `coverage`, `groups`, `set`, `rules`, and so on.
        field: &'static str,
        /// What the first says.
        before: String,
        /// What the second says.
        after: String,
    },
}

/// The differences, in the order of the second framework, then what the first alone has. Controls
/// are the same where id and title are; else where the title is; else where the id is: publishers
/// renumber between versions.
pub fn diff(before: &Framework, after: &Framework) -> Vec<Change> {
    let pairs = pairs(before, after);
    let mut changes = Vec::new();
    for (index, control) in after.controls.iter().enumerate() {
        let Some(old) = pairs.get(&index).and_then(|old| before.controls.get(*old)) else {
            changes.push(Change::Added {
                to: control.id.clone(),
                title: control.title.clone(),
            });
            continue;
        };
        if old.id != control.id {
            changes.push(Change::Moved {
                from: old.id.clone(),
                to: control.id.clone(),
                title: control.title.clone(),
            });
        }
        fields(old, control, &mut changes);
    }
    let kept: BTreeSet<usize> = pairs.into_values().collect();
    for (index, old) in before.controls.iter().enumerate() {
        if !kept.contains(&index) {
            changes.push(Change::Removed {
                from: old.id.clone(),
                title: old.title.clone(),
            });
        }
    }
    changes
}

/// Which control of the first each of the second is, by their indexes.
fn pairs(before: &Framework, after: &Framework) -> BTreeMap<usize, usize> {
    type Identity = fn(&Control) -> String;
    let identities: [Identity; 3] = [
        |control| format!("{}\n{}", control.id, folded(&control.title)),
        |control| folded(&control.title),
        |control| control.id.clone(),
    ];
    let mut pairs: BTreeMap<usize, usize> = BTreeMap::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for identity in identities {
        let mut free: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, control) in before.controls.iter().enumerate().rev() {
            if !taken.contains(&index) {
                free.entry(identity(control)).or_default().push(index);
            }
        }
        for (index, control) in after.controls.iter().enumerate() {
            if pairs.contains_key(&index) {
                continue;
            }
            if let Some(old) = free.get_mut(&identity(control)).and_then(Vec::pop) {
                pairs.insert(index, old);
                taken.insert(old);
            }
        }
    }
    pairs
}

fn folded(title: &str) -> String {
    title.to_lowercase()
}

fn fields(old: &Control, new: &Control, changes: &mut Vec<Change>) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let rules = |control: &Control| {
        let edges: Vec<String> = control
            .rules
            .iter()
            .map(|edge| format!("{} ({})", edge.rule, edge.strength.as_str()))
            .collect();
        edges.join(", ")
    };
    let both = [
        ("title", old.title.clone(), new.title.clone()),
        ("guidance", text(&old.guidance), text(&new.guidance)),
        ("testing", text(&old.testing), text(&new.testing)),
        (
            "coverage",
            old.coverage.as_str().to_owned(),
            new.coverage.as_str().to_owned(),
        ),
        ("because", text(&old.because), text(&new.because)),
        ("set", old.set.clone(), new.set.clone()),
        ("parent", text(&old.parent), text(&new.parent)),
        ("groups", old.groups.join(", "), new.groups.join(", ")),
        ("rules", rules(old), rules(new)),
        (
            "security-hub",
            old.security_hub.join(", "),
            new.security_hub.join(", "),
        ),
        (
            "api-calls",
            old.api_calls.join(", "),
            new.api_calls.join(", "),
        ),
        (
            "cloudtrail",
            old.cloudtrail.join(", "),
            new.cloudtrail.join(", "),
        ),
        ("evidence", old.evidence.join(", "), new.evidence.join(", ")),
    ];
    for (field, before, after) in both {
        if before != after {
            changes.push(Change::Changed {
                to: new.id.clone(),
                field,
                before,
                after,
            });
        }
    }
}
