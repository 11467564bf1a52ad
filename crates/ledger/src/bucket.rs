//! A log in a bucket.

use std::io::{self, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::bucket_url::{BucketUrl, ObjectLock};
use crate::layout::NEXT;
use crate::objects::{Condition, Objects};
use crate::s3::S3;
use crate::storage::{Lease, Object, Storage};

/// Requests that are under way at once.
const AT_ONCE: usize = 8;

/// How often a write is tried again that another one overtook.
const ATTEMPTS: usize = 8;

/// A log in a bucket of S3, below a prefix. Nothing there excludes writers of other machines, so each
/// step is a conditional write: an object of the log is stored where none is and never written over,
/// and `checkpoint` is replaced only by who knows what it replaces.
pub struct Bucket {
    place: String,
    prefix: String,
    objects: Box<dyn Objects>,
    writing: Mutex<()>,
}

impl Bucket {
    /// A log in S3, written as the client's identity, with this retention on each object; none is set
    /// where there is none, and the bucket's default holds.
    ///
    /// # Errors
    /// No thread for the calls could be started, or a retention is asked for and the bucket has no
    /// Object Lock.
    pub fn open(
        load: impl Future<Output = posture_aws::Client> + Send + 'static,
        url: &BucketUrl,
        lock: Option<ObjectLock>,
    ) -> io::Result<Bucket> {
        let objects = S3::open(load, url.bucket(), lock)?;
        Ok(Bucket::with(url, Box::new(objects)))
    }

    pub(crate) fn with(url: &BucketUrl, objects: Box<dyn Objects>) -> Bucket {
        Bucket {
            place: url.to_string(),
            prefix: url.prefix().to_owned(),
            objects,
            writing: Mutex::new(()),
        }
    }

    fn key(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    fn told(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{}: {error}", self.place))
    }

    /// Stores an object where none is, and compares where one is: another writer may have stored the
    /// very same, and a reply may have been lost.
    fn write_one(&self, object: &Object) -> io::Result<()> {
        let key = self.key(&object.path);
        if self.put(&key, &object.bytes, Condition::Absent, true)? {
            return Ok(());
        }
        match self.objects.get(&key)? {
            Some(stored) if stored.bytes == object.bytes => Ok(()),
            _ => Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("{} holds something else; it was left as it is", object.path),
            )),
        }
    }

    /// S3 answers a write that another one overtook with a conflict, and asks for it again.
    fn put(
        &self,
        key: &str,
        bytes: &[u8],
        condition: Condition<'_>,
        is_locked: bool,
    ) -> io::Result<bool> {
        let mut attempts = 1;
        loop {
            match self.objects.put(key, bytes, condition, is_locked) {
                Err(error)
                    if error.kind() == io::ErrorKind::ResourceBusy && attempts < ATTEMPTS =>
                {
                    attempts += 1;
                }
                result => return result,
            }
        }
    }
}

impl Storage for Bucket {
    fn place(&self) -> String {
        self.place.clone()
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let stored = self.objects.get(&self.key(path));
        let stored = stored.map_err(|error| self.told(&error))?;
        Ok(stored.map(|stored| stored.bytes))
    }

    fn open(&self, path: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        let opened = self.objects.open(&self.key(path));
        opened.map_err(|error| self.told(&error))
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        let found = self.objects.exists(&self.key(path));
        found.map_err(|error| self.told(&error))
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
        let keys = self.objects.list(&self.key(prefix));
        let keys = keys.map_err(|error| self.told(&error))?;
        let mut paths: Vec<String> = keys
            .iter()
            .filter_map(|key| key.strip_prefix(&self.prefix))
            .filter(|path| !path.starts_with(NEXT))
            .map(str::to_owned)
            .collect();
        paths.sort_unstable();
        Ok(paths)
    }

    fn write(&self, objects: &[Object]) -> io::Result<()> {
        let written = at_once(objects, |one| self.write_one(one));
        written.map(drop).map_err(|error| self.told(&error))
    }

    fn write_from(&self, path: &str, bytes: &mut dyn Read) -> io::Result<()> {
        // Where one is there already it is of the same name, and so of the same bytes.
        let stored = self.objects.put_from(&self.key(path), bytes);
        stored.map(|_| ()).map_err(|error| self.told(&error))
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let is_locked = !path.starts_with(NEXT);
        let stored = self.put(&self.key(path), bytes, Condition::Always, is_locked);
        stored.map(|_| ()).map_err(|error| self.told(&error))
    }

