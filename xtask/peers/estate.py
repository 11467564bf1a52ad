"""What seed_moto.py's estate lacks: services beyond its sixteen, each with what passes and what fails.

    python estate.py URL

Runs the recorder's own estates (crates/recorder/tests/estate) in us-east-1, then adds their contrasts.
"""

import json
import runpy
import sys
from pathlib import Path

from seeding import URL, clients

REGION = "us-east-1"
client = clients(REGION)
ACCOUNT = "123456789012"
ESTATES = Path(__file__).resolve().parents[2] / "crates/recorder/tests/estate"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service"


def recorders_estates():
    """The recorder's own scripts, in our Region."""
    sys.argv = [__file__, URL, REGION]
    for name in ["infrastructure.py", "applications.py"]:
        runpy.run_path(str(ESTATES / name))


def compute(ec2):
    instances = [
        instance
        for page in ec2.describe_instances()["Reservations"]
        for instance in page["Instances"]
    ]
    ec2.stop_instances(InstanceIds=[instances[0]["InstanceId"]])
    iam = client("iam")
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="service")
    for instance in instances[1:6]:
        ec2.associate_iam_instance_profile(
            IamInstanceProfile={"Name": "profile"}, InstanceId=instance["InstanceId"]
        )
    addresses = ec2.describe_addresses()["Addresses"]
    for address, instance in zip(addresses[:2], instances[2:4]):
        ec2.associate_address(
            AllocationId=address["AllocationId"], InstanceId=instance["InstanceId"]
        )
    shared = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"][0]["SnapshotId"]
    ec2.modify_snapshot_attribute(
        SnapshotId=shared,
        Attribute="createVolumePermission",
        OperationType="add",
        GroupNames=["all"],
    )
    for name, public in [("plain", False), ("public", True)]:
        ec2.create_launch_template(
            LaunchTemplateName=name,
            LaunchTemplateData={
                "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": public}],
            },
        )


def networks(ec2):
    vpcs = [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]]
    closed = ec2.describe_security_groups(
        Filters=[
            {"Name": "group-name", "Values": ["default"]},
            {"Name": "vpc-id", "Values": [vpcs[-1]]},
        ]
    )["SecurityGroups"][0]
    for revoke, rules in [
        (ec2.revoke_security_group_ingress, closed["IpPermissions"]),
        (ec2.revoke_security_group_egress, closed["IpPermissionsEgress"]),
    ]:
        if rules:
            revoke(GroupId=closed["GroupId"], IpPermissions=rules)
    everyone = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    everyone6 = {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    for name, rule in {
        "all-protocols": {"IpProtocol": "-1", **everyone},
        "all-ports": {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, **everyone},
        "ssh-in-a-range": {"IpProtocol": "tcp", "FromPort": 20, "ToPort": 30, **everyone},
        "ssh-by-ipv6": {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, **everyone6},
        "udp-22": {"IpProtocol": "udp", "FromPort": 22, "ToPort": 22, **everyone},
        "half-the-internet": {
            "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
            "IpRanges": [{"CidrIp": "0.0.0.0/1"}],
        },
    }.items():
        group = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpcs[0])
        ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])
    for entry in [
        {"Protocol": "6", "PortRange": {"From": 22, "To": 22}, "CidrBlock": "0.0.0.0/0"},
        {"Protocol": "6", "PortRange": {"From": 3389, "To": 3389}, "CidrBlock": "0.0.0.0/0"},
        {"Protocol": "-1", "CidrBlock": "10.0.0.0/8"},
        {"Protocol": "6", "PortRange": {"From": 443, "To": 443}, "CidrBlock": "0.0.0.0/0"},
    ]:
        acl = ec2.create_network_acl(VpcId=vpcs[0])["NetworkAcl"]["NetworkAclId"]
        ec2.create_network_acl_entry(
            NetworkAclId=acl, RuleNumber=100, RuleAction="allow", Egress=False, **entry
        )
    for option in ["enable", "disable"]:
        ec2.create_transit_gateway(
            Description=option, Options={"AutoAcceptSharedAttachments": option}
        )


