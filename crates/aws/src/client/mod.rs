//! The client: settings, credentials, sending, trying again, pages.

mod config;
mod counts;
mod credentials;
mod expression;
mod limit;
mod local;
mod pages;
mod resolved;
mod retry;
mod send;
mod transport;

use std::sync::{Arc, Mutex, PoisonError};

use aws_types::SdkConfig;
use serde_json::Value;

pub use config::{AssumedRole, Options};
pub use counts::Counts;
pub use pages::Pages;

use crate::authorisation::Authorisation;
use crate::error::CallError;
use crate::model::{Effect, Operation, Service};
use crate::protocol;
use counts::Counters;
use credentials::Credentials;
use limit::Limits;
use resolved::Resolved;
use send::Answered;
pub(crate) use send::{USER_AGENT, with_causes};
pub(crate) use transport::{NoAnswer, Transport};

/// Calls any operation of any service, for one account and Region. Cheap to clone: clones share connections,
/// credentials, quotas and what is known of buckets' Regions.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
    credentials: Arc<Credentials>,
    region: Arc<str>,
}

/// What all accounts and Regions share.
#[derive(Debug)]
struct Shared {
    sdk: SdkConfig,
    options: Options,
    transport: Transport,
    limits: Limits,
    counters: Counters,
    resolved: Resolved,
    /// Where S3 said that a bucket is, when it is not in the Region asked.
    buckets: Mutex<std::collections::BTreeMap<String, String>>,
}

impl Client {
    /// A client with the settings that AWS's tools share: environment, profiles, SSO, container and instance roles.
    pub async fn load(options: Options) -> Self {
        let sdk = config::load(&options).await;
        Self::new(sdk, options)
    }

    /// A client with settings that are already loaded.
    pub fn new(sdk: SdkConfig, options: Options) -> Self {
        let region = options
            .region
            .clone()
            .or_else(|| sdk.region().map(|region| region.as_ref().to_owned()))
            .unwrap_or_default();
        let sdk = config::completed(sdk, &options);
        let credentials = Credentials::new(sdk.credentials_provider(), String::new());
        let shared = Shared {
            limits: Limits::new(options.calls_per_second),
            counters: Counters::default(),
            resolved: Resolved::default(),
            transport: Transport::new(),
            buckets: Mutex::default(),
            sdk,
            options,
        };
        Self {
            shared: Arc::new(shared),
            credentials: Arc::new(credentials),
            region: region.into(),
        }
    }

