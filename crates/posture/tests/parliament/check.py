"""What parliament finds: check.py FILE...: a line a finding, `FILE ISSUE DETAIL`.

A file holds IAM policies as JSON, one after another, or is a CloudFormation template.
"""

import json
import sys
import warnings

import yaml

warnings.simplefilter("ignore")  # of pkg_resources
from parliament import analyze_policy_string  # noqa: E402

# What a template's function stands for, by what policies put there.
ROLE = "arn:aws:iam::123456789012:role/PostureRecorder"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:Posture"
VALUES = {
    "Queue.Arn": QUEUE,
    "Calls.Arn": "arn:aws:events:us-east-1:123456789012:rule/Calls",
    "Changes.Arn": "arn:aws:events:us-east-1:123456789012:rule/Changes",
    "Findings.Arn": "arn:aws:events:us-east-1:123456789012:rule/Findings",
    "arn:${AWS::Partition}:iam::${TrustedAccountId}:root": "arn:aws:iam::123456789012:root",
}


class Template(yaml.SafeLoader):
    pass


def called(loader, suffix, node):
    if suffix == "If":
        return loader.construct_sequence(node, deep=True)[1]
    if isinstance(node, yaml.ScalarNode):
        return VALUES.get(node.value, node.value)
    return None


Template.add_multi_constructor("!", called)


def policies(value):
    """Every policy of a template."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("PolicyDocument") and isinstance(inner, dict):
                if name == "AssumeRolePolicyDocument":
                    # A role's trust policy has no resource: it is the role. parliament asks for one.
                    for statement in inner["Statement"]:
                        statement["Resource"] = ROLE
                yield inner
            else:
                yield from policies(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from policies(inner)


def documents(text):
    decoder = json.JSONDecoder()
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        yield document
        text = text[end:]


for path in sys.argv[1:]:
    with open(path) as file:
        text = file.read()
    is_template = path.endswith(".yaml")
    found = list(policies(yaml.load(text, Template)) if is_template else documents(text))
    print(f"{path} holds {len(found)}")
    for policy in found:
        result = analyze_policy_string(json.dumps(policy), ignore_private_auditors=True)
        for finding in result.findings:
            print(f"{path} {finding.issue} {finding.detail or finding.location}")
