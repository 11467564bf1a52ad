//! Dependencies point down the order of `members` in the root `Cargo.toml`, and `verify`, which
//! checks what the others write, has none of them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::Broken;

/// Shares the format of the ledger and never its code.
const INDEPENDENT: &str = "verify";

pub(super) fn broken(root: &Path) -> Result<Broken> {
    let workspace = fs::read_to_string(root.join("Cargo.toml"))?;
    let order = members(&workspace).context("the root Cargo.toml lists no members on one line")?;
    let mut broken = Vec::new();
    for (place, name) in order.iter().enumerate() {
        let path = root.join("crates").join(name).join("Cargo.toml");
        let manifest = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for dependency in dependencies(&manifest) {
            let is_above = order.iter().take(place).any(|above| *above == dependency);
            if *name == INDEPENDENT {
                broken.push(format!(
                    "{name} depends on {dependency}; it may on none of ours"
                ));
            } else if !is_above {
                broken.push(format!(
                    "{name} depends on {dependency}, which is not above it"
                ));
            }
        }
    }
    Ok(broken)
}

/// The crates, without `xtask`, in their order.
fn members(workspace: &str) -> Option<Vec<&str>> {
    let list = workspace.split("\nmembers = [").nth(1)?.split(']').next()?;
    let names = list.split(',').filter_map(|member| {
        let member = member.trim().trim_matches('"');
        member.strip_prefix("crates/")
    });
    Some(names.collect())
}

/// Our crates that a crate needs when it is built, not only when it is tested.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let mut is_built = false;
    manifest.lines().filter_map(move |line| {
        if line.starts_with('[') {
            is_built = line == "[dependencies]" || line == "[build-dependencies]";
        }
        let name = line.strip_prefix("posture-")?;
        let end = name.find(['.', ' ', '='])?;
        is_built.then(|| name.split_at(end).0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_need_is_no_dependency() {
        let manifest = "[dependencies]\nposture-model.workspace = true\n\
                        [dev-dependencies]\nposture-store = { path = \"../store\" }\n";
        assert_eq!(dependencies(manifest).collect::<Vec<_>>(), ["model"]);
    }

    #[test]
    fn the_order_is_read_from_the_workspace() {
        let workspace = "[workspace]\nmembers = [\"crates/model\", \"crates/rules\", \"xtask\"]\n";
        assert_eq!(members(workspace).unwrap(), ["model", "rules"]);
    }
}
