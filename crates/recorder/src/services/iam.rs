//! IAM: users, groups, roles, policies, and what it says of the account.
//!
//! Shapes: AWS Config's items of `AWS::IAM::*`. One listing tells of all four types, with their
//! inline policies.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Map;

use crate::declare::prelude::*;
use crate::shape::pick;
use crate::text::{value, values};

pub(crate) static SERVICE: Service = Service {
    model: "iam",
    scope: Scope::Global,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[USER, GROUP, ROLE, POLICY, SERVER_CERTIFICATE],
    account: &[
        fact("GetAccountAuthorizationDetails").global().with(&[
            ("Filter", Param::Json(r#"["User", "Group", "Role"]"#)),
            ("MaxItems", Param::Json("1000")),
        ]),
        fact("GetAccountPasswordPolicy")
            .global()
            .absent_on(&["NoSuchEntity"]),
        fact("GetAccountSummary").global(),
        fact("ListVirtualMFADevices").global(),
    ],
};

const DETAILS: crate::declare::Call = call("GetAccountAuthorizationDetails").with(&[
    // AWS's own policies are nobody's to change.
    (
        "Filter",
        Param::Json(r#"["User", "Group", "Role", "LocalManagedPolicy"]"#),
    ),
    ("MaxItems", Param::Json("1000")),
]);

const REPORT: &str = "supplementaryConfiguration.GetCredentialReport";

const VIRTUAL_DEVICES: &str = "supplementaryConfiguration.ListVirtualMFADevices";

/// Whether a user's devices are not among the account's virtual ones, which one call lists: then they are asked for.
fn has_none(devices: &Value) -> bool {
    values("VirtualMFADevices[]", devices).is_empty()
}

/// Whether a user may have an active access key that is older than the report, which is made anew after four hours: a
/// user has none of whom it says `N/A` twice. AWS Config's own rule sees no further than the report.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>
/// <https://docs.aws.amazon.com/config/latest/developerguide/access-keys-rotated.html>
fn may_have_keys(report: &Value) -> bool {
    ["access_key_1_last_rotated", "access_key_2_last_rotated"]
        .iter()
        .any(|column| value(column, &report["Content"]).is_none_or(|rotated| rotated != "N/A"))
}

const USER: Collector = Collector {
    name: Some("UserName"),
    arn: Some("Arn"),
    created: Some("CreateDate"),
    casing: Casing::Bean,
    tags: Tags::Listed("Tags"),
    relationships: &[Relation::names(
        "Is attached to Group",
        ResourceType::IamGroup,
        "GroupList[]",
    )],
    details: &[
        detail(
            "ListAccessKeys",
            "supplementaryConfiguration.ListAccessKeys",
        )
        .with(&[("UserName", Param::Item("UserName"))])
        .where_found(REPORT, may_have_keys),
        detail(
            "ListMFADevices",
            "supplementaryConfiguration.ListMFADevices",
        )
        .with(&[("UserName", Param::Item("UserName"))])
        .where_found(VIRTUAL_DEVICES, has_none),
        detail("ListVirtualMFADevices", VIRTUAL_DEVICES).joined(
            "VirtualMFADevices[]",
            "User.UserName",
            "UserName",
        ),
        detail("GetCredentialReport", REPORT)
            .prepared_by(&Prepare {
                operation: "GenerateCredentialReport",
                on: &[
                    "ReportNotPresent",
                    "ReportExpired",
                    "ReportInProgress",
                    // The names of the shapes, which some implementations send.
                    "CredentialReportNotPresentException",
                    "CredentialReportExpiredException",
                    "CredentialReportNotReadyException",
                ],
            })
            .joined_to_one(Some(report), "Content[]", "arn", "Arn"),
    ],
    ..Collector::of(ResourceType::IamUser, DETAILS, "UserDetailList[]", "UserId")
};

const GROUP: Collector = Collector {
    name: Some("GroupName"),
    arn: Some("Arn"),
    created: Some("CreateDate"),
    casing: Casing::Bean,
    details: &[detail("GetAccountAuthorizationDetails", "relationships")
        .with(&[
            ("Filter", Param::Json(r#"["User"]"#)),
            ("MaxItems", Param::Json("1000")),
        ])
        .joined("UserDetailList[]", "GroupList[]", "GroupName")
        .shape(members)],
    ..Collector::of(
        ResourceType::IamGroup,
        DETAILS,
        "GroupDetailList[]",
        "GroupId",
    )
};

const ROLE: Collector = Collector {
    name: Some("RoleName"),
    arn: Some("Arn"),
    created: Some("CreateDate"),
    casing: Casing::Bean,
    tags: Tags::Listed("Tags"),
    ..Collector::of(ResourceType::IamRole, DETAILS, "RoleDetailList[]", "RoleId")
};

const POLICY: Collector = Collector {
    name: Some("PolicyName"),
    arn: Some("Arn"),
    created: Some("CreateDate"),
    casing: Casing::Bean,
    // moto leaves the id out.
    ..Collector::of(
        ResourceType::IamPolicy,
        DETAILS,
        "Policies[]",
        "PolicyId|Arn",
    )
};

const SERVER_CERTIFICATE: Collector = Collector {
    name: Some("ServerCertificateName"),
    arn: Some("Arn"),
    created: Some("UploadDate"),
    shape: Some(server_certificate),
    details: &[detail(
        "ListServerCertificates",
        "supplementaryConfiguration.ListServerCertificates",
    )
    .in_entry()
    .shape(expiration)],
    ..Collector::of(
        ResourceType::IamServerCertificate,
        call("ListServerCertificates").with(&[("MaxItems", Param::Json("1000"))]),
        "ServerCertificateMetadataList[]",
        "ServerCertificateName",
    )
};

/// What CloudFormation has of a certificate.
fn server_certificate(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("Arn", "Arn"),
            ("Path", "Path"),
            ("ServerCertificateName", "ServerCertificateName"),
        ],
    );
}

/// What AWS Config leaves out: the listing with this certificate alone.
fn expiration(entry: &Value) -> Value {
    let certificate = pick(entry, &[("Expiration", "Expiration")]);
    json!({ "ServerCertificateMetadataList": [certificate] })
}

/// A group's users, as AWS Config relates them.
fn members(reply: &Value) -> Value {
    let users = values("UserDetailList[]", reply);
    let related = users.into_iter().map(|user| {
        json!({
            "relationshipName": "Contains User",
            "resourceType": ResourceType::IamUser.as_str(),
            "resourceId": user.get("UserId"),
            "resourceName": user.get("UserName"),
        })
    });
    related.collect()
}

/// The rows of the report, each an object of its columns' texts.
fn report(reply: &Value) -> Value {
    let content = reply.get("Content").and_then(Value::as_str);
    let bytes = STANDARD.decode(content.unwrap_or_default());
    let bytes = bytes.unwrap_or_default();
    let mut table = csv::Reader::from_reader(bytes.as_slice());
    let columns = table.headers().cloned().unwrap_or_default();
    let rows = table.records().filter_map(Result::ok).map(|row| {
        let texts = columns.iter().zip(&row);
        let row: Map<String, Value> = texts
            .map(|(column, text)| (column.to_owned(), json!(text)))
            .collect();
        Value::Object(row)
    });
    json!({ "Content": rows.collect::<Vec<_>>() })
}
