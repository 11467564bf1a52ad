#!/usr/bin/env python3
"""Seeds a moto server with a small estate and asks it everything through boto3: calls.py ENDPOINT

Prints a line of JSON a call: {service, operation, input, pages, output} or {..., error: {code, message}}. Times, blobs and
the like are told by the rules of our client (crates/aws/src/protocol/mod.rs); ResponseMetadata is left out.
"""
import base64
import datetime
import io
import json
import math
import socket
import sys
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

REGION = "eu-west-1"
CLIENTS = {}
ASKED = []

# The account goes before the host in S3 Control; no resolver need know the name that comes of it.
RESOLVE = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: RESOLVE(
    "127.0.0.1" if str(host).endswith("localhost") else host, *rest, **more)


def client(service):
    if service not in CLIENTS:
        CLIENTS[service] = boto3.client(
            service, endpoint_url=sys.argv[1], region_name=REGION, aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", config=Config(retries={"max_attempts": 0}))
    return CLIENTS[service]


def method(service, operation):
    names = {api: python for python, api in client(service).meta.method_to_api_mapping.items()}
    return names[operation]


def plain(value):
    if isinstance(value, datetime.datetime):
        value = value.replace(tzinfo=datetime.timezone.utc) if value.tzinfo is None else value
        text = value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")
        return text.rstrip("0").rstrip(".") + "Z"
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, StreamingBody):
        return base64.b64encode(value.read()).decode()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key != "ResponseMetadata"}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def tell(**row):
    print(json.dumps(row), flush=True)


def ask(service, operation, pages=None, **given):
    """Asks once everything is seeded, so that both clients see the same estate."""
    ASKED.append((service, operation, pages, given))


def answer(service, operation, pages, given):
    """Calls, or with `pages` (a page's size) pages through, and tells what came of it."""
    row = {"service": service, "operation": operation, "input": plain(given), "pages": pages is not None}
    try:
        if pages is None:
            output = getattr(client(service), method(service, operation))(**given)
        else:
            paginator = client(service).get_paginator(method(service, operation))
            limit = paginator._pagination_cfg.get("limit_key")
            if limit and pages:
                shape = client(service).meta.service_model.operation_model(operation).input_shape.members[limit]
                row["input"][limit] = given[limit] = str(pages) if shape.type_name == "string" else pages
            whole = paginator.paginate(**given).build_full_result()
            keys = paginator._pagination_cfg["result_key"]
            keys = keys if isinstance(keys, list) else [keys]
            output = {key: whole[key] for key in keys if "." not in key and key in whole}
    except ClientError as error:
        tell(**row, error={"code": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]})
        return {}
    except Exception as error:  # a gap in moto
        print(f"{service} {operation}: {type(error).__name__}: {error}", file=sys.stderr)
        return {}
    tell(**row, output=plain(output))
    return output


def make(service, operation, **given):
    """Seeds; a gap in moto is told, and goes on."""
    try:
        return getattr(client(service), operation)(**given)
    except Exception as error:
        print(f"seed {service} {operation}: {type(error).__name__}: {error}", file=sys.stderr)
        return {}


POLICY = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "arn:aws:s3:::a-\u00fc/*", "Sid": "Read é"}]})
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
TAGS = [{"Key": "Env", "Value": "prod"}, {"Key": "Owner", "Value": "team ü 1"}]


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py", (2024, 1, 1, 0, 0, 0)), "def handler(e, c): return 1")
    return out.getvalue()


