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
ACTIONS = {
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
}

port, file = sys.argv[1:]
log = open(file, "a", buffering=1)
check = IAMRequestBase.check_action_permitted


def action(request):
    prefix, name = request._action.split(":")
    if prefix == "apigateway":
        return f"apigateway:{request._method}"
    if request._action == "s3:GetPublicAccessBlock":
        # S3 Control asks of the account, S3 of a bucket.
        of = "Account" if "configuration/publicAccessBlock" in request._path else "Bucket"
        return f"s3:Get{of}PublicAccessBlock"
    known = f"{PREFIXES.get(prefix, prefix)}:{name}"
    return ACTIONS.get(known, known)


def checked(request, resource):
    moto_s = request._action
    request._action = action(request)
    log.write(f"{moto_s} {request._action}\n")
    check(request, resource)


IAMRequestBase.check_signature = lambda request: None
IAMRequestBase.check_action_permitted = checked
main(["-p", port])
