//! S3, through the client of `posture-aws`. Semantics: S3's API reference (PutObject's `If-Match` and
//! `If-None-Match`, Object Lock, consistency) and the embedded model.

use std::io::{self, Read};
use std::sync::{OnceLock, mpsc};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::Timestamp;
use posture_aws::{CallError, Client};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tokio::runtime::Runtime;

use crate::bucket_url::ObjectLock;
use crate::objects::{Condition, Objects, Stored};
use crate::s3_parts::{PART, Parts, body, read_part};

/// The objects of one bucket. Calls are made on a runtime of their own, so that the ledger can be used
/// from anywhere, within another runtime too.
pub(crate) struct S3 {
    runtime: Option<Runtime>,
    client: Client,
    bucket: String,
    lock: Option<ObjectLock>,
    /// Whether the bucket has Object Lock, once that was asked: it can't be turned off.
    has_lock: OnceLock<bool>,
}

impl S3 {
    pub(crate) fn open(
        load: impl Future<Output = Client> + Send + 'static,
        bucket: &str,
        lock: Option<ObjectLock>,
    ) -> io::Result<S3> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("evidence-bucket")
            .enable_all()
            .build()?;
        let client = wait(&runtime, load)?;
        let s3 = S3 {
            runtime: Some(runtime),
            client,
            bucket: bucket.to_owned(),
            lock,
            has_lock: OnceLock::new(),
        };
        if lock.is_some() {
            s3.require_lock()?;
        }
        Ok(s3)
    }

    /// A retention that the bucket cannot hold is refused by S3 object by object; it is told once.
    fn require_lock(&self) -> io::Result<()> {
        if self.has_lock()? {
            return Ok(());
        }
        let bucket = &self.bucket;
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("a retention is set, and the bucket {bucket} has no Object Lock"),
        ))
    }

    fn retained_until(&self, key: &str) -> io::Result<Option<String>> {
        let answer = absent_is_none(self.call("GetObjectRetention", json!({ "Key": key })))?;
        Ok(answer.and_then(|answer| text(&answer["Retention"], "RetainUntilDate")))
    }

    fn call(&self, operation: &'static str, input: Value) -> Result<Value, CallError> {
        let mut input = input;
        if let Value::Object(members) = &mut input {
            members.insert("Bucket".to_owned(), Value::from(self.bucket.as_str()));
        }
        let client = self.client.clone();
        let called = self.wait(async move { client.call("s3", operation, &input).await });
        called.unwrap_or_else(|error| {
            Err(CallError::Unreachable {
                service: "s3",
                what: error.to_string(),
                timed_out: false,
            })
        })
    }

    fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> io::Result<T> {
        match &self.runtime {
            Some(runtime) => wait(runtime, work),
            None => Err(io::Error::other("the bucket is closed")),
        }
    }

    fn pages(&self, operation: &'static str, prefix: &str) -> Result<Vec<Value>, CallError> {
        let input = json!({ "Bucket": self.bucket, "Prefix": prefix });
        let client = self.client.clone();
        let read = self.wait(async move {
            let mut pages = client.pages("s3", operation, &input)?;
            let mut found = Vec::new();
            while let Some(page) = pages.next().await {
                found.push(page?);
            }
            Ok(found)
        });
        read.unwrap_or_else(|error| {
            Err(CallError::Unreachable {
                service: "s3",
                what: error.to_string(),
                timed_out: false,
            })
        })
    }

    /// The members of a write: with its hash, which S3 demands where an object is locked.
    fn write_members(&self, key: &str, is_locked: bool) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("Key".to_owned(), Value::from(key));
        if let Some(lock) = self.lock.filter(|_| is_locked) {
            let until = lock.until.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            members.insert("ObjectLockMode".to_owned(), Value::from(lock.mode()));
            members.insert("ObjectLockRetainUntilDate".to_owned(), Value::from(until));
        }
        members
    }

    fn put_parts(&self, key: &str, first: Vec<u8>, bytes: &mut dyn Read) -> io::Result<bool> {
        let mut members = self.write_members(key, true);
        members.insert("ChecksumAlgorithm".to_owned(), Value::from("SHA256"));
        let made = self.call("CreateMultipartUpload", Value::Object(members));
        let made = made.map_err(io::Error::other)?;
        let upload = made["UploadId"].clone();
        let stored = self.put_each(key, &upload, first, bytes);
        if !matches!(stored, Ok(true)) {
            // Parts of an upload that is not ended cost, and count for nothing.
            let input = json!({ "Key": key, "UploadId": upload });
            self.call("AbortMultipartUpload", input).ok();
        }
        stored
    }

    fn put_each(
        &self,
        key: &str,
        upload: &Value,
        first: Vec<u8>,
        bytes: &mut dyn Read,
    ) -> io::Result<bool> {
        let mut part = first;
        let mut parts = Vec::new();
        while !part.is_empty() {
            let number = parts.len() + 1;
            let hash = BASE64_STANDARD.encode(Sha256::digest(&part));
            let input = json!({
                "Key": key, "UploadId": upload, "PartNumber": number,
                "Body": BASE64_STANDARD.encode(&part), "ChecksumSHA256": hash,
            });
            let answer = self.call("UploadPart", input).map_err(io::Error::other)?;
            let tag = answer["ETag"].clone();
            parts.push(json!({ "PartNumber": number, "ETag": tag, "ChecksumSHA256": hash }));
            part = read_part(bytes)?;
        }
        let input = json!({
            "Key": key, "UploadId": upload, "IfNoneMatch": "*",
            "MultipartUpload": { "Parts": parts },
        });
        written(self.call("CompleteMultipartUpload", input))
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        // A runtime that is dropped within another one waits, which that one forbids.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Objects for S3 {
    fn get(&self, key: &str) -> io::Result<Option<Stored>> {
        let Some(answer) = absent_is_none(self.call("GetObject", json!({ "Key": key })))? else {
            return Ok(None);
        };
        let etag = answer["ETag"].as_str().unwrap_or_default().to_owned();
        let bytes = body(&answer)?;
        Ok(Some(Stored { bytes, etag }))
    }

    fn open(&self, key: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        let Some(head) = absent_is_none(self.call("HeadObject", json!({ "Key": key })))? else {
            return Ok(None);
        };
        let size = head["ContentLength"].as_u64().unwrap_or_default();
        // Parts of one object, not of several that follow each other under its key.
        let (client, handle) = (self.client.clone(), self.runtime.as_ref());
        let Some(handle) = handle.map(|runtime| runtime.handle().clone()) else {
            return Err(io::Error::other("the bucket is closed"));
        };
        Ok(Some(Box::new(Parts {
            client,
            handle,
            input: json!({ "Bucket": self.bucket, "Key": key, "IfMatch": head["ETag"] }),
            at: 0,
            size,
            part: io::Cursor::new(Vec::new()),
        })))
    }

    fn exists(&self, key: &str) -> io::Result<bool> {
        let head = absent_is_none(self.call("HeadObject", json!({ "Key": key })))?;
        Ok(head.is_some())
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
        let pages = self.pages("ListObjectsV2", prefix);
        let pages = pages.map_err(io::Error::other)?;
        let objects = pages.iter().flat_map(|page| items(page, "Contents"));
        Ok(objects.filter_map(|one| text(one, "Key")).collect())
    }

    fn put(
        &self,
        key: &str,
        bytes: &[u8],
        condition: Condition<'_>,
        is_locked: bool,
    ) -> io::Result<bool> {
        let mut members = self.write_members(key, is_locked);
        let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
        set("Body", Value::from(BASE64_STANDARD.encode(bytes)));
        let hash = BASE64_STANDARD.encode(Sha256::digest(bytes));
        set("ChecksumAlgorithm", Value::from("SHA256"));
        set("ChecksumSHA256", Value::from(hash));
        match condition {
            Condition::Always => {}
            Condition::Absent => drop(set("IfNoneMatch", Value::from("*"))),
            Condition::Unchanged(etag) => drop(set("IfMatch", Value::from(etag))),
        }
        written(self.call("PutObject", Value::Object(members)))
    }

    fn put_from(&self, key: &str, bytes: &mut dyn Read) -> io::Result<bool> {
        let first = read_part(bytes)?;
        if first.len() < PART {
            return self.put(key, &first, Condition::Absent, true);
        }
        self.put_parts(key, first, bytes)
    }

    fn hide(&self, key: &str) -> io::Result<()> {
        self.call("DeleteObject", json!({ "Key": key }))
            .map(|_| ())
            .map_err(io::Error::other)
    }

    fn erase(&self, key: &str) -> io::Result<()> {
        let pages = self.pages("ListObjectVersions", key);
        for page in pages.map_err(io::Error::other)? {
            let versions = items(&page, "Versions").chain(items(&page, "DeleteMarkers"));
            for version in versions.filter(|one| text(one, "Key").as_deref() == Some(key)) {
                let mut input = json!({ "Key": key });
                // A bucket that never had versions calls the only one `null`.
                input["VersionId"] = version["VersionId"].clone();
                self.call("DeleteObject", input).map_err(io::Error::other)?;
            }
        }
        Ok(())
    }

    fn held_until(&self, key: &str) -> io::Result<Option<Timestamp>> {
        if !self.has_lock()? {
            return Ok(None);
        }
        let Some(head) = absent_is_none(self.call("HeadObject", json!({ "Key": key })))? else {
            return Ok(None);
        };
        // What HeadObject does not tell may be because this identity may not know. Then it is asked in the
        // call that is denied.
        let is_held = match text(&head, "ObjectLockLegalHoldStatus") {
            Some(status) => status == "ON",
            None => self.is_legally_held(key)?,
        };
        if is_held {
            return Ok(Some(Timestamp::MAX));
        }
        let until = match text(&head, "ObjectLockRetainUntilDate") {
            Some(until) => Some(until),
            None => self.retained_until(key)?,
        };
        until
            .map(|until| until.parse().map_err(io::Error::other))
            .transpose()
    }

    fn has_lock(&self) -> io::Result<bool> {
        if let Some(has_lock) = self.has_lock.get() {
            return Ok(*has_lock);
        }
        let none = ["ObjectLockConfigurationNotFoundError", "NotImplemented"];
        let has_lock = match self.call("GetObjectLockConfiguration", json!({})) {
            Ok(answer) => {
                let state = answer.pointer("/ObjectLockConfiguration/ObjectLockEnabled");
                state.and_then(Value::as_str) == Some("Enabled")
            }
            Err(error) if code(&error).is_some_and(|code| none.contains(&code)) => false,
            Err(error) => return Err(io::Error::other(error)),
        };
        Ok(*self.has_lock.get_or_init(|| has_lock))
    }

    fn is_legally_held(&self, key: &str) -> io::Result<bool> {
        let answer = absent_is_none(self.call("GetObjectLegalHold", json!({ "Key": key })))?;
        let status = answer.and_then(|answer| text(&answer["LegalHold"], "Status"));
        Ok(status.as_deref() == Some("ON"))
    }

    fn set_legal_hold(&self, key: &str, is_held: bool) -> io::Result<()> {
        let status = if is_held { "ON" } else { "OFF" };
        let input = json!({ "Key": key, "LegalHold": { "Status": status } });
        absent_is_none(self.call("PutObjectLegalHold", input)).map(drop)
    }
}

