//! Where calls go, with the settings that users set.
//!
//! Oracle: AWS's tables of endpoints (<https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html>).

#![expect(clippy::unwrap_used, reason = "a test")]

use aws_types::SdkConfig;
use posture_aws::{Client, Options};
use serde_json::{Value, json};

fn client(sdk: SdkConfig, region: &str, url: Option<&str>) -> Client {
    let mut options = Options::default();
    options.region = Some(region.to_owned());
    options.endpoint_url = url.map(str::to_owned);
    Client::new(sdk, options)
}

fn check(client: &Client, cases: &[(&str, &str, Value, &str, &str)]) {
    for (service, operation, input, url, region) in cases {
        let found = client.endpoint(service, operation, input).unwrap();
        assert_eq!(
            found,
            ((*url).to_owned(), (*region).to_owned()),
            "{service}"
        );
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[tokio::test]
async fn global_services_are_in_the_partition_s_home_and_others_in_the_region() {
    let plain = || SdkConfig::builder().build();
    let bucket = json!({"Bucket": "my-bucket"});
    check(
        &client(plain(), "eu-west-1", None),
        &[
            (
                "iam",
                "ListUsers",
                json!({}),
                "https://iam.amazonaws.com",
                "us-east-1",
            ),
            (
                "cloudfront",
                "ListDistributions",
                json!({}),
                "https://cloudfront.amazonaws.com",
                "us-east-1",
            ),
            (
                "route53",
                "ListHostedZones",
                json!({}),
                "https://route53.amazonaws.com",
                "us-east-1",
            ),
            (
                "organizations",
                "ListAccounts",
                json!({}),
                "https://organizations.us-east-1.amazonaws.com",
                "us-east-1",
            ),
            (
                "ec2",
                "DescribeVpcs",
                json!({}),
                "https://ec2.eu-west-1.amazonaws.com",
                "eu-west-1",
            ),
            (
                "s3",
                "GetBucketAcl",
                bucket.clone(),
                "https://my-bucket.s3.eu-west-1.amazonaws.com",
                "eu-west-1",
            ),
            (
                "s3",
                "GetBucketAcl",
                json!({"Bucket": "my.bucket"}),
                "https://s3.eu-west-1.amazonaws.com/my.bucket",
                "eu-west-1",
            ),
            (
                "s3",
                "GetBucketLocation",
                bucket.clone(),
                "https://s3.eu-west-1.amazonaws.com/my-bucket",
                "eu-west-1",
            ),
            (
                "s3control",
                "GetPublicAccessBlock",
                json!({"AccountId": "123456789012"}),
                "https://123456789012.s3-control.eu-west-1.amazonaws.com",
                "eu-west-1",
            ),
        ],
    );
    check(
        &client(plain(), "us-gov-west-1", None),
        &[
            (
                "iam",
                "ListUsers",
                json!({}),
                "https://iam.us-gov.amazonaws.com",
                "us-gov-west-1",
            ),
            (
                "s3",
                "GetBucketAcl",
                bucket.clone(),
                "https://my-bucket.s3.us-gov-west-1.amazonaws.com",
                "us-gov-west-1",
            ),
        ],
    );
    check(
        &client(plain(), "cn-north-1", None),
        &[
            (
                "ec2",
                "DescribeVpcs",
                json!({}),
                "https://ec2.cn-north-1.amazonaws.com.cn",
                "cn-north-1",
            ),
            (
                "iam",
                "ListUsers",
                json!({}),
                "https://iam.cn-north-1.amazonaws.com.cn",
                "cn-north-1",
            ),
        ],
    );
}

#[tokio::test]
async fn fips_dual_stack_and_custom_endpoints() {
    let bucket = json!({"Bucket": "my-bucket"});
    let sdk = SdkConfig::builder()
        .use_fips(true)
        .use_dual_stack(true)
        .build();
    check(
        &client(sdk, "us-east-1", None),
        &[
            (
                "ec2",
                "DescribeVpcs",
                json!({}),
                "https://ec2-fips.us-east-1.api.aws",
                "us-east-1",
            ),
            (
                "s3",
                "GetBucketAcl",
                bucket.clone(),
                "https://my-bucket.s3-fips.dualstack.us-east-1.amazonaws.com",
                "us-east-1",
            ),
        ],
    );
    let custom = client(
        SdkConfig::builder().build(),
        "eu-west-1",
        Some("http://localhost:5000"),
    );
    check(
        &custom,
        &[
            (
                "ec2",
                "DescribeVpcs",
                json!({}),
                "http://localhost:5000",
                "eu-west-1",
            ),
            (
                "s3",
                "GetBucketAcl",
                bucket.clone(),
                "http://localhost:5000/my-bucket",
                "eu-west-1",
            ),
            (
                "s3control",
                "GetPublicAccessBlock",
                json!({"AccountId": "123456789012"}),
                "http://localhost:5000",
                "eu-west-1",
            ),
        ],
    );
    let general = SdkConfig::builder()
        .endpoint_url("http://aws.example:1")
        .build();
    check(
        &client(general, "eu-west-1", None),
        &[
            (
                "ec2",
                "DescribeVpcs",
                json!({}),
                "http://aws.example:1",
                "eu-west-1",
            ),
            (
                "s3control",
                "GetPublicAccessBlock",
                json!({"AccountId": "123456789012"}),
                "http://123456789012.aws.example:1",
                "eu-west-1",
            ),
        ],
    );
}