    /// The Region that calls go to; empty when none is set.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The same client in another Region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        Self {
            region: region.into(),
            ..self.clone()
        }
    }

    /// The same client as a role, assumed with this client's credentials when it is first needed. Its calls count
    /// against the quotas of the role's account.
    pub async fn assuming(&self, role: &AssumedRole) -> Self {
        let region = self.region().to_owned();
        let provider = config::assume(&self.shared.sdk, &region, &self.credentials, role).await;
        let account = role.arn.split(':').nth(4).unwrap_or_default();
        Self {
            credentials: Arc::new(Credentials::new(Some(provider), account.to_owned())),
            ..self.clone()
        }
    }

    /// How many calls were made, with this client and those that came from it or that it came from.
    pub fn counts(&self) -> Counts {
        self.shared.counters.counts()
    }

    /// How many calls a second a service is asked at most, in each account and Region; a part of its published quota.
    pub fn set_ceiling(&self, service: &'static Service, calls_per_second: f64) {
        self.shared
            .limits
            .set_ceiling(service.name, calls_per_second);
    }

    /// Calls an operation that reads, or that is one of Posture's own deliveries (see [`Effect`]). Input and output are
    /// JSON in the API's names; the crate's documentation says how times, blobs and the like are told.
    ///
    /// # Errors
    /// See [`CallError`]; what may go away by itself was tried again first.
    pub async fn call(
        &self,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, CallError> {
        let service = Service::named(service)?;
        let operation = service.operation(operation)?;
        refuse_mutation(service, operation)?;
        Ok(self.invoke(service, operation, input).await?.output)
    }

    /// Calls an operation that may change resources, where the authorisation names its IAM action. Only
    /// `posture-remediation` makes authorisations: from a plan, and somebody who answers for it.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call_mutating(
        &self,
        authorisation: &Authorisation,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, CallError> {
        let service = Service::named(service)?;
        let operation = service.operation(operation)?;
        authorisation.check(service, operation)?;
        Ok(self.invoke(service, operation, input).await?.output)
    }

    /// The pages of an operation that reads, fetched one by one as they are asked for.
    ///
    /// # Errors
    /// When there is no such operation, or it does not read.
    pub fn pages(&self, service: &str, operation: &str, input: &Value) -> Result<Pages, CallError> {
        let service = Service::named(service)?;
        let operation = service.operation(operation)?;
        refuse_mutation(service, operation)?;
        Ok(Pages::new(self.clone(), service, operation, input.clone()))
    }

    /// Where a call would go, without making it: the URL, and the Region it is signed for.
    ///
    /// # Errors
    /// When the input does not fit, or AWS's rules know no endpoint.
    pub fn endpoint(
        &self,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> Result<(String, String), CallError> {
        let service = Service::named(service)?;
        let operation = service.operation(operation)?;
        let input = protocol::complete(service, operation, input, &send::token)?;
        let endpoint = self.resolve(service, operation, &input, &self.region)?;
        Ok((endpoint.url.clone(), endpoint.signing_region.clone()))
    }

    async fn invoke(
        &self,
        service: &'static Service,
        operation: &'static Operation,
        input: &Value,
    ) -> Result<Answered, CallError> {
        let unsupported = |what| CallError::Unsupported {
            service: service.name,
            operation: operation.name.to_owned(),
            what,
        };
        if service.bearer {
            return Err(unsupported("a bearer token"));
        }
        if operation.streams_events(service) {
            return Err(unsupported("a stream of events"));
        }
        let input = protocol::complete(service, operation, input, &send::token)?;
        let request = protocol::request(service, operation, &input);
        let bucket = input.get("Bucket").and_then(Value::as_str);
        let bucket = bucket.filter(|_| service.name == "s3");
        let mut region = bucket
            .and_then(|bucket| self.bucket_region(bucket))
            .unwrap_or_else(|| self.region.to_string());
        let endpoint = self.resolve(service, operation, &input, &region)?;
        let result = self.attempts(service, operation, &request, &endpoint, &region);
        let error = match result.await {
            Err(error) => error,
            output => return output,
        };
        // S3 knows where the bucket is; ask there, and remember.
        let Some((bucket, elsewhere)) = bucket.zip(redirect(&error, &region)) else {
            return Err(error);
        };
        region = elsewhere;
        self.remember_bucket(bucket, &region);
        let endpoint = self.resolve(service, operation, &input, &region)?;
        self.attempts(service, operation, &request, &endpoint, &region)
            .await
    }

    fn bucket_region(&self, bucket: &str) -> Option<String> {
        let known = self.shared.buckets.lock();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        known.get(bucket).cloned()
    }

    fn remember_bucket(&self, bucket: &str, region: &str) {
        let known = self.shared.buckets.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        known.insert(bucket.to_owned(), region.to_owned());
    }
}

fn refuse_mutation(service: &'static Service, operation: &Operation) -> Result<(), CallError> {
    if operation.effect(service.name) == Effect::Mutation {
        return Err(CallError::Mutating {
            service: service.name,
            operation: operation.name.to_owned(),
        });
    }
    Ok(())
}

/// The other Region that an S3 error names. Its codes for it are several: `PermanentRedirect`,
/// `AuthorizationHeaderMalformed`, `IllegalLocationConstraintException`, and a bare 301 or 400 to a HEAD request.
fn redirect(error: &CallError, asked: &str) -> Option<String> {
    let CallError::Service { error, .. } = error else {
        return None;
    };
    let region = error.bucket_region.as_deref()?;
    let is_redirect = matches!(error.status, 301 | 302 | 307 | 400);
    (is_redirect && region != asked && !region.is_empty()).then(|| region.to_owned())
}
