//! KMS keys.
//!
//! Shapes: AWS Config's item of `AWS::KMS::Key`.

use crate::declare::Describe;
use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "kms",
    scope: Scope::Regional,
    // Half of the 30 calls a second of `GetKeyRotationStatus`, which is every second call at most;
    // `DescribeKey` and `ListKeys` may be called oftener.
    // <https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html>
    calls_per_second: 15.0,
    collectors: &[KEY],
    account: &[],
};

const KEY: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeKey").absent_on(&["NotFoundException"]),
        member: "KeyId",
        id: "KeyId",
        size: 0,
        entries: "KeyMetadata",
    }),
    arn: Some("Arn"),
    created: Some("CreationDate"),
    casing: Casing::Bean,
    tags: Tags::Bulk("kms:key"),
    details: &[
        detail(
            "GetKeyRotationStatus",
            "supplementaryConfiguration.KeyRotationStatus",
        )
        .with(&[("KeyId", Param::Item("KeyId"))])
        .absent_on(&["UnsupportedOperationException"])
        .only(rotates)
        .take("KeyRotationEnabled"),
        detail("GetKeyPolicy", "supplementaryConfiguration.Policy")
            .with(&[
                ("KeyId", Param::Item("KeyId")),
                ("PolicyName", Param::Json("\"default\"")),
            ])
            .take("Policy"),
    ],
    ..Collector::of(
        ResourceType::KmsKey,
        call("ListKeys").with(&[("Limit", Param::Json("1000"))]),
        "Keys[]",
        "KeyId",
    )
};

/// KMS rotates only symmetric keys whose material it made, and its own keys without being asked.
fn rotates(key: &Value) -> bool {
    let is = |member: &str, wanted: &str| key.get(member).is_none_or(|found| found == wanted);
    is("KeyManager", "CUSTOMER") && is("Origin", "AWS_KMS") && is("KeySpec", "SYMMETRIC_DEFAULT")
}
