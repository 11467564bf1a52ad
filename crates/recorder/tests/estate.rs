//! What is recorded of an estate that boto3 made on moto.
//!
//! Oracle: moto, seeded by `estate/applications.py` and `estate/infrastructure.py`. Without Python and PyPI the test is skipped,
//! loudly. What moto doesn't do (Backup's selections, CodeDeploy's groups, …) is left to the
//! recorded replies of AWS.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]

#[path = "estate/infrastructure.rs"]
mod infrastructure;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use aws_types::region::Region;
use jiff::Timestamp;
use posture_aws::{Client, Options};
use posture_model::ResourceType;
use posture_recorder::{Listing, Needs, Outcome, Place, Plan, Recorder, Report, Sink};
use serde_json::{Value, json};

const REGION: &str = "eu-west-1";

/// What the seed puts wherever a secret may stand.
const CANARY: &str = "canary-7f3a";

struct Moto {
    server: Child,
    url: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

fn python() -> Option<PathBuf> {
    let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../aws/tests/boto3/setup.sh");
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("boto3");
    let made = Command::new(setup).arg(&venv).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: moto needs python3 with venv, pip and PyPI");
        return None;
    }
    Some(venv.join("bin/python"))
}

impl Moto {
    fn seeded(script: &str) -> Option<Moto> {
        let python = python()?;
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let server = Command::new(&python)
            .args(["-m", "moto.server", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let moto = Moto {
            server,
            url: format!("http://127.0.0.1:{port}"),
        };
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let seed = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/estate")
            .join(script);
        let seeded = Command::new(&python)
            .arg(seed)
            .arg(&moto.url)
            .stdout(Stdio::null())
            .status();
        assert!(seeded.unwrap().success(), "the estate was not made");
        Some(moto)
    }
}

/// Keeps items by type, and whether their listings were whole.
#[derive(Default)]
struct Kept {
    items: Mutex<BTreeMap<ResourceType, Vec<Value>>>,
}

struct KeptListing {
    kept: Arc<Kept>,
    resource_type: ResourceType,
}

impl Listing for KeptListing {
    type Error = Infallible;

    async fn item(&mut self, item: &[u8]) -> Result<(), Infallible> {
        let item = serde_json::from_slice(item).unwrap();
        let mut items = self.kept.items.lock().unwrap();
        items.entry(self.resource_type).or_default().push(item);
        Ok(())
    }

    fn unread(&mut self, _: &str, _: &Outcome) {}

    async fn end(self, _: &Outcome) -> Result<(), Infallible> {
        Ok(())
    }
}

struct Keeps(Arc<Kept>);

impl Sink for Keeps {
    type Listing = KeptListing;
    type Error = Infallible;

    async fn begin(&self, place: Place, _: Timestamp) -> Result<KeptListing, Infallible> {
        Ok(KeptListing {
            kept: Arc::clone(&self.0),
            resource_type: place.resource_type,
        })
    }
}

async fn record(url: &str, types: &[ResourceType]) -> (BTreeMap<ResourceType, Vec<Value>>, Report) {
    let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "test");
    let sdk = SdkConfig::builder()
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build();
    let mut options = Options::default();
    options.endpoint_url = Some(url.to_owned());
    let clock = Arc::new(|| "2026-06-01T00:00:00Z".parse().unwrap());
    let recorder = Recorder::new(Client::new(sdk, options), clock).only(vec![REGION.to_owned()]);
    let mut needs = Needs::default();
    for resource_type in types {
        needs.add_whole(*resource_type);
    }
    let kept = Arc::new(Kept::default());
    let sink = Arc::new(Keeps(Arc::clone(&kept)));
    let report = recorder.record(&Plan::new(&needs), sink).await.unwrap();
    let items = std::mem::take(&mut *kept.items.lock().unwrap());
    (items, report)
}

/// A member of members: `configuration/Logs/Audit`.
fn at<'v>(item: &'v Value, place: &str) -> &'v Value {
    let pointer = format!("/{place}");
    item.pointer(&pointer).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn the_applications_estate_is_recorded() {
    let Some(moto) = Moto::seeded("applications.py") else {
        return;
    };
    let expected = expected();
    let mut types: Vec<ResourceType> = expected.iter().map(|(kind, ..)| *kind).collect();
    types.push(ResourceType::BackupBackupSelection);
    types.push(ResourceType::BackupRecoveryPoint);
    types.push(ResourceType::CodeDeployDeploymentGroup);
    check(&moto, &types, &expected).await;
}

