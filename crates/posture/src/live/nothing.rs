//! Nowhere: what is recorded only to see how far it can be read.

use std::convert::Infallible;

use jiff::Timestamp;
use posture_recorder::{Listing, Outcome, Place, Sink};

/// Takes items and keeps none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nothing;

impl Sink for Nothing {
    type Listing = Nothing;
    type Error = Infallible;

    async fn begin(&self, _: Place, _: Timestamp) -> Result<Nothing, Infallible> {
        Ok(Nothing)
    }
}

impl Listing for Nothing {
    type Error = Infallible;

    async fn item(&mut self, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    // What was not read is in the report.
    fn unread(&mut self, _: &str, _: &Outcome) {}

    async fn end(self, _: &Outcome) -> Result<(), Infallible> {
        Ok(())
    }
}
