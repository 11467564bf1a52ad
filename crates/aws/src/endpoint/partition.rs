//! AWS's partitions: which Regions belong together, and what their hosts end in.

use std::sync::LazyLock;

use regex_lite::Regex;
use serde::Deserialize;
use serde_json::Value;

/// A partition, from botocore's `partitions.json`.
#[derive(Debug, Deserialize)]
pub struct Partition {
    /// As in ARNs: `aws`, `aws-us-gov`, `aws-cn`, …
    pub id: Box<str>,
    /// The Regions known by name, sorted; a newer one is known by the form of its name.
    pub regions: Vec<Box<str>>,
    regex: Box<str>,
    outputs: Value,
}

static PARTITIONS: LazyLock<Vec<(Partition, Option<Regex>)>> = LazyLock::new(|| {
    let text = include_str!("../../models/partitions.json");
    let all: Vec<Partition> = serde_json::from_str(text).unwrap_or_default();
    all.into_iter()
        .map(|partition| {
            let regex = Regex::new(&partition.regex).ok();
            (partition, regex)
        })
        .collect()
});

/// What an unreadable file would leave; a test holds that it is readable.
static NONE: LazyLock<Partition> = LazyLock::new(|| Partition {
    id: "aws".into(),
    regions: Vec::new(),
    regex: "".into(),
    outputs: Value::Null,
});

impl Partition {
    /// The partition that `region` belongs to; `aws` for a name of unknown form, as the SDKs have it.
    pub fn of(region: &str) -> &'static Self {
        of(region)
    }

    /// The Region that signs for services that exist once in the partition.
    pub fn home_region(&self) -> &str {
        self.output("implicitGlobalRegion")
    }

    /// What the partition's hosts end in, as in `amazonaws.com.cn`.
    pub fn dns_suffix(&self) -> &str {
        self.output("dnsSuffix")
    }

    fn output(&self, key: &str) -> &str {
        self.outputs
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub(super) fn outputs(&self) -> Value {
        let mut outputs = self.outputs.clone();
        if let Some(outputs) = outputs.as_object_mut() {
            outputs.insert("name".into(), self.id.as_ref().into());
        }
        outputs
    }
}

pub(super) fn of(region: &str) -> &'static Partition {
    let named = |partition: &Partition| partition.regions.iter().any(|known| **known == *region);
    PARTITIONS
        .iter()
        .find(|(partition, regex)| {
            named(partition) || regex.as_ref().is_some_and(|regex| regex.is_match(region))
        })
        .or_else(|| PARTITIONS.first())
        .map_or_else(|| &*NONE, |(partition, _)| partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_known_or_new_belong_to_their_partition() {
        for (region, partition, home) in [
            ("eu-central-1", "aws", "us-east-1"),
            ("eu-nowhere-9", "aws", "us-east-1"),
            ("us-gov-east-1", "aws-us-gov", "us-gov-west-1"),
            ("cn-north-1", "aws-cn", "cn-northwest-1"),
            ("aws-cn-global", "aws-cn", "cn-northwest-1"),
            ("us-iso-east-1", "aws-iso", "us-iso-east-1"),
            ("eusc-de-east-1", "aws-eusc", "eusc-de-east-1"),
        ] {
            let found = Partition::of(region);
            assert_eq!(
                (found.id.as_ref(), found.home_region()),
                (partition, home),
                "{region}"
            );
        }
    }

    #[test]
    fn the_model_knows_every_partition() {
        for partition in PARTITIONS.iter().map(|(partition, _)| partition) {
            for region in &partition.regions {
                if region.ends_with("-global") {
                    continue;
                }
                let known = posture_model::Partition::of(region);
                assert_eq!(known.id, partition.id.as_ref(), "{region}");
                let home = Partition::of(known.home_region);
                assert_eq!(home.id, partition.id, "{region}");
                assert!(
                    home.regions
                        .iter()
                        .any(|region| **region == *known.home_region),
                    "{region}"
                );
            }
        }
    }
}
