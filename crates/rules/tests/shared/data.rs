//! Finds AWS's published facts, which lie beside the repository and not in it.

use std::path::{Path, PathBuf};

/// A file or folder of `../shared/data`, from a checkout or from a worktree of one. None, loudly,
/// where it is absent.
#[expect(clippy::print_stdout, reason = "what a test skips is said aloud")]
pub(crate) fn find(path: &str) -> Option<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../../../shared/data", "../../../../shared/data"]
        .into_iter()
        .map(|root| manifest.join(root).join(path))
        .find(|path| path.exists());
    if found.is_none() {
        println!("SKIPPED: ../shared/data/{path} is absent");
    }
    found
}
