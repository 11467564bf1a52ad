//! Developer commands: `gen [--check]`, `packs`, `frameworks`, `test`.

mod generate;
mod test;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["gen"] => generate::run(generate::Mode::Write),
        ["gen", "--check"] => generate::run(generate::Mode::Check),
        ["packs"] => example("embed_packs"),
        ["frameworks"] => example("embed_frameworks"),
        ["test"] => test::run(),
        _ => bail!("usage: cargo xtask gen [--check] | packs | frameworks | test"),
    }
}

/// Runs an example of `posture-content` that carries facts over.
fn example(name: &str) -> Result<()> {
    test::cargo(&[
        "run",
        "--release",
        "-p",
        "posture-content",
        "--example",
        name,
    ])
}
