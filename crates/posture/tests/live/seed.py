#!/usr/bin/env python3
"""Seeds a moto server with what the tests of `scan --aws` judge: seed.py ENDPOINT"""
import json

from seeding import clients

REGION = "us-east-1"
client = clients(REGION)


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


s3 = client("s3")
for name in ["versioned", "plain", "open", "logs"]:
    s3.create_bucket(Bucket=name)
s3.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
s3.put_bucket_tagging(Bucket="versioned", Tagging={"TagSet": [{"Key": "Env", "Value": "prod"}]})
s3.put_bucket_acl(Bucket="logs", ACL="log-delivery-write")
s3.put_bucket_logging(Bucket="versioned", BucketLoggingStatus={
    "LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "v/"}})
s3.put_bucket_policy(Bucket="versioned", Policy=policy({
    "Effect": "Deny", "Principal": "*", "Action": "s3:*",
    "Resource": ["arn:aws:s3:::versioned", "arn:aws:s3:::versioned/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}}}))
s3.delete_public_access_block(Bucket="open")
s3.put_bucket_acl(Bucket="open", ACL="public-read")

iam = client("iam")
for name in ["grouped", "alone"]:
    iam.create_user(UserName=name)
for name in ["people", "nobody"]:
    iam.create_group(GroupName=name)
iam.add_user_to_group(GroupName="people", UserName="grouped")
iam.put_user_policy(UserName="alone", PolicyName="inline", PolicyDocument=policy(
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}))
iam.create_access_key(UserName="alone")
iam.create_policy(PolicyName="admin", PolicyDocument=policy({"Effect": "Allow", "Action": "*", "Resource": "*"}))

ec2 = client("ec2")
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
for name, source in [("wide", "0.0.0.0/0"), ("shut", "10.0.0.0/8")]:
    group = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": source}]}])
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
image = ec2.describe_images()["Images"][0]["ImageId"]
ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=subnet,
                  UserData="password=canary")
ec2.create_volume(AvailabilityZone=REGION + "a", Size=1)
ec2.allocate_address(Domain="vpc")
template = ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData={
    "ImageId": image, "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": True}]})
ec2.create_flow_logs(ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3",
                     LogDestination="arn:aws:s3:::logs")
internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
ec2.create_transit_gateway(Description="hub")
customer = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="198.51.100.1", BgpAsn=65000)
private = ec2.create_vpn_gateway(Type="ipsec.1")
ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=customer["CustomerGateway"]["CustomerGatewayId"],
                          VpnGatewayId=private["VpnGateway"]["VpnGatewayId"])

trail = client("cloudtrail")
trail.create_trail(Name="audit", S3BucketName="logs", IsMultiRegionTrail=True)
trail.start_logging(Name="audit")

rds = client("rds")
for name in ["first", "second"]:
    # moto gives all of them one DbiResourceId, which AWS does not.
    rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.t3.micro", Engine="postgres",
                           MasterUsername="owner", MasterUserPassword="password", AllocatedStorage=20)
