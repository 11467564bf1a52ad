//! `cargo xtask bench router`: events a second on one core.

use anyhow::Result;

pub(crate) fn run() -> Result<()> {
    println!("goal: 1,000 patterns: parsed 1,000,000/s, from bytes 300,000/s");
    super::example("posture-router", "bench", &[])
}
