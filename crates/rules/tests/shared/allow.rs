//! Checked-in lists of what is allowed to be otherwise, each line with its reason.

use std::collections::BTreeMap;
use std::path::Path;

/// The lines `entry: reason` of a checked-in list; `#` begins a comment.
fn allowed(name: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (entry, reason) = line
                .split_once(": ")
                .unwrap_or_else(|| panic!("{name}: no reason in {line:?}"));
            assert!(!reason.trim().is_empty(), "{name}: no reason in {line:?}");
            (entry.to_owned(), reason.trim().to_owned())
        })
        .collect()
}

/// Fails where what was found is not exactly what the list allows.
pub(crate) fn assert_as_allowed(name: &str, found: &BTreeMap<String, String>) {
    let allowed = allowed(name);
    let mut problems = Vec::new();
    for (entry, what) in found {
        if !allowed.contains_key(entry) {
            problems.push(format!("{entry}: {what}"));
        }
    }
    for entry in allowed.keys() {
        if !found.contains_key(entry) {
            problems.push(format!("{entry}: no longer so; take it out of {name}"));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
