//! Origins of CloudFront distributions, as AWS Config records them, and the behaviours that lead to
//! them.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path, path};

use super::unread::{malformed, recorded_list};

/// The origins of a distribution.
pub const ALL: Path = path("configuration.distributionConfig.origins.items");

/// The origins of a distribution, which has one at least.
///
/// # Errors
/// Where they were not read, or are no objects.
pub fn all<'a>(distribution: &ConfigurationItem<'a>) -> Result<&'a [Node<'a>], InsufficientData> {
    let origins = recorded_list(distribution, ALL)?;
    match origins.iter().find(|one| !matches!(one, Node::Object(_))) {
        Some(other) => Err(malformed(ALL, other.kind(), "a list of objects")),
        None => Ok(origins),
    }
}

/// Whether the origin is an S3 bucket. A bucket's website is a custom origin.
pub fn is_bucket(origin: Node<'_>) -> bool {
    has(origin, "s3OriginConfig")
}

/// Whether the origin is a server of any other kind, reached by HTTP or HTTPS.
pub fn is_custom(origin: Node<'_>) -> bool {
    has(origin, "customOriginConfig")
}

/// Whether a behaviour's policy keeps viewers from HTTP.
pub fn asks_for_https(viewer_protocol_policy: Option<&str>) -> bool {
    matches!(
        viewer_protocol_policy,
        Some("https-only" | "redirect-to-https")
    )
}

/// Something other than an empty text, which CloudFront writes for what is not set.
pub fn set(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn has(origin: Node<'_>, member: &str) -> bool {
    origin
        .get(member)
        .is_some_and(|config| config != Node::Null)
}

#[cfg(test)]
mod tests {
    use posture_model::tree::Node;

    use super::{asks_for_https, is_bucket, is_custom, set};

    #[test]
    fn only_two_policies_ask_for_https() {
        assert!(asks_for_https(Some("redirect-to-https")));
        for open in [None, Some("allow-all"), Some("http-and-https")] {
            assert!(!asks_for_https(open), "{open:?}");
        }
    }

    #[test]
    fn an_origin_is_what_its_configuration_says() {
        let bucket = Node::Object(&[
            ("s3OriginConfig", Node::Object(&[])),
            ("customOriginConfig", Node::Null),
        ]);
        let server = Node::Object(&[("customOriginConfig", Node::Object(&[]))]);
        assert!(is_bucket(bucket) && !is_custom(bucket));
        assert!(is_custom(server) && !is_bucket(server));
    }

    #[test]
    fn an_empty_text_is_not_set() {
        assert_eq!(set(Some("")), None);
        assert_eq!(set(Some("a")), Some("a"));
    }
}
