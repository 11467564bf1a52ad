#!/usr/bin/env python3
"""Seeds a moto server with an organization, a bucket in each of its accounts: seed.py ENDPOINT

Prints the ids as JSON. An account beside the organization has a bucket too."""
import json
import sys

import boto3

URL = sys.argv[1]


def client(service, account_id=None):
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    if account_id:
        role = f"arn:aws:iam::{account_id}:role/Recorder"
        found = client("sts").assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
        keys = {"aws_access_key_id": found["AccessKeyId"], "aws_secret_access_key": found["SecretAccessKey"],
                "aws_session_token": found["SessionToken"]}
    return boto3.client(service, endpoint_url=URL, region_name="us-east-1", **keys)


organizations = client("organizations")
organizations.create_organization(FeatureSet="ALL")
root = organizations.list_roots()["Roots"][0]["Id"]
unit = organizations.create_organizational_unit(ParentId=root, Name="outer")["OrganizationalUnit"]["Id"]
inner = organizations.create_organizational_unit(ParentId=unit, Name="inner")["OrganizationalUnit"]["Id"]
ids = {"unit": unit}
for name in ["workload", "nested", "refused", "closed"]:
    made = organizations.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]
    ids[name] = made["AccountId"]
organizations.move_account(AccountId=ids["nested"], SourceParentId=root, DestinationParentId=inner)
organizations.close_account(AccountId=ids["closed"])

client("s3").create_bucket(Bucket="of-management")
for name in ["workload", "nested", "refused"]:
    client("s3", ids[name]).create_bucket(Bucket="of-" + name)
client("s3", "111111111111").create_bucket(Bucket="of-listed")
print(json.dumps(ids))