    fn claim(&self, path: &str, bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let key = self.key(path);
        // Whoever deletes what was claimed is nobody of ours; to look once more is enough.
        for _ in 0..ATTEMPTS {
            let is_locked = !path.starts_with(NEXT);
            let is_stored = self.put(&key, bytes, Condition::Absent, is_locked);
            if is_stored.map_err(|error| self.told(&error))? {
                return Ok(None);
            }
            if let Some(found) = self.read(path)? {
                return Ok(Some(found).filter(|found| found != bytes));
            }
        }
        let what = format!("{path} comes and goes");
        Err(self.told(&io::Error::other(what)))
    }

    fn replace_if(&self, path: &str, expected: &[u8], bytes: &[u8]) -> io::Result<bool> {
        let key = self.key(path);
        let told = |error| self.told(&error);
        let Some(stored) = self.objects.get(&key).map_err(told)? else {
            return Ok(false);
        };
        if stored.bytes != expected {
            return Ok(false);
        }
        let condition = Condition::Unchanged(&stored.etag);
        self.put(&key, bytes, condition, true).map_err(told)
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn delete(&self, paths: &[String]) -> io::Result<()> {
        let mut paths = paths.iter();
        paths
            .try_for_each(|path| self.objects.hide(&self.key(path)))
            .map_err(|error| self.told(&error))
    }

    fn erase(&self, path: &str) -> io::Result<()> {
        let erased = self.objects.erase(&self.key(path));
        erased.map_err(|error| self.told(&error))
    }

    fn held_until(&self, path: &str) -> io::Result<Option<Timestamp>> {
        let held = self.objects.held_until(&self.key(path));
        held.map_err(|error| self.told(&error))
    }

    fn has_legal_hold(&self) -> io::Result<bool> {
        let has_lock = self.objects.has_lock();
        has_lock.map_err(|error| self.told(&error))
    }

    fn legally_held(&self, paths: &[String]) -> io::Result<Vec<bool>> {
        let held = at_once(paths, |path| self.objects.is_legally_held(&self.key(path)));
        held.map_err(|error| self.told(&error))
    }

    fn set_legal_hold(&self, paths: &[String], is_held: bool) -> io::Result<()> {
        let set = at_once(paths, |path| {
            self.objects.set_legal_hold(&self.key(path), is_held)
        });
        set.map(drop).map_err(|error| self.told(&error))
    }

    fn set_aside(&self, paths: &[String], _name: &str) -> io::Result<()> {
        // Nothing is ever integrated here that is not decided: see `crate::claim`.
        match paths.first() {
            None => Ok(()),
            Some(path) => Err(self.told(&io::Error::other(format!(
                "{path} lies beyond the checkpoint, and no writer of ours puts it there"
            )))),
        }
    }

    fn lease(&self) -> io::Result<Box<dyn Lease + '_>> {
        let writing = self.writing.lock();
        Ok(Box::new(Turn(
            writing.unwrap_or_else(PoisonError::into_inner),
        )))
    }
}

/// Does something to each, several at once; what came of them in their order, or the first error.
fn at_once<T: Sync, R: Send>(
    all: &[T],
    work: impl Fn(&T) -> io::Result<R> + Sync,
) -> io::Result<Vec<R>> {
    let share = all.len().div_ceil(AT_ONCE).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let parts: Vec<_> = all
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<io::Result<Vec<R>>>()))
            .collect();
        let mut done = Vec::with_capacity(all.len());
        for part in parts {
            let part = part.join();
            done.extend(
                part.unwrap_or_else(|_| Err(io::Error::other("the caller itself failed")))?,
            );
        }
        Ok(done)
    })
}

/// The turn of one thread: other processes are excluded by what they claim.
struct Turn<'a>(#[expect(dead_code, reason = "held until the turn ends")] MutexGuard<'a, ()>);

impl Lease for Turn<'_> {
    fn is_unsettled(&self) -> bool {
        false
    }

    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn settle(&mut self) -> io::Result<()> {
        Ok(())
    }
}
