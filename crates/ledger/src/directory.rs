//! A log in a directory.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::files::{Disk, Files};
use crate::storage::{Lease, Object, Storage};

/// Held by the writer. Its one byte says whether the holder is in the midst of writing.
const LOCK: &str = ".lock";
/// Files that have no final name yet. Readers ignore it.
const UNFINISHED: &str = ".tmp";
/// Files that were set aside. Readers ignore it.
const ASIDE: &str = ".aside";

/// A log in a directory: an object is a file, made durable with `fsync` or `syncfs` under a temporary
/// name and then renamed. Writers exclude each other with a lock on `.lock`.
pub struct Directory {
    root: PathBuf,
    files: Box<dyn Files>,
}

impl Directory {
    /// The directory need not exist before the first write.
    pub fn new(root: impl Into<PathBuf>) -> Directory {
        Directory::with(root.into(), Box::new(Disk))
    }

    pub(crate) fn with(root: PathBuf, files: Box<dyn Files>) -> Directory {
        Directory { root, files }
    }

    fn path(&self, path: &str) -> io::Result<PathBuf> {
        let is_plain = path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains('\\'));
        if is_plain {
            Ok(self.root.join(path))
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{path:?} is no path inside a log"),
            ))
        }
    }

    /// Gives written files their names, and makes contents and names durable, in this order.
    fn publish(&self, named: &[(PathBuf, PathBuf)]) -> io::Result<()> {
        let unfinished: Vec<PathBuf> = named.iter().map(|(from, _)| from.clone()).collect();
        self.files.sync_files(&self.root, &unfinished)?;
        let mut folders = BTreeSet::new();
        for (_, to) in named {
            let mut folder = to.parent();
            if let Some(folder) = folder.filter(|folder| !folder.exists()) {
                self.files.create_folder(folder)?;
            }
            // A new folder's name is in the folder above it.
            while let Some(inner) = folder.filter(|folder| folder.starts_with(&self.root)) {
                if !folders.insert(inner.to_owned()) {
                    break;
                }
                folder = inner.parent();
            }
        }
        for (from, to) in named {
            self.files.rename(from, to)?;
        }
        let folders: Vec<PathBuf> = folders.into_iter().collect();
        self.files.sync_folders(&self.root, &folders)
    }

    fn clear_unfinished(&self) -> io::Result<()> {
        let folder = self.root.join(UNFINISHED);
        for entry in absent_is_none(fs::read_dir(&folder))?.into_iter().flatten() {
            absent_is_none(self.files.remove(&entry?.path()))?;
        }
        Ok(())
    }

    /// Where files are until they have their names. Only the holder of the lease writes there.
    fn unfinished(&self) -> io::Result<PathBuf> {
        let folder = self.root.join(UNFINISHED);
        if !folder.exists() {
            self.files.create_folder(&folder)?;
        }
        Ok(folder)
    }
}

impl Storage for Directory {
    fn place(&self) -> String {
        self.root.display().to_string()
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        absent_is_none(fs::read(self.path(path)?))
    }

    fn open(&self, path: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        let file = absent_is_none(File::open(self.path(path)?))?;
        Ok(file.map(|file| Box::new(file) as Box<dyn Read + Send>))
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        self.path(path)?.try_exists()
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        let folder = prefix.trim_end_matches('/');
        walk(&self.root.join(folder), folder, &mut found)?;
        found.sort_unstable();
        Ok(found)
    }

    fn write(&self, objects: &[Object]) -> io::Result<()> {
        if objects.is_empty() {
            return Ok(());
        }
        let folder = self.unfinished()?;
        let mut named = Vec::with_capacity(objects.len());
        for (number, object) in objects.iter().enumerate() {
            let unfinished = folder.join(number.to_string());
            self.files
                .write(&unfinished, &mut object.bytes.as_slice())?;
            named.push((unfinished, self.path(&object.path)?));
        }
        self.publish(&named)
    }

