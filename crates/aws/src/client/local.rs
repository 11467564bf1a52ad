//! Credentials for what answers as AWS does on this machine, such as moto, where there are no others.

use std::net::IpAddr;

use aws_credential_types::Credentials;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use http::Uri;

/// Gives what another provider has, or else names that mean nothing.
#[derive(Debug)]
pub(super) struct OrMadeUp(pub(super) SharedCredentialsProvider);

impl ProvideCredentials for OrMadeUp {
    fn provide_credentials<'p>(&'p self) -> Provided<'p>
    where
        Self: 'p,
    {
        Provided::new(async {
            let keys = self.0.provide_credentials().await;
            Ok(
                keys.unwrap_or_else(|_| {
                    Credentials::new("posture", "posture", None, None, "local")
                }),
            )
        })
    }
}

/// Whether an endpoint is on this machine, so that what is sent there goes to nobody else.
pub(super) fn is_local(endpoint: &str) -> bool {
    let uri = endpoint.parse::<Uri>().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_this_machine_is_local() {
        for (endpoint, expected) in [
            ("http://127.0.0.1:5000", true),
            ("http://localhost:4566/", true),
            ("http://[::1]:5000", true),
            ("https://moto.example.com", false),
            ("http://localhost.example.com:5000", false),
            ("http://10.0.0.1:5000", false),
            ("no endpoint", false),
        ] {
            assert_eq!(is_local(endpoint), expected, "{endpoint}");
        }
    }
}
