"""What there is in the account: two frameworks, three assessments, evidence by control and day."""

import uuid
from datetime import datetime, timedelta, timezone

ACCOUNT = "111122223333"
OWNER = f"arn:aws:iam::{ACCOUNT}:role/Compliance"
START = datetime(2026, 1, 5, 3, 0, tzinfo=timezone.utc)
DAYS = 3
PIECES = 3


def uid(*parts):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


def arn(kind, identity):
    return f"arn:aws:auditmanager:us-east-1:{ACCOUNT}:{kind}/{identity}"


def control(name, *sources, kind="Custom"):
    identity = uid("control", name)
    return {
        "arn": arn("control", identity), "id": identity, "type": kind, "name": name,
        "description": f"What {name} asks.", "testingInformation": "-",
        "controlSources": ", ".join(sorted({source for source, _ in sources})) or "MANUAL",
        "controlMappingSources": [{
            "sourceId": uid("source", name, word or "m"), "sourceName": f"source of {source}",
            "sourceSetUpOption": "Procedural_Controls_Mapping" if source == "MANUAL" else "System_Controls_Mapping",
            "sourceType": source,
            **({"sourceKeyword": {"keywordInputType": "SELECT_FROM_LIST", "keywordValue": word}} if word else {}),
        } for source, word in sources or [("MANUAL", None)]],
        "createdAt": START, "lastUpdatedAt": START, "createdBy": "Ann", "lastUpdatedBy": "Ann", "tags": {},
    }


BUCKETS = control("AC-1 Buckets are private", ("AWS_Config", "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"),
                  ("AWS_Security_Hub", "S3.8"))
KEYS = control("AC-2 Keys are rotated", ("AWS_Config", "ACCESS_KEYS_ROTATED"), ("AWS_Cloudtrail", "iam_CreateAccessKey"),
               ("AWS_API_Call", "iam_ListAccessKeys"))
SCREENING = control("=cmd|Screening <b>")
ALONE = control("AC-9 In no framework", ("AWS_Config", "IAM_PASSWORD_POLICY"))
FOREIGN = control("1.1 AWS wrote this", ("AWS_Config", "IAM_PASSWORD_POLICY"), kind="Standard")


def framework(name, kind, sets):
    identity = uid("framework", name)
    return {
        "arn": arn("assessmentFramework", identity), "id": identity, "name": name, "type": kind,
        "complianceType": "Ours", "description": name, "controlSources": "AWS Config",
        "controlSets": [{"id": uid("set", name, title), "name": title, "controls": controls} for title, controls in sets],
        "createdAt": START, "lastUpdatedAt": START, "createdBy": "Ann", "lastUpdatedBy": "Ann", "tags": {},
    }


FRAMEWORKS = [
    # A control stands in both of its sets.
    framework("Our controls", "Custom", [("Access / data", [BUCKETS, KEYS]), ("People", [KEYS, SCREENING])]),
    framework("AWS sample", "Standard", [("All", [FOREIGN])]),
]


def assessment(name, of, status, answered):
    identity = uid("assessment", name)
    end = START + timedelta(days=DAYS)
    role = {"roleType": "PROCESS_OWNER", "roleArn": OWNER}
    delegation = {
        "id": uid("delegation", name), "assessmentName": name, "assessmentId": identity, "status": "COMPLETE",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/Reviewer", "roleType": "RESOURCE_OWNER", "creationTime": START,
        "lastUpdated": end, "controlSetId": of["controlSets"][0]["name"], "comment": "by Friday", "createdBy": "Ann",
    }
    sets = [{
        "id": one["name"], "description": one["name"], "status": "REVIEWED" if answered else "ACTIVE", "roles": [role],
        "controls": [{
            "id": each["id"], "name": each["name"], "description": each["description"],
            "status": "REVIEWED" if answered and each is BUCKETS else "UNDER_REVIEW", "response": "MANUAL",
            "comments": [{"authorName": "Ann Owner", "commentBody": "=1+1 <script>", "postedDate": START}]
            if each is BUCKETS else [],
            "evidenceSources": ["AWS Config"], "evidenceCount": DAYS * PIECES, "assessmentReportEvidenceCount": 0,
        } for each in one["controls"]],
        "delegations": [], "systemEvidenceCount": 0, "manualEvidenceCount": 0,
    } for one in of["controlSets"]]
    return {
        "arn": arn("assessment", identity), "awsAccount": {"id": ACCOUNT, "emailAddress": "a@b", "name": "prod"},
        "metadata": {
            "name": name, "id": identity, "description": name, "complianceType": "Ours", "status": status,
            "scope": {"awsAccounts": [{"id": ACCOUNT}]}, "roles": [role], "delegations": [delegation],
            "creationTime": START, "lastUpdated": end,
        },
        "framework": {"id": of["id"], "arn": of["arn"], "metadata": {"name": of["name"], "complianceType": "Ours"},
                      "controlSets": sets},
        "tags": {},
    }


