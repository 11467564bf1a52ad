//! Packages: a log as of one checkpoint, its bodies, and the files that were made from them, in one
//! zip file or folder that `posture-verify` checks alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Cursor, Read, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::blob::hex;
use crate::erase::follow;
use crate::error::LedgerError;
use crate::layout::{self, CHECKPOINT};
use crate::reader::LogReader;
use crate::record::{Body, Leaf, Record, RecordType};
use crate::zip::ZipWriter;

/// Media type of the body that lists a package's files.
const MANIFEST: &str = "application/vnd.posture.package-manifest+json";

/// What a package holds beside the log.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// Files by their path in the package, and where they are now.
    pub files: BTreeMap<String, PathBuf>,
    /// Bodies that are left out, SHA-256 in hex.
    pub omits: BTreeSet<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    path: &'a str,
    sha256: String,
    size_bytes: u64,
}

#[derive(Serialize)]
struct Manifest<'a> {
    files: Vec<Listed<'a>>,
    omits: &'a BTreeSet<String>,
}

impl Contents {
    /// The record that vouches for these files: append it, then write the package as of the
    /// checkpoint that covers it.
    ///
    /// # Errors
    /// A file could not be read, or its path is none that a package can have.
    pub fn manifest(&self, subject: &str) -> Result<Record, LedgerError> {
        let mut files = Vec::with_capacity(self.files.len());
        for (path, file) in &self.files {
            let refuse = |cause| LedgerError::Package {
                path: file.clone(),
                cause,
            };
            if !is_allowed(path) {
                let what = format!("{path:?} is no path in a package");
                return Err(refuse(io::Error::new(io::ErrorKind::InvalidInput, what)));
            }
            let mut hash = Sha256::new();
            let mut input = BufReader::new(File::open(file).map_err(refuse)?);
            let mut buffer = vec![0; 1 << 16];
            let mut size_bytes = 0;
            loop {
                let count = input.read(&mut buffer).map_err(refuse)?;
                if count == 0 {
                    break;
                }
                hash.update(buffer.get(..count).unwrap_or_default());
                size_bytes += count as u64;
            }
            files.push(Listed {
                path,
                sha256: hex(&hash.finalize()),
                size_bytes,
            });
        }
        let manifest = Manifest {
            files,
            omits: &self.omits,
        };
        let bytes =
            serde_json_canonicalizer::to_vec(&manifest).map_err(|error| LedgerError::Package {
                path: PathBuf::from(subject),
                cause: error.into(),
            })?;
        let mut record = Record::new(RecordType::Report, subject);
        record.body = Some(Body::Bytes {
            media_type: MANIFEST.to_owned(),
            bytes,
        });
        Ok(record)
    }
}

/// Writes the package as a zip file: the same log and files give the same bytes.
///
/// # Errors
/// Something in the log is missing, or the file exists or could not be written; then there is none.
pub fn write_zip(
    reader: &LogReader<'_>,
    contents: &Contents,
    to: &Path,
) -> Result<(), LedgerError> {
    let parts = parts(reader, contents)?;
    let write = || {
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        let unfinished = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        let mut zip = ZipWriter::new(BufWriter::new(unfinished));
        for (name, part) in &parts {
            zip.add(name, &|| part.open(reader))?;
        }
        let finished = zip
            .finish()?
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        readable(finished.as_file())?;
        finished.persist_noclobber(to)?;
        Ok(())
    };
    write().map_err(|cause| LedgerError::Package {
        path: to.to_owned(),
        cause,
    })
}

/// A temporary file is its owner's alone; a package is handed on.
fn readable(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.sync_all()
}

/// Writes the package as a folder, which must not exist.
///
/// # Errors
/// Something in the log is missing, or the folder exists or could not be written.
pub fn write_folder(
    reader: &LogReader<'_>,
    contents: &Contents,
    to: &Path,
) -> Result<(), LedgerError> {
    let parts = parts(reader, contents)?;
    let write = || {
        fs::create_dir(to)?;
        for (name, part) in &parts {
            let file = to.join(name);
            fs::create_dir_all(file.parent().unwrap_or(to))?;
            let mut out = BufWriter::new(File::create_new(file)?);
            io::copy(&mut part.open(reader)?, &mut out)?;
            out.flush()?;
        }
        Ok(())
    };
    write().map_err(|cause| LedgerError::Package {
        path: to.to_owned(),
        cause,
    })
}

