//! OpenSearch Service's domains, whichever engine they run.
//!
//! Shapes: AWS Config's item and schema of `AWS::OpenSearch::Domain`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::{add, remove, rename};

pub(crate) static SERVICE: Service = Service {
    model: "opensearch",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[DOMAIN],
    account: &[],
};

const DOMAIN: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeDomains"),
        member: "DomainNames",
        id: "DomainName",
        // More are refused.
        size: 5,
        entries: "DomainStatusList[]",
    }),
    name: Some("DomainName"),
    arn: Some("ARN"),
    shape: Some(domain),
    tags: Tags::Bulk("es:domain"),
    ..Collector::of(
        ResourceType::OpenSearchDomain,
        call("ListDomainNames"),
        "DomainNames[]",
        "DomainName",
    )
};

/// CloudFormation's names, and the policy as JSON.
fn domain(configuration: &mut Value, entry: &Value) {
    rename(
        configuration,
        &[
            ("ARN", "Arn"),
            ("DomainId", "Id"),
            ("Endpoint", "DomainEndpoint"),
        ],
    );
    add(configuration, "DomainArn", entry.get("ARN").cloned());
    // States, of which CloudFormation has none.
    remove(
        configuration,
        &[
            "ChangeProgressDetails",
            "Created",
            "Deleted",
            "DomainProcessingStatus",
            "ModifyingProperties",
            "Processing",
            "UpgradeProcessing",
        ],
    );
    let policy = entry.get("AccessPolicies").and_then(Value::as_str);
    let policy = policy.and_then(|text| serde_json::from_str(text).ok());
    add(configuration, "AccessPolicies", policy);
}