ASSESSMENTS = [
    assessment("Q1 / production", FRAMEWORKS[0], "ACTIVE", True),
    assessment("Last year", FRAMEWORKS[0], "INACTIVE", False),
    assessment("AWS sample", FRAMEWORKS[1], "INACTIVE", False),
]


def folders(of, state):
    made = []
    for one in of["framework"]["controlSets"]:
        for each in one["controls"]:
            for number in range(DAYS):
                is_newest = of is ASSESSMENTS[0] and one is of["framework"]["controlSets"][-1] and number == DAYS - 1
                at = START + timedelta(days=number)
                made.append({
                    "name": at.date().isoformat(), "date": at, "assessmentId": of["metadata"]["id"],
                    "controlSetId": one["id"], "controlId": each["id"], "controlName": each["name"],
                    "id": uid("folder", of["metadata"]["id"], one["id"], each["id"], str(number)),
                    "dataSource": "AWS Config", "author": "AWS",
                    "totalEvidence": PIECES + (state.get("more", 0) if is_newest else 0),
                    "assessmentReportSelectionCount": 0,
                })
    return made


def evidence(folder):
    pieces = []
    for number in range(folder["totalEvidence"]):
        kind = ["Compliance check", "User activity", "Configuration data"][number % 3]
        identity = uid("evidence", folder["id"], str(number))
        judged = {"complianceCheck": ["Non-compliant", "PASS"][number // 3 % 2]} if number % 3 == 0 else {}
        pieces.append({
            "id": identity, "evidenceFolderId": folder["id"], "dataSource": "AWS Config",
            "evidenceAwsAccountId": ACCOUNT, "awsAccountId": ACCOUNT,
            "time": folder["date"] + timedelta(minutes=number), "eventSource": "s3.amazonaws.com",
            "eventName": ["S3_BUCKET", "<script>", "=ListKeys"][number % 3], "evidenceByType": kind,
            "resourcesIncluded": [{"arn": f"arn:aws:s3:::bucket_{number}", **judged}],
            "attributes": {"versioning": "false"}, "iamId": f"arn:aws:iam::{ACCOUNT}:user/secret-person",
            "assessmentReportSelection": "No", **judged,
        })
    return pieces


def short(of, *names):
    return {name: of[name] for name in names if name in of}


def answer(operation, given, state):
    if operation == "ListAssessmentFrameworks":
        kept = [one for one in FRAMEWORKS if one["type"] == given["frameworkType"]]
        return {"frameworkMetadataList": [short(one, "arn", "id", "type", "name", "createdAt") for one in kept]}
    if operation == "GetAssessmentFramework":
        return next(({"framework": one} for one in FRAMEWORKS if one["id"] == given["frameworkId"]), None)
    if operation == "ListControls":
        kept = [one for one in [BUCKETS, KEYS, SCREENING, ALONE] if one["type"] == given["controlType"]]
        return {"controlMetadataList": [short(one, "arn", "id", "name") for one in kept]}
    if operation == "GetControl":
        kept = [BUCKETS, KEYS, SCREENING, ALONE]
        return next(({"control": one} for one in kept if one["id"] == given["controlId"]), None)
    if operation == "ListAssessments":
        return {"assessmentMetadata": [short(one["metadata"], "name", "id", "status") for one in ASSESSMENTS]}
    if operation == "ListAssessmentReports":
        of = ASSESSMENTS[0]["metadata"]
        return {"assessmentReports": [{"id": uid("report"), "name": "first", "assessmentId": of["id"], "author": "Ann",
                                       "assessmentName": of["name"], "status": "COMPLETE", "creationTime": START}]}
    of = next((one for one in ASSESSMENTS if one["metadata"]["id"] == given["assessmentId"]), None)
    if of is None:
        return None
    if operation == "GetAssessment":
        return {"assessment": of, "userRole": of["metadata"]["roles"][0]}
    if operation == "GetChangeLogs":
        return {"changeLogs": [{"objectType": "ASSESSMENT", "objectName": of["metadata"]["name"], "action": action,
                                "createdAt": START, "createdBy": OWNER} for action in ["CREATE", "ACTIVE", "REVIEWED"]]}
    made = folders(of, state)
    if operation == "GetEvidenceFoldersByAssessment":
        return {"evidenceFolders": made}
    if operation == "GetEvidenceByEvidenceFolder":
        wanted = (given["evidenceFolderId"], given["controlSetId"])
        found = next((one for one in made if (one["id"], one["controlSetId"]) == wanted), None)
        return {"evidence": evidence(found)} if found else None
    return None