/// Waits for work on another runtime's thread; within a runtime too.
fn wait<T: Send + 'static>(
    runtime: &Runtime,
    work: impl Future<Output = T> + Send + 'static,
) -> io::Result<T> {
    let (send, receive) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        // Nobody waits any more where this fails.
        send.send(work.await).ok();
    });
    receive.recv().map_err(io::Error::other)
}

fn code(error: &CallError) -> Option<&str> {
    match error {
        CallError::Service { error, .. } => Some(&error.code),
        _ => None,
    }
}

fn status(error: &CallError) -> Option<u16> {
    match error {
        CallError::Service { error, .. } => Some(error.status),
        _ => None,
    }
}

/// A bucket that is not there is an error, an object is not.
fn absent_is_none(answer: Result<Value, CallError>) -> io::Result<Option<Value>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if status(&error) == Some(404) && code(&error) != Some("NoSuchBucket") => {
            Ok(None)
        }
        Err(error) => Err(io::Error::other(error)),
    }
}

/// Whether a conditional write happened. 412: the condition does not hold; 404: what it names is gone;
/// 409: another write is under way.
fn written(answer: Result<Value, CallError>) -> io::Result<bool> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if code(&error) == Some("NoSuchBucket") => Err(io::Error::other(error)),
        Err(error) => match status(&error) {
            Some(412 | 404) => Ok(false),
            Some(409) => Err(io::Error::new(io::ErrorKind::ResourceBusy, error)),
            _ => Err(io::Error::other(error)),
        },
    }
}

fn items<'v>(page: &'v Value, list: &str) -> impl Iterator<Item = &'v Value> {
    page[list].as_array().into_iter().flatten()
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(str::to_owned)
}
