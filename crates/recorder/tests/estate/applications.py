"""An estate of the services from ACM to Elastic Beanstalk: seed.py URL"""

import json
import sys

from seeding import clients

REGION = sys.argv[2] if len(sys.argv) > 2 else "eu-west-1"
client = clients(REGION)
ROLE = "arn:aws:iam::123456789012:role/service"
CANARY = "canary-7f3a"

ec2 = client("ec2")
SUBNET = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
IMAGE = ec2.describe_images()["Images"][0]["ImageId"]

client("acm").request_certificate(
    DomainName="example.com", Tags=[{"Key": "team", "Value": "web"}]
)
client("acm-pca").create_certificate_authority(
    CertificateAuthorityConfiguration={
        "KeyAlgorithm": "RSA_4096",
        "SigningAlgorithm": "SHA512WITHRSA",
        "Subject": {"CommonName": "example.com"},
    },
    CertificateAuthorityType="ROOT",
)
client("mq").create_broker(
    BrokerName="orders",
    AutoMinorVersionUpgrade=True,
    DeploymentMode="SINGLE_INSTANCE",
    EngineType="ACTIVEMQ",
    EngineVersion="5.15.0",
    HostInstanceType="mq.t3.micro",
    PubliclyAccessible=False,
    Logs={"Audit": True, "General": False},
    Users=[{"Username": "admin", "Password": CANARY + "-password"}],
    Tags={"team": "orders"},
)

gateway = client("apigateway")
api = gateway.create_rest_api(
    name="shop", endpointConfiguration={"types": ["REGIONAL"]}, tags={"team": "shop"}
)["id"]
root = gateway.get_resources(restApiId=api)["items"][0]["id"]
gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
gateway.put_integration(
    restApiId=api,
    resourceId=root,
    httpMethod="GET",
    type="HTTP",
    uri="https://example.com",
    integrationHttpMethod="GET",
)
deployment = gateway.create_deployment(restApiId=api)["id"]
for name in ["prod", "test"]:
    gateway.create_stage(
        restApiId=api,
        stageName=name,
        deploymentId=deployment,
        variables={"secret": CANARY},
        tracingEnabled=True,
    )
    gateway.update_stage(
        restApiId=api,
        stageName=name,
        patchOperations=[{"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"}],
    )

gateway2 = client("apigatewayv2")
api = gateway2.create_api(Name="chat", ProtocolType="HTTP")["ApiId"]
gateway2.create_stage(
    ApiId=api,
    StageName="live",
    AccessLogSettings={"DestinationArn": f"arn:aws:logs:{REGION}:123456789012:log-group:chat"},
    StageVariables={"secret": CANARY},
)

client("appsync").create_graphql_api(
    name="graph",
    authenticationType="API_KEY",
    logConfig={"fieldLogLevel": "ERROR", "cloudWatchLogsRoleArn": ROLE},
    tags={"team": "graph"},
)

athena = client("athena")
athena.create_work_group(
    Name="reports",
    Configuration={
        "ResultConfiguration": {
            "OutputLocation": "s3://results/",
            "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
        }
    },
    Tags=[{"Key": "team", "Value": "reports"}],
)

scaling = client("autoscaling")
scaling.create_launch_configuration(
    LaunchConfigurationName="launch",
    ImageId=IMAGE,
    InstanceType="t3.micro",
    AssociatePublicIpAddress=True,
    UserData=CANARY,
    MetadataOptions={"HttpTokens": "required"},
)
scaling.create_auto_scaling_group(
    AutoScalingGroupName="fleet",
    LaunchConfigurationName="launch",
    MinSize=0,
    MaxSize=0,
    HealthCheckType="ELB",
    VPCZoneIdentifier=SUBNET,
    Tags=[{"Key": "team", "Value": "fleet", "PropagateAtLaunch": True}],
)

backup = client("backup")
backup.create_backup_vault(BackupVaultName="vault", BackupVaultTags={"team": "backup"})
backup.put_backup_vault_lock_configuration(BackupVaultName="vault", MinRetentionDays=7)
backup.create_backup_plan(
    BackupPlan={
        "BackupPlanName": "daily",
        "Rules": [
            {
                "RuleName": "daily",
                "TargetBackupVaultName": "vault",
                "ScheduleExpression": "cron(0 5 ? * * *)",
                "Lifecycle": {"DeleteAfterDays": 35},
            }
        ],
    },
)

client("sns").create_topic(Name="news")
client("cloudformation").create_stack(
    StackName="stack",
    TemplateBody=json.dumps(
        {
            "Parameters": {"Password": {"Type": "String"}},
            "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {"Shown": {"Value": {"Ref": "Password"}}},
        }
    ),
    Parameters=[{"ParameterKey": "Password", "ParameterValue": CANARY}],
    NotificationARNs=[f"arn:aws:sns:{REGION}:123456789012:news"],
    Tags=[{"Key": "team", "Value": "stack"}],
)

