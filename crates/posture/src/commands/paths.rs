//! From the command line's paths to inputs.

use std::path::{Path, PathBuf};

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
            inputs.extend(files(Path::new(path), &|_| true)?.map(Input::File));
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
    let is_match = |path: &Path| glob.is_match(path.strip_prefix(".").unwrap_or(path));
    let mut found = files(folder, &is_match)?.peekable();
    if found.peek().is_none() {
        return Err(CommandError::NoMatch {
            pattern: pattern.to_owned(),
        });
    }
    inputs.extend(found.map(Input::File));
    Ok(())
}

/// The file, or those below the folder, that are kept; each folder's sorted.
pub(crate) fn files(
    path: &Path,
    keeps: &dyn Fn(&Path) -> bool,
) -> Result<impl Iterator<Item = PathBuf> + use<>, CommandError> {
    let mut found = Vec::new();
    collect(path, keeps, &mut found)?;
    Ok(found.into_iter())
}

fn collect(
    path: &Path,
    keeps: &dyn Fn(&Path) -> bool,
    found: &mut Vec<PathBuf>,
) -> Result<(), CommandError> {
    if !path.is_dir() {
        if keeps(path) {
            found.push(path.to_owned());
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
        collect(&path, keeps, found)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_folder_above_ends_and_each_folder_is_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let within = folder.path().join("b");
        std::fs::create_dir(&within).unwrap();
        for file in ["c.yaml", "a.json", "a.txt", "b/a.yaml"] {
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        std::os::unix::fs::symlink(folder.path(), within.join("above")).unwrap();
        let keeps = |path: &Path| path.extension().is_some_and(|end| end != "txt");
        let found = files(folder.path(), &keeps).unwrap();
        let found: Vec<_> = found
            .map(|path| path.strip_prefix(folder.path()).unwrap().to_owned())
            .collect();
        let expected = ["a.json", "b/a.yaml", "c.yaml"].map(PathBuf::from);
        assert_eq!(found, expected);
    }
}
