#!/usr/bin/env python3
"""Reading AWS: aws.py POSTURE [--scale 50] [--latency-ms 0] [--replay] [--runs 1] [--all-services]
    [--prowler VENVS] [-- SCAN ARGUMENTS]

One estate of ../shared/tools/seed_moto.py on its counting moto (processor 1); `posture scan --aws` with the six
packs (processor 0): first without a state, as far as their rules are about the types of the services that `run_peers.py` has
Prowler look at (`--all-services`: all of them), then into a new state, then again where nothing has changed.
With --prowler, Prowler as `run_peers.py` calls it goes first, on the same moto, and its CPU over Posture's is printed.
With --replay, what moto answered to a first scan is given again to a second one (`replay.py`), after the latency: how long
Posture takes where AWS's own time is all there is, and not moto's CPU.
Prints wall, CPU, memory, calls and moto's own CPU of each; calls by operation with --operations.
Needs moto and boto3 (set PYTHON to an interpreter that has them)."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True
from replay import Replay  # noqa: E402: nothing is written beside the scripts

TOOLS = pathlib.Path(__file__).resolve().parents[3] / "shared/tools"
PORT, REPLAY_PORT, REGION = 5701, 5702, "us-east-1"
PACKS = ("hipaa-security", "pci-dss-4.0", "nist-800-53-r5", "cis-aws-v1.4-level-1", "cis-aws-v1.4-level-2", "nist-csf")
# What AWS Config calls the services of `run_peers.py`: SERVICES there.
SERVICES = ("S3", "IAM", "EC2", "RDS", "Lambda", "DynamoDB", "KMS", "SNS", "SQS", "CloudTrail", "ElasticLoadBalancingV2",
            "ECR", "CloudWatch", "Logs", "SecretsManager", "EKS", "ECS", "")


def types(posture):
    rules = json.loads(subprocess.run([posture, "rules", "list", "--implemented", "--format", "json"],
                                      capture_output=True, check=True).stdout)
    known = {name for rule in rules for name in rule["resourceTypes"]}
    return sorted(name for name in known if name.split("::")[1] in SERVICES)


def bench(path, method="GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/__bench/{path}", method=method)
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


def measure(name, command, env, operations):
    before = bench("reset", "POST")
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(["taskset", "-c", "0", *command], env=env, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1, 3):
            err.seek(0)
            sys.exit(f"{command}: {process.returncode}\n{err.read().decode()[-2000:]}")
    after = bench("counts")
    print(f"{name:28} {wall:7.1f} s wall  {usage.ru_utime + usage.ru_stime:6.2f} s CPU "
          f"({usage.ru_stime:.2f} system)  {usage.ru_maxrss / 1024:6.1f} MB  "
          f"{sum(after['calls'].values()):6} calls  moto {after['cpu_s'] - before['cpu_s']:6.1f} s CPU", flush=True)
    if operations:
        for operation, calls in sorted(after["calls"].items(), key=lambda pair: -pair[1]):
            print(f"    {calls:6} {operation}")
    return usage.ru_utime + usage.ru_stime


def measure_prowler(venvs, folder):
    sys.path.insert(0, str(TOOLS))
    import run_peers

    command = [f"{venvs}/prowler/bin/prowler", "aws", "--region", REGION, "-s", *run_peers.SERVICES, "-e",
               *run_peers.PROWLER_EXCLUDE, "--ignore-exit-code-3", "--no-banner", "--no-color", "-M", "csv", "json-ocsf", "-o",
               str(folder), "-F", "out", "--log-level", "ERROR", "--log-file", str(folder / "prowler.log")]
    bench("reset", "POST")
    code, wall, user, system, memory = run_peers.run(command, run_peers.env_for(PORT), folder / "prowler.out", folder, 1800)
    calls = sum(bench("counts")["calls"].values())
    print(f"{f'Prowler ({code})':28} {wall:7.1f} s wall  {user + system:6.2f} s CPU ({system:.2f} system)  {memory / 1024:6.1f} MB  "
          f"{calls:6} calls", flush=True)
    return user + system


def measure_replayed(scan, env, latency):
    with Replay(REPLAY_PORT, PORT) as replay:
        env = env | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{REPLAY_PORT}"}
        measure("scan, replies kept", scan, env, False)
        os.sched_setaffinity(0, {1})
        replay.calls, replay.unknown, replay.latency = 0, 0, latency
        measure("scan, replies replayed", scan, env, False)
        print(f"    {replay.calls} calls, {replay.unknown} of them not made before", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posture")
    parser.add_argument("--scale", type=int, default=50)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--all-services", action="store_true")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--prowler", metavar="VENVS")
    instead.add_argument("--replay", action="store_true")
    parser.add_argument("--operations", action="store_true")
    parser.add_argument("--only", choices=["no-state", "state"])
    parser.add_argument("arguments", nargs="*", help="more arguments of the scan")
    options = parser.parse_args()
    python = os.environ.get("PYTHON", sys.executable)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="posture-bench-"))
    moto = subprocess.Popen(["taskset", "-c", "1", python, TOOLS / "moto_counted.py", "--port", str(PORT),
                             "--latency-ms", str(0 if options.replay else options.latency_ms)], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    try:
        for _ in range(240):
            try:
                bench("counts")
                break
            except OSError:
                time.sleep(0.5)
        seeded = json.loads(subprocess.run(
            [python, TOOLS / "seed_moto.py", "--endpoint", f"http://127.0.0.1:{PORT}", "--scale", str(options.scale),
             "--region", REGION], capture_output=True, text=True, check=True).stdout)
        print(f"{seeded['resources']} resources, {options.latency_ms:g} ms a call", flush=True)
        env = {"PATH": os.environ["PATH"], "HOME": str(folder), "AWS_ENDPOINT_URL": f"http://127.0.0.1:{PORT}",
               "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
               "AWS_EC2_METADATA_DISABLED": "true"}
        scan = [options.posture, "scan", "--aws", "--region", REGION, "--quiet", "--output", str(folder / "out")]
        for pack in PACKS:
            scan += ["--pack", pack]
        scan += options.arguments
        # Only without a state: a narrowed scan keeps no verdicts.
        narrowed = [] if options.all_services else [f"--type={name}" for name in types(options.posture)]
        if options.replay:
            return measure_replayed([*scan, *narrowed, "--no-state"], env, options.latency_ms / 1000)
        prowler = measure_prowler(options.prowler, folder) if options.prowler else None
        for number in range(options.runs):
            if options.only != "state":
                cpu = measure("scan, no state", [*scan, *narrowed, "--no-state"], env, options.operations)
                if prowler:
                    print(f"    1/{prowler / cpu:.0f} of Prowler's CPU", flush=True)
            if options.only != "no-state":
                state = ["--state", str(folder / f"state-{number}")]
                measure("scan into a new state", [*scan, *state], env, False)
                measure("again, nothing changed", [*scan, *state], env, options.operations)
    finally:
        moto.kill()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
