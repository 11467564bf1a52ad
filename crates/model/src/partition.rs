//! The partitions of AWS, told by a Region's name.

/// A partition: accounts, Regions and ARNs of one know nothing of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// As in ARNs: `aws`, `aws-us-gov`, `aws-cn`, …
    pub id: &'static str,
    /// The Region in which AWS Config records what belongs to no Region.
    pub home_region: &'static str,
    prefix: &'static str,
}

const fn partition(id: &'static str, prefix: &'static str, home_region: &'static str) -> Partition {
    Partition {
        id,
        home_region,
        prefix,
    }
}

const COMMERCIAL: Partition = partition("aws", "", "us-east-1");

const OTHERS: [Partition; 7] = [
    partition("aws-us-gov", "us-gov-", "us-gov-west-1"),
    // Services sign for cn-northwest-1 there; AWS Config records in cn-north-1.
    partition("aws-cn", "cn-", "cn-north-1"),
    partition("aws-iso", "us-iso-", "us-iso-east-1"),
    partition("aws-iso-b", "us-isob-", "us-isob-east-1"),
    partition("aws-iso-e", "eu-isoe-", "eu-isoe-west-1"),
    partition("aws-iso-f", "us-isof-", "us-isof-south-1"),
    partition("aws-eusc", "eusc-", "eusc-de-east-1"),
];

impl Partition {
    /// The partition of a Region; `aws` for `global` and for names of unknown form, as the SDKs
    /// have it.
    pub fn of(aws_region: &str) -> Partition {
        OTHERS
            .into_iter()
            .find(|partition| aws_region.starts_with(partition.prefix))
            .unwrap_or(COMMERCIAL)
    }
}
