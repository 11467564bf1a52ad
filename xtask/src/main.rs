//! Developer commands: `bench [ITEMS]`, `gen [--check]`, `models [--check]`, `packs`, `test`.

mod bench;
mod generate;
mod models;
mod rule_pages;
mod test;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["gen"] => generate::run(generate::Mode::Write),
        ["gen", "--check"] => generate::run(generate::Mode::Check),
        ["bench"] => bench::run(1_000_000),
        ["bench", items] => bench::run(items.parse()?),
        ["models"] => models::run(generate::Mode::Write),
        ["models", "--check"] => models::run(generate::Mode::Check),
        ["packs"] => test::cargo(&[
            "run",
            "--release",
            "-p",
            "posture-content",
            "--example",
            "embed_packs",
        ]),
        ["test"] => test::run(),
        _ => bail!(
            "usage: cargo xtask bench [ITEMS] | gen [--check] | models [--check] | packs | test"
        ),
    }
}
