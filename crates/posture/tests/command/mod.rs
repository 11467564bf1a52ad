//! The built binary, in a folder of its own and without the caller's environment.

use std::process::{Command, Output};

pub(crate) fn posture(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .env_clear()
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap()
}
