//! Items for this once: JSON Lines in a file without a name, which is gone with this process.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use posture_recorder::{Listing, Outcome, Place, Sink};

/// Takes items into a file.
#[derive(Debug, Clone)]
pub(crate) struct Spool {
    file: Arc<Mutex<BufWriter<File>>>,
}

impl Spool {
    pub(crate) fn new() -> io::Result<Spool> {
        let file = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
        Ok(Spool {
            file: Arc::new(Mutex::new(file)),
        })
    }

    /// The file, from its start.
    pub(crate) fn finish(&self) -> io::Result<File> {
        let mut writer = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        writer.flush()?;
        let mut file = writer.get_ref().try_clone()?;
        file.rewind()?;
        Ok(file)
    }
}

impl Sink for Spool {
    type Listing = Spool;
    type Error = io::Error;

    async fn begin(&self, _: Place, _: Timestamp) -> io::Result<Spool> {
        Ok(self.clone())
    }
}

impl Listing for Spool {
    type Error = io::Error;

    async fn item(&mut self, item: &[u8]) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(item)?;
        file.write_all(b"\n")
    }

    // What was not read is in the report, and in the items.
    fn unread(&mut self, _: &str, _: &Outcome) {}

    async fn end(self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}
