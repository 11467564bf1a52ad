//! Settings: what the official loader found, and what the caller wants otherwise.

use aws_config::BehaviorVersion;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_types::SdkConfig;
use aws_types::origin::Origin;
use aws_types::region::Region;
use aws_types::service_config::ServiceConfigKey;

use super::credentials::Credentials;
use super::local::{OrMadeUp, is_local};
use super::transport;
use crate::model::Service;

/// What a caller sets; everything unset is as AWS's tools find it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The profile of `~/.aws/config`.
    pub profile: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// An endpoint for all services, before `AWS_ENDPOINT_URL` and its like.
    pub endpoint_url: Option<String>,
    /// S3's path style; unset, custom endpoints get it and AWS does not.
    pub s3_path_style: Option<bool>,
    /// The most calls a second to a service in an account and Region, where
    /// [`Client::set_ceiling`](crate::Client::set_ceiling) sets none; unset, there is no limit but the service's.
    pub calls_per_second: Option<f64>,
}

/// A role to assume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumedRole {
    /// As in `arn:aws:iam::123456789012:role/PostureRecorder`.
    pub arn: String,
    /// What the role's trail shows.
    pub session_name: String,
    /// The secret that the role's trust policy may ask for.
    pub external_id: Option<String>,
}

pub(super) async fn load(options: &Options) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(transport::for_credentials())
        .timeout_config(transport::timeouts());
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &options.region {
        loader = loader.region(Region::new(region.clone()));
    }
    loader.load().await
}

/// Providers of credentials (STS, SSO) need a client, a clock and a timer; settings that bring none get ours.
/// A service on this machine gets credentials where there are none.
pub(super) fn completed(sdk: SdkConfig, options: &Options) -> SdkConfig {
    let endpoint = options.endpoint_url.as_deref().or(sdk.endpoint_url());
    let provider = match sdk.credentials_provider() {
        Some(provider) if endpoint.is_some_and(is_local) => {
            Some(SharedCredentialsProvider::new(OrMadeUp(provider)))
        }
        provider => provider,
    };
    let client = sdk.http_client();
    let clock = sdk.time_source();
    let timer = sdk.sleep_impl();
    let behavior = sdk.behavior_version();
    let mut builder = sdk.into_builder();
    builder.set_credentials_provider(provider);
    builder
        .behavior_version(behavior.unwrap_or_else(BehaviorVersion::latest))
        .http_client(client.unwrap_or_else(transport::for_credentials))
        .time_source(clock.unwrap_or_default())
        .sleep_impl(timer.unwrap_or_else(|| SharedAsyncSleep::new(TokioSleep::new())))
        .build()
}

pub(super) async fn assume(
    sdk: &SdkConfig,
    region: &str,
    base: &Credentials,
    role: &AssumedRole,
) -> SharedCredentialsProvider {
    let mut builder = AssumeRoleProvider::builder(&role.arn)
        .session_name(&role.session_name)
        .region(Region::new(region.to_owned()))
        .configure(sdk);
    if let Some(id) = &role.external_id {
        builder = builder.external_id(id);
    }
    match base.provider() {
        Some(provider) => {
            let provider = builder.build_from_provider(provider).await;
            SharedCredentialsProvider::new(provider)
        }
        None => SharedCredentialsProvider::new(builder.build().await),
    }
}

/// In AWS's order: what the caller set, `AWS_ENDPOINT_URL_<SERVICE>`, the profile's `services` section,
/// `AWS_ENDPOINT_URL`, the profile's `endpoint_url`.
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>.
pub(super) fn endpoint_url(
    sdk: &SdkConfig,
    options: &Options,
    service: &Service,
) -> Option<String> {
    if options.endpoint_url.is_some() {
        return options.endpoint_url.clone();
    }
    let general = sdk.endpoint_url().map(str::to_owned);
    if sdk.get_origin("endpoint_url") == Origin::shared_config() {
        return general;
    }
    let key = ServiceConfigKey::builder()
        .service_id(service.id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build();
    let own = key
        .ok()
        .and_then(|key| sdk.service_config()?.load_config(key));
    own.or(general)
}
