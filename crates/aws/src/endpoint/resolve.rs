//! From settings and input to a URL and how to sign for it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::parameter::Settings;
use super::rule::{Decision, RuleSet};
use super::url;
use crate::model::{Operation, Service};

/// Where a call goes, and for whom it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Without a slash at its end.
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) signing_name: String,
    pub(crate) signing_region: String,
    /// S3's paths are signed as they are sent; all others' are encoded once more.
    pub(crate) double_encoding: bool,
}

/// Why there is no endpoint.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// In the rules' words.
    Rule(String),
    /// The endpoint wants a signature that this client does not make.
    Scheme,
}

/// # Errors
/// When the rules refuse the combination, or want a signature other than SigV4.
pub(crate) fn resolve(
    service: &Service,
    operation: &Operation,
    input: &Value,
    settings: &Settings,
) -> Result<Endpoint, Refusal> {
    let Some(rules) = &service.endpoints else {
        return Err(Refusal::Rule("the model has no endpoint rules".to_owned()));
    };
    let parameters = settings.parameters(rules, service, operation, input);
    let mut decision = decide(rules, parameters)?;
    if let Some(custom) = &settings.url {
        decision.url = without_a_name_before_an_address(&decision.url, custom);
    }
    understood(decision, service, &settings.region)
}

fn decide(rules: &RuleSet, parameters: BTreeMap<Box<str>, Value>) -> Result<Decision, Refusal> {
    rules.decide(parameters).map_err(Refusal::Rule)
}

/// S3 Control's rules put the account before the host. Before an address, or `localhost`, that is a name that nothing
/// resolves, and what listens there (moto, LocalStack) does not need it.
fn without_a_name_before_an_address(url: &str, custom: &str) -> String {
    let parts = url.split_once("://").zip(custom.split_once("://"));
    let Some(((scheme, rest), (_, custom))) = parts else {
        return url.to_owned();
    };
    let authority = custom.split('/').next().unwrap_or_default();
    if !url::is_address(authority) {
        return url.to_owned();
    }
    let own = rest.split('/').next().unwrap_or_default();
    match own.strip_suffix(authority) {
        Some(name) if name.ends_with('.') => {
            let rest = rest.strip_prefix(name).unwrap_or(rest);
            format!("{scheme}://{rest}")
        }
        _ => url.to_owned(),
    }
}

fn understood(decision: Decision, service: &Service, region: &str) -> Result<Endpoint, Refusal> {
    let schemes = decision.properties.get("authSchemes");
    let schemes = schemes.and_then(Value::as_array).map(Vec::as_slice);
    let scheme = match schemes {
        None | Some([]) => &Value::Null,
        Some(schemes) => schemes
            .iter()
            .find(|scheme| scheme.get("name").and_then(Value::as_str) == Some("sigv4"))
            .ok_or(Refusal::Scheme)?,
    };
    let text = |key: &str| scheme.get(key).and_then(Value::as_str);
    let single = scheme.get("disableDoubleEncoding").and_then(Value::as_bool) == Some(true);
    let headers = decision.headers.into_iter().filter_map(|(name, values)| {
        let value = values.first()?.as_str()?.to_owned();
        Some((name.to_string(), value))
    });
    Ok(Endpoint {
        url: decision.url.trim_end_matches('/').to_owned(),
        headers: headers.collect(),
        signing_name: text("signingName").unwrap_or(service.signing).to_owned(),
        signing_region: text("signingRegion").unwrap_or(region).to_owned(),
        double_encoding: !(single || service.name == "s3"),
    })
}
