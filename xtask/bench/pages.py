#!/usr/bin/env python3
"""Memory by the size of an estate: pages.py POSTURE [RESOURCES ...]

A server that answers as EC2 does, with pages as long as they were asked for (moto gives a listing whole): half volumes, half
security groups. `posture scan --aws --no-state` of them, once for each size (default 5000 and 50000). Prints wall, CPU, memory
and calls. Needs Python alone."""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

PORT, REGION, ACCOUNT = 5710, "us-east-1", "123456789012"
NAMESPACE = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"'
CALLER = (f'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
          f"<Arn>arn:aws:iam::{ACCOUNT}:user/bench</Arn><UserId>AIDA</UserId><Account>{ACCOUNT}</Account>"
          f"</GetCallerIdentityResult></GetCallerIdentityResponse>")
TAGS = "".join(f"<item><key>{key}</key><value>{value}</value></item>"
               for key, value in (("Name", "bench"), ("Owner", "team-1"), ("Env", "production"), ("CostCentre", "4711")))
REFUSED = ("<Response><Errors><Error><Code>UnsupportedOperation</Code><Message>not of this bench</Message></Error></Errors>"
           "<RequestID>r</RequestID></Response>")


def volume(number):
    return (f"<item><volumeId>vol-{number:017x}</volumeId><size>100</size><snapshotId>snap-{number:017x}</snapshotId>"
            f"<availabilityZone>{REGION}a</availabilityZone><status>in-use</status><createTime>2026-01-01T00:00:00.000Z"
            f"</createTime><attachmentSet><item><volumeId>vol-{number:017x}</volumeId><instanceId>i-{number:017x}</instanceId>"
            f"<device>/dev/xvda</device><status>attached</status><attachTime>2026-01-01T00:00:00.000Z</attachTime>"
            f"<deleteOnTermination>true</deleteOnTermination></item></attachmentSet><volumeType>gp3</volumeType><iops>3000</iops>"
            f"<encrypted>{'true' if number % 3 else 'false'}</encrypted><multiAttachEnabled>false</multiAttachEnabled>"
            f"<throughput>125</throughput><tagSet>{TAGS}</tagSet></item>")


def group(number):
    permission = "".join(
        f"<item><ipProtocol>tcp</ipProtocol><fromPort>{port}</fromPort><toPort>{port}</toPort><groups/><ipRanges><item><cidrIp>"
        f"10.{number % 256}.0.0/16</cidrIp></item></ipRanges><ipv6Ranges/><prefixListIds/></item>" for port in (22, 443, 5432))
    return (f"<item><ownerId>{ACCOUNT}</ownerId><groupId>sg-{number:017x}</groupId><groupName>group-{number}</groupName>"
            f"<groupDescription>bench</groupDescription><vpcId>vpc-{number % 7:017x}</vpcId><ipPermissions>{permission}"
            f"</ipPermissions><ipPermissionsEgress/><tagSet>{TAGS}</tagSet></item>")


LISTS = {"DescribeVolumes": ("volumeSet", volume), "DescribeSecurityGroups": ("securityGroupInfo", group)}


class Ec2(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    each, calls = 0, 0

    def log_message(self, *_):
        pass

    def do_POST(self):
        Ec2.calls += 1
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()))
        status, text = self.answer(form.get("Action", ""), form)
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    @staticmethod
    def answer(action, form):
        if action == "GetCallerIdentity":
            return 200, CALLER
        if action == "DescribeRegions":
            return 200, (f"<DescribeRegionsResponse {NAMESPACE}><regionInfo><item><regionName>{REGION}</regionName>"
                         f"<optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>")
        if action not in LISTS:
            return 400, REFUSED
        name, make = LISTS[action]
        start = int(form.get("NextToken", 0))
        end = min(Ec2.each, start + int(form.get("MaxResults", 1000)))
        token = f"<nextToken>{end}</nextToken>" if end < Ec2.each else ""
        items = "".join(make(number) for number in range(start, end))
        return 200, f"<{action}Response {NAMESPACE}><{name}>{items}</{name}>{token}</{action}Response>"


def main():
    posture, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]] or [5000, 50000]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Ec2)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        env = {"PATH": os.environ["PATH"], "HOME": folder, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{PORT}", "AWS_REGION": REGION,
               "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true"}
        out = os.path.join(folder, "out.json")
        command = [posture, "scan", "--aws", "--no-state", "--region", REGION, "--quiet", "--pack", "nist-800-53-r5",
                   "--type", "AWS::EC2::Volume", "--type", "AWS::EC2::SecurityGroup"]
        for size in sizes:
            Ec2.each, Ec2.calls = size // 2, 0
            start = time.monotonic()
            process = subprocess.Popen([*command, "--format", "json", "--output", out], env=env, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.monotonic() - start
            with open(out, encoding="utf-8") as file:
                seen = len({row["resourceId"] for row in json.load(file)["evaluations"]})
            print(f"{size:8} resources ({seen} judged): {wall:6.1f} s, {usage.ru_utime + usage.ru_stime:6.2f} s CPU, "
                  f"{usage.ru_maxrss / 1024:6.1f} MB, {Ec2.calls} calls", flush=True)


if __name__ == "__main__":
    main()
