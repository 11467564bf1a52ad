//! Commands of somebody whose credentials are in the environment.

#![allow(dead_code, reason = "each test needs a part of it")]

use std::process::{Command, Output};

/// With credentials, in a Region: `eu-west-1`, where nothing else is set. Where AWS is, is the caller's to say.
pub(crate) fn environment(command: &mut Command) -> &mut Command {
    command
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "eu-west-1")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

/// What it said, first on the standard output, and its exit code.
pub(crate) fn said(output: Output) -> (String, Option<i32>) {
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    (text, output.status.code())
}

/// What a command printed that did what it was to.
pub(crate) fn printed(output: Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}
