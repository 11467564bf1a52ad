"""Audit Manager as its service model in botocore describes it: server.py PORT FILE

Every input and every answer is held against the model: members, types, lengths, patterns, words. What
there is comes from world.py's rules, and FILE (JSON) says what a test changes about it:

  denied     operations, or `operation id`, that are denied
  throttled  how often an operation, or `operation id`, is throttled first
  gone       ids that are not found
  more       how many pieces of evidence the newest folder has in addition
  slow       seconds before each answer
  log        a file that gets a line a call
"""

import base64
import json
import pathlib
import re
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.append(str(pathlib.Path(__file__).parent.parent / "shared"))

import world
from botocore.loaders import Loader
from botocore.model import ServiceModel
from held import check, wire

MODEL = ServiceModel(Loader().load_service_model("auditmanager", "service-2"))
PAGE = 2
FILE = sys.argv[2]


class Fault(Exception):
    def __init__(self, status, code, message):
        self.status, self.code, self.message = status, code, message


def route(method, path):
    for name in MODEL.operation_names:
        operation = MODEL.operation_model(name)
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.http["requestUri"]))
        found = re.fullmatch(pattern, path)
        if operation.http["method"] == method and found:
            return operation, {name: urllib.parse.unquote(text) for name, text in found.groupdict().items()}
    raise Fault(404, "UnknownOperationException", path)


def page(items, token):
    first = int(base64.b64decode(token)) if token else 0
    last = first + PAGE
    return items[first:last], base64.b64encode(str(last).encode()).decode() if last < len(items) else None


def answer(method, url, state):
    address = urllib.parse.urlsplit(url)
    operation, given = route(method, address.path)
    for name, text in urllib.parse.parse_qsl(address.query):
        shape = operation.input_shape.members[name]
        given[name] = int(text) if shape.type_name == "integer" else text
    try:
        check(operation.input_shape, given, operation.name)
    except ValueError as problem:
        raise Fault(400, "ValidationException", str(problem)) from None
    keys = [operation.name] + [f"{operation.name} {text}" for text in given.values()]
    if any(key in state.get("denied", []) for key in keys):
        raise Fault(403, "AccessDeniedException", f"not authorized to perform: auditmanager:{operation.name}")
    for key, times in state.get("throttled", {}).items():
        if key in keys and THROTTLED.get(key, 0) < times:
            THROTTLED[key] = THROTTLED.get(key, 0) + 1
            raise Fault(429, "ThrottlingException", "Rate exceeded")
    if any(text in state.get("gone", []) for text in given.values()):
        raise Fault(404, "ResourceNotFoundException", "not found")
    there = world.answer(operation.name, given, state)
    if there is None:
        raise Fault(404, "ResourceNotFoundException", "not found")
    lists = [name for name, member in operation.output_shape.members.items() if member.type_name == "list"]
    if "nextToken" in operation.output_shape.members:
        there[lists[0]], token = page(there[lists[0]], given.get("nextToken"))
        there |= {"nextToken": token} if token else {}
    check(operation.output_shape, there, operation.name)
    return operation.name, wire(there)


THROTTLED = {}
CALLER = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/importer</Arn><UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def give(self, status, kind, text, code=None):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if code:
            self.send_header("x-amzn-ErrorType", code)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/":
            return self.give(200, "text/xml", CALLER)
        with open(json.load(open(FILE))["log"], "a") as log:
            log.write(f"POST {self.path}\n")
        self.give(403, "application/json", "{}", "AccessDeniedException")

    do_PUT = do_DELETE = do_POST

    def do_GET(self):
        state = json.load(open(FILE))
        time.sleep(state.get("slow", 0))
        try:
            name, there = answer("GET", self.path, state)
            said = name
            self.give(200, "application/json", json.dumps(there))
        except Fault as fault:
            said = f"{fault.code} {fault.message}"
            self.give(fault.status, "application/json", json.dumps({"message": fault.message}), fault.code)
        except ValueError as problem:
            said = f"BROKEN {problem}"
            self.give(500, "application/json", json.dumps({"message": said}), "InternalServerException")
        with open(state["log"], "a") as log:
            log.write(f"{said} {self.path}\n")


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Server).serve_forever()
