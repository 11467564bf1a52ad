//! S3 access points, and what S3 keeps of the account.
//!
//! Shapes: AWS Config's schema of `AWS::S3::AccessPoint`, its item of
//! `AWS::S3::AccountPublicAccessBlock`.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "s3control",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[ACCESS_POINT, ACCOUNT_PUBLIC_ACCESS_BLOCK],
    account: &[fact("GetPublicAccessBlock")
        .global()
        .with(&[("AccountId", Param::Account)])
        .absent_on(&["NoSuchPublicAccessBlockConfiguration"])],
};

const ACCESS_POINT: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("GetAccessPoint")
            .with(&[("AccountId", Param::Account)])
            .absent_on(&["NoSuchAccessPoint"]),
        member: "Name",
        id: "Name",
        size: 0,
        entries: "",
    }),
    name: Some("Name"),
    arn: Some("AccessPointArn"),
    shape: Some(access_point),
    ..Collector::of(
        ResourceType::S3AccessPoint,
        call("ListAccessPoints").with(&[("AccountId", Param::Account)]),
        "AccessPointList[]",
        "Name",
    )
};

const ACCOUNT_PUBLIC_ACCESS_BLOCK: Collector = Collector {
    scope: Some(Scope::Home),
    casing: Casing::Bean,
    // Without a configuration nothing is blocked.
    otherwise: Some(
        r#"{"PublicAccessBlockConfiguration": {"BlockPublicAcls": false, "IgnorePublicAcls": false,
            "BlockPublicPolicy": false, "RestrictPublicBuckets": false}}"#,
    ),
    ..Collector::of(
        ResourceType::S3AccountPublicAccessBlock,
        call("GetPublicAccessBlock")
            .with(&[("AccountId", Param::Account)])
            .absent_on(&["NoSuchPublicAccessBlockConfiguration"]),
        "PublicAccessBlockConfiguration",
        "{account}",
    )
};

/// CloudFormation's names of what the API says.
fn access_point(configuration: &mut Value, entry: &Value) {
    if let Some(members) = configuration.as_object_mut() {
        members.shift_remove("AccessPointArn");
        members.shift_remove("CreationDate");
        members.shift_remove("Endpoints");
        members.insert("Arn".to_owned(), entry["AccessPointArn"].clone());
    }
}