def iam():
    make("iam", "create_user", UserName="maria", Path="/staff/", Tags=TAGS)
    for name in ["anna", "berta", "carla"]:
        make("iam", "create_user", UserName=name)
    make("iam", "create_access_key", UserName="maria")
    make("iam", "put_user_policy", UserName="maria", PolicyName="inline", PolicyDocument=POLICY)
    make("iam", "create_role", RoleName="worker", AssumeRolePolicyDocument=TRUST, Description="Runs <things>", Tags=TAGS)
    policy = make("iam", "create_policy", PolicyName="read", PolicyDocument=POLICY)["Policy"]["Arn"]
    make("iam", "attach_role_policy", RoleName="worker", PolicyArn=policy)
    make("iam", "create_group", GroupName="ops")
    make("iam", "add_user_to_group", GroupName="ops", UserName="maria")
    make("iam", "update_account_password_policy", MinimumPasswordLength=14, RequireSymbols=True)
    make("iam", "create_account_alias", AccountAlias="example")
    for operation in ["ListGroups", "ListAccountAliases", "GetAccountPasswordPolicy", "GetAccountSummary",
                      "ListVirtualMFADevices", "ListServerCertificates", "ListSAMLProviders", "ListInstanceProfiles"]:
        ask("iam", operation)
    ask("iam", "ListUsers", pages=2)
    ask("iam", "ListUsers")
    ask("iam", "ListRoles")
    ask("iam", "GetUser", UserName="maria")
    ask("iam", "ListAccessKeys", UserName="maria")
    ask("iam", "GetUserPolicy", UserName="maria", PolicyName="inline")
    ask("iam", "GetRole", RoleName="worker")
    ask("iam", "ListAttachedRolePolicies", RoleName="worker")
    ask("iam", "ListPolicies", Scope="Local")
    ask("iam", "GetPolicy", PolicyArn=policy)
    ask("iam", "GetPolicyVersion", PolicyArn=policy, VersionId="v1")
    ask("iam", "ListEntitiesForPolicy", PolicyArn=policy)
    ask("iam", "ListGroupsForUser", UserName="maria")
    ask("iam", "GetAccountAuthorizationDetails", Filter=["User", "Role"])
    ask("iam", "GetUser", UserName="nobody")
    ask("iam", "GetRolePolicy", RoleName="worker", PolicyName="none")
    make("iam", "generate_credential_report")
    ask("iam", "GetCredentialReport")
    ask("sts", "GetCallerIdentity")