/// Where the bytes of a package's file come from.
enum Part {
    Bytes(Vec<u8>),
    /// Records of the log from an index on.
    Bundle(u64),
    /// A tile's first hashes.
    Tile {
        level: u8,
        number: u64,
    },
    Stored,
    File(PathBuf),
}

/// A part with what it needs to be opened.
struct Named {
    path: String,
    part: Part,
}

impl Named {
    fn open(&self, reader: &LogReader<'_>) -> io::Result<Box<dyn Read>> {
        let damaged = |error: LedgerError| io::Error::other(error.to_string());
        Ok(match &self.part {
            Part::Bytes(bytes) => Box::new(Cursor::new(bytes.clone())),
            Part::File(file) => Box::new(BufReader::new(File::open(file)?)),
            Part::Bundle(number) => Box::new(Cursor::new(reader.bundle(*number).map_err(damaged)?)),
            Part::Tile { level, number } => {
                Box::new(Cursor::new(reader.tile(*level, *number).map_err(damaged)?))
            }
            Part::Stored => reader
                .storage()
                .open(&self.path)?
                .ok_or(io::ErrorKind::NotFound)?,
        })
    }
}

/// Everything in the package, by name.
fn parts(
    reader: &LogReader<'_>,
    contents: &Contents,
) -> Result<BTreeMap<String, Named>, LedgerError> {
    let mut parts = BTreeMap::new();
    let mut add = |path: String, part: Part| {
        parts.insert(path.clone(), Named { path, part });
    };
    let size = reader.size();
    add(
        CHECKPOINT.to_owned(),
        Part::Bytes(reader.checkpoint().to_bytes()),
    );
    for kept in reader.kept_checkpoints()? {
        add(layout::kept_checkpoint(kept), Part::Stored);
    }
    for (_, path) in reader.timestamps()? {
        add(path, Part::Stored);
    }
    for number in 0..size.div_ceil(layout::TILE_WIDTH) {
        let width = layout::width(0, number, size);
        add(layout::bundle(number, width), Part::Bundle(number));
    }
    for level in 0..8 {
        let hashes = size >> (level * layout::TILE_HEIGHT);
        for number in 0..hashes.div_ceil(layout::TILE_WIDTH) {
            let width = layout::width(level, number, size);
            add(
                layout::tile(level, number, width),
                Part::Tile { level, number },
            );
        }
    }
    for sha256 in bodies(reader, contents)? {
        add(layout::blob(&sha256), Part::Stored);
    }
    for (path, file) in &contents.files {
        add(path.clone(), Part::File(file.clone()));
    }
    Ok(parts)
}

/// The bodies that the package holds. One that is neither left out nor deleted has to be there.
fn bodies(reader: &LogReader<'_>, contents: &Contents) -> Result<BTreeSet<String>, LedgerError> {
    let mut bodies = BTreeSet::new();
    let mut removed = BTreeSet::new();
    reader.for_each(0, reader.size(), |path, bytes| {
        let leaf = Leaf::from_bytes(bytes)
            .map_err(|error| LedgerError::damaged(path, error.to_string()))?;
        follow(&mut removed, &leaf);
        bodies.extend(leaf.body.map(|body| body.sha256));
        Ok(())
    })?;
    bodies.retain(|sha256| !contents.omits.contains(sha256));
    let mut present = BTreeSet::new();
    for sha256 in bodies {
        if reader.has_body(&sha256)? {
            present.insert(sha256);
        } else if !removed.contains(&sha256) {
            return Err(LedgerError::damaged(
                &layout::blob(&sha256),
                "it is missing",
            ));
        }
    }
    Ok(present)
}

/// Paths that every system reads the same way, and that leave no folder.
fn is_allowed(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let is_ours = ["tile/", "blobs/", layout::KEPT, layout::TIMESTAMPS]
        .iter()
        .any(|prefix| path.starts_with(prefix));
    path.len() <= 512
        && path != CHECKPOINT
        && !is_ours
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain))
}
