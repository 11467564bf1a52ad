"""Compares Posture's verdicts with Prowler's and Cloud Custodian's on one moto estate.

    cargo xtask peers --venvs VENVS [--write] [--work DIR] [--joined]

Needs ../shared/tools and three Python environments under --venvs: moto, prowler, c7n (run_peers.sh
makes them). Prints what differs; writes docs/peers.md with --write. Exits with 1 where a difference
has no line in explained.csv, or a line there has nothing to explain any more.
"""

import argparse
import collections
import glob
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import join
import page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOOLS = ROOT.parent / "shared/tools"
SEEDING = ROOT / "crates/aws/tests/moto"
REGION = "us-east-1"
SERVICES = (
    "account acm apigateway apigatewayv2 athena autoscaling awslambda backup cloudfront cloudtrail "
    "cloudwatch codebuild dms documentdb dynamodb ec2 ecr ecs efs eks elasticache elasticbeanstalk elb "
    "elbv2 emr guardduty iam kafka kinesis kms macie mq neptune networkfirewall opensearch rds redshift "
    "s3 sagemaker secretsmanager securityhub sns sqs ssm stepfunctions transfer vpc waf wafv2"
).split()
# As in run_peers.py: the first asks a third party, the second downloads from a made-up address.
EXCLUDED = ["ec2_elastic_ip_shodan", "awslambda_function_no_secrets_in_code"]


def environment(port):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_MAX_ATTEMPTS": "1",
        "PYTHONPATH": str(TOOLS / "hook"),
    }


