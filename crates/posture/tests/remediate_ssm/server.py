"""Systems Manager's Automation as its service model in botocore describes it: server.py PORT MOTO LOG

Every input and every answer is held against the model. An execution goes on for two looks; then its document's
`aws:executeAwsApi` steps are carried out with boto3 on the moto server at MOTO. One client token is one execution,
whatever it is asked for how often. LOG gets a line a call: the operation and its input as JSON.
"""

import json
import pathlib
import re
import sys
import uuid
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.append(str(pathlib.Path(__file__).parent.parent / "shared"))

import boto3
import yaml
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel
from held import check, wire

MODEL = ServiceModel(Loader().load_service_model("ssm", "service-2"))
PORT, MOTO, LOG = int(sys.argv[1]), sys.argv[2], sys.argv[3]
ACCOUNT = "123456789012"

# AWS's own text is not ours: other words, the same parameters.
AMAZONS = """
schemaVersion: "0.3"
description: The text of another.
parameters:
  BucketName: {type: String}
  SSEAlgorithm: {type: String, default: AES256}
  AutomationAssumeRole: {type: String, default: ""}
mainSteps:
  - name: PutBucketEncryption
    action: aws:executeAwsApi
    inputs:
      Service: s3
      Api: PutBucketEncryption
      Bucket: "{{ BucketName }}"
      ServerSideEncryptionConfiguration:
        Rules: [{ApplyServerSideEncryptionByDefault: {SSEAlgorithm: "{{SSEAlgorithm}}"}}]
"""
DOCUMENTS = {"AWS-EnableS3BucketEncryption": ("Amazon", AMAZONS)}
EXECUTIONS = {}


class Fault(Exception):
    pass


def put_in(value, given):
    if isinstance(value, dict):
        return {name: put_in(member, given) for name, member in value.items()}
    if isinstance(value, list):
        return [put_in(member, given) for member in value]
    if not isinstance(value, str):
        return value
    whole = re.fullmatch(r"\{\{\s*(\w+)\s*\}\}", value)
    if whole:
        return given[whole[1]]
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: str(given[found[1]]), value)


def carry_out(execution):
    document, given = execution["document"], {}
    for name, parameter in document["parameters"].items():
        values = execution["parameters"].get(name)
        value = values[0] if values else parameter.get("default")
        given[name] = int(value) if parameter["type"] == "Integer" else value
    steps = []
    for step in document["mainSteps"]:
        inputs = dict(step["inputs"])
        service, api = inputs.pop("Service"), inputs.pop("Api")
        told = {"StepName": step["name"], "Action": step["action"], "StepExecutionId": str(uuid.uuid4())}
        try:
            client = boto3.client(service, endpoint_url=MOTO)
            getattr(client, xform_name(api))(**put_in(inputs, given))
            steps.append(told | {"StepStatus": "Success", "Outputs": {"OutputPayload": ["{}"]}})
        except Exception as failure:  # whatever it is: the step failed
            steps.append(told | {"StepStatus": "Failed", "FailureMessage": str(failure)})
            execution["message"] = str(failure)
            return steps, "Failed"
    return steps, "Success"


def answer(operation, given):
    if operation in ("DescribeDocument", "GetDocument"):
        if given["Name"] not in DOCUMENTS:
            raise Fault("InvalidDocument")
        owner, text = DOCUMENTS[given["Name"]]
        # As JSON, which is the default format.
        if operation == "GetDocument":
            content = json.dumps(yaml.safe_load(text))
            return {"Name": given["Name"], "Content": content, "DocumentFormat": "JSON", "DocumentVersion": "1"}
        parameters = yaml.safe_load(text)["parameters"]
        return {"Document": {"Name": given["Name"], "Owner": owner, "Status": "Active", "DocumentVersion": "1",
                             "Parameters": [{"Name": name} for name in parameters]}}
    if operation == "CreateDocument":
        if given["Name"].lower().startswith(("aws", "amazon", "amzn")) or given["DocumentType"] != "Automation":
            raise Fault("ValidationException")
        if given["Name"] in DOCUMENTS:
            raise Fault("DocumentAlreadyExists")
        DOCUMENTS[given["Name"]] = (ACCOUNT, given["Content"])
        return {"DocumentDescription": {"Name": given["Name"], "Status": "Active"}}
    if operation == "StartAutomationExecution":
        if given["DocumentName"] not in DOCUMENTS:
            raise Fault("AutomationDefinitionNotFoundException")
        token = given["ClientToken"]
        known = EXECUTIONS.get(token)
        if known and known["parameters"] != given["Parameters"]:
            raise Fault("IdempotentParameterMismatch")
        if not known:
            document = yaml.safe_load(DOCUMENTS[given["DocumentName"]][1])
            if set(given["Parameters"]) - set(document["parameters"]):
                raise Fault("InvalidAutomationExecutionParametersException")
            EXECUTIONS[token] = {"id": str(uuid.uuid4()), "document": document, "name": given["DocumentName"],
                                 "parameters": given["Parameters"], "looks": 0, "steps": [], "status": "InProgress"}
        return {"AutomationExecutionId": EXECUTIONS[token]["id"]}
    if operation == "GetAutomationExecution":
        found = [one for one in EXECUTIONS.values() if one["id"] == given["AutomationExecutionId"]]
        if not found:
            raise Fault("AutomationExecutionNotFoundException")
        one = found[0]
        one["looks"] += 1
        if one["looks"] == 3:
            one["steps"], one["status"] = carry_out(one)
        told = {"AutomationExecutionId": one["id"], "DocumentName": one["name"], "DocumentVersion": "1",
                "AutomationExecutionStatus": one["status"], "StepExecutions": one["steps"],
                "StepExecutionsTruncated": False, "ExecutionStartTime": datetime.now(timezone.utc)}
        return {"AutomationExecution": told | ({"FailureMessage": one["message"]} if "message" in one else {})}
    raise Fault(f"Unknown{operation}")


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def give(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = self.headers["X-Amz-Target"].removeprefix("AmazonSSM.")
        with open(LOG, "a") as log:
            log.write(json.dumps([name, given]) + "\n")
        operation = MODEL.operation_model(name)
        try:
            check(operation.input_shape, given, name)
            there = answer(name, given)
            check(operation.output_shape, there, name)
            self.give(200, wire(there))
        except Fault as fault:
            self.give(400, {"__type": str(fault), "message": str(fault)})
        except ValueError as problem:
            self.give(400, {"__type": "ValidationException", "message": str(problem)})


ThreadingHTTPServer(("127.0.0.1", PORT), Server).serve_forever()