    fn write_from(&self, path: &str, bytes: &mut dyn Read) -> io::Result<()> {
        let to = self.path(path)?;
        let unfinished = self.unfinished()?.join("0");
        self.files.write(&unfinished, bytes)?;
        self.publish(&[(unfinished, to)])
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.write_from(path, &mut &*bytes)
    }

    fn claim(&self, path: &str, bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
        match self.read(path)? {
            Some(found) => Ok(Some(found).filter(|found| found != bytes)),
            None => self.replace(path, bytes).map(|()| None),
        }
    }

    fn replace_if(&self, path: &str, expected: &[u8], bytes: &[u8]) -> io::Result<bool> {
        if self.read(path)?.as_deref() != Some(expected) {
            return Ok(false);
        }
        self.replace(path, bytes).map(|()| true)
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn delete(&self, paths: &[String]) -> io::Result<()> {
        for path in paths {
            absent_is_none(self.files.remove(&self.path(path)?))?;
        }
        Ok(())
    }

    fn erase(&self, path: &str) -> io::Result<()> {
        self.delete(&[path.to_owned()])
    }

    fn held_until(&self, _path: &str) -> io::Result<Option<Timestamp>> {
        Ok(None)
    }

    fn has_legal_hold(&self) -> io::Result<bool> {
        Ok(false)
    }

    fn legally_held(&self, paths: &[String]) -> io::Result<Vec<bool>> {
        Ok(vec![false; paths.len()])
    }

    fn set_legal_hold(&self, _paths: &[String], _is_held: bool) -> io::Result<()> {
        let what = "a folder has no legal hold of its own";
        Err(io::Error::new(io::ErrorKind::Unsupported, what))
    }

    fn set_aside(&self, paths: &[String], name: &str) -> io::Result<()> {
        for path in paths {
            let to = self.root.join(ASIDE).join(name).join(path);
            if let Some(folder) = to.parent().filter(|folder| !folder.exists()) {
                self.files.create_folder(folder)?;
            }
            absent_is_none(self.files.rename(&self.path(path)?, &to))?;
        }
        Ok(())
    }

    fn lease(&self) -> io::Result<Box<dyn Lease + '_>> {
        if !self.root.exists() {
            self.files.create_folder(&self.root)?;
        }
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.root.join(LOCK))?;
        file.lock()?;
        let mut state = Vec::new();
        file.read_to_end(&mut state)?;
        let is_unsettled = state != SETTLED;
        if is_unsettled {
            self.clear_unfinished()?;
            // What the last holder named may not be durable, and is taken for stored from here on.
            let mut folders = vec![self.root.clone()];
            add_folders(&self.root, &mut folders)?;
            self.files.sync_folders(&self.root, &folders)?;
        }
        Ok(Box::new(LockFile { file, is_unsettled }))
    }
}

const SETTLED: &[u8] = b"-";
const WRITING: &[u8] = b"w";

struct LockFile {
    file: File,
    is_unsettled: bool,
}

impl LockFile {
    fn note(&mut self, state: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(state)
    }
}

impl Lease for LockFile {
    fn is_unsettled(&self) -> bool {
        self.is_unsettled
    }

    fn begin(&mut self) -> io::Result<()> {
        self.is_unsettled = true;
        self.note(WRITING)
    }

    fn settle(&mut self) -> io::Result<()> {
        self.is_unsettled = false;
        self.note(SETTLED)
    }
}

fn add_folders(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
            add_folders(&entry.path(), found)?;
        }
    }
    Ok(())
}

fn absent_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn walk(folder: &Path, path: &str, found: &mut Vec<String>) -> io::Result<()> {
    let Some(entries) = absent_is_none(fs::read_dir(folder))? else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name
            .to_str()
            .filter(|name| ![UNFINISHED, ASIDE, LOCK].contains(name))
        else {
            continue;
        };
        let path = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}/{name}")
        };
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
