//! Credentials of one identity, fetched when needed and kept until they are about to expire.

use std::error::Error;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sdk_sts::error::ProvideErrorMetadata as _;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use tokio::sync::Mutex;

/// Credentials are renewed this long before they expire, so that none expires on its way.
const EARLY: Duration = Duration::from_mins(5);

/// Why there are none.
#[derive(Debug)]
pub(super) struct NoKeys {
    /// The provider's own words, with their causes.
    pub(super) what: String,
    /// STS's code, where a role could not be assumed.
    pub(super) code: Option<String>,
}

pub(super) struct Credentials {
    provider: Option<SharedCredentialsProvider>,
    kept: Mutex<Option<Keys>>,
    account: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

impl Credentials {
    pub(super) fn new(provider: Option<SharedCredentialsProvider>, account: String) -> Self {
        Self {
            provider,
            kept: Mutex::new(None),
            account,
        }
    }

    pub(super) fn provider(&self) -> Option<SharedCredentialsProvider> {
        self.provider.clone()
    }

    /// The account whose quotas the calls count against; empty for the one that the process runs as.
    pub(super) fn account(&self) -> &str {
        &self.account
    }

    /// Whoever comes while credentials are fetched waits for them, and does not fetch them again.
    ///
    /// # Errors
    /// Where the provider has none.
    pub(super) async fn get(&self, now: SystemTime) -> Result<Keys, NoKeys> {
        let mut kept = self.kept.lock().await;
        let lasts = |keys: &Keys| keys.expiry().is_none_or(|end| now + EARLY < end);
        if let Some(keys) = kept.as_ref().filter(|keys| lasts(keys)) {
            return Ok(keys.clone());
        }
        let Some(provider) = &self.provider else {
            return Err(NoKeys {
                what: "no provider of credentials is set".to_owned(),
                code: None,
            });
        };
        let keys = provider.provide_credentials().await;
        let keys = keys.map_err(|error| NoKeys {
            what: super::send::with_causes(&error),
            code: code_of(&error),
        })?;
        *kept = Some(keys.clone());
        Ok(keys)
    }

    /// The service did not accept them: ask for new ones next time.
    pub(super) async fn forget(&self) {
        *self.kept.lock().await = None;
    }
}

/// What STS answered, where that is the cause.
fn code_of(error: &(dyn Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(refusal) = error.downcast_ref::<AssumeRoleError>() {
            return refusal.code().map(str::to_owned);
        }
        cause = error.source();
    }
    None
}
