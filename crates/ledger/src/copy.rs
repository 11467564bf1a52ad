//! A copy of a log in a folder, for whoever reads folders only.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::error::LedgerError;
use crate::storage::Storage;

/// Copies every object of a log into an empty folder. Checks nothing.
///
/// # Errors
/// An object could not be read, has a name that leads out of the folder, or could not be written.
pub fn copy(storage: &dyn Storage, to: &Path) -> Result<(), LedgerError> {
    let paths = storage
        .list("")
        .map_err(|cause| LedgerError::storage("it", "listed", cause))?;
    // Consoles make an object that stands for the folder itself.
    for path in paths.iter().filter(|path| !path.is_empty()) {
        let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\\');
        if !path.split('/').all(is_plain) {
            return Err(LedgerError::damaged(path, "its name is none in a log"));
        }
        let refuse = |cause| LedgerError::storage(path, "copied", cause);
        // One that was deleted meanwhile is superseded.
        let Some(mut from) = storage.open(path).map_err(refuse)? else {
            continue;
        };
        let file = to.join(path);
        fs::create_dir_all(file.parent().unwrap_or(to))
            .and_then(|()| File::create_new(&file))
            .and_then(|mut file| io::copy(&mut from, &mut file))
            .map_err(refuse)?;
    }
    Ok(())
}
