//! Developer commands: `gen [--check]`, `packs`, `test`.

mod generate;
mod test;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["gen"] => generate::run(generate::Mode::Write),
        ["gen", "--check"] => generate::run(generate::Mode::Check),
        ["packs"] => test::cargo(&[
            "run",
            "--release",
            "-p",
            "posture-content",
            "--example",
            "embed_packs",
        ]),
        ["test"] => test::run(),
        _ => bail!("usage: cargo xtask gen [--check] | packs | test"),
    }
}
