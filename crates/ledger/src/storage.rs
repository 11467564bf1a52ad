//! What the ledger asks of a place that holds a log: a directory or a bucket.

use std::io::{self, Read};

use jiff::Timestamp;

/// Bytes to be stored under a path.
#[derive(Debug, Clone)]
pub struct Object {
    /// Path inside the log, `/` between its parts.
    pub path: String,
    /// What is stored.
    pub bytes: Vec<u8>,
}

/// A place that holds a log. Paths are relative, use `/`, and never contain `..`.
///
/// Whoever writes, replaces or deletes holds the lease. In a shared place that excludes the threads of
/// this process only.
/// Durable means: there after the process or the machine stops at any moment.
pub trait Storage: Send + Sync {
    /// Where it is, for messages.
    fn place(&self) -> String;

    /// The object's bytes; none where there is no such object.
    ///
    /// # Errors
    /// The object may exist, and could not be read.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Opens an object that may be large.
    ///
    /// # Errors
    /// The object may exist, and could not be opened.
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn Read + Send>>>;

    /// Whether the object exists.
    ///
    /// # Errors
    /// That could not be found out.
    fn exists(&self, path: &str) -> io::Result<bool>;

    /// Paths of all objects whose path begins with the prefix, a folder with its `/`; sorted.
    ///
    /// # Errors
    /// The listing did not complete.
    fn list(&self, prefix: &str) -> io::Result<Vec<String>>;

    /// Stores objects, in any order between them; each appears whole or not at all, and all are
    /// durable when it returns.
    ///
    /// # Errors
    /// Some may be stored, some not.
    fn write(&self, objects: &[Object]) -> io::Result<()>;

    /// Stores one large object the same way.
    ///
    /// # Errors
    /// It is not stored.
    fn write_from(&self, path: &str, bytes: &mut dyn Read) -> io::Result<()>;

    /// Replaces one object in one step: every reader sees the old or the new bytes. Durable when it
    /// returns.
    ///
    /// # Errors
    /// The old or the new bytes are there.
    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Stores an object where none is; gives what is there where something else is. Durable when it
    /// returns. Of several writers one succeeds.
    ///
    /// # Errors
    /// It may be stored, or not; who tries again with the same bytes learns which.
    fn claim(&self, path: &str, bytes: &[u8]) -> io::Result<Option<Vec<u8>>>;

    /// As [`Storage::replace`], where the object still has the expected bytes; says whether.
    ///
    /// # Errors
    /// The old or the new bytes are there.
    fn replace_if(&self, path: &str, expected: &[u8], bytes: &[u8]) -> io::Result<bool>;

    /// Whether others may write while the lease is held. Then what is appended is claimed first, and
    /// whoever finds a claim completes it.
    fn is_shared(&self) -> bool;

    /// Deletes objects that no checkpoint needs. One that is not there is no error.
    ///
    /// # Errors
    /// Some may be deleted, some not.
    fn delete(&self, paths: &[String]) -> io::Result<()>;

    /// Removes an object, and whatever the place keeps of its past.
    ///
    /// # Errors
    /// Some of it may be there.
    fn erase(&self, path: &str) -> io::Result<()>;

    /// Until when the place itself refuses to remove an object; none where it does not.
    ///
    /// # Errors
    /// That could not be found out.
    fn held_until(&self, path: &str) -> io::Result<Option<Timestamp>>;

    /// Whether the place itself can refuse to remove an object until somebody ends that: S3's legal hold.
    ///
    /// # Errors
    /// That could not be found out.
    fn has_legal_hold(&self) -> io::Result<bool>;

    /// Of each of these objects whether it is under such a hold; one that is not there is not.
    ///
    /// # Errors
    /// That could not be found out.
    fn legally_held(&self, paths: &[String]) -> io::Result<Vec<bool>>;

    /// Puts objects under such a hold, or ends it. One that is not there is no error.
    ///
    /// # Errors
    /// The place has none, or refused; some of it may be done.
    fn set_legal_hold(&self, paths: &[String], is_held: bool) -> io::Result<()>;

    /// Takes objects out of the readers' sight and keeps them, under a name of their own: what no
    /// checkpoint covers may still be all that is left of something.
    ///
    /// # Errors
    /// Some may be out of sight, some not.
    fn set_aside(&self, paths: &[String], name: &str) -> io::Result<()>;

    /// Waits until no other writer holds the log, in this process or another, and holds it until the
    /// lease is dropped.
    ///
    /// # Errors
    /// The lease could not be had.
    fn lease(&self) -> io::Result<Box<dyn Lease + '_>>;
}

/// The right to write, held by one writer at a time.
pub trait Lease {
    /// Whether the last holder stopped before it called [`Lease::settle`]: integrated leaves that no
    /// checkpoint covers may lie about.
    fn is_unsettled(&self) -> bool;

    /// Notes that writing begins.
    ///
    /// # Errors
    /// The note could not be made.
    fn begin(&mut self) -> io::Result<()>;

    /// Notes that everything written is published or set aside.
    ///
    /// # Errors
    /// The note could not be made; the next holder looks for leftovers in vain.
    fn settle(&mut self) -> io::Result<()>;
}
