//! `aws:executeScript`: Python in a process of its own, which has nothing of ours.
//!
//! The process gets no environment, so no credentials; a time, an amount of memory, not a byte to write to files and no children.
//! It can therefore compute, and not call AWS: that is for steps, which are in the plan.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// Reads the script from the standard input, and prints what the function gives.
const WRAPPER: &str = r#"
import json, resource, sys
given = json.load(sys.stdin)
seconds = given["seconds"]
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
scope = {"__name__": "script"}
out, sys.stdout = sys.stdout, sys.stderr
exec(compile(given["script"], "script", "exec"), scope)
result = scope[given["handler"]](given["payload"], {})
out.write(json.dumps(result))
out.flush()
"#;

/// The longest answer, in bytes (AWS's limit on outputs is 100 KB).
const LONGEST: usize = 100_000;

/// Runs `handler` of `script`, which is given `payload` and an empty context.
///
/// # Errors
/// What went wrong: no Python, an exception, too long, too much.
pub(crate) async fn run_script(
    script: &str,
    handler: &str,
    payload: &Value,
    timeout_seconds: u32,
) -> Result<Value, String> {
    let mut child = Command::new("python3")
        .args(["-I", "-S", "-c", WRAPPER])
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            format!("aws:executeScript needs python3, which could not be started: {error}; install it, or hand the document over to SSM")
        })?;
    let given = json!({
        "script": script,
        "handler": handler,
        "payload": payload,
        "seconds": timeout_seconds.max(1),
    });
    if let Some(mut stdin) = child.stdin.take() {
        let text = given.to_string();
        stdin
            .write_all(text.as_bytes())
            .await
            .map_err(|error| format!("the script took no input: {error}"))?;
    }
    let limit = Duration::from_secs(u64::from(timeout_seconds.max(1)));
    let output = tokio::time::timeout(limit, child.wait_with_output())
        .await
        .map_err(|_| format!("the script ran for more than {timeout_seconds} seconds"))?
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let last = words.lines().last().unwrap_or("it said nothing");
        return Err(format!("the script failed: {last}"));
    }
    if output.stdout.len() > LONGEST {
        return Err(format!("the script answers more than {LONGEST} bytes"));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("the script's answer: {error}"))
}
