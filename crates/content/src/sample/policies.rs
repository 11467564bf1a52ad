//! Policy documents that several areas use.

use serde_json::{Value, json};

use super::site::Site;

fn document(statements: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// Lets a service act on a resource, for this account only.
pub(super) fn allow_service(service: &str, action: &str, resource: &str, site: Site) -> Value {
    document(&json!([{
        "Sid": "Service", "Effect": "Allow", "Principal": {"Service": service},
        "Action": action, "Resource": resource,
        "Condition": {"StringEquals": {"AWS:SourceAccount": site.account.id}},
    }]))
}

/// Lets everybody act on a resource: somebody's mistake.
pub(super) fn allow_everybody(action: &str, resource: &str) -> Value {
    document(&json!([{
        "Sid": "Public", "Effect": "Allow", "Principal": "*", "Action": action,
        "Resource": resource,
    }]))
}

/// Denies what doesn't come over TLS.
pub(super) fn deny_plain_http(bucket: &str) -> Value {
    json!({
        "Sid": "DenyInsecureTransport", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": [format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    })
}

/// A policy of these statements.
pub(super) fn of(statements: Vec<Value>) -> Value {
    document(&Value::Array(statements))
}

/// Lets a principal assume a role.
pub(super) fn trust(principal: &Value) -> Value {
    document(&json!([{
        "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole",
    }]))
}

/// Lets the account's own IAM policies decide about a key.
pub(super) fn key_policy(site: Site) -> Value {
    document(&json!([{
        "Sid": "Enable IAM policies", "Effect": "Allow",
        "Principal": {"AWS": site.global_arn("iam", "root")}, "Action": "kms:*", "Resource": "*",
    }]))
}

/// A document as IAM delivers it: percent-encoded (RFC 3986).
pub(super) fn encoded(document: &Value) -> String {
    let text = document.to_string();
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend([byte >> 4, byte & 15].into_iter().filter_map(hex_digit));
        }
    }
    encoded
}

fn hex_digit(half: u8) -> Option<char> {
    char::from_digit(u32::from(half), 16).map(|digit| digit.to_ascii_uppercase())
}