def databases():
    rds = client("rds")
    for name, guarded in [("guarded", True), ("loose", False)]:
        rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-mysql",
            MasterUsername="boss" if guarded else "admin",
            MasterUserPassword="Passw0rd-x",
            DeletionProtection=guarded,
            StorageEncrypted=guarded,
            CopyTagsToSnapshot=guarded,
            **({"EnableCloudwatchLogsExports": ["audit", "error"]} if guarded else {}),
        )
        rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-instance",
            DBInstanceClass="db.t3.micro",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="boss" if guarded else "postgres",
            MasterUserPassword="Passw0rd-x",
            EnableIAMDatabaseAuthentication=guarded,
            MonitoringInterval=60 if guarded else 0,
            BackupRetentionPeriod=7 if guarded else 0,
            StorageEncrypted=guarded,
            **({"EnableCloudwatchLogsExports": ["postgresql", "upgrade"]} if guarded else {}),
        )
        client("neptune").create_db_cluster(
            DBClusterIdentifier=f"graph-{name}",
            Engine="neptune",
            StorageEncrypted=guarded,
            BackupRetentionPeriod=7 if guarded else 1,
            DeletionProtection=guarded,
            **({"EnableCloudwatchLogsExports": ["audit"]} if guarded else {}),
        )
    redshift = client("redshift")
    redshift.create_cluster(
        ClusterIdentifier="open",
        NodeType="ra3.xlplus",
        NumberOfNodes=2,
        MasterUsername="awsuser",
        MasterUserPassword="Passw0rd-x",
        Encrypted=False,
        PubliclyAccessible=True,
        EnhancedVpcRouting=False,
        AutomatedSnapshotRetentionPeriod=0,
    )
    redshift.create_cluster(
        ClusterIdentifier="shut",
        NodeType="ra3.xlplus",
        NumberOfNodes=2,
        MasterUsername="boss",
        MasterUserPassword="Passw0rd-x",
        Encrypted=True,
        PubliclyAccessible=False,
        EnhancedVpcRouting=True,
        AutomatedSnapshotRetentionPeriod=7,
    )
    client("elasticache").create_replication_group(
        ReplicationGroupId="kept",
        ReplicationGroupDescription="kept",
        Engine="redis",
        CacheNodeType="cache.t3.micro",
        SnapshotRetentionLimit=15,
    )
    client("dms").create_replication_instance(
        ReplicationInstanceIdentifier="inside",
        ReplicationInstanceClass="dms.t3.micro",
        PubliclyAccessible=False,
    )


def edges():
    gateway = client("apigateway")
    api = gateway.create_rest_api(name="bare")["id"]
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
    gateway.create_stage(restApiId=api, stageName="bare", deploymentId=deployment)
    second = client("apigatewayv2")
    api = second.create_api(Name="mute", ProtocolType="HTTP")["ApiId"]
    second.create_stage(ApiId=api, StageName="mute")
    origin = {
        "Id": "custom",
        "DomainName": "example.com",
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "http-only",
            "OriginSslProtocols": {"Quantity": 2, "Items": ["SSLv3", "TLSv1"]},
        },
    }
    client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": "two",
            "Comment": "loose",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": {
                "TargetOriginId": "custom",
                "ViewerProtocolPolicy": "allow-all",
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
                "MinTTL": 0,
            },
        }
    )
    classic = client("elb")
    classic.create_load_balancer(
        LoadBalancerName="plain",
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
        AvailabilityZones=[REGION + "a"],
    )
    balancers = client("elbv2")
    for balancer in balancers.describe_load_balancers()["LoadBalancers"][:4]:
        balancers.modify_load_balancer_attributes(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Attributes=[
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}
            ],
        )
    visibility = {
        "SampledRequestsEnabled": True,
        "CloudWatchMetricsEnabled": False,
        "MetricName": "metric",
    }
    client("wafv2").create_web_acl(
        Name="empty",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig=visibility,
        Rules=[],
    )


