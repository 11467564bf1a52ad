"""Lets users of moto do what policies allow, and nothing else: enforce.py URL POLICIES…

A user for each file of POLICIES, which has one document after another. Prints a user's access key
and its secret a line.
"""

import json
import sys
import urllib.request

import boto3


def documents(file):
    text = open(file).read().strip()
    decoder = json.JSONDecoder()
    while text:
        document, end = decoder.raw_decode(text)
        text = text[end:].strip()
        yield document


url, *files = sys.argv[1:]
iam = boto3.client(
    "iam", endpoint_url=url, region_name="us-east-1",
    aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="secret",
)
for number, file in enumerate(files):
    user = f"recorder-{number}"
    iam.create_user(UserName=user)
    for document in documents(file):
        name = f"{user}-{document['Statement'][0]['Sid']}"
        policy = iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document))
        iam.attach_user_policy(UserName=user, PolicyArn=policy["Policy"]["Arn"])
    key = iam.create_access_key(UserName=user)["AccessKey"]
    print(key["AccessKeyId"], key["SecretAccessKey"])
# As a form, which is urllib's habit, moto would not see it.
plain = {"Content-Type": "text/plain"}
request = urllib.request.Request(f"{url}/moto-api/reset-auth", b"0", plain, method="POST")
urllib.request.urlopen(request).read()
