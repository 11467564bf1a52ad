"""An estate of the services from load balancers to WAF: infrastructure.py URL"""

import io
import json
import sys
import zipfile

from seeding import clients

REGION = sys.argv[2] if len(sys.argv) > 2 else "eu-west-1"
client = clients(REGION)
CANARY = "canary-7f3a"


def tags(value):
    return [{"Key": "team", "Value": value}]


ec2 = client("ec2")
SUBNETS = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
ROLE = client("iam").create_role(RoleName="service", AssumeRolePolicyDocument="{}")["Role"]["Arn"]

CERTIFICATE = client("acm").request_certificate(DomainName="example.com")["CertificateArn"]
classic = client("elb")
classic.create_load_balancer(
    LoadBalancerName="old",
    Listeners=[
        {
            "Protocol": "HTTPS",
            "LoadBalancerPort": 443,
            "InstanceProtocol": "HTTP",
            "InstancePort": 80,
            "SSLCertificateId": CERTIFICATE,
        }
    ],
    AvailabilityZones=[f"{REGION}a"],
)
classic.modify_load_balancer_attributes(
    LoadBalancerName="old",
    LoadBalancerAttributes={
        "CrossZoneLoadBalancing": {"Enabled": True},
        "AccessLog": {"Enabled": True, "S3BucketName": "logs", "EmitInterval": 5},
    },
)
classic.create_load_balancer_policy(
    LoadBalancerName="old",
    PolicyName="tls",
    PolicyTypeName="SSLNegotiationPolicyType",
    PolicyAttributes=[
        {
            "AttributeName": "Reference-Security-Policy",
            "AttributeValue": "ELBSecurityPolicy-TLS-1-2-2017-01",
        }
    ],
)

balancers = client("elbv2")
ARNS = {}
for name, kind in [("web", "application"), ("tcp", "network")]:
    ARNS[name] = balancers.create_load_balancer(
        Name=name, Subnets=SUBNETS, Type=kind, Tags=tags(name)
    )["LoadBalancers"][0]["LoadBalancerArn"]
balancers.create_listener(
    LoadBalancerArn=ARNS["web"],
    Protocol="HTTP",
    Port=80,
    DefaultActions=[
        {
            "Type": "redirect",
            "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
        }
    ],
)

waf = client("wafv2")
VISIBILITY = {
    "SampledRequestsEnabled": True,
    "CloudWatchMetricsEnabled": True,
    "MetricName": "metric",
}
acl = waf.create_web_acl(
    Name="guard",
    Scope="REGIONAL",
    DefaultAction={"Allow": {}},
    VisibilityConfig=VISIBILITY,
    Rules=[
        {
            "Name": "header",
            "Priority": 0,
            "Statement": {
                "ByteMatchStatement": {
                    "SearchString": (CANARY + "-header").encode(),
                    "FieldToMatch": {"SingleHeader": {"Name": "x-origin"}},
                    "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
                    "PositionalConstraint": "EXACTLY",
                }
            },
            "Action": {"Block": {}},
            "VisibilityConfig": VISIBILITY,
        }
    ],
)["Summary"]["ARN"]
waf.put_logging_configuration(
    LoggingConfiguration={
        "ResourceArn": acl,
        "LogDestinationConfigs": [
            f"arn:aws:firehose:{REGION}:123456789012:deliverystream/aws-waf-logs-a"
        ],
    }
)
waf.associate_web_acl(WebACLArn=acl, ResourceArn=ARNS["web"])
waf.create_rule_group(
    Name="group", Scope="REGIONAL", Capacity=10, Rules=[], VisibilityConfig=VISIBILITY
)
client("wafv2", "us-east-1").create_web_acl(
    Name="edge",
    Scope="CLOUDFRONT",
    DefaultAction={"Block": {}},
    VisibilityConfig=VISIBILITY,
    Rules=[],
)

client("es").create_elasticsearch_domain(
    DomainName="old-search", ElasticsearchVersion="7.10", EncryptionAtRestOptions={"Enabled": True}
)
client("opensearch").create_domain(
    DomainName="search",
    EngineVersion="OpenSearch_2.11",
    NodeToNodeEncryptionOptions={"Enabled": True},
    DomainEndpointOptions={"EnforceHTTPS": True},
    TagList=tags("search"),
)
client("fsx").create_file_system(
    FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=SUBNETS[:1], Tags=tags("fsx")
)
client("guardduty").create_detector(Enable=True)

kms = client("kms")
key = kms.create_key(Description="data", Tags=[{"TagKey": "team", "TagValue": "kms"}])
kms.enable_key_rotation(KeyId=key["KeyMetadata"]["KeyId"])
kms.create_key(Description="signs", KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")

kinesis = client("kinesis")
kinesis.create_stream(StreamName="events", ShardCount=1)
kinesis.start_stream_encryption(
    StreamName="events", EncryptionType="KMS", KeyId="alias/aws/kinesis"
)
kinesis.create_stream(StreamName="plain", ShardCount=2)

code = io.BytesIO()
with zipfile.ZipFile(code, "w") as archive:
    archive.writestr("index.py", "def handler(event, context): pass")
functions = client("lambda")
for name in ["open", "closed"]:
    functions.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=ROLE,
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": {"TOKEN": CANARY + "-environment"}},
        DeadLetterConfig={"TargetArn": f"arn:aws:sqs:{REGION}:123456789012:dead"},
        Tags={"team": name},
    )
functions.add_permission(
    FunctionName="open", StatementId="all", Action="lambda:InvokeFunction", Principal="*"
)
functions.put_function_concurrency(FunctionName="open", ReservedConcurrentExecutions=7)

