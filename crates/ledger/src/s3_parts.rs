//! Large objects of S3, in parts.

use std::io::{self, Read};
use std::sync::mpsc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use posture_aws::Client;
use serde_json::Value;

/// Bytes of a part of a large object: S3 takes 10,000 parts, each but the last of at least 5 MiB.
pub(crate) const PART: usize = 16 << 20;

/// A large object, read in parts.
pub(crate) struct Parts {
    pub(crate) client: Client,
    pub(crate) handle: tokio::runtime::Handle,
    pub(crate) input: Value,
    pub(crate) at: u64,
    pub(crate) size: u64,
    pub(crate) part: io::Cursor<Vec<u8>>,
}

impl Read for Parts {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.part.read(out)?;
        if read > 0 || self.at >= self.size {
            return Ok(read);
        }
        let end = self.size.min(self.at + PART as u64);
        let mut input = self.input.clone();
        input["Range"] = Value::from(format!("bytes={}-{}", self.at, end - 1));
        let client = self.client.clone();
        let (send, receive) = mpsc::sync_channel(1);
        self.handle.spawn(async move {
            // Nobody waits any more where this fails.
            send.send(client.call("s3", "GetObject", &input).await).ok();
        });
        let answer = receive.recv().map_err(io::Error::other)?;
        let bytes = body(&answer.map_err(io::Error::other)?)?;
        if bytes.len() as u64 != end - self.at {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at = end;
        self.part = io::Cursor::new(bytes);
        self.part.read(out)
    }
}

/// The bytes of an answer.
pub(crate) fn body(answer: &Value) -> io::Result<Vec<u8>> {
    let text = answer["Body"].as_str().unwrap_or_default();
    BASE64_STANDARD.decode(text).map_err(io::Error::other)
}

/// The next part.
pub(crate) fn read_part(bytes: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    bytes.take(PART as u64).read_to_end(&mut part)?;
    Ok(part)
}
