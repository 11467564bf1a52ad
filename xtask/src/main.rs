//! Developer commands: `cargo xtask gen [--check]`, `cargo xtask models [--check]`, `cargo xtask test`.

mod generate;
mod models;
mod test;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["gen"] => generate::run(generate::Mode::Write),
        ["gen", "--check"] => generate::run(generate::Mode::Check),
        ["models"] => models::run(generate::Mode::Write),
        ["models", "--check"] => models::run(generate::Mode::Check),
        ["test"] => test::run(),
        _ => bail!("usage: cargo xtask gen [--check] | models [--check] | test"),
    }
}
