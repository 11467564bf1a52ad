//! Where calls go: what the endpoint rules decided, kept for the calls that they would decide the same of.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::{Client, config};
use crate::endpoint::{self, Endpoint, Refusal, Settings};
use crate::error::CallError;
use crate::model::{Operation, Service};

/// Endpoints that are kept. One of S3 is of one bucket: where they are more, all are decided anew.
const MOST: usize = 1024;

/// Endpoints by what they were decided of.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    known: Mutex<HashMap<String, Arc<Endpoint>>>,
}

impl Resolved {
    /// What is known by this key, or else what `decide` says.
    fn of(
        &self,
        key: String,
        decide: impl FnOnce() -> Result<Endpoint, CallError>,
    ) -> Result<Arc<Endpoint>, CallError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(endpoint) = known().get(&key) {
            return Ok(Arc::clone(endpoint));
        }
        let endpoint = Arc::new(decide()?);
        let mut known = known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, Arc::clone(&endpoint));
        Ok(endpoint)
    }
}

impl Client {
    /// Where a call goes that is sent to this Region.
    ///
    /// # Errors
    /// When no Region is set, or the rules refuse the combination.
    pub(super) fn resolve(
        &self,
        service: &'static Service,
        operation: &Operation,
        input: &Value,
        region: &str,
    ) -> Result<Arc<Endpoint>, CallError> {
        let key = endpoint::asked(service, operation, input, region);
        let decide = || self.decide(service, operation, input, region);
        self.shared.resolved.of(key, decide)
    }

    fn decide(
        &self,
        service: &'static Service,
        operation: &Operation,
        input: &Value,
        region: &str,
    ) -> Result<Endpoint, CallError> {
        let refused = |what: &str| CallError::Endpoint {
            service: service.name,
            region: region.to_owned(),
            what: what.to_owned(),
        };
        if region.is_empty() {
            return Err(refused("no Region is set: name one, or set AWS_REGION"));
        }
        let settings = Settings {
            region: region.to_owned(),
            fips: self.shared.sdk.use_fips().unwrap_or_default(),
            dual_stack: self.shared.sdk.use_dual_stack().unwrap_or_default(),
            url: config::endpoint_url(&self.shared.sdk, &self.shared.options, service),
            path_style: self.shared.options.s3_path_style,
        };
        endpoint::resolve(service, operation, input, &settings).map_err(|refusal| match refusal {
            Refusal::Rule(what) => refused(&what),
            Refusal::Scheme => CallError::Unsupported {
                service: service.name,
                operation: operation.name.to_owned(),
                what: "a signature other than SigV4",
            },
        })
    }
}
