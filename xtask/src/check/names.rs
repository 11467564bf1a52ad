//! Names: no file is called for what everything is, and a rule's title says what is true when it
//! passes.

use std::path::Path;

use anyhow::Result;
use posture_rules::catalogue;

use super::Broken;
use super::files::sources;
use crate::generate::stem;

/// They say nothing of what a file is about.
const EMPTY: [&str; 9] = [
    "manager", "helper", "helpers", "util", "utils", "common", "info", "misc", "handle",
];

pub(super) fn broken(root: &Path) -> Result<Broken> {
    let mut broken = Vec::new();
    for path in sources(&root.join("crates"))? {
        let is_source = path.components().any(|part| part.as_os_str() == "src");
        let words = stem(&path)?;
        if is_source && EMPTY.contains(&words.as_str()) {
            let name = path.strip_prefix(root)?.display();
            broken.push(format!("{name} is named for what everything is"));
        }
    }
    for entry in catalogue::entries() {
        let rule = entry.rule;
        if rule
            .title
            .split(' ')
            .any(|word| word == "should" || word == "must")
        {
            let title = rule.title;
            broken.push(format!(
                "{}: {title:?} does not say what is true when it passes",
                rule.id
            ));
        }
    }
    Ok(broken)
}
