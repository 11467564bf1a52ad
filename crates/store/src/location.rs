//! Where state is kept.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::StoreError;

/// Where state is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, by URL. It may hold a password: [`Location`]'s text doesn't.
    Postgres(String),
}

impl Location {
    /// Reads `--state`: a folder (which then holds `state.db`), a file that ends in `.db`, or a
    /// PostgreSQL URL.
    ///
    /// # Errors
    /// Where it is empty, or a URL of another kind.
    pub fn read(text: &str) -> Result<Location, StoreError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Location::Postgres(text.to_owned()));
        }
        if text.is_empty() || text.contains("://") {
            return Err(StoreError::Location {
                text: without_password(text),
            });
        }
        let path = Path::new(text);
        let is_file = path.extension().is_some_and(|end| end == "db") && !path.is_dir();
        Ok(Location::File(if is_file {
            path.to_owned()
        } else {
            path.join("state.db")
        }))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::File(path) => write!(f, "{}", path.display()),
            Location::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

/// The URL without what stands before `@` in its authority, and without its query, where
/// PostgreSQL takes passwords too.
fn without_password(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_state_db_and_a_db_file_is_itself() {
        let file = |text| Location::read(text).unwrap();
        assert_eq!(file("/a/b"), Location::File("/a/b/state.db".into()));
        assert_eq!(file("/a/b.db"), Location::File("/a/b.db".into()));
    }

    #[test]
    fn a_password_is_never_shown() {
        let location = Location::read("postgres://u:s3cret@h:5432/d?password=s3cret").unwrap();
        assert_eq!(location.to_string(), "postgres://h:5432/d");
        let refused = Location::read("mysql://u:s3cret@h/d").unwrap_err();
        assert!(!refused.to_string().contains("s3cret"), "{refused}");
    }
}
