//! GuardDuty's detectors, who administers them, what they and those of members watch, and the
//! findings that nobody archived.
//!
//! Shapes: AWS Config's schema of `AWS::GuardDuty::Detector`.

use crate::declare::prelude::*;
use crate::declare::{Describe, Listed};
use crate::shape::pick;
use crate::text::{value, values};

pub(crate) static SERVICE: Service = Service {
    model: "guardduty",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[DETECTOR],
    account: &[],
};

const MEMBERS: crate::declare::Call = call("ListMembers").with(&[
    ("DetectorId", Param::Item("DetectorId")),
    ("OnlyAssociated", Param::Json("\"true\"")),
    ("MaxResults", Param::Json("50")),
]);

const DETECTOR: Collector = Collector {
    // A detector's reply doesn't say its id.
    describe: Some(Describe {
        call: call("GetDetector"),
        member: "DetectorId",
        id: "",
        size: 0,
        entries: "",
    }),
    arn: Some("arn:{partition}:guardduty:{region}:{account}:detector/{DetectorId}"),
    created: Some("CreatedAt"),
    shape: Some(detector),
    tags: Tags::Listed("Tags"),
    details: &[
        detail("GetDetector", "supplementaryConfiguration.GetDetector")
            .with(&[("DetectorId", Param::Item("DetectorId"))])
            .in_entry()
            .shape(watched),
        detail("ListMembers", "supplementaryConfiguration.ListMembers")
            .with(MEMBERS.params)
            .shape(members),
        detail(
            "GetMemberDetectors",
            "supplementaryConfiguration.GetMemberDetectors",
        )
        .with(&[("DetectorId", Param::Item("DetectorId"))])
        .listed(Listed {
            list: MEMBERS,
            ids: "Members[].AccountId",
            member: "AccountIds",
            size: 50,
            entries: "MemberDataSourceConfigurations[]",
        })
        .shape(watched_by_members),
        detail(
            "GetAdministratorAccount",
            "supplementaryConfiguration.GetAdministratorAccount",
        )
        .with(&[("DetectorId", Param::Item("DetectorId"))]),
        detail("GetFindings", "supplementaryConfiguration.GetFindings")
            .with(&[("DetectorId", Param::Item("DetectorId"))])
            .listed(Listed {
                list: call("ListFindings").with(&[
                    ("DetectorId", Param::Item("DetectorId")),
                    (
                        "FindingCriteria",
                        Param::Json(
                            r#"{"Criterion": {"service.archived": {"Equals": ["false"]}}}"#,
                        ),
                    ),
                ]),
                ids: "FindingIds[]",
                member: "FindingIds",
                size: 50,
                entries: "Findings[]",
            })
            .shape(findings),
    ],
    ..Collector::of(
        ResourceType::GuardDutyDetector,
        call("ListDetectors"),
        "DetectorIds[]",
        "DetectorId",
    )
};

/// CloudFormation's names: what is enabled is a truth value.
fn detector(configuration: &mut Value, entry: &Value) {
    let is_enabled = |path| value(path, entry).map(|status| json!(status == "ENABLED"));
    let sources = |path| is_enabled(path).map(|enable| json!({ "Enable": enable }));
    let features = values("Features[]", entry).into_iter();
    let features = features.map(|feature| pick(feature, &[("Name", "Name"), ("Status", "Status")]));
    *configuration = json!({
        "Id": entry.get("DetectorId"),
        "Enable": is_enabled("Status"),
        "FindingPublishingFrequency": entry.get("FindingPublishingFrequency"),
        "DataSources": {
            "S3Logs": sources("DataSources.S3Logs.Status"),
            "Kubernetes": {
                "AuditLogs": sources("DataSources.Kubernetes.AuditLogs.Status"),
            },
        },
        "Features": features.collect::<Vec<_>>(),
    });
}

/// What a detector watches, without the times of changes; nothing where the answer doesn't say it.
fn watched(entry: &Value) -> Value {
    let mut kept = json!({});
    if entry.get("Features").is_some() {
        let features = values("Features[]", entry).into_iter();
        kept["Features"] = features.map(feature).collect();
    }
    kept
}

fn feature(feature: &Value) -> Value {
    let state = |of: &Value| pick(of, &[("Name", "Name"), ("Status", "Status")]);
    let mut kept = state(feature);
    let more = values("AdditionalConfiguration[]", feature).into_iter();
    kept["AdditionalConfiguration"] = more.map(state).collect();
    kept
}

/// Who the members are: their addresses are nobody's business here.
fn members(reply: &Value) -> Value {
    let mut kept = json!({});
    if reply.get("Members").is_some() {
        let members = values("Members[]", reply).into_iter();
        let members = members.map(|member| pick(member, &[("AccountId", "AccountId")]));
        kept["Members"] = members.collect();
    }
    kept
}

fn watched_by_members(reply: &Value) -> Value {
    let members = values("MemberDataSourceConfigurations[]", reply).into_iter();
    let members = members.map(|member| {
        let mut kept = watched(member);
        kept["AccountId"] = json!(member.get("AccountId"));
        kept
    });
    json!({ "MemberDataSourceConfigurations": members.collect::<Vec<_>>() })
}

/// What of a finding says how long it has been open. The rest, which changes with every sighting,
/// is for those who work on findings.
fn findings(reply: &Value) -> Value {
    let mut found: Vec<Value> = values("Findings[]", reply)
        .into_iter()
        .map(|finding| {
            let mut kept = pick(
                finding,
                &[
                    ("Arn", "Arn"),
                    ("CreatedAt", "CreatedAt"),
                    ("Id", "Id"),
                    ("Severity", "Severity"),
                    ("Type", "Type"),
                ],
            );
            let archived = value("Service.Archived", finding);
            kept["Service"] = json!({ "Archived": archived });
            kept
        })
        .collect();
    found.sort_by_key(|finding| finding["Id"].to_string());
    json!({ "Findings": found })
}