#[tokio::test]
async fn the_infrastructure_estate_is_recorded() {
    let Some(moto) = Moto::seeded("infrastructure.py") else {
        return;
    };
    let expected = infrastructure::expected();
    let mut types: Vec<ResourceType> = expected.iter().map(|(kind, ..)| *kind).collect();
    types.extend(infrastructure::NOT_IN_MOTO);
    check(&moto, &types, &expected).await;
}

async fn check(moto: &Moto, types: &[ResourceType], expected: &[Expected]) {
    let (items, report) = record(&moto.url, types).await;
    let mut wrong = Vec::new();
    for (resource_type, name, place, value) in expected {
        let of_type = items.get(resource_type).map_or(&[][..], Vec::as_slice);
        let named = of_type.iter().filter(|item| {
            name.is_empty() || item["resourceName"] == *name || item["resourceId"] == *name
        });
        let found: Vec<&Value> = named.map(|item| at(item, place)).collect();
        if !found.contains(&value) {
            let kind = resource_type.as_str();
            wrong.push(format!(
                "{kind} {name} {place}: {found:?}, expected {value}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", report.coverage);
    let text = serde_json::to_string(&items.values().collect::<Vec<_>>()).unwrap();
    assert!(
        !text.contains(CANARY),
        "a secret is not redacted: {}",
        around(&text)
    );
    // moto doesn't do these; what it does is read to the end.
    let gaps: BTreeSet<String> = report
        .gaps()
        .map(|gap| gap.reason.clone().unwrap_or_default())
        .filter_map(|reason| Some(reason.split_once(": ")?.0.to_owned()))
        .collect();
    let missing = [
        "backup:GetBackupVaultAccessPolicy",
        "backup:ListBackupSelections",
        "backup:ListRecoveryPointsByBackupVault",
        "elasticbeanstalk:DescribeConfigurationSettings",
        "elasticmapreduce:ListInstanceFleets",
        "macie2:GetAutomatedDiscoveryConfiguration",
    ];
    assert_eq!(gaps, missing.map(str::to_owned).into());
}

fn around(text: &str) -> &str {
    let at = text.find(CANARY).unwrap_or_default();
    let from = text.floor_char_boundary(at.saturating_sub(200));
    let to = text.floor_char_boundary(at + 40);
    &text[from..to]
}

type Expected = (ResourceType, &'static str, &'static str, Value);

/// Type, name, place and value: what rules read of each type.
fn expected() -> Vec<Expected> {
    use ResourceType as T;
    let account = "123456789012";
    vec![
        (
            T::AcmCertificate,
            "",
            "configuration/keyAlgorithm",
            json!("RSA-2048"),
        ),
        (T::AcmCertificate, "", "tags/team", json!("web")),
        (
            T::AcmpcaCertificateAuthority,
            "",
            "configuration/Type",
            json!("ROOT"),
        ),
        (
            T::AcmpcaCertificateAuthority,
            "",
            "configuration/KeyAlgorithm",
            json!("RSA_4096"),
        ),
        (
            T::AcmpcaCertificateAuthority,
            "",
            "supplementaryConfiguration/DescribeCertificateAuthority/CertificateAuthority/Status",
            json!("PENDING_CERTIFICATE"),
        ),
        (
            T::AmazonMqBroker,
            "orders",
            "configuration/Logs/Audit",
            json!(true),
        ),
        (T::AmazonMqBroker, "orders", "tags/team", json!("orders")),
        (
            T::ApiGatewayRestApi,
            "shop",
            "configuration/endpointConfiguration/types",
            json!(["REGIONAL"]),
        ),
        (T::ApiGatewayRestApi, "shop", "tags/team", json!("shop")),
        (
            T::ApiGatewayStage,
            "prod",
            "configuration/tracingEnabled",
            json!(true),
        ),
        (
            T::ApiGatewayStage,
            "prod",
            "configuration/methodSettings/*~1*/loggingLevel",
            json!("INFO"),
        ),
        (
            T::ApiGatewayStage,
            "prod",
            "configuration/variables/secret",
            json!("***"),
        ),
        (
            T::ApiGatewayStage,
            "test",
            "supplementaryConfiguration/GetResources/items/0/resourceMethods/GET/methodIntegration/type",
            json!("HTTP"),
        ),
        (
            T::ApiGatewayV2Stage,
            "live",
            "configuration/accessLogSettings/destinationArn",
            json!("arn:aws:logs:eu-west-1:123456789012:log-group:chat"),
        ),
        (
            T::AppSyncGraphQlApi,
            "graph",
            "configuration/LogConfig/FieldLogLevel",
            json!("ERROR"),
        ),
        (
            T::AppSyncGraphQlApi,
            "graph",
            "supplementaryConfiguration/GetWebACLForResource",
            json!({}),
        ),
        (
            T::AthenaWorkGroup,
            "reports",
            "configuration/WorkGroupConfiguration/ResultConfiguration/EncryptionConfiguration/EncryptionOption",
            json!("SSE_S3"),
        ),
        (T::AthenaWorkGroup, "reports", "tags/team", json!("reports")),
        (
            T::AutoScalingAutoScalingGroup,
            "fleet",
            "configuration/healthCheckType",
            json!("ELB"),
        ),
        (
            T::AutoScalingAutoScalingGroup,
            "fleet",
            "tags/team",
            json!("fleet"),
        ),
        (
            T::AutoScalingLaunchConfiguration,
            "launch",
            "configuration/metadataOptions/httpTokens",
            json!("required"),
        ),
        (
            T::AutoScalingLaunchConfiguration,
            "launch",
            "configuration/associatePublicIpAddress",
            json!(true),
        ),
        (
            T::BackupBackupPlan,
            "daily",
            "configuration/BackupPlan/BackupPlanRule/0/TargetBackupVault",
            json!("vault"),
        ),
        (
            T::BackupBackupPlan,
            "daily",
            "configuration/BackupPlan/BackupPlanRule/0/Lifecycle/DeleteAfterDays",
            json!(35),
        ),
        (
            T::BackupBackupVault,
            "vault",
            "supplementaryConfiguration/DescribeBackupVault/Locked",
            json!(true),
        ),
        (
            T::BackupBackupVault,
            "vault",
            "supplementaryConfiguration/DescribeBackupVault/MinRetentionDays",
            json!(7),
        ),
        (T::BackupBackupVault, "vault", "tags/team", json!("backup")),
        (
            T::CloudFormationStack,
            "stack",
            "configuration/notificationARNs",
            json!(["arn:aws:sns:eu-west-1:123456789012:news"]),
        ),
        (
            T::CloudFormationStack,
            "stack",
            "configuration/parameters/0/parameterKey",
            json!("Password"),
        ),
        (T::CloudFormationStack, "stack", "tags/team", json!("stack")),
        (T::CloudFrontDistribution, "", "awsRegion", json!("global")),
        (
            T::CloudFrontDistribution,
            "",
            "configuration/distributionConfig/logging/bucket",
            json!("logs.s3.amazonaws.com"),
        ),
        (
            T::CloudFrontDistribution,
            "",
            "configuration/distributionConfig/viewerCertificate/acmCertificateArn",
            json!("arn:aws:acm:us-east-1:123456789012:certificate/a"),
        ),
        (
            T::CloudFrontDistribution,
            "",
            "configuration/distributionConfig/viewerCertificate/sslSupportMethod",
            json!("sni-only"),
        ),
        (
            T::CloudFrontDistribution,
            "",
            "configuration/distributionConfig/defaultCacheBehavior/viewerProtocolPolicy",
            json!("https-only"),
        ),
        (
            T::CloudFrontDistribution,
            "",
            "configuration/distributionConfig/origins/items/0/customHeaders/items/0/headerValue",
            json!("***"),
        ),
        (
            T::CloudFrontDistribution,
            "",
            "configuration/distributionConfig/webACLId",
            json!(""),
        ),
        (T::CloudFrontDistribution, "", "tags/team", json!("site")),
        (
            T::CloudWatchAlarm,
            "busy",
            "configuration/okactions",
            json!(["arn:aws:sns:eu-west-1:123456789012:news"]),
        ),
        (
            T::CloudWatchAlarm,
            "busy",
            "configuration/dimensions",
            json!([{"name": "InstanceId", "value": "i-1"}]),
        ),
        (
            T::CloudWatchAlarm,
            "busy",
            "configuration/threshold",
            json!(90),
        ),
        (
            T::CloudWatchAlarm,
            "busy",
            "configuration/stateValue",
            json!(null),
        ),
        (
            T::CodeBuildProject,
            "build",
            "configuration/source/0/type",
            json!("S3"),
        ),
        (
            T::CodeBuildProject,
            "build",
            "configuration/environment/environmentVariables/0",
            json!({"name": "AWS_SECRET_ACCESS_KEY", "type": "PLAINTEXT", "value": "***"}),
        ),
        (T::CodeBuildProject, "build", "tags/team", json!("build")),
        (
            T::CodePipelinePipeline,
            "ship",
            "configuration/pipeline/stages/1/actions/0/actionTypeId/category",
            json!("Deploy"),
        ),
        (
            T::DaxCluster,
            "cache",
            "configuration/ClusterEndpointEncryptionType",
            json!("TLS"),
        ),
        (
            T::DaxCluster,
            "cache",
            "configuration/SSEDescription/Status",
            json!("ENABLED"),
        ),
        (
            T::DmsEndpoint,
            "redis",
            "configuration/RedisSettings/SslSecurityProtocol",
            json!("plaintext"),
        ),
        (
            T::DmsEndpoint,
            "redis",
            "configuration/SslMode",
            json!("none"),
        ),
        (T::DmsEndpoint, "redis", "tags/team", json!("move")),
        (
            T::DmsReplicationInstance,
            "mover",
            "configuration/PubliclyAccessible",
            json!(true),
        ),
        (
            T::DynamoDbTable,
            "orders",
            "supplementaryConfiguration/ContinuousBackupsDescription/pointInTimeRecoveryDescription/pointInTimeRecoveryStatus",
            json!("ENABLED"),
        ),
        (
            T::DynamoDbTable,
            "orders",
            "supplementaryConfiguration/DescribeScalableTargets/ScalableTargets/1/ResourceId",
            json!("table/orders/index/by-day"),
        ),
        (
            T::DynamoDbTable,
            "orders",
            "supplementaryConfiguration/DescribeScalingPolicies/ScalingPolicies/0/TargetTrackingScalingPolicyConfiguration/TargetValue",
            json!(70),
        ),
        (
            T::DynamoDbTable,
            "orders",
            "supplementaryConfiguration/DescribeScalingPolicies/ScalingPolicies/0/table",
            json!(null),
        ),
        (
            T::DynamoDbTable,
            "orders2",
            "supplementaryConfiguration/DescribeScalableTargets",
            json!({"ScalableTargets": []}),
        ),
        (
            T::DynamoDbTable,
            "orders2",
            "configuration/globalSecondaryIndexes/0/indexName",
            json!("by-day"),
        ),
        (
            T::DynamoDbTable,
            "orders2",
            "configuration/ssedescription/ssetype",
            json!("KMS"),
        ),
        (T::DynamoDbTable, "orders2", "tags/team", json!("orders2")),
        (
            T::EcrRepository,
            "app",
            "configuration/ImageScanningConfiguration/ScanOnPush",
            json!(true),
        ),
        (
            T::EcrRepository,
            "app",
            "supplementaryConfiguration/BatchGetRepositoryScanningConfiguration/scanningConfigurations/0/scanFrequency",
            json!("SCAN_ON_PUSH"),
        ),
        (
            T::EcrRepository,
            "app",
            "configuration/LifecyclePolicy/RegistryId",
            json!(account),
        ),
        (
            T::EcrRepository,
            "bare",
            "configuration/LifecyclePolicy",
            json!(null),
        ),
        (T::EcrRepository, "bare", "unread", json!([])),
        (
            T::EcsTaskDefinition,
            "web:1",
            "configuration/ContainerDefinitions/0/Privileged",
            json!(true),
        ),
        (
            T::EcsTaskDefinition,
            "web:1",
            "configuration/ContainerDefinitions/0/LogConfiguration/Options/splunk-url",
            json!("https://splunk"),
        ),
        (
            T::EcsTaskDefinition,
            "web:1",
            "configuration/Status",
            json!("ACTIVE"),
        ),
        (
            T::EcsTaskDefinition,
            "web:1",
            "configuration/PidMode",
            json!("host"),
        ),
        (
            T::EfsAccessPoint,
            "",
            "configuration/PosixUser/Uid",
            json!("1000"),
        ),
        (
            T::EfsAccessPoint,
            "",
            "configuration/RootDirectory/Path",
            json!("/app"),
        ),
        (T::EfsFileSystem, "", "configuration/Encrypted", json!(true)),
        (T::EfsFileSystem, "", "tags/team", json!("files")),
        (
            T::EksCluster,
            "cluster",
            "configuration/Logging/ClusterLogging/EnabledTypes",
            json!([{"Type": "api"}, {"Type": "audit"}]),
        ),
        (
            T::EksCluster,
            "cluster",
            "configuration/EncryptionConfig/0/Provider/KeyArn",
            json!("arn:aws:kms:eu-west-1:123456789012:key/k"),
        ),
        (
            T::EksCluster,
            "cluster",
            "configuration/ResourcesVpcConfig/EndpointPublicAccess",
            json!(false),
        ),
        (
            T::EksCluster,
            "cluster",
            "configuration/Version",
            json!("1.29"),
        ),
        (T::EksCluster, "cluster", "tags/team", json!("cluster")),
        (
            T::EmrCluster,
            "jobs",
            "configuration/SecurityConfiguration",
            json!("strict"),
        ),
        (
            T::EmrCluster,
            "jobs",
            "supplementaryConfiguration/DescribeSecurityConfiguration/Name",
            json!("strict"),
        ),
        (
            T::EmrCluster,
            "jobs",
            "supplementaryConfiguration/ListInstanceGroups/InstanceGroups/0/Market",
            json!("ON_DEMAND"),
        ),
        (
            T::ElastiCacheCacheCluster,
            "cache",
            "configuration/SnapshotRetentionLimit",
            json!(15),
        ),
        (
            T::ElastiCacheReplicationGroup,
            "group",
            "configuration/SnapshotRetentionLimit",
            json!(3),
        ),
        (
            T::ElasticBeanstalkEnvironment,
            "shop-live",
            "configuration/applicationName",
            json!("shop"),
        ),
        (
            T::Account,
            "",
            "supplementaryConfiguration/DescribeLimits/AccountMaxReadCapacityUnits",
            json!(20000),
        ),
        (
            T::Account,
            "",
            "supplementaryConfiguration/GetMacieSession/status",
            json!("ENABLED"),
        ),
    ]
}