def applications(ec2):
    scaling = client("autoscaling")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    scaling.create_launch_configuration(
        LaunchConfigurationName="old",
        ImageId=image,
        InstanceType="t3.micro",
        AssociatePublicIpAddress=False,
        MetadataOptions={"HttpTokens": "optional"},
    )
    target = client("elbv2").describe_target_groups()["TargetGroups"][0]["TargetGroupArn"]
    for name, kind in [("behind-ec2", "EC2"), ("behind-elb", "ELB")]:
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName="old",
            MinSize=0,
            MaxSize=0,
            HealthCheckType=kind,
            VPCZoneIdentifier=subnet,
            TargetGroupARNs=[target],
        )
    build = client("codebuild")
    for name, logs in {
        "logged": {"cloudWatchLogs": {"status": "ENABLED"}},
        "unlogged": {
            "cloudWatchLogs": {"status": "DISABLED"},
            "s3Logs": {"status": "DISABLED"},
        },
        "open-log": {
            "s3Logs": {
                "status": "ENABLED",
                "location": "bench-logs/build",
                "encryptionDisabled": True,
            }
        },
        "sealed-log": {
            "s3Logs": {
                "status": "ENABLED",
                "location": "bench-logs/build",
                "encryptionDisabled": False,
            }
        },
    }.items():
        build.create_project(
            name=name,
            source={"type": "S3", "location": "bucket/path"},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:5.0",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            serviceRole=ROLE,
            logsConfig=logs,
        )
    client("ecs").register_task_definition(
        family="careful",
        networkMode="awsvpc",
        containerDefinitions=[
            {
                "name": "careful",
                "image": "nginx",
                "memory": 128,
                "privileged": False,
                "user": "1000",
                "readonlyRootFilesystem": True,
                "logConfiguration": {"logDriver": "awslogs", "options": {}},
            }
        ],
    )
    client("ecs").register_task_definition(
        family="host-with-user",
        networkMode="host",
        containerDefinitions=[
            {"name": "one", "image": "nginx", "memory": 128, "user": "1000"},
            {"name": "two", "image": "nginx", "memory": 128, "user": "root"},
        ],
    )
    efs = client("efs")
    files = efs.create_file_system(CreationToken="open", Encrypted=False)["FileSystemId"]
    efs.create_access_point(ClientToken="root", FileSystemId=files)
    search = client("opensearch")
    search.create_domain(DomainName="open", EngineVersion="OpenSearch_2.11")
    search.create_domain(
        DomainName="sealed",
        EngineVersion="OpenSearch_2.11",
        EncryptionAtRestOptions={"Enabled": True},
        NodeToNodeEncryptionOptions={"Enabled": True},
        DomainEndpointOptions={"EnforceHTTPS": True},
        VPCOptions={"SubnetIds": [subnet], "SecurityGroupIds": []},
        LogPublishingOptions={
            "AUDIT_LOGS": {
                "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:search",
                "Enabled": True,
            },
            "SEARCH_SLOW_LOGS": {
                "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:search",
                "Enabled": True,
            },
        },
    )
    client("sagemaker").create_notebook_instance(
        NotebookInstanceName="online", InstanceType="ml.t2.medium", RoleArn=ROLE
    )
    client("stepfunctions").create_state_machine(
        name="silent",
        definition=json.dumps(
            {"StartAt": "End", "States": {"End": {"Type": "Pass", "End": True}}}
        ),
        roleArn=ROLE,
    )
    client("ssm").create_document(
        Name="private",
        DocumentType="Command",
        Content=json.dumps({"schemaVersion": "2.2", "description": "x", "mainSteps": []}),
    )
    client("athena").create_work_group(
        Name="plain",
        Configuration={"ResultConfiguration": {"OutputLocation": "s3://results/"}},
    )
    functions = client("lambda")
    for name in ["open", "closed"]:
        # As the others are, so that only the runtime tells them apart.
        functions.update_function_configuration(FunctionName=name, MemorySize=256, Timeout=30)
    for name in ["fn-0", "fn-1"]:
        functions.update_function_configuration(
            FunctionName=name,
            DeadLetterConfig={"TargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue-0"},
        )
    secrets = client("secretsmanager")
    for name in ["secret-0", "secret-1"]:
        secrets.rotate_secret(
            SecretId=name,
            RotationLambdaARN=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:fn-0",
            RotationRules={"AutomaticallyAfterDays": 30},
        )
    ecr = client("ecr")
    ecr.put_lifecycle_policy(
        repositoryName="repo-0",
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
    logs = client("logs")
    logs.create_log_group(
        logGroupName="sealed",
        kmsKeyId=client("kms").list_keys()["Keys"][0]["KeyArn"],
    )


def buckets():
    s3 = client("s3")
    everyone = "http://acs.amazonaws.com/groups/global/"
    for name, acl in [("acl-read", "public-read"), ("acl-write", "public-read-write")]:
        s3.create_bucket(Bucket=name, ObjectOwnership="ObjectWriter")
        s3.put_bucket_acl(Bucket=name, ACL=acl)
    s3.create_bucket(Bucket="acl-authenticated", ObjectOwnership="ObjectWriter")
    s3.put_bucket_acl(
        Bucket="acl-authenticated",
        GrantRead=f'uri="{everyone}AuthenticatedUsers"',
    )
    s3.create_bucket(Bucket="policy-write")
    s3.put_bucket_policy(
        Bucket="policy-write",
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": ["s3:PutObject", "s3:GetObject"],
                        "Resource": "arn:aws:s3:::policy-write/*",
                    }
                ],
            }
        ),
    )
    s3.create_bucket(Bucket="policy-put-condition")
    s3.put_bucket_policy(
        Bucket="policy-put-condition",
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "s3:*",
                        "Resource": "arn:aws:s3:::policy-put-condition/*",
                        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
                    }
                ],
            }
        ),
    )
    s3.create_bucket(Bucket="tls-on-objects")
    s3.put_bucket_policy(
        Bucket="tls-on-objects",
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": "s3:GetObject",
                        "Resource": "arn:aws:s3:::tls-on-objects/*",
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ],
            }
        ),
    )
    s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    s3.put_object_lock_configuration(
        Bucket="locked",
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
        },
    )


def people():
    iam = client("iam")
    iam.update_account_password_policy(
        MinimumPasswordLength=14,
        RequireSymbols=False,
        RequireNumbers=True,
        RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=False,
        PasswordReusePrevention=24,
        MaxPasswordAge=90,
    )
    # A trail of AWS's own logs management events until it is told otherwise; one of moto's has no selector.
    client("cloudtrail").put_event_selectors(
        TrailName="main",
        EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}],
    )
    for name, document in {
        "full-service": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        "by-lists": {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]},
        "by-stars": {"Effect": "Allow", "Action": "*:*", "Resource": "*"},
        "not-action": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        "denied": {"Effect": "Deny", "Action": "*", "Resource": "*"},
        "one-bucket": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::a"},
    }.items():
        arn = iam.create_policy(
            PolicyName=name,
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [document]}),
        )["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="role-0", PolicyArn=arn)
    iam.create_user(UserName="no-console")
    iam.create_access_key(UserName="no-console")
    iam.create_user(UserName="console-no-mfa")
    iam.create_login_profile(UserName="console-no-mfa", Password="Xy1!abcdEFGH")


recorders_estates()
compute(client("ec2"))
networks(client("ec2"))
databases()
edges()
applications(client("ec2"))
buckets()
people()
