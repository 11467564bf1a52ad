//! Who made a resource, as far as its item shows.

use std::fmt;

use crate::tree::Node;
use crate::{ConfigurationItem, ResourceType};

/// Who made a resource. What AWS makes and customers can't change would fail rules for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ManagedBy {
    /// The customer, by hand or in a way that leaves no mark.
    Customer,
    /// AWS itself: service-linked roles, AWS-managed policies and keys.
    Aws,
    /// Made by AWS with a VPC or account; the customer's to configure.
    AwsDefault,
    /// AWS Control Tower.
    ControlTower,
    /// Landing Zone Accelerator on AWS.
    LandingZoneAccelerator,
    /// An AWS CloudFormation stack.
    CloudFormation,
    /// Terraform or OpenTofu, by the tags that teams give.
    Terraform,
}

impl ManagedBy {
    /// All of them, in order.
    pub const ALL: [ManagedBy; 7] = [
        ManagedBy::Customer,
        ManagedBy::Aws,
        ManagedBy::AwsDefault,
        ManagedBy::ControlTower,
        ManagedBy::LandingZoneAccelerator,
        ManagedBy::CloudFormation,
        ManagedBy::Terraform,
    ];

    /// The places of an item's `configuration` that say who made it, beside its name, ARN and tags.
    pub const READS: [&'static str; 7] = [
        "configuration.path",
        "configuration.Path",
        "configuration.keyManager",
        "configuration.KeyManager",
        "configuration.isDefault",
        "configuration.defaultForAz",
        "configuration.groupName",
    ];

    /// The word for files and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            ManagedBy::Customer => "customer",
            ManagedBy::Aws => "aws",
            ManagedBy::AwsDefault => "aws-default",
            ManagedBy::ControlTower => "control-tower",
            ManagedBy::LandingZoneAccelerator => "landing-zone-accelerator",
            ManagedBy::CloudFormation => "cloudformation",
            ManagedBy::Terraform => "terraform",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<ManagedBy> {
        ManagedBy::ALL
            .into_iter()
            .find(|maker| maker.as_str() == word)
    }

    pub(crate) fn of(item: &ConfigurationItem<'_>) -> ManagedBy {
        if is_aws(item) {
            return ManagedBy::Aws;
        }
        if is_default(item) {
            return ManagedBy::AwsDefault;
        }
        let name = item.name();
        if name.starts_with("aws-controltower") || name.starts_with("AWSControlTower") {
            return ManagedBy::ControlTower;
        }
        if name.starts_with("AWSAccelerator") || name.starts_with("aws-accelerator") {
            return ManagedBy::LandingZoneAccelerator;
        }
        by_tags(item.tags().iter().map(|tag| (tag.key, tag.value)))
    }

    /// Who made a resource, as far as its tags (key and value) show.
    pub fn of_tags<'t>(tags: impl Iterator<Item = (&'t str, &'t str)>) -> ManagedBy {
        by_tags(tags)
    }
}

impl fmt::Display for ManagedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What only AWS can change. IAM user guide: service-linked roles live under the path
/// `/aws-service-role/`, AWS-managed policies in the account `aws`. KMS developer guide:
/// `keyManager` is `AWS` for AWS-managed keys.
fn is_aws(item: &ConfigurationItem<'_>) -> bool {
    let configuration = item.configuration();
    match item.resource_type() {
        Some(ResourceType::IamRole) => configuration
            .get_any_case("path")
            .and_then(Node::as_text)
            .is_some_and(|path| path.starts_with("/aws-service-role/")),
        Some(ResourceType::IamPolicy) => item
            .arn()
            .is_some_and(|arn| arn.split(':').nth(4) == Some("aws")),
        Some(ResourceType::KmsKey) => configuration
            .get_any_case("keyManager")
            .and_then(Node::as_text)
            .is_some_and(|manager| manager == "AWS"),
        _ => false,
    }
}

fn is_default(item: &ConfigurationItem<'_>) -> bool {
    let configuration = item.configuration();
    match item.resource_type() {
        Some(ResourceType::Ec2Vpc | ResourceType::Ec2NetworkAcl) => {
            configuration.boolean("isDefault") == Some(true)
        }
        Some(ResourceType::Ec2Subnet) => configuration.boolean("defaultForAz") == Some(true),
        Some(ResourceType::Ec2SecurityGroup) => configuration.text("groupName") == Some("default"),
        _ => false,
    }
}

fn by_tags<'t>(tags: impl Iterator<Item = (&'t str, &'t str)>) -> ManagedBy {
    let mut maker = ManagedBy::Customer;
    for (key, value) in tags {
        match key {
            "aws:cloudformation:stack-name" if value.starts_with("AWSAccelerator") => {
                return ManagedBy::LandingZoneAccelerator;
            }
            "aws:cloudformation:stack-name" if value.starts_with("StackSet-AWSControlTower") => {
                return ManagedBy::ControlTower;
            }
            "aws:cloudformation:stack-name" | "aws:cloudformation:stack-id" => {
                maker = ManagedBy::CloudFormation;
            }
            key if maker == ManagedBy::Customer && names_terraform(key, value) => {
                maker = ManagedBy::Terraform;
            }
            _ => {}
        }
    }
    maker
}

fn names_terraform(key: &str, value: &str) -> bool {
    let is = |word: &str, wanted: &str| word.eq_ignore_ascii_case(wanted);
    if is(key, "terraform") {
        return !is(value, "false");
    }
    let says_who = ["managed-by", "managedby", "managed_by"]
        .iter()
        .any(|name| is(key, name));
    says_who && (is(value, "terraform") || is(value, "opentofu"))
}
