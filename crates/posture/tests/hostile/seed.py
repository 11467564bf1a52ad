"""Things whose names, tags and policies want to be something else: seed.py URL NAMES

NAMES is a JSON list. What has gone into the account is printed, by kind, as JSON.
"""

import json
import sys

from seeding import clients

NAMES = json.loads(sys.argv[2])
REGION = "us-east-1"
client = clients(REGION)


def is_xml(text):
    """moto writes control characters into XML as they are, which is no XML; AWS would escape them."""
    return all(letter in "\t\n\r" or letter >= " " for letter in text)


made = {"alarm": [], "secret": [], "repository": [], "table": []}
secrets, alarms, ec2 = client("secretsmanager"), client("cloudwatch"), client("ec2")
dynamodb, lambdas, s3 = client("dynamodb"), client("lambda"), client("s3")
kms = client("kms")
for number, name in enumerate(NAMES):
    tag = {"Key": f"Name{number}", "Value": name}
    secrets.create_secret(Name=name, Description=name, SecretString="x", Tags=[tag])
    made["secret"].append(name)
    table = f"table-{number}"
    dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": "Name", "Value": name}],
    )
    made["table"].append(table)
    statement = {
        "Sid": name,
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::bucket-{number}/*",
        "Condition": {"StringLike": {"aws:UserAgent": name}},
    }
    s3.create_bucket(Bucket=f"bucket-{number}")
    s3.put_bucket_policy(
        Bucket=f"bucket-{number}",
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [statement, {**statement, "Condition": {}, "NotAction": name}],
            }
        ),
    )
    kms.create_key(Description=name, MultiRegion=False)
    if is_xml(name):
        alarms.put_metric_alarm(
            AlarmName=name,
            AlarmDescription=name,
            MetricName="CPUUtilization",
            Namespace="AWS/EC2",
            Statistic="Average",
            Period=300,
            EvaluationPeriods=1,
            Threshold=80,
            ComparisonOperator="GreaterThanThreshold",
        )
        made["alarm"].append(name)
        volume = ec2.create_volume(AvailabilityZone=REGION + "a", Size=1)["VolumeId"]
        ec2.create_tags(Resources=[volume], Tags=[{"Key": "Name", "Value": name}])
json.dump(made, sys.stdout)
