//! Writes the golden package of `crates/verify/tests/golden`, with new keys:
//! `cargo run -p posture-ledger --example golden_package -- crates/verify/tests/golden`.

#![expect(clippy::unwrap_used, reason = "a tool of the tests")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::fs;
use std::path::PathBuf;

fn main() {
    let to = PathBuf::from(std::env::args_os().nth(1).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let made = common::make_package(folder.path());
    made.write_again(&folder.path().join("again.zip"));
    fs::copy(&made.zip, to.join("package.zip")).unwrap();
    assert!(made.folder.is_dir());
    fs::write(to.join("key.txt"), made.first_key).unwrap();
    fs::write(to.join("witness.txt"), made.witness).unwrap();
    fs::write(to.join("pinned-checkpoint"), made.early_checkpoint).unwrap();
}
