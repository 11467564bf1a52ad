"""moto, for policies: server.py PORT ACTIONS

Writes the IAM action of every request that it checks into the file ACTIONS. Checks start once
`enforce.py` has said so. Two things are put right:

- The check of signatures is left out: moto's fails for requests of REST APIs.
- moto takes an action for called like its operation. AWS calls some otherwise; source: the Service
  Authorization Reference, <https://docs.aws.amazon.com/service-authorization/latest/reference/>.
"""

import sys

from moto.iam.access_control import IAMRequestBase
from moto.server import main

PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
# Of a bucket, by the word of the query; moto takes them for listings.
BUCKET = {
    "encryption": "s3:GetEncryptionConfiguration",
    "object-lock": "s3:GetBucketObjectLockConfiguration",
    "publicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "replication": "s3:GetReplicationConfiguration",
}

port, file = sys.argv[1:]
log = open(file, "a", buffering=1)
check = IAMRequestBase.check_action_permitted


def action(request):
    prefix, name = request._action.split(":")
    if prefix == "apigateway":
        return f"apigateway:{request._method}"
    # S3 Control's, of the account.
    if request._action == "s3:GetPublicAccessBlock":
        return "s3:GetAccountPublicAccessBlock"
    if request._action == "s3:ListBucket":
        return BUCKET.get(request._path.partition("?")[2], request._action)
    return f"{PREFIXES.get(prefix, prefix)}:{name}"


def checked(request, resource):
    request._action = action(request)
    log.write(f"{request._action}\n")
    check(request, resource)


IAMRequestBase.check_signature = lambda request: None
IAMRequestBase.check_action_permitted = checked
main(["-p", port])
