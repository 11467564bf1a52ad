//! CloudFront's distributions.
//!
//! Shapes: AWS Config's item of `AWS::CloudFront::Distribution`.

use crate::declare::prelude::*;
use crate::shape::remove;
use crate::text::{value, values};

pub(crate) static SERVICE: Service = Service {
    model: "cloudfront",
    scope: Scope::Global,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[DISTRIBUTION],
    account: &[],
};

const DISTRIBUTION: Collector = Collector {
    // The listing leaves out where access is logged.
    describe: Some(crate::declare::Describe {
        call: call("GetDistribution").absent_on(&["NoSuchDistribution"]),
        member: "Id",
        id: "Id",
        size: 0,
        entries: "Distribution",
    }),
    name: Some("DomainName"),
    arn: Some("ARN"),
    casing: Casing::Word,
    shape: Some(distribution),
    tags: Tags::Bulk("cloudfront"),
    details: &[
        // Whether the buckets exist that the origins are.
        detail(
            "GetBucketLocation",
            "supplementaryConfiguration.GetBucketLocation",
        )
        .of("s3")
        .with(&[("Bucket", Param::Item("bucket"))])
        .absent_on(&["NoSuchBucket"])
        .every(buckets),
    ],
    ..Collector::of(
        ResourceType::CloudFrontDistribution,
        call("ListDistributions"),
        "DistributionList.Items[]",
        "Id",
    )
};

fn distribution(configuration: &mut Value, _: &Value) {
    // What is under way, and no configuration.
    remove(configuration, &["inProgressInvalidationBatches", "status"]);
}

/// The buckets among the item's origins, by domain name.
fn buckets(item: &Value) -> Vec<(String, Value)> {
    let origins = values("configuration.distributionConfig.origins.items[]", item);
    let origins = origins
        .into_iter()
        .filter(|origin| value("s3OriginConfig", origin).is_some());
    let mut found: Vec<(String, Value)> = origins
        .filter_map(|origin| {
            let domain = origin.get("domainName")?.as_str()?;
            Some((domain.to_owned(), json!({ "bucket": bucket(domain)? })))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.dedup();
    found
}

/// The bucket of a domain name, with or without a Region: `<bucket>.s3.amazonaws.com`,
/// `<bucket>.s3.<Region>.amazonaws.com`, `<bucket>.s3-<Region>.amazonaws.com`. Its name may hold
/// dots.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>
fn bucket(domain: &str) -> Option<&str> {
    let (named, _) = domain.rsplit_once(".amazonaws.com")?;
    let end = named.rfind(".s3.").max(named.rfind(".s3-"));
    let end = end.max(named.strip_suffix(".s3").map(str::len));
    named.get(..end?).filter(|bucket| !bucket.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{bucket, buckets};

    #[test]
    fn a_bucket_is_named_by_its_domain() {
        for domain in [
            "my.bucket.s3.amazonaws.com",
            "my.bucket.s3.eu-west-1.amazonaws.com",
            "my.bucket.s3-us-west-2.amazonaws.com",
            "my.bucket.s3.dualstack.eu-west-1.amazonaws.com",
            "my.bucket.s3.cn-north-1.amazonaws.com.cn",
        ] {
            assert_eq!(bucket(domain), Some("my.bucket"), "{domain}");
        }
        assert_eq!(bucket("a.s3.b.s3.amazonaws.com"), Some("a.s3.b"));
        assert_eq!(bucket("a.s3-b.s3.amazonaws.com"), Some("a.s3-b"));
        for other in ["example.com", "s3.amazonaws.com", "example.amazonaws.com"] {
            assert_eq!(bucket(other), None, "{other}");
        }
    }

    #[test]
    fn only_origins_that_are_buckets_are_asked_of() {
        let domain = "b.s3.amazonaws.com";
        let item = json!({"configuration": {"distributionConfig": {"origins": {"items": [
            {"domainName": domain, "s3OriginConfig": {}},
            {"domainName": domain, "s3OriginConfig": {}},
            {"domainName": "c.s3.amazonaws.com", "customOriginConfig": {}},
        ]}}}});
        let found = vec![(domain.to_owned(), json!({"bucket": "b"}))];
        assert_eq!(buckets(&item), found);
    }
}
