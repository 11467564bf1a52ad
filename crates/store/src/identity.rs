//! Who a resource is, for good.

use posture_model::{ConfigurationItem, Partition, region_of};
use sha2::{Digest as _, Sha256};

/// The first 16 bytes of the SHA-256 over `posture.resource/v1` and what names a resource, each
/// with its length before it. The same resource has the same identity in every store, from v1 on,
/// whichever source recorded it.
pub type Identity = [u8; 16];

/// What one listing covers: one type in one account and Region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The account's 12 digits.
    pub account_id: String,
    /// The Region; `global` for types that have none.
    pub aws_region: String,
    /// The type, as AWS Config spells it. Empty where an account or a Region as a whole is meant.
    pub resource_type: String,
}

impl Scope {
    /// The scope of this type here; global types have no Region.
    pub fn new(account_id: &str, aws_region: &str, resource_type: &str) -> Scope {
        Scope {
            account_id: account_id.to_owned(),
            aws_region: region_of(resource_type, aws_region).to_owned(),
            resource_type: resource_type.to_owned(),
        }
    }

    /// The scope that an item belongs to.
    pub(crate) fn of(item: &ConfigurationItem<'_>) -> Scope {
        Scope::new(item.account_id(), item.aws_region(), item.type_name())
    }

    /// The identity of a resource of this scope.
    pub fn identity(&self, resource_id: &str) -> Identity {
        let mut hash = Sha256::new();
        for text in [
            "posture.resource/v1",
            &self.account_id,
            &self.aws_region,
            &self.resource_type,
            resource_id,
        ] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut identity = Identity::default();
        identity.copy_from_slice(digest.split_at(16).0);
        identity
    }

    /// The partition: the ARN says it where there is one, else the Region.
    pub(crate) fn partition<'a>(&self, arn: Option<&'a str>) -> &'a str {
        let named = arn
            .filter(|arn| arn.starts_with("arn:"))
            .and_then(|arn| arn.split(':').nth(1));
        named.unwrap_or(Partition::of(&self.aws_region).id)
    }
}

#[cfg(test)]
mod tests {
    //! Oracle: Python's hashlib over the same bytes.

    use super::*;

    #[test]
    fn an_identity_never_changes() {
        let scope = Scope::new("123456789012", "eu-west-1", "AWS::S3::Bucket");
        let hex = scope
            .identity("b")
            .iter()
            .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        assert_eq!(hex, "a9e02703e7bc127c42c0391f7504d9ae");
    }

    #[test]
    fn a_user_is_one_user_whichever_region_was_asked() {
        let here = Scope::new("1", "eu-west-1", "AWS::IAM::User");
        assert_eq!(here, Scope::new("1", "global", "AWS::IAM::User"));
    }

    #[test]
    fn the_arn_names_the_partition() {
        let scope = Scope::new("1", "global", "AWS::IAM::User");
        assert_eq!(scope.partition(Some("arn:aws-cn:iam::1:user/a")), "aws-cn");
        assert_eq!(scope.partition(None), "aws");
    }
}
