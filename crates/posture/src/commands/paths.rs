//! From the command line's paths to inputs.

use std::path::Path;

use globset::GlobBuilder;
use posture_engine::Input;

use super::CommandError;

/// The inputs that these paths, globs and `-` name, each folder's files sorted.
pub(crate) fn inputs(paths: &[String]) -> Result<Vec<Input>, CommandError> {
    let mut inputs = Vec::new();
    for path in paths {
        let is_glob = path.contains(['*', '?', '[']) && !Path::new(path).exists();
        if path == "-" {
            inputs.push(Input::Stdin);
        } else if is_glob {
            matching(path, &mut inputs)?;
        } else {
            collect(Path::new(path), &|_| true, &mut inputs)?;
        }
    }
    Ok(inputs)
}

/// How many bytes there are to read; none where that can't be told.
pub(crate) fn total_bytes(inputs: &[Input]) -> Option<u64> {
    inputs
        .iter()
        .map(|input| match input {
            Input::File(path) => {
                let is_plain = path
                    .extension()
                    .is_none_or(|ext| ext != "gz" && ext != "zst");
                let length = path.metadata().ok()?.len();
                is_plain.then_some(length)
            }
            Input::Stdin => None,
            Input::Text(_, text) => Some(text.len() as u64),
            Input::Open(_, file) => Some(file.metadata().ok()?.len()),
            Input::Packed(_, packed) => Some(packed.file.metadata().ok()?.len()),
        })
        .sum()
}

fn matching(pattern: &str, inputs: &mut Vec<Input>) -> Result<(), CommandError> {
    let glob = GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map_err(|cause| CommandError::Glob {
            pattern: pattern.to_owned(),
            cause,
        })?
        .compile_matcher();
    // The folder before the first component with a wildcard.
    let before = pattern.split(['*', '?', '[']).next().unwrap_or("");
    let folder = before.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = match (folder, before.starts_with('/')) {
        ("", true) => Path::new("/"),
        ("", false) => Path::new("."),
        (folder, _) => Path::new(folder),
    };
    let known = inputs.len();
    let is_match = |path: &Path| glob.is_match(path.strip_prefix(".").unwrap_or(path));
    collect(folder, &is_match, inputs)?;
    if inputs.len() == known {
        return Err(CommandError::NoMatch {
            pattern: pattern.to_owned(),
        });
    }
    Ok(())
}

fn collect(
    path: &Path,
    keeps: &dyn Fn(&Path) -> bool,
    inputs: &mut Vec<Input>,
) -> Result<(), CommandError> {
    if !path.is_dir() {
        if keeps(path) {
            inputs.push(Input::File(path.to_owned()));
        }
        return Ok(());
    }
    let failed = |cause| CommandError::List {
        path: path.display().to_string(),
        cause,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A link to a folder above would never end.
        let is_link = entry.file_type().map_err(failed)?.is_symlink();
        if !(is_link && entry.path().is_dir()) {
            paths.push(entry.path());
        }
    }
    paths.sort();
    for path in paths {
        collect(&path, keeps, inputs)?;
    }
    Ok(())
}