client("cloudfront").create_distribution_with_tags(
    DistributionConfigWithTags={
        "DistributionConfig": {
            "CallerReference": "one",
            "Comment": "site",
            "Enabled": True,
            "Logging": {
                "Enabled": True,
                "IncludeCookies": False,
                "Bucket": "logs.s3.amazonaws.com",
                "Prefix": "",
            },
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "site",
                        "DomainName": "site.s3.amazonaws.com",
                        "S3OriginConfig": {"OriginAccessIdentity": ""},
                        "CustomHeaders": {
                            "Quantity": 1,
                            "Items": [{"HeaderName": "X-Known", "HeaderValue": CANARY}],
                        },
                    }
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "site",
                "ViewerProtocolPolicy": "https-only",
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
                "MinTTL": 0,
            },
            "ViewerCertificate": {
                "CloudFrontDefaultCertificate": False,
                "ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/a",
                "SSLSupportMethod": "sni-only",
                "MinimumProtocolVersion": "TLSv1.2_2021",
            },
        },
        "Tags": {"Items": [{"Key": "team", "Value": "site"}]},
    }
)

client("cloudwatch").put_metric_alarm(
    AlarmName="busy",
    MetricName="CPUUtilization",
    Namespace="AWS/EC2",
    Statistic="Average",
    Period=300,
    EvaluationPeriods=1,
    Threshold=90,
    ComparisonOperator="GreaterThanThreshold",
    Dimensions=[{"Name": "InstanceId", "Value": "i-1"}],
    OKActions=[f"arn:aws:sns:{REGION}:123456789012:news"],
    Tags=[{"Key": "team", "Value": "ops"}],
)

client("codebuild").create_project(
    name="build",
    source={"type": "S3", "location": "bucket/path", "buildspec": "env: " + CANARY},
    artifacts={"type": "NO_ARTIFACTS"},
    environment={
        "type": "LINUX_CONTAINER",
        "image": "aws/codebuild/standard:5.0",
        "computeType": "BUILD_GENERAL1_SMALL",
        "environmentVariables": [
            {"name": "AWS_SECRET_ACCESS_KEY", "value": CANARY, "type": "PLAINTEXT"}
        ],
    },
    serviceRole=ROLE,
    tags=[{"key": "team", "value": "build"}],
)

iam = client("iam")
iam.create_role(
    RoleName="pipeline",
    AssumeRolePolicyDocument=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "codepipeline.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
client("codepipeline").create_pipeline(
    pipeline={
        "name": "ship",
        "roleArn": "arn:aws:iam::123456789012:role/pipeline",
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "stages": [
            {
                "name": "Source",
                "actions": [
                    {
                        "name": "Source",
                        "actionTypeId": {
                            "category": "Source",
                            "owner": "ThirdParty",
                            "provider": "GitHub",
                            "version": "1",
                        },
                        "configuration": {"Repo": "site", "OAuthToken": CANARY},
                    }
                ],
            },
            {
                "name": "Deploy",
                "actions": [
                    {
                        "name": "Deploy",
                        "actionTypeId": {
                            "category": "Deploy",
                            "owner": "AWS",
                            "provider": "S3",
                            "version": "1",
                        },
                    }
                ],
            },
        ],
        "version": 1,
    },
    tags=[{"key": "team", "value": "ship"}],
)

client("dax").create_cluster(
    ClusterName="cache",
    NodeType="dax.t3.small",
    ReplicationFactor=1,
    IamRoleArn="arn:aws:iam::123456789012:role/dax",
    SSESpecification={"Enabled": True},
    ClusterEndpointEncryptionType="TLS",
)

dms = client("dms")
dms.create_endpoint(
    EndpointIdentifier="redis",
    EndpointType="target",
    EngineName="redis",
    SslMode="none",
    Password=CANARY,
    RedisSettings={
        "ServerName": "cache",
        "Port": 6379,
        "SslSecurityProtocol": "plaintext",
        "AuthPassword": CANARY,
    },
    Tags=[{"Key": "team", "Value": "move"}],
)
dms.create_replication_instance(
    ReplicationInstanceIdentifier="mover",
    ReplicationInstanceClass="dms.t3.micro",
    PubliclyAccessible=True,
)

dynamodb = client("dynamodb")
for name in ["orders", "orders2"]:
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "day", "AttributeType": "S"},
        ],
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-day",
                "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
                "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
            }
        ],
        SSESpecification={"Enabled": True, "SSEType": "KMS"},
        Tags=[{"Key": "team", "Value": name}],
    )