def serve(arguments):
    """A server of the run's own; whoever called ends it."""
    return subprocess.Popen(
        [moto_python(arguments), HERE / "server.py", TOOLS, "--port", str(arguments.port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def moto_python(arguments):
    return f"{arguments.venvs}/moto/bin/python"


def seed(arguments):
    """Waits for the server, and fills it."""
    python = moto_python(arguments)
    url = f"http://127.0.0.1:{arguments.port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{url}/__bench/counts", timeout=5).read()
            break
        except OSError:
            time.sleep(0.5)
    scale = ["--endpoint", url, "--scale", str(arguments.scale), "--region", REGION]
    subprocess.run([python, TOOLS / "seed_moto.py", *scale], check=True, stdout=subprocess.DEVNULL)
    env = os.environ | {"PYTHONPATH": str(SEEDING), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([python, HERE / "estate.py", url], check=True, stdout=subprocess.DEVNULL, env=env)


def run(command, log, env, accepted=(0,)):
    with open(log, "wb") as file:
        done = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, env=env, check=False)
    if done.returncode not in accepted:
        sys.exit(f"{command[0]} ended with {done.returncode}: see {log}")


def rules(arguments):
    listed = [arguments.posture, "rules", "list", "--format", "json"]
    return json.loads(subprocess.run(listed, check=True, capture_output=True).stdout)


def posture(arguments, env, rows):
    """The pack of the mapping, scanned."""
    catalogue = rules(arguments)
    pack = arguments.work / "pack.json"
    pack.write_text(json.dumps(join.pack(rows, catalogue), indent=1))
    scan = [arguments.posture, "scan", "--aws", "--region", REGION, "--pack", pack]
    output = arguments.work / "posture.jsonl"
    scan += ["--format", "jsonl", "--output", output]
    # 1: findings; 3: moto lacks something.
    run(scan, arguments.work / "posture.log", env, accepted=(0, 1, 3))
    return join.Ours(output.read_text().splitlines(), catalogue)


def prowler(arguments, env):
    # One of an earlier run would be taken for this one's.
    (arguments.work / "prowler.ocsf.json").unlink(missing_ok=True)
    command = [f"{arguments.venvs}/prowler/bin/prowler", "aws", "--region", REGION, "-s", *SERVICES]
    command += ["-e", *EXCLUDED, "--scan-unused-services", "--ignore-exit-code-3", "--no-banner", "--no-color"]
    command += ["-M", "json-ocsf", "-o", arguments.work, "-F", "prowler"]
    command += ["--log-level", "ERROR", "--log-file", arguments.work / "prowler.log"]
    run(command, arguments.work / "prowler.out", env)
    return join.prowler(json.loads((arguments.work / "prowler.ocsf.json").read_text()))


def custodian(arguments, env):
    out = arguments.work / "custodian"
    shutil.rmtree(out, ignore_errors=True)
    command = [f"{arguments.venvs}/c7n/bin/custodian", "run", "-s", out, "-r", REGION]
    command += ["--cache", out / "cache.db", TOOLS / "c7n_policies.yml"]
    out.mkdir(exist_ok=True)
    run(command, arguments.work / "custodian.log", env)
    files = sorted(glob.glob(f"{out}/*/resources.json"))
    return join.custodian({Path(file).parent.name: json.loads(Path(file).read_text()) for file in files})


def versions(arguments):
    def of(environment_name, package):
        python = f"{arguments.venvs}/{environment_name}/bin/python"
        code = f"import importlib.metadata as m; print(m.version('{package}'))"
        return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    return {
        "Prowler": of("prowler", "prowler"),
        "Cloud Custodian": of("c7n", "c7n"),
        "moto": of("moto", "moto"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posture", default=ROOT / "target/debug/posture", type=Path)
    parser.add_argument("--venvs", default="target/venvs")
    parser.add_argument("--work", default=ROOT / "target/peers", type=Path)
    parser.add_argument("--scale", default=5, type=int, help="of seed_moto.py: 5 is about 500 resources")
    parser.add_argument("--port", default=5701, type=int)
    parser.add_argument("--write", action="store_true", help="writes docs/peers.md")
    parser.add_argument("--joined", action="store_true", help="joins again what an earlier run left in --work")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    rows = join.mappings(HERE / "map.csv")
    if arguments.joined:
        found = joined_before(arguments)
    else:
        server = serve(arguments)
        try:
            seed(arguments)
            env = environment(arguments.port)
            ours = posture(arguments, env, rows)
            found = (
                ours,
                {"prowler": prowler(arguments, env), "custodian": custodian(arguments, env)},
            )
        finally:
            server.kill()
            server.wait()
    pairs = [
        pair
        for mapping in rows
        for pair in join.join(mapping, found[0], found[1][mapping.peer])
    ]
    sys.exit(report(arguments, rows, pairs))


def joined_before(arguments):
    work = arguments.work
    files = sorted(glob.glob(f"{work}/custodian/*/resources.json"))
    return (
        join.Ours((work / "posture.jsonl").read_text().splitlines(), rules(arguments)),
        {
            "prowler": join.prowler(json.loads((work / "prowler.ocsf.json").read_text())),
            "custodian": join.custodian(
                {Path(file).parent.name: json.loads(Path(file).read_text()) for file in files}
            ),
        },
    )


def report(arguments, rows, pairs):
    """Says what differs and has no explanation; the exit code."""
    reasons = join.explanations(HERE / "explained.csv")
    used = set()
    unexplained = collections.defaultdict(list)
    for pair in pairs:
        if pair.agrees or not pair.is_compared:
            continue
        row = join.explained(pair, reasons)
        if row:
            used.add(tuple(row.values())[:5])
        else:
            unexplained[(pair.mapping.name, pair.mapping.check, pair.ours, pair.theirs)].append(pair)
    for (rule, check, our, their), differing in sorted(unexplained.items()):
        print(f"{rule} / {check}: ours {our}, theirs {their}, {len(differing)} times")
        for pair in differing[:2]:
            print(f"    {pair.resource}: {pair.why}")
    stale = [key for key in reasons if key not in used]
    for key in stale:
        print(f"nothing differs any more: {' '.join(key)}")
    if arguments.write:
        text = page.page(rows, pairs, reasons, versions(arguments), time.strftime("%Y-%m-%d"), arguments.scale)
        (ROOT / "docs/peers.md").write_text(text)
    compared = [pair for pair in pairs if pair.is_compared]
    agreed = sum(pair.agrees for pair in compared)
    print(f"{len(compared)} pairs compared, {agreed} agree")
    return int(bool(unexplained or stale))


if __name__ == "__main__":
    main()
