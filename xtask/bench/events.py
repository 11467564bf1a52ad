#!/usr/bin/env python3
"""From an event to its verdict: events.py POSTURE FOLDER [EVENTS_A_SECOND] [SECONDS]

moto with 60 buckets, a queue (`queue_server.py`); `posture watch` with one rule. Events arrive at a steady rate, all of them about
buckets; one bucket a second really changes, each once. Prints the time from the change to its verdict in the state.
Needs moto and boto3."""
import json
import pathlib
import sqlite3
import subprocess
import sys
import time

import boto3

from queue_server import Queue

PORT, QUEUE, BUCKETS, BATCH = 5700, 5705, 60, 10
posture, folder = sys.argv[1], pathlib.Path(sys.argv[2])
rate = float(sys.argv[3]) if len(sys.argv) > 3 else 100
seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 40
server = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(PORT)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
time.sleep(5)
url = f"http://127.0.0.1:{PORT}"
keys = dict(endpoint_url=url, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
s3 = boto3.client("s3", **keys)
for number in range(BUCKETS):
    s3.create_bucket(Bucket=f"bucket-{number}")
queue = Queue(QUEUE)
folder.mkdir(parents=True, exist_ok=True)
pack = folder / "pack.yaml"
pack.write_text("Resources: {V: {Type: 'AWS::Config::ConfigRule', Properties: {ConfigRuleName: v, "
                "Source: {Owner: AWS, SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED}}}}\n")
env = {"AWS_ENDPOINT_URL": url, "AWS_ENDPOINT_URL_SQS": f"http://127.0.0.1:{QUEUE}", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
       "AWS_EC2_METADATA_DISABLED": "true"}
common = ["--pack", str(pack), "--region", "us-east-1", "--state", str(folder / "state")]
subprocess.run([posture, "watch", "--once", "--quiet", *common], env=env, check=True)
watch = subprocess.Popen([posture, "watch", "--schedule", "0 0 1 1 *", "--queue", queue.url, *common], env=env,
                         stderr=(folder / "log").open("w"))
time.sleep(3)


def event(bucket):
    return json.dumps({"source": "aws.s3", "detail-type": "AWS API Call via CloudTrail", "account": "123456789012",
                       "region": "us-east-1", "detail": {
                           "eventSource": "s3.amazonaws.com", "eventName": "PutBucketVersioning",
                           "awsRegion": "us-east-1", "readOnly": False, "requestParameters": {"bucketName": bucket}}})


changed, sent, start = {}, 0, time.time()
for tick in range(int(seconds * rate / BATCH)):
    time.sleep(max(0, start + tick * BATCH / rate - time.time()))
    bodies = [event(f"bucket-{(sent + n) % BUCKETS}") for n in range(BATCH)]
    second = int(tick * BATCH / rate)
    if second < BUCKETS and second not in changed:
        bucket = f"bucket-{second}"
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        changed[second] = time.time()
        bodies[0] = event(bucket)
    queue.send(bodies)
    sent += BATCH
took = time.time() - start
time.sleep(10)
left = queue.left()
watch.terminate()
watch.wait()
server.terminate()
seen = dict(sqlite3.connect(folder / "state" / "state.db").execute(
    "SELECT r.resource_id, MIN(v.recorded_at) FROM verdicts v JOIN resources r ON r.resource = v.resource "
    "WHERE v.compliance_type = 'COMPLIANT' GROUP BY 1"))
times = sorted(seen[f"bucket-{second}"] / 1e6 - at for second, at in changed.items() if f"bucket-{second}" in seen)
print(f"{sent / took:.0f} events a second, {len(changed)} changes, {len(changed) - len(times)} without a verdict")
print("from change to verdict, seconds:", " ".join(
    f"p{p} {times[min(len(times) - 1, len(times) * p // 100)]:.2f}" for p in (50, 90, 99)), f"max {times[-1]:.2f}")
print("messages left:", left)
