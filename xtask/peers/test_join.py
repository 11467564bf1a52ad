"""The join and the page on a few rows. Run by crates/posture/tests/peers.rs."""

import csv
import json
import unittest
from pathlib import Path

import join
import page

HERE = Path(__file__).resolve().parent
CATALOGUE = [
    {
        "ruleName": "bucket-is-good",
        "sourceIdentifier": "BUCKET_IS_GOOD",
        "implemented": True,
        "parameters": [{"name": "days", "default": "90"}, {"name": "keys", "default": None}],
    },
    {
        "ruleName": "account-is-good",
        "sourceIdentifier": "ACCOUNT_IS_GOOD",
        "implemented": True,
        "parameters": [],
    },
]


def mapping(rule="bucket-is-good", peer="prowler", check="bucket_good", parameters=(), kind=""):
    return join.Mapping(rule, tuple(parameters), peer, check, kind)


def row(name, verdict, rule="bucket-is-good", parameters=None, kind="AWS::S3::Bucket", arn=None):
    return json.dumps(
        {
            "ruleName": rule,
            "parameters": parameters if parameters is not None else {"days": "90"},
            "resourceType": kind,
            "resourceId": name,
            "resourceName": name,
            "arn": arn or f"arn:aws:s3:::{name}",
            "awsRegion": "us-east-1",
            "complianceType": verdict,
            "annotation": "why",
        }
    )


def finding(check, uid, status, name=""):
    return {
        "metadata": {"event_code": check},
        "status_code": status,
        "resources": [{"uid": uid, "name": name}],
    }


def verdicts(pairs):
    return {pair.resource: (pair.ours, pair.theirs) for pair in pairs}


