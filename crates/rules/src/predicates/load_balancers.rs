//! Attributes and listeners of load balancers.
//!
//! Source: Elastic Load Balancing API references, 2012-06-01 (classic) and 2015-12-01.

use posture_model::tree::Node;

/// The value of an attribute in a list of `{ key, value }`, as newer load balancers have it.
pub fn attribute<'a>(attributes: &[Node<'a>], key: &str) -> Option<&'a str> {
    attributes
        .iter()
        .find(|attribute| attribute.text("key") == Some(key))
        .and_then(|attribute| attribute.text("value"))
}

/// Whether a listener of a classic load balancer, an element of
/// `configuration.listenerDescriptions`, takes TLS from clients.
pub fn is_encrypted(description: Node<'_>) -> bool {
    matches!(protocol(description), Some("HTTPS" | "SSL"))
}

/// Whether a listener of a classic load balancer takes no TLS from clients, which needs neither
/// certificate nor policy. One without a protocol is no such listener.
pub fn is_plain(description: Node<'_>) -> bool {
    matches!(protocol(description), Some("HTTP" | "TCP"))
}

/// The protocol between clients and a listener of a classic load balancer.
pub fn protocol(description: Node<'_>) -> Option<&str> {
    description.get("listener")?.text("protocol")
}

/// Whether a certificate is ACM's, by its ARN; IAM's are the others.
pub fn is_from_acm(arn: &str) -> bool {
    arn.starts_with("arn:") && arn.split(':').nth(2) == Some("acm")
}

#[cfg(test)]
mod tests {
    use posture_model::tree::Node;

    use super::{attribute, is_encrypted, is_from_acm, is_plain};

    #[test]
    fn attributes_are_found_by_key() {
        let attributes = [Node::Object(&[
            ("key", Node::Text("access_logs.s3.enabled")),
            ("value", Node::Text("true")),
        ])];
        assert_eq!(
            attribute(&attributes, "access_logs.s3.enabled"),
            Some("true")
        );
        assert_eq!(attribute(&attributes, "access_logs.s3.bucket"), None);
    }

    #[test]
    fn listeners_take_tls_by_https_and_ssl() {
        for (protocol, expected) in [("HTTPS", true), ("SSL", true), ("TCP", false)] {
            let listener = [("protocol", Node::Text(protocol))];
            let description = [("listener", Node::Object(&listener))];
            assert_eq!(is_encrypted(Node::Object(&description)), expected);
            assert_eq!(is_plain(Node::Object(&description)), !expected);
        }
        assert!(!is_encrypted(Node::Null) && !is_plain(Node::Null));
    }

    #[test]
    fn certificates_are_told_by_their_service() {
        assert!(is_from_acm(
            "arn:aws:acm:us-east-1:123456789012:certificate/a"
        ));
        assert!(is_from_acm(
            "arn:aws-cn:acm:cn-north-1:123456789012:certificate/a"
        ));
        assert!(!is_from_acm(
            "arn:aws:iam::123456789012:server-certificate/acm"
        ));
    }
}