logs = client("logs")
logs.create_log_group(logGroupName="app", tags={"team": "app"})
logs.put_retention_policy(logGroupName="app", retentionInDays=30)

client("kafka").create_cluster(
    ClusterName="kafka",
    KafkaVersion="2.8.1",
    NumberOfBrokerNodes=2,
    BrokerNodeGroupInfo={"ClientSubnets": SUBNETS, "InstanceType": "kafka.m5.large"},
    EncryptionInfo={"EncryptionInTransit": {"ClientBroker": "TLS", "InCluster": True}},
    Tags={"team": "kafka"},
)

firewall = client("network-firewall")
for name in ["wall", "quiet"]:
    firewall.create_firewall(
        FirewallName=name,
        FirewallPolicyArn=f"arn:aws:network-firewall:{REGION}:123456789012:firewall-policy/p",
        VpcId="vpc-1",
        SubnetMappings=[{"SubnetId": SUBNETS[0]}],
    )
firewall.update_logging_configuration(
    FirewallName="wall",
    LoggingConfiguration={
        "LogDestinationConfigs": [
            {
                "LogType": "FLOW",
                "LogDestinationType": "S3",
                "LogDestination": {"bucketName": "logs"},
            }
        ]
    },
)

rds = client("rds")
rds.create_db_instance(
    DBInstanceIdentifier="db",
    DBInstanceClass="db.t3.micro",
    Engine="postgres",
    AllocatedStorage=20,
    MasterUsername="boss",
    MasterUserPassword=CANARY + "-password",
    PubliclyAccessible=True,
    EnableIAMDatabaseAuthentication=True,
    StorageEncrypted=True,
    Tags=tags("db"),
)
rds.create_db_snapshot(DBSnapshotIdentifier="db-copy", DBInstanceIdentifier="db")
rds.modify_db_snapshot_attribute(
    DBSnapshotIdentifier="db-copy", AttributeName="restore", ValuesToAdd=["all"]
)
rds.create_db_cluster(
    DBClusterIdentifier="cluster",
    Engine="aurora-postgresql",
    MasterUsername="boss",
    MasterUserPassword=CANARY + "-password",
    DeletionProtection=True,
    StorageEncrypted=True,
    Tags=tags("cluster"),
)
rds.create_db_cluster_snapshot(
    DBClusterSnapshotIdentifier="cluster-copy", DBClusterIdentifier="cluster"
)

redshift = client("redshift")
redshift.create_cluster_parameter_group(
    ParameterGroupName="strict", ParameterGroupFamily="redshift-1.0", Description="strict"
)
redshift.create_cluster(
    ClusterIdentifier="warehouse",
    NodeType="ra3.xlplus",
    NumberOfNodes=2,
    MasterUsername="boss",
    MasterUserPassword=CANARY + "-Password1",
    Encrypted=True,
    ClusterParameterGroupName="strict",
    Tags=tags("warehouse"),
)
redshift.enable_logging(ClusterIdentifier="warehouse", BucketName="logs")

sns = client("sns")
topic = sns.create_topic(Name="news", Tags=tags("news"))["TopicArn"]
sns.set_topic_attributes(
    TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns"
)

ssm = client("ssm")
ssm.create_document(
    Name="public",
    DocumentType="Command",
    Content=json.dumps({"schemaVersion": "2.2", "description": CANARY, "mainSteps": []}),
    Tags=tags("public"),
)
ssm.modify_document_permission(Name="public", PermissionType="Share", AccountIdsToAdd=["all"])

sagemaker = client("sagemaker")
sagemaker.create_notebook_instance(
    NotebookInstanceName="notes",
    InstanceType="ml.t2.medium",
    RoleArn=ROLE,
    KmsKeyId="key-1",
    DirectInternetAccess="Disabled",
)
sagemaker.create_model(
    ModelName="model", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "image"}
)
sagemaker.create_endpoint_config(
    EndpointConfigName="endpoint",
    KmsKeyId="key-1",
    ProductionVariants=[
        {
            "VariantName": "all",
            "ModelName": "model",
            "InitialInstanceCount": 1,
            "InstanceType": "ml.t2.medium",
            "InitialVariantWeight": 1,
        }
    ],
)

secrets = client("secretsmanager")
secret = secrets.create_secret(
    Name="token", SecretString=CANARY + "-secret", KmsKeyId="alias/data", Tags=tags("token")
)
secrets.rotate_secret(
    SecretId=secret["ARN"],
    RotationLambdaARN=f"arn:aws:lambda:{REGION}:123456789012:function:closed",
    RotationRules={"AutomaticallyAfterDays": 30},
    RotateImmediately=False,
)

catalog = client("servicecatalog")
portfolio = catalog.create_portfolio(
    DisplayName="tools", ProviderName="platform", IdempotencyToken="a"
)["PortfolioDetail"]["Id"]
catalog.create_portfolio_share(PortfolioId=portfolio, AccountId="111111111111")

machine = {
    "StartAt": "End",
    "States": {"End": {"Type": "Pass", "Result": CANARY + "-definition", "End": True}},
}
client("stepfunctions").create_state_machine(
    name="flow",
    definition=json.dumps(machine),
    roleArn=ROLE,
    loggingConfiguration={
        "level": "ERROR",
        "destinations": [
            {
                "cloudWatchLogsLogGroup": {
                    "logGroupArn": f"arn:aws:logs:{REGION}:123456789012:log-group:app:*"
                }
            }
        ],
    },
)
client("transfer").create_server(Protocols=["SFTP", "FTP"], Tags=tags("transfer"))
client("securityhub").enable_security_hub()
client("account").put_alternate_contact(
    AlternateContactType="SECURITY",
    EmailAddress="security@example.com",
    Name="Security",
    PhoneNumber="+1",
    Title="Team",
)
