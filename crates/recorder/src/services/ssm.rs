//! Systems Manager: documents, managed instances, and how far they comply.
//!
//! Shapes: AWS Config's items and schema of `AWS::SSM::*`. It leaves `configuration` of compliance
//! open; the places are those that readers of AWS Config's files use.

use serde_json::Map;

use crate::declare::prelude::*;
use crate::shape::pick;
use crate::text::{value, values};

pub(crate) static SERVICE: Service = Service {
    model: "ssm",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[
        ASSOCIATION_COMPLIANCE,
        DOCUMENT,
        MANAGED_INSTANCE_INVENTORY,
        PATCH_COMPLIANCE,
    ],
    account: &[fact("GetServiceSetting").with(&[(
        "SettingId",
        Param::Json(r#""/ssm/documents/console/public-sharing-permission""#),
    )])],
};

const SUMMARIES: crate::declare::Call =
    call("ListResourceComplianceSummaries").with(&[("MaxResults", Param::Json("50"))]);

const ASSOCIATION_COMPLIANCE: Collector = Collector {
    arn: Some("arn:{partition}:ssm:{region}:{account}:association-compliance/{ResourceId}"),
    keep: Some(is_of_associations),
    shape: Some(nothing),
    details: &[detail(
        "ListComplianceItems",
        r#"configuration."AWS:ComplianceItem""#,
    )
    .with(&[
        ("ResourceIds", Param::Items("ResourceId")),
        (
            "Filters",
            Param::Json(
                r#"[{"Key": "ComplianceType", "Values": ["Association"], "Type": "EQUAL"}]"#,
            ),
        ),
    ])
    .shape(associations)],
    relationships: OF_INSTANCE,
    ..Collector::of(
        ResourceType::SsmAssociationCompliance,
        SUMMARIES,
        "ResourceComplianceSummaryItems[]",
        "ResourceId",
    )
};

const OF_INSTANCE: &[Relation] = &[Relation::ids(
    "Is associated with ManagedInstanceInventory",
    ResourceType::SsmManagedInstanceInventory,
    "ResourceId",
)];

const DOCUMENT: Collector = Collector {
    name: Some("Name"),
    arn: Some("arn:{partition}:ssm:{region}:{account}:document/{Name}"),
    shape: Some(document),
    tags: Tags::Listed("Tags"),
    details: &[detail(
        "DescribeDocumentPermission",
        "supplementaryConfiguration.DescribeDocumentPermission",
    )
    .with(&[
        ("Name", Param::Item("Name")),
        ("PermissionType", Param::Json("\"Share\"")),
    ])
    .absent_on(&["InvalidDocument"])],
    ..Collector::of(
        ResourceType::SsmDocument,
        // Others' documents are theirs to share.
        call("ListDocuments").with(&[(
            "Filters",
            Param::Json(r#"[{"Key": "Owner", "Values": ["Self"]}]"#),
        )]),
        "DocumentIdentifiers[]",
        "Name",
    )
};

const MANAGED_INSTANCE_INVENTORY: Collector = Collector {
    arn: Some("arn:{partition}:ssm:{region}:{account}:managed-instance-inventory/{InstanceId}"),
    shape: Some(inventory),
    details: &[detail(
        "DescribeInstanceInformation",
        "supplementaryConfiguration.instanceStatus",
    )
    .in_entry()
    .take("PingStatus")
    .shape(status)],
    relationships: &[Relation::ids(
        "Is associated with Instance",
        ResourceType::Ec2Instance,
        "InstanceId",
    )],
    ..Collector::of(
        ResourceType::SsmManagedInstanceInventory,
        call("DescribeInstanceInformation").with(&[("MaxResults", Param::Json("50"))]),
        "InstanceInformationList[]",
        "InstanceId",
    )
};

const PATCH_COMPLIANCE: Collector = Collector {
    arn: Some("arn:{partition}:ssm:{region}:{account}:patch-compliance/{ResourceId}"),
    keep: Some(is_of_patches),
    shape: Some(patches),
    relationships: OF_INSTANCE,
    ..Collector::of(
        ResourceType::SsmPatchCompliance,
        SUMMARIES,
        "ResourceComplianceSummaryItems[]",
        "ResourceId",
    )
};

fn is_of_associations(summary: &Value) -> bool {
    summary.get("ComplianceType") == Some(&json!("Association"))
}

fn is_of_patches(summary: &Value) -> bool {
    summary.get("ComplianceType") == Some(&json!("Patch"))
}

/// A summary says less than the associations themselves.
fn nothing(configuration: &mut Value, _: &Value) {
    *configuration = json!({});
}

fn associations(reply: &Value) -> Value {
    let mut found = Map::new();
    for item in values("ComplianceItems[]", reply) {
        let id = item.get("Id").and_then(Value::as_str).unwrap_or_default();
        let kept = pick(
            item,
            &[
                ("Id", "Id"),
                ("Severity", "Severity"),
                ("Status", "Status"),
                ("Title", "Title"),
            ],
        );
        found.insert(id.to_owned(), kept);
    }
    json!({ "Content": { "Association": found } })
}

fn patches(configuration: &mut Value, summary: &Value) {
    let summary = pick(
        summary,
        &[
            ("CompliantCount", "CompliantSummary.CompliantCount"),
            ("NonCompliantCount", "NonCompliantSummary.NonCompliantCount"),
            ("OverallSeverity", "OverallSeverity"),
            ("Status", "Status"),
        ],
    );
    let content = json!({ "Patch": { "ComplianceSummary": summary } });
    *configuration = json!({ "AWS:ComplianceItem": { "Content": content } });
}

fn document(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("DocumentFormat", "DocumentFormat"),
            ("DocumentType", "DocumentType"),
            ("Name", "Name"),
            ("Requires", "Requires"),
            ("TargetType", "TargetType"),
            ("VersionName", "VersionName"),
        ],
    );
}

/// As inventory tells of instances; when an agent was last heard of changes every five minutes.
fn inventory(configuration: &mut Value, entry: &Value) {
    let id = entry.get("InstanceId").and_then(Value::as_str);
    let mut content = Map::new();
    content.insert(
        id.unwrap_or_default().to_owned(),
        pick(
            entry,
            &[
                ("AgentVersion", "AgentVersion"),
                ("ComputerName", "ComputerName"),
                ("InstanceId", "InstanceId"),
                ("IpAddress", "IPAddress"),
                ("PlatformName", "PlatformName"),
                ("PlatformType", "PlatformType"),
                ("PlatformVersion", "PlatformVersion"),
                ("ResourceType", "ResourceType"),
            ],
        ),
    );
    let information = json!({ "SchemaVersion": "1.0", "Content": content });
    *configuration = json!({ "AWS:InstanceInformation": information });
}

/// Inventory's word for an agent that answers is `Active`; `ConnectionLost` is both's.
fn status(ping: &Value) -> Value {
    match value("", ping).and_then(Value::as_str) {
        Some("Online") => json!("Active"),
        _ => ping.clone(),
    }
}