class Join(unittest.TestCase):
    def ours(self, *rows):
        return join.Ours(rows, CATALOGUE)

    def test_a_resource_is_called_by_the_whole_and_by_what_follows_its_type(self):
        for text, called, other in [
            ("arn:aws:ecs:us-east-1:1:task-definition/web:1", "web:1", "1"),
            ("arn:aws:lambda:us-east-1:1:function:fn", "fn", "function"),
            ("arn:aws:logs:us-east-1:1:log-group:/app/a:*", "/app/a", "app"),
            ("arn:aws:s3:::bucket", "bucket", ""),
            ("arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/5", "app/web/5", "app"),
        ]:
            self.assertIn(called, join.names(text))
            self.assertNotIn(other, join.names(text))

    def test_every_resource_that_either_knows_is_a_pair(self):
        ours = self.ours(
            row("agreed", "COMPLIANT"),
            row("differs", "NON_COMPLIANT"),
            row("unread", "INSUFFICIENT_DATA"),
            row("mine", "COMPLIANT"),
        )
        theirs = join.prowler(
            [
                finding("bucket_good", "arn:aws:s3:::agreed", "PASS"),
                finding("bucket_good", "arn:aws:s3:::differs", "PASS"),
                finding("bucket_good", "arn:aws:s3:::unread", "PASS"),
                finding("bucket_good", "arn:aws:s3:::yours", "FAIL"),
                finding("another", "arn:aws:s3:::mine", "FAIL"),
            ]
        )
        pairs = join.join(mapping(), ours, theirs)
        self.assertEqual(
            verdicts(pairs),
            {
                "agreed": ("PASS", "PASS"),
                "differs": ("FAIL", "PASS"),
                "unread": ("-", "PASS"),
                "mine": ("PASS", "-"),
                "yours": ("-", "FAIL"),
            },
        )
        self.assertEqual([p.resource for p in pairs if p.is_compared and not p.agrees], ["differs"])

    def test_one_failure_of_several_findings_or_checks_is_a_failure(self):
        ours = self.ours(row("b", "NON_COMPLIANT"))
        theirs = join.prowler(
            [
                finding("one", "arn:aws:s3:::b", "PASS"),
                finding("two", "arn:aws:s3:::b", "FAIL"),
                finding("two", "arn:aws:s3:::b", "PASS"),
                finding("two", "arn:aws:s3:::b", "MANUAL"),
            ]
        )
        pairs = join.join(mapping(check="one+two"), ours, theirs)
        self.assertEqual(verdicts(pairs), {"b": ("FAIL", "FAIL")})
        self.assertEqual(join.prowler([finding("m", "x", "MANUAL")])["m"][0][1], "-")

    def test_parameters_choose_the_rows_and_defaults_count(self):
        ours = self.ours(
            row("b", "COMPLIANT"), row("b", "NON_COMPLIANT", parameters={"days": "7"})
        )
        theirs = join.prowler([finding("bucket_good", "arn:aws:s3:::b", "PASS")])
        default = join.join(mapping(), ours, theirs)
        self.assertEqual(verdicts(default), {"b": ("PASS", "PASS")})
        strict = join.join(mapping(parameters=[("days", "7")]), ours, theirs)
        self.assertEqual(verdicts(strict), {"b": ("FAIL", "PASS")})

    def test_an_account_is_every_finding(self):
        ours = self.ours(
            row("1", "NON_COMPLIANT", "account-is-good", {}, "AWS::::Account", "arn:aws:iam::1:root")
        )
        theirs = join.prowler(
            [finding("account_good", "a", "PASS"), finding("account_good", "b", "FAIL")]
        )
        pairs = join.join(mapping("account-is-good", check="account_good"), ours, theirs)
        self.assertEqual(verdicts(pairs), {"1": ("FAIL", "FAIL")})

    def test_what_custodian_does_not_select_passes(self):
        ours = self.ours(
            row("selected", "NON_COMPLIANT"),
            row("other", "COMPLIANT"),
            row("elsewhere", "COMPLIANT", kind="AWS::EC2::VPC"),
        )
        theirs = join.custodian({"bad-buckets": [{"Name": "selected"}]})
        of = mapping(peer="custodian", check="bad-buckets", kind="AWS::S3::Bucket")
        pairs = join.join(of, ours, theirs)
        self.assertEqual(
            verdicts(pairs), {"selected": ("FAIL", "FAIL"), "other": ("PASS", "PASS")}
        )
        nothing = join.join(of, ours, join.custodian({"bad-buckets": []}))
        self.assertEqual(verdicts(nothing)["selected"], ("FAIL", "PASS"))

    def test_a_policy_that_did_not_run_passes_nothing(self):
        ours = self.ours(row("b", "COMPLIANT"))
        of = mapping(peer="custodian", check="bad-buckets")
        self.assertEqual(verdicts(join.join(of, ours, {})), {"b": ("PASS", "-")})

    def test_the_pack_has_each_rule_once_with_its_parameters(self):
        rows = [mapping(), mapping(check="x"), mapping(parameters=[("days", "7")])]
        resources = join.pack(rows, CATALOGUE)["Resources"]
        self.assertEqual(len(resources), 2)
        inputs = [r["Properties"].get("InputParameters") for r in resources.values()]
        self.assertIn({"days": "7"}, inputs)

    def test_the_page_counts_pairs_and_names_what_decides(self):
        one = mapping()
        pairs = [
            join.Pair(one, "a", "PASS", "PASS", ""),
            join.Pair(one, "b", "FAIL", "PASS", ""),
            join.Pair(one, "c", "-", "PASS", ""),
        ]
        key = ("bucket-is-good", "prowler", "bucket_good", "FAIL", "PASS")
        reasons = {key: {"reason": "because", "page": "https://example.com/page"}}
        text = page.page([one], pairs, reasons, {"Prowler": "1.2"}, "2026-01-01", 5)
        self.assertIn("| Prowler | 1 | 1 | 2 | 1 | 1 | 0 |", text)
        self.assertIn(
            "| `bucket-is-good` | `bucket_good` | FAIL | PASS | 1 | because | [page](https://example.com/page) |",
            text,
        )
        text = page.page([one], pairs, {}, {"Prowler": "1.2"}, "2026-01-01", 5)
        self.assertIn("| Prowler | 1 | 1 | 2 | 1 | 0 | 1 |", text)


class Tables(unittest.TestCase):
    def test_the_mapping_is_wide_and_each_explanation_is_of_a_row(self):
        rows = join.mappings(HERE / "map.csv")
        checks = {c for row in rows if row.peer == "prowler" for c in row.check.split("+")}
        self.assertGreaterEqual(len(checks), 80)
        self.assertEqual(len(set(rows)), len(rows))
        known = {(row.rule, row.peer, row.check) for row in rows}
        with open(HERE / "explained.csv", newline="") as file:
            explained = list(csv.DictReader(file))
        for row in explained:
            self.assertIn((row["rule"], row["peer"], row["check"]), known)
            self.assertTrue(row["page"].startswith("https://docs.aws.amazon.com/"), row)
            self.assertTrue(row["reason"])


if __name__ == "__main__":
    unittest.main()
