"""Joins Posture's verdicts with a peer's, resource by resource. Pure: files in, rows out.

A verdict is PASS, FAIL or `-`: the tool has none, since it couldn't tell, since the resource is
outside the check, or since it doesn't know the resource.
"""

import collections
import csv
import dataclasses
import json

NONE = "-"
OURS = {"COMPLIANT": "PASS", "NON_COMPLIANT": "FAIL"}


@dataclasses.dataclass(frozen=True)
class Mapping:
    """A rule of ours, with parameters, and what a peer has of the same meaning."""

    rule: str
    parameters: tuple
    peer: str
    check: str
    # What the check looks at, where the rule looks at more types.
    resource_type: str = ""

    @property
    def name(self):
        """The rule's name in the pack: parameters make another rule of it."""
        if not self.parameters:
            return self.rule
        return self.rule + ":" + ",".join(f"{key}={value}" for key, value in self.parameters)


@dataclasses.dataclass(frozen=True)
class Pair:
    """What both say of one resource."""

    mapping: Mapping
    resource: str
    ours: str
    theirs: str
    why: str

    @property
    def is_compared(self):
        return NONE not in (self.ours, self.theirs)

    @property
    def agrees(self):
        return self.ours == self.theirs


def mappings(path):
    """The rows of map.csv."""
    with open(path, newline="") as file:
        return [
            Mapping(
                row["rule"],
                tuple(tuple(pair.split("=", 1)) for pair in row["parameters"].split(";") if pair),
                row["peer"],
                row["check"],
                row["type"],
            )
            for row in csv.DictReader(file)
        ]


def pack(rows, catalogue):
    """A conformance pack of every rule of the mapping; `catalogue`: `posture rules list --format json`."""
    identifiers = {
        rule["ruleName"]: rule["sourceIdentifier"] for rule in catalogue if rule["implemented"]
    }
    names = sorted({(row.name, row.rule, row.parameters) for row in rows})
    resources = {}
    for number, (name, rule, parameters) in enumerate(names):
        properties = {
            "ConfigRuleName": name,
            "Source": {"Owner": "AWS", "SourceIdentifier": identifiers[rule]},
        }
        if parameters:
            properties["InputParameters"] = dict(parameters)
        resources[f"Rule{number:03}"] = {
            "Type": "AWS::Config::ConfigRule",
            "Properties": properties,
        }
    return {"Resources": resources}


class Ours:
    """Of `posture scan --format jsonl`: its rows by rule."""

    def __init__(self, lines, catalogue):
        self.rows = collections.defaultdict(list)
        for row in map(json.loads, lines):
            self.rows[row["ruleName"]].append(row)
        self.defaults = {
            rule["ruleName"]: {p["name"]: p["default"] for p in rule["parameters"] if p["default"]}
            for rule in catalogue
        }

    def of(self, mapping):
        """The rows of the rule with exactly the mapping's parameters; the others at their defaults."""
        defaults = self.defaults[mapping.rule]
        wanted = defaults | dict(mapping.parameters)
        return [
            row
            for row in self.rows[mapping.rule]
            if same(defaults | row["parameters"], wanted)
            and mapping.resource_type in ("", row["resourceType"])
        ]


def same(one, other):
    def folded(parameters):
        return {name: str(value).lower() for name, value in parameters.items()}

    return folded(one) == folded(other)


def prowler(findings):
    """Of `prowler -M json-ocsf`: by check, pairs of names and verdict.

    Of several findings on one resource one failure is enough.
    """
    worst = collections.defaultdict(dict)
    for finding in findings:
        check = finding["metadata"]["event_code"]
        verdict = {"PASS": "PASS", "FAIL": "FAIL"}.get(finding["status_code"], NONE)
        resource = finding["resources"][0]
        key = (resource["uid"], resource["name"])
        known = worst[check].get(key, NONE)
        worst[check][key] = "FAIL" if "FAIL" in (known, verdict) else max(known, verdict)
    return {
        check: [(set().union(*map(names, key)), verdict) for key, verdict in found.items()]
        for check, found in worst.items()
    }


def custodian(matches):
    """Of a policy's `resources.json`, by policy: what it selects fails."""
    keys = (
        "Arn", "TopicArn", "repositoryArn", "LoadBalancerArn", "TableArn", "KeyArn", "TrailARN",
        "FunctionArn", "DBInstanceArn", "ARN", "InstanceId", "VolumeId", "GroupId", "VpcId",
        "arn", "Name", "logGroupName",
    )
    return {
        policy: [
            (set().union(*(names(row[key]) for key in keys if row.get(key))), "FAIL")
            for row in rows
        ]
        for policy, rows in matches.items()
    }


def names(text):
    """What a resource may be called: the whole, and the last part of an ARN."""
    text = text.removesuffix(":*")
    found = {text}
    if text.startswith("arn:"):
        rest = text.split(":", 5)[-1]
        # type/name, type:name, or the name alone; a name may hold either sign.
        kind = min(rest.find("/") % (len(rest) + 1), rest.find(":") % (len(rest) + 1))
        found |= {rest, rest[kind + 1 :], rest.rsplit("/", 1)[-1]}
    return found - {""}


def join(mapping, ours, theirs):
    """Every resource that either knows, once.

    `theirs`: by check, pairs of names and verdict. Prowler's checks joined by `+` are one: a failure
    of any is a failure. Of Custodian only failures are known: what it doesn't select passes, unless
    the policy did not run.
    """
    found = [pair for check in mapping.check.split("+") for pair in theirs.get(check, [])]
    pairs, used = [], set()
    for row in sorted(ours.of(mapping), key=lambda row: (row["resourceId"], row["awsRegion"])):
        keys = names(row["resourceId"]) | names(row.get("arn") or "") | names(row.get("resourceName") or "")
        whole = row["resourceType"] == "AWS::::Account"
        hits = [at for at, (their_names, _) in enumerate(found) if whole or their_names & keys]
        used.update(hits)
        verdicts = {found[at][1] for at in hits}
        if mapping.peer == "custodian" and mapping.check in theirs:
            their = "FAIL" if hits else "PASS"
        else:
            their = next((v for v in ("FAIL", "PASS") if v in verdicts), NONE)
        our = OURS.get(row["complianceType"], NONE)
        pairs.append(Pair(mapping, row["resourceId"], our, their, row["annotation"] or ""))
    for at, (their_names, verdict) in enumerate(found):
        if at not in used:
            pairs.append(Pair(mapping, min(their_names, key=len), NONE, verdict, "not ours"))
    return pairs


def explanations(path):
    """The rows of explained.csv: by peer, check and verdicts, why they differ and the page."""
    with open(path, newline="") as file:
        return {
            (row["rule"], row["peer"], row["check"], row["ours"], row["theirs"]): row
            for row in csv.DictReader(file)
        }


def explained(pair, reasons):
    mapping = pair.mapping
    key = (mapping.rule, mapping.peer, mapping.check, pair.ours, pair.theirs)
    return reasons.get(key)
