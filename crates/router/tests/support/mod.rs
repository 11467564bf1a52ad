//! What several oracles share.

#![allow(dead_code, unreachable_pub, reason = "each oracle uses its part")]

use std::io::Write as _;
use std::path::{Path, PathBuf};

use posture_model::tree::{self, Bump};
use posture_router::{Pattern, RuleSet};

/// The folder of third-party event patterns; none, loudly, where it is not there.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let roots = [
        std::env::var_os("POSTURE_SHARED").map(PathBuf::from),
        Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared")),
        Some(PathBuf::from("/work/shared")),
    ];
    let found = roots
        .into_iter()
        .flatten()
        .map(|root| root.join("data/event-patterns").join(folder))
        .find(|path| path.is_dir());
    if found.is_none() {
        skipped(&format!(
            "no data/event-patterns/{folder}; set POSTURE_SHARED to the shared folder"
        ));
    }
    found
}

/// Says that an oracle was not asked. `eprintln!` would be held back of a test that passes.
pub fn skipped(why: &str) {
    let line = format!("SKIPPED: {why}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// The answer of `Pattern::matches`, after checking that a set with this rule alone gives it too.
pub fn matches(pattern: &Pattern, event: &str) -> bool {
    let arena = Bump::new();
    let node = tree::parse(event.as_bytes(), &arena).unwrap();
    let answer = pattern.matches(node);
    let mut rules = RuleSet::new();
    rules.add("rule", pattern.clone());
    assert_eq!(
        !rules.matching(node).is_empty(),
        answer,
        "the set disagrees: {event}"
    );
    answer
}
