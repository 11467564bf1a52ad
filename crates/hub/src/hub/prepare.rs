//! Findings made ready to be written.

use serde_json::json;

use super::Hub;
use super::content::compressed;
use crate::finding::{
    CUSTOMER_ONLY, Finding, FindingError, Head, Object, Origin, SHARED, normalised, text,
};

/// The product's field in which our scans say when the resource was captured as it is.
pub const CAPTURED: &str = "posture/capturedAt";

/// A finding, ready to be written: read, checked and compressed.
#[derive(Debug)]
pub struct Prepared {
    pub(super) head: Head,
    /// As its provider has it.
    pub(super) severity: Option<serde_json::Value>,
    /// ASFF without what belongs to those who work on it, compressed.
    pub(super) content: Vec<u8>,
    /// What came with it of those who work on it.
    pub(super) customer: Object,
    pub(super) origin: Origin,
    pub(super) exception: Option<String>,
    /// When what it tells of began, where it is new here; in microseconds.
    pub(super) began_at: i64,
}

impl Hub {
    /// Reads, checks and compresses a finding. Does no I/O: any thread may.
    ///
    /// # Errors
    /// Where it lacks what a finding must have.
    pub fn prepare(&self, finding: Finding) -> Result<Prepared, PrepareError> {
        let Finding {
            asff,
            unread,
            origin,
            exception,
        } = finding;
        let mut asff = normalised(asff, origin);
        let head = Head::of(&asff, self.standards)?;
        let mut customer = Object::new();
        for name in CUSTOMER_ONLY {
            if let Some(value) = asff.remove(name).filter(|value| !value.is_null()) {
                customer.insert(name.to_owned(), value);
            }
        }
        // What Security Hub shows at the top and the provider did not say is a customer's word.
        if origin == Origin::SecurityHub {
            for name in SHARED {
                let provided = asff
                    .get("FindingProviderFields")
                    .and_then(|all| all.get(name));
                let label = |value: &serde_json::Value| {
                    value.get("Label").cloned().unwrap_or_else(|| value.clone())
                };
                if let (Some(top), Some(provided)) = (asff.get(name), provided)
                    && label(top) != label(provided)
                {
                    customer.insert(name.to_owned(), top.clone());
                }
            }
        }
        if !head.control.is_empty()
            && let Some(serde_json::Value::Object(compliance)) = asff.get_mut("Compliance")
        {
            let named = compliance.entry("SecurityControlId");
            named.or_insert_with(|| json!(head.control));
        }
        Ok(Prepared {
            content: compressed(&asff, &unread).map_err(|_| PrepareError::Compress)?,
            began_at: began_at(&asff, &head),
            head,
            severity: asff.remove("Severity"),
            customer,
            origin,
            exception,
        })
    }
}

/// Why a finding is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// It is no finding.
    #[error(transparent)]
    Finding(#[from] FindingError),
    /// It could not be compressed.
    #[error("it could not be compressed")]
    Compress,
}

/// When what a finding tells of began: our scans know since when the resource is as it is, others when
/// they observed it first, or made the finding.
fn began_at(asff: &Object, head: &Head) -> i64 {
    let told = [
        &["ProductFields", CAPTURED][..],
        &["FirstObservedAt"],
        &["CreatedAt"],
    ];
    let mut told = told.iter().filter_map(|path| text(asff, path));
    let time = told.find_map(|text| text.parse::<jiff::Timestamp>().ok());
    time.map_or(head.updated_at, jiff::Timestamp::as_microsecond)
}
