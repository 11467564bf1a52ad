//! A client for a server of the test's own.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use aws_types::region::Region;
use posture_aws::{Client, Options};

/// Keys that nobody checks.
pub(crate) fn sdk(region: &'static str) -> SdkConfig {
    let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "test");
    SdkConfig::builder()
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build()
}

/// A client of the service at `url`.
pub(crate) fn client(url: String, region: &'static str) -> Client {
    let mut options = Options::default();
    options.endpoint_url = Some(url);
    Client::new(sdk(region), options)
}
