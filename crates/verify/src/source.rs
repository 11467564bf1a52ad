//! Where a log or package is read from.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use crate::error::VerifyError;
use crate::folder::Folder;
use crate::zip::Zip;

/// A folder or a zip file, read only.
pub(crate) trait Source: Sync {
    /// Every file: its path, and its length in bytes.
    fn files(&self) -> &BTreeMap<String, u64>;

    /// Opens a file.
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>>;

    /// Whether it is a zip file, where nothing may lie about.
    fn is_zip(&self) -> bool;

    /// The whole of a file; none where there is none.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(length) = self.files().get(path) else {
            return Ok(None);
        };
        let mut bytes = Vec::with_capacity(usize::try_from(*length).unwrap_or(0));
        self.open(path)?.take(*length).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}

/// Opens what is at the path.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Source>, VerifyError> {
    let metadata = std::fs::metadata(path).map_err(|cause| VerifyError::Read {
        path: path.to_owned(),
        cause,
    })?;
    Ok(if metadata.is_dir() {
        Box::new(Folder::open(path)?)
    } else {
        Box::new(Zip::open(path)?)
    })
}
