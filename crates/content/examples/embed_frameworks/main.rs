//! Refreshes the mappings of `crates/content/frameworks` from the facts in `../shared/data`, and
//! rewrites the two frameworks that follow from facts alone. Run as `cargo xtask frameworks`.
//!
//! What people wrote stays: titles, guidance, coverage, evidence, and edges of our own.

mod aws;
mod facts;
mod ids;
mod refresh;

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use posture_content::frameworks::{Framework, load, to_yaml};

fn main() -> Result<()> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = crate_folder.join("../../../shared/data/facts");
    let folder = crate_folder.join("frameworks");
    let facts = facts::Facts::read(&data)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        names.push(entry?.path());
    }
    names.sort();
    for path in names {
        let mut framework = read(&path)?;
        refresh::refresh(&mut framework, &facts)?;
        fs::write(&path, to_yaml(&framework))?;
    }
    for framework in [
        aws::foundational(&facts, &folder),
        aws::best_practices(&folder)?,
    ] {
        let path = folder.join(format!("{}.yaml", framework.name));
        fs::write(&path, to_yaml(&framework))?;
        read(&path)?;
    }
    Ok(())
}

/// The framework in this file.
pub(crate) fn read(path: &Path) -> Result<Framework> {
    load(&fs::read_to_string(path)?).or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        bail!("{}: {}", path.display(), lines.join("\n"))
    })
}
