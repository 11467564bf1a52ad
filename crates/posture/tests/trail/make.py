#!/usr/bin/env python3
"""Makes what CloudTrail would deliver: make.py FOLDER. Four hours of digests, of which the third begins anew, with a log
file each, and the keys as `aws cloudtrail list-public-keys` prints them. Where the AWS CLI is here, its own validator
has to accept each digest; it says so on stdout."""
import base64
import gzip
import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

folder = pathlib.Path(sys.argv[1])
key = rsa.generate_private_key(65537, 2048)
der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
fingerprint = hashlib.md5(der).hexdigest()
ACCOUNT, REGION, BUCKET = "111122223333", "eu-west-1", "trail-bucket"


def put(name, data):
    path = folder / "bucket" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data))


previous = None
accepted = 0
for hour in range(4):
    log = f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/03/01/{ACCOUNT}_CloudTrail_{REGION}_20260301T0{hour}15Z_abc.json.gz"
    text = json.dumps({"Records": [{"eventID": str(hour)}]}).encode()
    put(log, text)
    if hour == 2:
        previous = None
    name = (f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}/2026/03/01/"
            f"{ACCOUNT}_CloudTrail-Digest_{REGION}_audit_{REGION}_20260301T0{hour + 1}0000Z.json.gz")
    digest = {
        "awsAccountId": ACCOUNT, "digestStartTime": f"2026-03-01T0{hour}:00:00Z",
        "digestEndTime": f"2026-03-01T0{hour + 1}:00:00Z", "digestS3Bucket": BUCKET, "digestS3Object": name,
        "digestPublicKeyFingerprint": fingerprint, "digestSignatureAlgorithm": "SHA256withRSA",
        "newestEventTime": None, "oldestEventTime": None,
        "previousDigestS3Bucket": previous and BUCKET, "previousDigestS3Object": previous and previous[0],
        "previousDigestHashValue": previous and previous[1],
        "previousDigestHashAlgorithm": previous and "SHA-256", "previousDigestSignature": previous and previous[2],
        "logFiles": [{"s3Bucket": BUCKET, "s3Object": log, "hashValue": hashlib.sha256(text).hexdigest(),
                      "hashAlgorithm": "SHA-256", "newestEventTime": None, "oldestEventTime": None}],
    }
    text = json.dumps(digest).encode()
    put(name, text)
    signed = "\n".join([digest["digestEndTime"], f"{BUCKET}/{name}", hashlib.sha256(text).hexdigest(),
                        digest["previousDigestSignature"] or "null"])
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()).hex()
    try:
        from awscli.customizations.cloudtrail.validation import Sha256RSADigestValidator
        Sha256RSADigestValidator().validate(BUCKET, name, base64.b64encode(der), dict(digest, _signature=signature), text)
        accepted += 1
    except ImportError:
        pass
    previous = (name, hashlib.sha256(text).hexdigest(), signature)
    if hour in (1, 3):
        (folder / "bucket" / (name + ".signature")).write_text(signature + "\n")
keys = {"PublicKeyList": [{"Value": base64.b64encode(der).decode(), "Fingerprint": fingerprint,
                           "ValidityStartTime": "2026-01-01T00:00:00Z", "ValidityEndTime": "2027-01-01T00:00:00Z"}]}
(folder / "keys.json").write_text(json.dumps(keys))
print(accepted)