def s3():
    make("s3", "create_bucket", Bucket="plain", CreateBucketConfiguration={"LocationConstraint": REGION})
    make("s3", "create_bucket", Bucket="full.of.things", CreateBucketConfiguration={"LocationConstraint": REGION})
    b = {"Bucket": "full.of.things"}
    make("s3", "put_bucket_versioning", **b, VersioningConfiguration={"Status": "Enabled"})
    make("s3", "put_bucket_policy", **b, Policy=POLICY)
    make("s3", "put_bucket_tagging", **b, Tagging={"TagSet": TAGS})
    make("s3", "put_bucket_encryption", **b, ServerSideEncryptionConfiguration={
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/k"},
                   "BucketKeyEnabled": True}]})
    make("s3", "put_public_access_block", **b, PublicAccessBlockConfiguration={
        "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": True})
    make("s3", "put_bucket_lifecycle_configuration", **b, LifecycleConfiguration={"Rules": [
        {"ID": "old", "Status": "Enabled", "Filter": {"And": {"Prefix": "logs/", "Tags": TAGS}},
         "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}], "Expiration": {"Days": 365}}]})
    make("s3", "put_bucket_cors", **b, CORSConfiguration={"CORSRules": [
        {"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://a", "https://b"], "MaxAgeSeconds": 3000}]})
    make("s3", "put_bucket_website", **b, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    make("s3", "put_bucket_acl", Bucket="plain", GrantWrite="uri=http://acs.amazonaws.com/groups/s3/LogDelivery",
         GrantReadACP="uri=http://acs.amazonaws.com/groups/s3/LogDelivery")
    ask("s3", "GetBucketAcl", Bucket="plain")
    make("s3", "put_bucket_logging", **b, BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": "plain", "TargetPrefix": "p/"}})
    make("s3", "put_bucket_ownership_controls", **b, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    make("s3", "put_object", **b, Key="a/b c+ü.txt", Body=b"hello \x00\xff", Metadata={"one": "1"}, ContentType="text/x")
    for number in range(5):
        make("s3", "put_object", **b, Key=f"many/{number}", Body=b"x")
    ask("s3", "ListBuckets")
    for operation in ["GetBucketVersioning", "GetBucketPolicy", "GetBucketTagging", "GetBucketEncryption", "GetBucketAcl",
                      "GetPublicAccessBlock", "GetBucketLifecycleConfiguration", "GetBucketCors", "GetBucketWebsite",
                      "GetBucketLogging", "GetBucketOwnershipControls", "GetBucketLocation", "HeadBucket",
                      "GetBucketNotificationConfiguration", "GetBucketReplication", "GetObjectLockConfiguration",
                      "GetBucketPolicyStatus", "GetBucketAccelerateConfiguration", "GetBucketRequestPayment",
                      "ListObjectsV2", "ListObjects", "ListObjectVersions"]:
        ask("s3", operation, **b)
    for operation in ["GetBucketVersioning", "GetBucketPolicy", "GetBucketTagging", "GetBucketEncryption", "GetBucketCors"]:
        ask("s3", operation, Bucket="plain")
    ask("s3", "ListObjectsV2", pages=2, **b)
    ask("s3", "ListObjects", pages=2, **b)
    ask("s3", "ListObjectsV2", **b, Delimiter="/")
    ask("s3", "GetObject", **b, Key="a/b c+ü.txt")
    ask("s3", "HeadObject", **b, Key="a/b c+ü.txt")
    ask("s3", "HeadObject", **b, Key="none")
    ask("s3", "GetBucketVersioning", Bucket="nobodys")
    ask("s3", "HeadBucket", Bucket="nobodys")
    account = "123456789012"
    make("s3control", "put_public_access_block", AccountId=account, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    ask("s3control", "GetPublicAccessBlock", AccountId=account)


def ec2():
    vpc = make("ec2", "create_vpc", CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = make("ec2", "create_subnet", VpcId=vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    make("ec2", "create_subnet", VpcId=vpc, CidrBlock="10.1.1.0/24", AvailabilityZone="eu-west-1b")
    make("ec2", "create_tags", Resources=[vpc, subnet], Tags=TAGS)
    group = make("ec2", "create_security_group", GroupName="web", Description="w", VpcId=vpc)["GroupId"]
    make("ec2", "authorize_security_group_ingress", GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}],
         "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}])
    image = client("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = make("ec2", "run_instances", ImageId=image, MinCount=3, MaxCount=3, SubnetId=subnet,
                UserData="#!/bin/sh\necho ü", SecurityGroupIds=[group], InstanceType="t3.micro")
    instance = made["Instances"][0]["InstanceId"]
    volume = make("ec2", "create_volume", Size=8, AvailabilityZone="eu-west-1a", Encrypted=True)["VolumeId"]
    make("ec2", "create_snapshot", VolumeId=volume, Description="s")
    make("ec2", "create_internet_gateway")
    make("ec2", "allocate_address", Domain="vpc")
    make("ec2", "create_flow_logs", ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogGroupName="f",
         DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/worker")
    make("ec2", "create_launch_template", LaunchTemplateName="small", LaunchTemplateData={
        "ImageId": image, "MetadataOptions": {"HttpTokens": "required"}})
    for operation in ["DescribeVpcs", "DescribeSubnets", "DescribeSecurityGroups", "DescribeInstances", "DescribeVolumes",
                      "DescribeNetworkAcls", "DescribeRouteTables", "DescribeInternetGateways", "DescribeAddresses",
                      "DescribeFlowLogs", "DescribeRegions", "DescribeAvailabilityZones", "DescribeLaunchTemplates",
                      "DescribeLaunchTemplateVersions", "DescribeTags", "DescribeNetworkInterfaces", "DescribeKeyPairs",
                      "GetEbsEncryptionByDefault", "DescribeVpcEndpoints", "DescribeNatGateways", "DescribeDhcpOptions",
                      "DescribeSecurityGroupRules", "DescribeTransitGateways", "DescribeVpcPeeringConnections"]:
        given = {"LaunchTemplateName": "small"} if operation == "DescribeLaunchTemplateVersions" else {}
        ask("ec2", operation, **given)
    ask("ec2", "DescribeSnapshots", OwnerIds=["self"])
    ask("ec2", "DescribeInstances", Filters=[{"Name": "instance-state-name", "Values": ["running", "pending"]}])
    ask("ec2", "DescribeInstances", pages=5)
    ask("ec2", "DescribeInstances", InstanceIds=["i-0123456789abcdef0"])
    ask("ec2", "DescribeInstanceAttribute", InstanceId=instance, Attribute="userData")
    ask("ec2", "DescribeImages", ImageIds=[image])
    ask("ec2", "DescribeVpcAttribute", VpcId=vpc, Attribute="enableDnsSupport")
    make("elbv2", "create_load_balancer", Name="web", Subnets=[subnet], SecurityGroups=[group], Type="network")
    found = client("elbv2").describe_load_balancers()["LoadBalancers"]
    ask("elbv2", "DescribeLoadBalancers")
    if found:
        arn = found[0]["LoadBalancerArn"]
        ask("elbv2", "DescribeLoadBalancerAttributes", LoadBalancerArn=arn)
        ask("elbv2", "DescribeListeners", LoadBalancerArn=arn)
        ask("elbv2", "DescribeTags", ResourceArns=[arn])
    make("elbv2", "create_target_group", Name="t", Protocol="TCP", Port=80, VpcId=vpc)
    ask("elbv2", "DescribeTargetGroups")
    make("elb", "create_load_balancer", LoadBalancerName="old", AvailabilityZones=["eu-west-1a"], Listeners=[
        {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}])
    ask("elb", "DescribeLoadBalancers")
    ask("elb", "DescribeLoadBalancerAttributes", LoadBalancerName="old")
    make("autoscaling", "create_launch_configuration", LaunchConfigurationName="lc", ImageId=image, InstanceType="t3.nano",
         BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 9, "Encrypted": True}}])
    make("autoscaling", "create_auto_scaling_group", AutoScalingGroupName="g", LaunchConfigurationName="lc", MinSize=0,
         MaxSize=2, VPCZoneIdentifier=subnet, Tags=[{"Key": "k", "Value": "v", "PropagateAtLaunch": True}])
    ask("autoscaling", "DescribeAutoScalingGroups")
    ask("autoscaling", "DescribeLaunchConfigurations")
    make("eks", "create_cluster", name="k", roleArn="arn:aws:iam::123456789012:role/worker",
         resourcesVpcConfig={"subnetIds": [subnet]}, tags={"a": "b"})
    ask("eks", "ListClusters")
    ask("eks", "DescribeCluster", name="k")
    make("rds", "create_db_subnet_group", DBSubnetGroupName="sg", DBSubnetGroupDescription="d", SubnetIds=[subnet])
    make("efs", "create_file_system", CreationToken="t", Encrypted=True, Tags=[{"Key": "Name", "Value": "fs"}])
    ask("efs", "DescribeFileSystems")
    ask("efs", "DescribeAccessPoints")


def databases():
    make("rds", "create_db_instance", DBInstanceIdentifier="db", DBInstanceClass="db.t3.micro", Engine="postgres",
         MasterUsername="u", MasterUserPassword="secret-password", AllocatedStorage=20, StorageEncrypted=True, Tags=TAGS)
    make("rds", "create_db_snapshot", DBInstanceIdentifier="db", DBSnapshotIdentifier="snap")
    make("rds", "create_db_cluster", DBClusterIdentifier="cl", Engine="aurora-postgresql", MasterUsername="u",
         MasterUserPassword="secret-password")
    for operation in ["DescribeDBInstances", "DescribeDBSnapshots", "DescribeDBClusters", "DescribeDBSubnetGroups",
                      "DescribeEventSubscriptions", "DescribeDBParameterGroups"]:
        ask("rds", operation)
    ask("rds", "DescribeDBInstances", DBInstanceIdentifier="none")
    ask("rds", "DescribeDBSnapshotAttributes", DBSnapshotIdentifier="snap")
    make("redshift", "create_cluster", ClusterIdentifier="rs", NodeType="ra3.xlplus", MasterUsername="u",
         MasterUserPassword="Secret-password1", NumberOfNodes=2, Encrypted=True)
    ask("redshift", "DescribeClusters")
    ask("redshift", "DescribeClusterParameterGroups")
    make("elasticache", "create_cache_cluster", CacheClusterId="ec", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1)
    ask("elasticache", "DescribeCacheClusters")
    make("dynamodb", "create_table", TableName="t", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
         AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")
    make("dynamodb", "put_item", TableName="t", Item={
        "k": {"S": "1"}, "n": {"N": "1.5"}, "b": {"B": b"\x00\xff"}, "l": {"L": [{"BOOL": True}, {"NULL": True}]},
        "m": {"M": {"x": {"SS": ["a", "b"]}}}, "e": {"L": []}})
    ask("dynamodb", "ListTables")
    ask("dynamodb", "DescribeTable", TableName="t")
    ask("dynamodb", "DescribeContinuousBackups", TableName="t")
    ask("dynamodb", "GetItem", TableName="t", Key={"k": {"S": "1"}})
    ask("dynamodb", "BatchGetItem", RequestItems={"t": {"Keys": [{"k": {"S": "1"}}]}})
    ask("dynamodb", "DescribeTable", TableName="none")
    ask("dynamodb", "DescribeTimeToLive", TableName="t")


def keys_and_logs():
    key = make("kms", "create_key", Description="d", Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]["KeyId"]
    make("kms", "create_alias", AliasName="alias/k", TargetKeyId=key)
    make("kms", "enable_key_rotation", KeyId=key)
    ask("kms", "ListKeys")
    ask("kms", "ListAliases")
    ask("kms", "DescribeKey", KeyId=key)
    ask("kms", "GetKeyRotationStatus", KeyId=key)
    ask("kms", "GetKeyPolicy", KeyId=key, PolicyName="default")
    ask("kms", "DescribeKey", KeyId="arn:aws:kms:eu-west-1:123456789012:key/none")
    make("secretsmanager", "create_secret", Name="s", SecretBinary=b"\x01\x02", Tags=[{"Key": "a", "Value": "b"}])
    ask("secretsmanager", "ListSecrets")
    ask("secretsmanager", "DescribeSecret", SecretId="s")
    ask("secretsmanager", "GetSecretValue", SecretId="s")
    make("ssm", "put_parameter", Name="/a/b", Value="v", Type="SecureString", Tags=[{"Key": "a", "Value": "b"}])
    ask("ssm", "DescribeParameters")
    ask("ssm", "GetParametersByPath", Path="/a", Recursive=True)
    ask("ssm", "ListDocuments")
    for number in range(5):
        make("logs", "create_log_group", logGroupName=f"/g/{number}", kmsKeyId="k", tags={"a": "b"})
    make("logs", "put_retention_policy", logGroupName="/g/1", retentionInDays=30)
    ask("logs", "DescribeLogGroups", pages=2)
    ask("logs", "DescribeLogGroups")
    ask("logs", "DescribeMetricFilters")
    make("cloudwatch", "put_metric_alarm", AlarmName="a", MetricName="m", Namespace="n", Period=60, EvaluationPeriods=1,
         Threshold=0.5, ComparisonOperator="GreaterThanThreshold", Statistic="Sum", Dimensions=[{"Name": "x", "Value": "y"}])
    ask("cloudwatch", "DescribeAlarms")
    ask("cloudwatch", "ListMetrics")
    make("s3", "create_bucket", Bucket="trail", CreateBucketConfiguration={"LocationConstraint": REGION})
    make("cloudtrail", "create_trail", Name="trail", S3BucketName="trail", IsMultiRegionTrail=True)
    make("cloudtrail", "start_logging", Name="trail")
    ask("cloudtrail", "DescribeTrails")
    ask("cloudtrail", "GetTrailStatus", Name="trail")
    ask("cloudtrail", "GetEventSelectors", TrailName="trail")
    make("config", "put_configuration_recorder", ConfigurationRecorder={
        "name": "default", "roleARN": "arn:aws:iam::123456789012:role/worker", "recordingGroup": {"allSupported": True}})
    ask("config", "DescribeConfigurationRecorders")
    ask("config", "DescribeConfigurationRecorderStatus")
    ask("config", "DescribeConfigRules")
    make("events", "put_rule", Name="r", ScheduleExpression="rate(5 minutes)", State="ENABLED")
    make("events", "put_targets", Rule="r", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:eu-west-1:123456789012:q"}])
    ask("events", "ListRules")
    ask("events", "ListTargetsByRule", Rule="r")
    ask("events", "DescribeEventBus")


def messages_and_apps():
    queue = make("sqs", "create_queue", QueueName="q", Attributes={"SqsManagedSseEnabled": "true"}, tags={"a": "b"})["QueueUrl"]
    ask("sqs", "ListQueues")
    ask("sqs", "GetQueueAttributes", QueueUrl=queue, AttributeNames=["All"])
    ask("sqs", "ListQueueTags", QueueUrl=queue)
    ask("sqs", "GetQueueUrl", QueueName="none")
    topic = make("sns", "create_topic", Name="t", Tags=TAGS)["TopicArn"]
    make("sns", "subscribe", TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-west-1:123456789012:q")
    ask("sns", "ListTopics")
    ask("sns", "GetTopicAttributes", TopicArn=topic)
    ask("sns", "ListSubscriptions")
    ask("sns", "ListTagsForResource", ResourceArn=topic)
    role = client("iam").get_role(RoleName="worker")["Role"]["Arn"]
    make("lambda", "create_function", FunctionName="f", Runtime="python3.12", Role=role, Handler="index.handler",
         Code={"ZipFile": zipped()}, Environment={"Variables": {"A": "1"}}, Tags={"a": "b"}, Timeout=7)
    make("lambda", "add_permission", FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="*")
    ask("lambda", "ListFunctions")
    ask("lambda", "GetFunction", FunctionName="f")
    ask("lambda", "GetFunctionConfiguration", FunctionName="f")
    ask("lambda", "GetPolicy", FunctionName="f")
    ask("lambda", "ListTags", Resource="arn:aws:lambda:eu-west-1:123456789012:function:f")
    ask("lambda", "GetFunction", FunctionName="none")
    ask("lambda", "ListVersionsByFunction", FunctionName="f")
    api = make("apigateway", "create_rest_api", name="a", tags={"a": "b"}, binaryMediaTypes=["image/png"])["id"]
    ask("apigateway", "GetRestApis")
    ask("apigateway", "GetRestApi", restApiId=api)
    ask("apigateway", "GetResources", restApiId=api)
    ask("apigateway", "GetStages", restApiId=api)
    make("apigatewayv2", "create_api", Name="h", ProtocolType="HTTP", CorsConfiguration={"AllowOrigins": ["*"]})
    ask("apigatewayv2", "GetApis")
    make("ecr", "create_repository", repositoryName="repo", imageScanningConfiguration={"scanOnPush": True})
    ask("ecr", "DescribeRepositories")
    ask("ecr", "GetLifecyclePolicy", repositoryName="repo")
    make("ecs", "create_cluster", clusterName="c", settings=[{"name": "containerInsights", "value": "enabled"}])
    make("ecs", "register_task_definition", family="t", containerDefinitions=[
        {"name": "n", "image": "i", "memory": 128, "environment": [{"name": "A", "value": "1"}]}])
    ask("ecs", "ListClusters")
    ask("ecs", "DescribeClusters", clusters=["c"], include=["SETTINGS", "TAGS"])
    ask("ecs", "ListTaskDefinitions")
    ask("ecs", "DescribeTaskDefinition", taskDefinition="t", include=["TAGS"])
    make("stepfunctions", "create_state_machine", name="m", definition=json.dumps({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "End": True}}}), roleArn=role)
    ask("stepfunctions", "ListStateMachines")
    make("cloudformation", "create_stack", StackName="s", TemplateBody=json.dumps({
        "Description": "d", "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "cf"}}},
        "Outputs": {"O": {"Value": "v", "Export": {"Name": "e"}}}}), Tags=TAGS)
    ask("cloudformation", "DescribeStacks")
    ask("cloudformation", "ListStackResources", StackName="s")
    ask("cloudformation", "GetTemplate", StackName="s")
    ask("cloudformation", "DescribeStacks", StackName="none")


def edge_and_security():
    make("route53", "create_hosted_zone", Name="example.org.", CallerReference="1", HostedZoneConfig={
        "Comment": "c <&>", "PrivateZone": False})
    zone = client("route53").list_hosted_zones()["HostedZones"][0]["Id"]
    make("route53", "change_resource_record_sets", HostedZoneId=zone, ChangeBatch={"Changes": [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": f"{n}.example.org.", "Type": "TXT", "TTL": 60,
                                                   "ResourceRecords": [{"Value": f'"v {n}"'}]}} for n in "abcde"]})
    ask("route53", "ListHostedZones")
    ask("route53", "GetHostedZone", Id=zone)
    ask("route53", "ListResourceRecordSets", HostedZoneId=zone)
    ask("route53", "ListResourceRecordSets", pages=2, HostedZoneId=zone)
    ask("route53", "ListHealthChecks")
    make("cloudfront", "create_distribution", DistributionConfig={
        "CallerReference": "1", "Comment": "c", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "plain.s3.amazonaws.com",
                                              "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "MinTTL": 0,
                                 "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}}})
    ask("cloudfront", "ListDistributions")
    found = client("cloudfront").list_distributions()["DistributionList"].get("Items", [])
    if found:
        ask("cloudfront", "GetDistribution", Id=found[0]["Id"])
        ask("cloudfront", "GetDistributionConfig", Id=found[0]["Id"])
    ask("cloudfront", "GetDistribution", Id="NONE")
    ask("cloudfront", "ListOriginAccessControls")
    make("acm", "request_certificate", DomainName="example.org", ValidationMethod="DNS",
         SubjectAlternativeNames=["www.example.org"])
    found = client("acm").list_certificates()["CertificateSummaryList"]
    ask("acm", "ListCertificates")
    ask("acm", "DescribeCertificate", CertificateArn=found[0]["CertificateArn"])
    detector = make("guardduty", "create_detector", Enable=True).get("DetectorId")
    ask("guardduty", "ListDetectors")
    ask("guardduty", "GetDetector", DetectorId=detector)
    make("securityhub", "enable_security_hub")
    ask("securityhub", "DescribeHub")
    ask("securityhub", "GetFindings")
    make("wafv2", "create_web_acl", Name="w", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig={
        "SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}, Rules=[])
    ask("wafv2", "ListWebACLs", Scope="REGIONAL")
    make("backup", "create_backup_vault", BackupVaultName="v")
    ask("backup", "ListBackupVaults")
    ask("backup", "ListBackupPlans")
    make("organizations", "create_organization", FeatureSet="ALL")
    make("organizations", "create_account", AccountName="dev", Email="dev@example.org")
    for operation in ["DescribeOrganization", "ListAccounts", "ListRoots"]:
        ask("organizations", operation)
    make("opensearch", "create_domain", DomainName="dom", EncryptionAtRestOptions={"Enabled": True})
    ask("opensearch", "ListDomainNames")
    ask("opensearch", "DescribeDomain", DomainName="dom")
    make("kafka", "create_cluster_v2", ClusterName="k", Serverless={"VpcConfigs": [{"SubnetIds": ["subnet-1"]}]})
    ask("kafka", "ListClustersV2")
    make("glue", "create_database", DatabaseInput={"Name": "d"})
    ask("glue", "GetDatabases")
    make("athena", "create_work_group", Name="w", Configuration={"EnforceWorkGroupConfiguration": True})
    ask("athena", "ListWorkGroups")
    ask("athena", "GetWorkGroup", WorkGroup="w")
    make("kinesis", "create_stream", StreamName="s", ShardCount=3)
    ask("kinesis", "ListStreams")
    ask("kinesis", "DescribeStream", StreamName="s")
    ask("kinesis", "ListShards", StreamName="s")
    ask("resourcegroupstaggingapi", "GetResources", pages=3)
    make("codebuild", "create_project", name="project", source={"type": "S3", "location": "b/k"}, serviceRole="arn:aws:iam::123456789012:role/worker",
         artifacts={"type": "NO_ARTIFACTS"}, environment={"type": "LINUX_CONTAINER", "image": "i", "computeType": "BUILD_GENERAL1_SMALL"})
    ask("codebuild", "ListProjects")
    ask("codebuild", "BatchGetProjects", names=["project"])
    make("batch", "create_compute_environment", computeEnvironmentName="environment", type="UNMANAGED", serviceRole="arn:aws:iam::123456789012:role/worker")
    ask("batch", "DescribeComputeEnvironments")
    make("emr", "run_job_flow", Name="e", Instances={"InstanceCount": 1, "MasterInstanceType": "m5.large", "KeepJobFlowAliveWhenNoSteps": True})
    ask("emr", "ListClusters")
    make("ses", "verify_email_identity", EmailAddress="a@example.org")
    ask("ses", "ListIdentities")
    ask("ses", "GetSendQuota")
    make("sesv2", "create_email_identity", EmailIdentity="example.org")
    ask("sesv2", "ListEmailIdentities")
    make("dms", "create_replication_instance", ReplicationInstanceIdentifier="r", ReplicationInstanceClass="dms.t3.micro")
    ask("dms", "DescribeReplicationInstances")
    ask("accessanalyzer", "ListAnalyzers")


for part in [iam, s3, ec2, databases, keys_and_logs, messages_and_apps, edge_and_security]:
    try:
        part()
    except Exception as error:
        print(f"{part.__name__}: {type(error).__name__}: {error}", file=sys.stderr)
for asked in ASKED:
    answer(*asked)
