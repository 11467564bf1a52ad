//! The calls of an object store by which a log in a bucket is read and changes, one method a call, so
//! that a test can fail each of them in turn.

use std::io::{self, Read};

use jiff::Timestamp;

/// An object with what a later write can be held against.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) bytes: Vec<u8>,
    pub(crate) etag: String,
}

/// What has to hold of a key for a write to happen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Condition<'c> {
    /// Nothing.
    Always,
    /// No object is there (`If-None-Match: *`).
    Absent,
    /// The object that has this entity tag is there (`If-Match`).
    Unchanged(&'c str),
}

/// An object store with conditional writes whose reads see every write that has ended: S3 since 2020.
/// Only [`crate::s3::S3`] outside tests.
pub(crate) trait Objects: Send + Sync {
    /// The object; none where there is none.
    fn get(&self, key: &str) -> io::Result<Option<Stored>>;
    /// The bytes of a large object, read as they are asked for; none where there is none.
    fn open(&self, key: &str) -> io::Result<Option<Box<dyn Read + Send>>>;
    /// Whether there is such an object.
    fn exists(&self, key: &str) -> io::Result<bool>;
    /// All keys with the prefix.
    fn list(&self, prefix: &str) -> io::Result<Vec<String>>;
    /// Stores an object whole, under the store's retention where `is_locked`; false where the condition
    /// does not hold.
    fn put(
        &self,
        key: &str,
        bytes: &[u8],
        condition: Condition<'_>,
        is_locked: bool,
    ) -> io::Result<bool>;
    /// Stores a large object where there is none, under the store's retention; false where there is
    /// one.
    fn put_from(&self, key: &str, bytes: &mut dyn Read) -> io::Result<bool>;
    /// Takes an object out of sight; the store may keep its versions. One that is not there is no
    /// error.
    fn hide(&self, key: &str) -> io::Result<()>;
    /// Removes an object with all its versions.
    fn erase(&self, key: &str) -> io::Result<()>;
    /// Until when the store refuses to remove the object; none where it does not.
    fn held_until(&self, key: &str) -> io::Result<Option<Timestamp>>;
    /// Whether objects can be locked.
    fn has_lock(&self) -> io::Result<bool>;
    /// Whether the object is under legal hold; not where there is none.
    fn is_legally_held(&self, key: &str) -> io::Result<bool>;
    /// Puts the object under legal hold, or ends it. One that is not there is no error.
    fn set_legal_hold(&self, key: &str, is_held: bool) -> io::Result<()>;
}
