//! EKS clusters.
//!
//! Shapes: AWS Config's item of `AWS::EKS::Cluster`, which is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::{add, pick, under};
use crate::text::values;

pub(crate) static SERVICE: Service = Service {
    model: "eks",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[CLUSTER],
    account: &[],
};

const CLUSTER: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("DescribeCluster").absent_on(&["ResourceNotFoundException"]),
        member: "name",
        id: "",
        size: 0,
        entries: "cluster",
    }),
    name: Some("name"),
    arn: Some("arn"),
    created: Some("createdAt"),
    casing: Casing::Large,
    shape: Some(cluster),
    tags: Tags::Listed("tags"),
    ..Collector::of(
        ResourceType::EksCluster,
        call("ListClusters").with(&[("maxResults", Param::Json("100"))]),
        "clusters[]",
        "name",
    )
};

fn cluster(configuration: &mut Value, entry: &Value) {
    let mut shaped = pick(
        configuration,
        &[
            ("AccessConfig", "AccessConfig"),
            ("Arn", "Arn"),
            ("CertificateAuthorityData", "CertificateAuthority.Data"),
            ("ClusterStatus", "Status"),
            ("DeletionProtection", "DeletionProtection"),
            ("EncryptionConfig", "EncryptionConfig"),
            (
                "EncryptionConfigKeyArn",
                "EncryptionConfig[].Provider.KeyArn",
            ),
            ("Endpoint", "Endpoint"),
            ("KubernetesNetworkConfig", "KubernetesNetworkConfig"),
            ("Name", "Name"),
            ("OpenIdConnectIssuerUrl", "Identity.Oidc.Issuer"),
            ("RoleArn", "RoleArn"),
            ("UpgradePolicy", "UpgradePolicy"),
            ("Version", "Version"),
        ],
    );
    let network = configuration.get("ResourcesVpcConfig").map(|network| {
        let same = [
            "EndpointPrivateAccess",
            "EndpointPublicAccess",
            "PublicAccessCidrs",
            "SecurityGroupIds",
            "SubnetIds",
        ];
        pick(network, &same.map(|member| (member, member)))
    });
    add(&mut shaped, "ResourcesVpcConfig", network);
    if entry.get("logging").is_some() {
        shaped["Logging"] = json!({ "ClusterLogging": { "EnabledTypes": enabled_logs(entry) } });
    }
    *configuration = shaped;
}

/// The API has lists of types that are on or off, CloudFormation a list of those that are on.
fn enabled_logs(entry: &Value) -> Value {
    let setups = values("logging.clusterLogging[]", entry).into_iter();
    let on = setups.filter(|setup| setup.get("enabled") == Some(&json!(true)));
    let types = on.flat_map(|setup| values("types[]", setup));
    types.map(|kind| under("Type", kind)).collect()
}
