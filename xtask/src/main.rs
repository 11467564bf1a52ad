//! Developer commands: `bench [ITEMS|evidence|export|hub|ledger|router]`, `check [LAW]`, `frameworks`, `gen [--check]`, `models [--check]`, `packs`,
//! `pdf`, `peers [ARGUMENTS]`, `test`.

mod bench;
mod check;
mod configuration_items;
mod generate;
mod models;
mod peers;
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
        ["bench", "evidence"] => bench::evidence::run("10000000"),
        ["bench", "evidence", records] => bench::evidence::run(records),
        ["bench", "export"] => bench::export::run(),
        ["bench", "hub"] => bench::hub::run(1_000_000),
        ["bench", "hub", findings] => bench::hub::run(findings.parse()?),
        ["bench", "ledger"] => bench::ledger::run(),
        ["bench", "router"] => bench::router::run(),
        ["bench", items] => bench::run(items.parse()?),
        ["check"] => check::run(None),
        ["check", law] => check::run(Some(law)),
        ["test"] => test::run(),
        ["pdf"] => test::pdf(),
        ["packs"] => example("embed_packs"),
        ["frameworks"] => example("embed_frameworks"),
        ["models"] => models::run(generate::Mode::Write),
        ["peers", arguments @ ..] => peers::run(arguments),
        ["models", "--check"] => models::run(generate::Mode::Check),
        _ => bail!(
            "usage: cargo xtask bench [ITEMS | evidence [RECORDS] | export | hub [FINDINGS] | ledger | router] | check [LAW] | frameworks | gen [--check] | models [--check] | packs \
             | pdf | peers [ARGUMENTS] | test"
        ),
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