dynamodb.update_continuous_backups(
    TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
)
autoscaling = client("application-autoscaling")
for resource, dimension in [
    ("table/orders", "dynamodb:table:ReadCapacityUnits"),
    ("table/orders/index/by-day", "dynamodb:index:ReadCapacityUnits"),
]:
    autoscaling.register_scalable_target(
        ServiceNamespace="dynamodb",
        ResourceId=resource,
        ScalableDimension=dimension,
        MinCapacity=5,
        MaxCapacity=100,
    )
    autoscaling.put_scaling_policy(
        PolicyName="target",
        ServiceNamespace="dynamodb",
        ResourceId=resource,
        ScalableDimension=dimension,
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 70,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "DynamoDBReadCapacityUtilization"
            },
        },
    )

ecr = client("ecr")
ecr.create_repository(
    repositoryName="app", imageScanningConfiguration={"scanOnPush": True}
)
ecr.create_repository(repositoryName="bare")
ecr.put_registry_scanning_configuration(
    scanType="BASIC",
    rules=[
        {
            "scanFrequency": "SCAN_ON_PUSH",
            "repositoryFilters": [{"filter": "app", "filterType": "WILDCARD"}],
        }
    ],
)
ecr.put_lifecycle_policy(
    repositoryName="app",
    lifecyclePolicyText=json.dumps(
        {
            "rules": [
                {
                    "rulePriority": 1,
                    "selection": {
                        "tagStatus": "untagged",
                        "countType": "imageCountMoreThan",
                        "countNumber": 5,
                    },
                    "action": {"type": "expire"},
                }
            ]
        }
    ),
)

client("ecs").register_task_definition(
    family="web",
    networkMode="host",
    pidMode="host",
    containerDefinitions=[
        {
            "name": "web",
            "image": "nginx",
            "memory": 128,
            "privileged": True,
            "environment": [{"name": "TOKEN", "value": CANARY}],
            "logConfiguration": {
                "logDriver": "splunk",
                "options": {"splunk-token": CANARY, "splunk-url": "https://splunk"},
            },
        }
    ],
    tags=[{"key": "team", "value": "web"}],
)

efs = client("efs")
files = efs.create_file_system(
    CreationToken="files", Encrypted=True, Tags=[{"Key": "team", "Value": "files"}]
)["FileSystemId"]
efs.create_access_point(
    ClientToken="app",
    FileSystemId=files,
    PosixUser={"Uid": 1000, "Gid": 1000},
    RootDirectory={"Path": "/app"},
)

client("eks").create_cluster(
    name="cluster",
    version="1.29",
    roleArn="arn:aws:iam::123456789012:role/eks",
    resourcesVpcConfig={"subnetIds": [SUBNET], "endpointPublicAccess": False},
    logging={"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]},
    encryptionConfig=[
        {
            "resources": ["secrets"],
            "provider": {"keyArn": f"arn:aws:kms:{REGION}:123456789012:key/k"},
        }
    ],
    tags={"team": "cluster"},
)

emr = client("emr")
emr.create_security_configuration(
    Name="strict",
    SecurityConfiguration=json.dumps(
        {
            "AuthenticationConfiguration": {
                "KerberosConfiguration": {"Provider": "ClusterDedicatedKdc"}
            }
        }
    ),
)
emr.run_job_flow(
    Name="jobs",
    ReleaseLabel="emr-6.0.0",
    Instances={
        "MasterInstanceType": "m5.xlarge",
        "SlaveInstanceType": "m5.xlarge",
        "InstanceCount": 2,
        "KeepJobFlowAliveWhenNoSteps": True,
    },
    SecurityConfiguration="strict",
    Configurations=[
        {"Classification": "hive-site", "Properties": {"javax.jdo.option.Password": CANARY}}
    ],
    JobFlowRole="EMR_EC2_DefaultRole",
    ServiceRole="EMR_DefaultRole",
    Tags=[{"Key": "team", "Value": "jobs"}],
)

elasticache = client("elasticache")
elasticache.create_cache_cluster(
    CacheClusterId="cache",
    Engine="redis",
    CacheNodeType="cache.t3.micro",
    NumCacheNodes=1,
    SnapshotRetentionLimit=15,
    Tags=[{"Key": "team", "Value": "cache"}],
)
elasticache.create_replication_group(
    ReplicationGroupId="group",
    ReplicationGroupDescription="group",
    Engine="redis",
    CacheNodeType="cache.t3.micro",
    SnapshotRetentionLimit=3,
)

beanstalk = client("elasticbeanstalk")
beanstalk.create_application(ApplicationName="shop")
beanstalk.create_environment(
    ApplicationName="shop",
    EnvironmentName="shop-live",
    Tags=[{"Key": "team", "Value": "shop"}],
)
print("seeded")
