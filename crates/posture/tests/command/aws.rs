//! The built binary before something that answers as AWS does, without the caller's environment.

use std::process::Command;

/// With credentials, in a Region: `us-east-1`, where nothing else is set.
pub(crate) fn posture(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
    command
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_REGION", "us-east-1");
    command
}
