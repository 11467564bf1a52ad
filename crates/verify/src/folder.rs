//! A log or package in a folder.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::VerifyError;
use crate::source::Source;

/// What a writer at work has beside the log: its lock, files that have no name yet, what an
/// interrupted write left, and what was claimed in a bucket.
const WORKING: [&str; 4] = [".lock", ".tmp", ".aside", ".next"];

pub(crate) struct Folder {
    root: PathBuf,
    files: BTreeMap<String, u64>,
}

impl Folder {
    pub(crate) fn open(root: &Path) -> Result<Folder, VerifyError> {
        let mut folder = Folder {
            root: root.to_owned(),
            files: BTreeMap::new(),
        };
        folder.walk(root, "")?;
        Ok(folder)
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Result<(), VerifyError> {
        let refuse = |cause| VerifyError::Read {
            path: folder.to_owned(),
            cause,
        };
        for entry in fs::read_dir(folder).map_err(refuse)? {
            let entry = entry.map_err(refuse)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if prefix.is_empty() && WORKING.contains(&name.as_ref()) {
                continue;
            }
            let path = format!("{prefix}{name}");
            // Of a link itself, not of what it points to.
            let metadata = entry.metadata().map_err(refuse)?;
            if metadata.is_dir() {
                self.walk(&entry.path(), &format!("{path}/"))?;
            } else if metadata.is_file() {
                self.files.insert(path, metadata.len());
            } else {
                return Err(VerifyError::Refused {
                    path: entry.path(),
                    why: "it is a link or a device, not a file".to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl Source for Folder {
    fn files(&self) -> &BTreeMap<String, u64> {
        &self.files
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(self.root.join(path))?))
    }

    fn is_zip(&self) -> bool {
        false
    }
}
