//! Data of others that lies beside the repository. It is not part of it: a test that needs what is
//! absent says so and passes.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The folder of the shared data, or nothing and a line on the standard error.
pub(crate) fn folder(path: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let found = [beside, PathBuf::from("/work/shared")]
        .into_iter()
        .map(|shared| shared.join("data").join(path))
        .find(|folder| folder.exists());
    if found.is_none() {
        // Not `eprintln!`, which the test harness hides where the test passes.
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: ../shared/data/{path} is absent").unwrap();
    }
    found
}
