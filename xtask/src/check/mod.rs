//! `cargo xtask check [deps|files|names]`: the house laws that no compiler holds.

mod deps;
mod files;
mod names;

use std::path::Path;

use anyhow::{Context, Result, bail};

/// A law that is broken, and where: one line each.
type Broken = Vec<String>;

/// Reads the workspace.
type Law = fn(&Path) -> Result<Broken>;

const LAWS: [(&str, Law); 3] = [
    ("deps", deps::broken),
    ("files", files::broken),
    ("names", names::broken),
];

/// Checks one law, or all.
pub(crate) fn run(only: Option<&str>) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the workspace")?;
    let mut broken = Vec::new();
    let mut is_known = false;
    for (name, law) in LAWS {
        if only.is_none_or(|only| only == name) {
            is_known = true;
            broken.extend(law(root)?.into_iter().map(|line| format!("{name}: {line}")));
        }
    }
    if !is_known {
        bail!("no check has that name: deps, files, names");
    }
    if !broken.is_empty() {
        bail!("house laws are broken:\n{}", broken.join("\n"));
    }
    Ok(())
}
