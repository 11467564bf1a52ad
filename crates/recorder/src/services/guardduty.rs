//! GuardDuty's detectors, who administers them, and the findings that nobody archived.
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
