#!/usr/bin/env python3
"""From an event that brings a finding to the call of a target: findings.py POSTURE FOLDER [EVENTS_A_SECOND] [SECONDS] [STATE]

A queue (`queue_server.py`); `posture watch` with one rule and one webhook, which is here. Findings that failed arrive at a steady
rate, each another one's. Prints the time from the call that sent a message to the call of the webhook, which the
state's outbox and queue of deliveries lie between. Needs moto, for what `watch` asks beside."""
import http.server
import json
import pathlib
import socketserver
import subprocess
import sys
import threading
import time

from queue_server import Queue

PORT, HOOK, QUEUE, BATCH = 5702, 5703, 5704, 10
posture, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
rate = float(sys.argv[3]) if len(sys.argv) > 3 else 200
seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 60
state = sys.argv[5] if len(sys.argv) > 5 else "state"
came = {}


class Hook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["content-length"])))
        at = time.time()
        for finding in event.get("detail", {}).get("findings", []):
            came.setdefault(finding["Id"], at)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256


threading.Thread(target=Server(("127.0.0.1", HOOK), Hook).serve_forever, daemon=True).start()
server = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(PORT)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
time.sleep(5)
url = f"http://127.0.0.1:{PORT}"
queue = Queue(QUEUE)
folder.mkdir(parents=True, exist_ok=True)
(folder / "pack.yaml").write_text(
    "Resources: {V: {Type: 'AWS::Config::ConfigRule', Properties: {ConfigRuleName: v, "
    "Source: {Owner: AWS, SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED}}}}\n")
(folder / "posture.yaml").write_text(f"""events:
  rules: [{{name: all, pattern: {{source: [aws.securityhub]}}, targets: [hook]}}]
  targets: [{{name: hook, type: webhook, url: "http://127.0.0.1:{HOOK}", secret: {{env: HOOK_SECRET}}, perMinute: 60000}}]
""")
env = {"AWS_ENDPOINT_URL": url, "AWS_ENDPOINT_URL_SQS": f"http://127.0.0.1:{QUEUE}", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
       "AWS_EC2_METADATA_DISABLED": "true", "HOOK_SECRET": "secret"}
watch = subprocess.Popen([posture, "watch", "--schedule", "0 0 1 1 *", "--queue", queue.url, "--pack", "pack.yaml",
                          "--region", "us-east-1", "--state", state], env=env, cwd=folder,
                         stderr=(folder / "log").open("w"))
time.sleep(5)


def event(number):
    return json.dumps({
        "version": "0", "id": str(number), "detail-type": "Security Hub Findings - Imported", "source": "aws.securityhub",
        "account": "123456789012", "region": "us-east-1", "detail": {"findings": [{
            "SchemaVersion": "2018-10-08", "Id": f"f{number}", "GeneratorId": "security-control/S3.1",
            "ProductArn": "arn:aws:securityhub:us-east-1::product/aws/securityhub", "AwsAccountId": "123456789012",
            "Region": "us-east-1", "CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-01-01T00:00:00Z",
            "Title": "a title", "Description": "words " * 100, "Severity": {"Label": "HIGH"},
            "Resources": [{"Type": "AwsS3Bucket", "Id": f"arn:aws:s3:::bucket-{number}"}],
            "Compliance": {"Status": "FAILED"}}]}})


sent, late, start = {}, 0.0, time.time()
for tick in range(int(seconds * rate / BATCH)):
    wait = start + tick * BATCH / rate - time.time()
    late = max(late, -wait)
    time.sleep(max(0, wait))
    numbers = range(tick * BATCH, (tick + 1) * BATCH)
    bodies = [event(number) for number in numbers]
    at = time.time()
    queue.send(bodies)
    sent |= {f"f{number}": at for number in numbers}
took = time.time() - start
time.sleep(10)
watch.terminate()
watch.wait()
server.terminate()
times = sorted(came[name] - at for name, at in sent.items() if name in came)
print(f"{len(sent) / took:.0f} events a second for {took:.0f} s, at most {late:.1f} s behind; "
      f"{len(sent) - len(times)} were not told of")
if times:
    print("from event to target, seconds:", " ".join(
        f"p{p} {times[min(len(times) - 1, len(times) * p // 100)]:.2f}" for p in (50, 90, 99)), f"max {times[-1]:.2f}")
