//! A folder that holds a bucket's objects under their keys, as `aws s3 sync` makes it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use super::digest::{Digest, Found, TrailError};
use crate::verdict_root::hex;

/// No digest is longer: it names the log files of an hour.
const LONGEST: u64 = 256 << 20;
/// What stands beside a digest: its object's metadata `signature`.
const SIGNATURE: &str = "signature";

/// Digests and log files, by key.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) digests: Vec<Found>,
    /// Digests that can't be read, and why.
    pub(super) broken: BTreeMap<String, String>,
    pub(super) logs: BTreeMap<String, PathBuf>,
}

impl Files {
    /// Reads the digests, and finds the log files.
    pub(super) fn find(folder: &Path) -> Result<Files, TrailError> {
        let mut files = Files::default();
        let mut folders = vec![folder.to_owned()];
        while let Some(inner) = folders.pop() {
            let entries = std::fs::read_dir(&inner);
            let entries = entries.map_err(|cause| TrailError::read(&inner, cause))?;
            for entry in entries {
                let entry = entry.map_err(|cause| TrailError::read(&inner, cause))?;
                let path = entry.path();
                let kind = entry.file_type();
                let kind = kind.map_err(|cause| TrailError::read(&path, cause))?;
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    files.add(folder, path);
                }
            }
        }
        files.digests.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(files)
    }

    fn add(&mut self, folder: &Path, path: PathBuf) {
        let Some(key) = key(folder, &path) else {
            return;
        };
        if ![".json", ".json.gz"].iter().any(|ending| key.ends_with(ending)) {
            return;
        }
        if key.contains("/CloudTrail-Digest/") {
            match read(&path) {
                Ok((digest, sha256)) => {
                    let mut beside = path.clone().into_os_string();
                    beside.push(".");
                    beside.push(SIGNATURE);
                    let beside = std::fs::read_to_string(beside).ok();
                    self.digests.push(Found {
                        key,
                        digest,
                        sha256,
                        beside: beside.map(|text| text.trim().to_owned()),
                    });
                }
                Err(error) => {
                    self.broken.insert(key, error.to_string());
                }
            }
        } else if key.contains("/CloudTrail/") {
            self.logs.insert(key, path);
        }
    }
}

/// The path in the folder from `AWSLogs` on, or from a prefix before it.
fn key(folder: &Path, path: &Path) -> Option<String> {
    let inner = path.strip_prefix(folder).ok()?;
    let parts: Option<Vec<&str>> = inner.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    let file = BufReader::new(File::open(path)?);
    let is_packed = path.extension().is_some_and(|ending| ending == "gz");
    Ok(if is_packed {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    })
}

fn read(path: &Path) -> io::Result<(Digest, String)> {
    let mut text = Vec::new();
    let length = open(path)?.take(LONGEST).read_to_end(&mut text)?;
    if length as u64 == LONGEST {
        return Err(io::Error::other("it is longer than any digest"));
    }
    let digest = serde_json::from_slice(&text)?;
    Ok((digest, hex(&Sha256::digest(&text))))
}

/// SHA-256 of a file's uncompressed content, hex.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut stream = open(path)?;
    let mut chunk = vec![0; 1 << 16];
    loop {
        let count = stream.read(&mut chunk)?;
        let Some(read) = chunk.get(..count).filter(|read| !read.is_empty()) else {
            return Ok(hex(&hash.finalize()));
        };
        hash.update(read);
    }
}
