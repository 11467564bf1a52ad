//! What each target sends. Oracle: the vendors' own pages, named at each test; a title that carries
//! Slack's markup, HTML, a formula and a line break.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use serde_json::{Value, json};
use support::{Fake, Office, Request, everything, finding, titled};

const HOSTILE: &str = "=HYPERLINK(\"x\")<!channel> <b>&\n# @everyone ``` {noformat} [code]x[/code]";

struct Sent {
    fake: Fake,
    office: Office,
    _folder: tempfile::TempDir,
}

async fn before(target: impl FnOnce(&Fake) -> Value) -> Sent {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let mut target = target(&fake);
    target["name"] = json!("t");
    let office = Office::new(folder.path(), &everything(&[target])).await;
    Sent {
        fake,
        office,
        _folder: folder,
    }
}

impl Sent {
    async fn tell(&self, event: (&str, Value)) -> Vec<Request> {
        self.office.tell(vec![event]).await;
        self.office.clock.forward(2);
        let round = self.office.round().await;
        assert_eq!((round.sent, round.put_off, round.dead), (1, 0, 0));
        self.fake.taken()
    }
}

fn secret() -> Value {
    json!({"env": "SECRET"})
}

/// docs.slack.dev: block-kit/blocks/header-block, section-block, actions-block; "Formatting text".
#[tokio::test]
async fn slack_by_webhook() {
    let sent = before(|fake| {
        let url = format!("URL {}/services/T/B/x", fake.url);
        json!({"type": "slack", "webhook": {"env": url}})
    });
    let sent = sent.await;
    let requests = sent.tell(titled("f1", "arn:b", "FAILED", HOSTILE)).await;
    assert_eq!(requests[0].path, "/services/T/B/x");
    let body = requests[0].json();
    let blocks = body["blocks"].as_array().unwrap();
    assert_eq!(blocks[0]["type"], "header");
    for block in blocks {
        let text = &block["text"];
        assert_eq!(text["type"], "plain_text");
        let text = text["text"].as_str().unwrap();
        assert!(!text.contains('<') && !text.contains('>'), "{text}");
    }
    let title = blocks[0]["text"]["text"].as_str().unwrap();
    assert!(
        title.chars().count() <= 150 && !title.contains('\n'),
        "{title}"
    );
    assert!(title.contains("&lt;!channel&gt;"), "{title}");
    assert_eq!(body["mrkdwn"], false);
    assert!(!body["text"].as_str().unwrap().contains("<!channel>"));
}

/// docs.slack.dev: chat.postMessage; block-kit/block-elements/button-element.
#[tokio::test]
async fn slack_asks_for_a_word_on_a_plan() {
    let sent = before(
        |fake| json!({"type": "slack", "token": secret(), "channel": "C1", "api": fake.url}),
    );
    let sent = sent.await;
    let planned = json!({
        "planId": "plan-0123456789abcdef",
        "documentName": "AWS-EnableS3BucketEncryption",
        "awsAccountId": "111122223333",
        "resourceId": "bucket-1",
        "state": "Planned",
        "codeChange": "Logs (AWS::S3::Bucket) of stack <!channel>, Properties:",
    });
    let requests = sent
        .tell(("Posture Remediation State Change", planned))
        .await;
    let said = requests[0].text();
    assert!(
        said.contains("Logs (AWS::S3::Bucket) of stack") && !said.contains("<!channel>"),
        "{said}"
    );
    assert_eq!(requests[0].path, "/chat.postMessage");
    assert_eq!(requests[0].headers["authorization"], "Bearer s3cr3t-value");
    let body = requests[0].json();
    assert_eq!(body["channel"], "C1");
    let actions = body["blocks"].as_array().unwrap().last().unwrap();
    assert_eq!(actions["type"], "actions");
    let buttons = actions["elements"].as_array().unwrap();
    let of = |number: usize, name: &str| buttons[number][name].clone();
    assert_eq!(of(0, "action_id"), posture_notify::SLACK_APPROVE);
    assert_eq!(of(1, "action_id"), posture_notify::SLACK_DENY);
    assert_eq!(of(0, "value"), "plan-0123456789abcdef");
    // Where it ended nobody is asked.
    let ended =
        json!({"planId": "plan-0123456789abcdef", "state": "Finished", "outcome": "Succeeded"});
    let requests = sent.tell(("Posture Remediation State Change", ended)).await;
    assert!(!requests[0].text().contains("posture_approve"));
}

/// adaptivecards.io schema 1.4; learn.microsoft.com "Create incoming webhooks with Workflows".
#[tokio::test]
async fn teams() {
    let sent = before(|fake| {
        let url = format!("URL {}/workflows/x", fake.url);
        json!({"type": "teams", "webhook": {"env": url}})
    });
    let requests = sent
        .await
        .tell(titled("f1", "arn:b", "FAILED", HOSTILE))
        .await;
    let body = requests[0].json();
    assert_eq!(body["type"], "message");
    let attachment = &body["attachments"][0];
    let kind = "application/vnd.microsoft.card.adaptive";
    assert_eq!(attachment["contentType"], kind);
    let card = &attachment["content"];
    assert_eq!(
        (&card["type"], &card["version"]),
        (&json!("AdaptiveCard"), &json!("1.4"))
    );
    for block in card["body"].as_array().unwrap() {
        assert_eq!(
            block["type"], "RichTextBlock",
            "in others Markdown is parsed"
        );
        for run in block["inlines"].as_array().unwrap() {
            assert_eq!(run["type"], "TextRun");
            assert!(!run["text"].as_str().unwrap().contains('\n'));
        }
    }
    assert_eq!(card["actions"][0]["type"], "Action.OpenUrl");
}

/// developer.pagerduty.com: "Send an Alert Event".
#[tokio::test]
async fn pagerduty_triggers_and_resolves_one_alert() {
    let sent = before(|fake| {
        let url = format!("{}/v2/enqueue", fake.url);
        json!({"type": "pagerduty", "routingKey": secret(), "url": url})
    });
    let sent = sent.await;
    let opened = sent.tell(titled("f1", "arn:b", "FAILED", HOSTILE)).await[0].json();
    assert_eq!(opened["event_action"], "trigger");
    assert_eq!(opened["routing_key"], "s3cr3t-value");
    assert_eq!(opened["payload"]["severity"], "error");
    for required in ["summary", "source", "severity"] {
        assert!(opened["payload"][required].is_string(), "{required}");
    }
    let summary = opened["payload"]["summary"].as_str().unwrap();
    assert!(summary.chars().count() <= 1024 && !summary.contains('\n'));
    assert!(opened["dedup_key"].as_str().unwrap().len() <= 255);
    let again = sent.tell(finding("f1", "arn:b", "WARNING")).await[0].json();
    assert_eq!(again["dedup_key"], opened["dedup_key"]);
    let closed = sent.tell(finding("f1", "arn:b", "PASSED")).await[0].json();
    let resolve = json!({
        "routing_key": "s3cr3t-value",
        "event_action": "resolve",
        "dedup_key": opened["dedup_key"],
    });
    assert_eq!(closed, resolve);
    assert!(sent.tell(finding("f1", "arn:b", "PASSED")).await.is_empty());
}

/// developer.atlassian.com: REST API v2, issues, comments, transitions.
#[tokio::test]
async fn jira_opens_comments_and_moves_one_issue() {
    let sent = before(
        |fake| json!({"type": "jira", "url": fake.url, "user": "a@example.com", "token": secret(), "project": "OPS"}),
    );
    let sent = sent.await;
    let fake = &sent.fake;
    fake.answers(
        "POST /rest/api/2/issue",
        201,
        json!({"id": "1", "key": "OPS-7"}),
    );
    let transitions = json!({"transitions": [
        {"id": "11", "name": "Start", "to": {"statusCategory": {"key": "indeterminate"}}},
        {"id": "31", "name": "Done", "to": {"statusCategory": {"key": "done"}}},
    ]});
    fake.answers("GET /rest/api/2/issue/OPS-7/transitions", 200, transitions);
    let opened = sent.tell(titled("f1", "arn:b", "FAILED", HOSTILE)).await;
    assert_eq!(opened[0].path, "/rest/api/2/issue");
    assert!(opened[0].headers["authorization"].starts_with("Basic "));
    let fields = &opened[0].json()["fields"];
    assert_eq!(fields["project"]["key"], "OPS");
    assert_eq!(fields["issuetype"]["name"], "Task");
    let summary = fields["summary"].as_str().unwrap();
    assert!(summary.chars().count() <= 255 && !summary.contains('\n'));
    let description = fields["description"].as_str().unwrap();
    assert_eq!(description.matches("{noformat}").count(), 2);
    let again = sent.tell(finding("f1", "arn:b", "WARNING")).await;
    assert_eq!(again[0].path, "/rest/api/2/issue/OPS-7/comment");
    assert!(again[0].json()["body"].is_string());
    let closed = sent.tell(finding("f1", "arn:b", "PASSED")).await;
    let last = closed.last().unwrap();
    assert_eq!(last.path, "/rest/api/2/issue/OPS-7/transitions");
    assert_eq!(last.json(), json!({"transition": {"id": "31"}}));
    // It fails again: another issue.
    let opened = sent.tell(finding("f1", "arn:b", "FAILED")).await;
    assert_eq!(opened[0].path, "/rest/api/2/issue");
}

/// Killed between the issue and the note of it: the label tells.
#[tokio::test]
async fn an_issue_that_may_be_there_is_looked_for_before_another_is_opened() {
    let sent = before(
        |fake| json!({"type": "jira", "url": fake.url, "user": "a@example.com", "token": secret(), "project": "OPS"}),
    );
    let sent = sent.await;
    sent.office
        .tell(vec![finding("f1", "arn:b", "FAILED")])
        .await;
    sent.fake.next(0, 1);
    let dying = sent.office.worker("dying");
    dying.route().await.unwrap();
    let killed = tokio::spawn(async move { dying.deliver().await });
    while sent.fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());
    let tried = sent.fake.taken()[0].json();
    let label = tried["fields"]["labels"][1].as_str().unwrap().to_owned();
    let found = json!({"issues": [{"key": "OPS-9"}]});
    sent.fake.answers("GET /rest/api/2/search/jql", 200, found);
    sent.office.clock.forward(91);
    assert_eq!(sent.office.round().await.sent, 1);
    let requests = sent.fake.taken();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].path.contains(&label), "{}", requests[0].path);
}

/// servicenow.com: Table API, incident.
#[tokio::test]
async fn servicenow_opens_and_resolves_one_incident() {
    let sent = before(
        |fake| json!({"type": "servicenow", "url": fake.url, "user": "u", "password": secret()}),
    );
    let sent = sent.await;
    let id = "0123456789abcdef0123456789abcdef";
    let created = json!({"result": {"sys_id": id, "number": "INC1"}});
    sent.fake
        .answers("POST /api/now/table/incident", 201, created);
    let opened = sent.tell(titled("f1", "arn:b", "FAILED", HOSTILE)).await;
    let incident = opened[0].json();
    assert_eq!(incident["urgency"], "1");
    let short = incident["short_description"].as_str().unwrap();
    assert!(short.chars().count() <= 160 && !short.contains('\n'));
    assert!(
        incident["correlation_id"]
            .as_str()
            .unwrap()
            .starts_with("posture-")
    );
    assert!(!incident["description"].as_str().unwrap().contains("[code]"));
    let closed = sent.tell(finding("f1", "arn:b", "PASSED")).await;
    assert_eq!(closed[0].method, "PATCH");
    assert_eq!(closed[0].path, format!("/api/now/table/incident/{id}"));
    assert_eq!(closed[0].json()["state"], "6");
    assert!(closed[0].json()["close_code"].is_string());
}

/// docs.github.com: REST API endpoints for issues.
#[tokio::test]
async fn github_opens_and_closes_one_issue() {
    let sent = before(
        |fake| json!({"type": "github", "repository": "o/r", "token": secret(), "api": fake.url}),
    );
    let sent = sent.await;
    sent.fake
        .answers("POST /repos/o/r/issues", 201, json!({"number": 12}));
    let opened = sent.tell(titled("f1", "arn:b", "FAILED", HOSTILE)).await;
    assert_eq!(opened[0].headers["x-github-api-version"], "2022-11-28");
    assert_eq!(opened[0].headers["accept"], "application/vnd.github+json");
    let issue = opened[0].json();
    assert!(!issue["title"].as_str().unwrap().contains('\n'));
    let body = issue["body"].as_str().unwrap();
    assert!(body.starts_with("```") && body.ends_with("```"), "{body}");
    let closed = sent.tell(finding("f1", "arn:b", "PASSED")).await;
    assert_eq!(closed[0].path, "/repos/o/r/issues/12/comments");
    assert_eq!(
        (closed[1].method.as_str(), closed[1].path.as_str()),
        ("PATCH", "/repos/o/r/issues/12")
    );
    assert_eq!(
        closed[1].json(),
        json!({"state": "closed", "state_reason": "completed"})
    );
}

/// standardwebhooks.com: spec/standard-webhooks.md.
#[tokio::test]
async fn a_webhook_is_signed_and_carries_the_whole_event() {
    let sent = before(
        |fake| json!({"type": "webhook", "url": format!("{}/hook", fake.url), "secret": {"env": "WHSEC"}}),
    );
    let sent = sent.await;
    let requests = sent.tell(finding("f1", "arn:b", "FAILED")).await;
    let event = requests[0].json();
    assert_eq!(event["source"], "aws.securityhub");
    assert_eq!(event["detail-type"], "Security Hub Findings - Imported");
    assert_eq!(
        (&event["account"], &event["region"]),
        (&json!("111122223333"), &json!("eu-west-1"))
    );
    assert_eq!(event["id"], requests[0].headers["webhook-id"].as_str());
    let at = requests[0].headers["webhook-timestamp"]
        .parse::<i64>()
        .unwrap();
    assert_eq!(at, sent.office.clock.now().as_second());
    assert!(requests[0].headers["webhook-signature"].starts_with("v1,"));
}

/// A storm is one ticket, which is closed when the last of what it was opened for is over.
#[tokio::test]
async fn a_storm_is_one_issue_until_all_of_it_is_over() {
    let sent = before(
        |fake| json!({"type": "github", "repository": "o/r", "token": secret(), "api": fake.url, "groupOver": 2}),
    );
    let sent = sent.await;
    sent.fake
        .answers("POST /repos/o/r/issues", 201, json!({"number": 12}));
    let of = |status: &'static str| {
        let of_one = move |id: &&str| finding(id, &format!("arn:{id}"), status);
        ["f1", "f2", "f3"].iter().map(of_one).collect::<Vec<_>>()
    };
    sent.office.tell(of("FAILED")).await;
    sent.office.round().await;
    sent.office.clock.forward(6);
    assert_eq!(sent.office.round().await.events, 3);
    assert_eq!(sent.fake.taken().len(), 1);
    let mut passed = of("PASSED").into_iter();
    assert!(sent.tell(passed.next().unwrap()).await.is_empty());
    assert!(sent.tell(passed.next().unwrap()).await.is_empty());
    let closed = sent.tell(passed.next().unwrap()).await;
    assert_eq!(closed.last().unwrap().json()["state"], "closed");
}

/// A transformer's words take the place of the facts, and of the event.
#[tokio::test]
async fn a_transformer_says_what_targets_get() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let hook = json!({"name": "hook", "type": "webhook", "url": format!("{}/hook", fake.url), "secret": {"env": "WHSEC"}});
    let mut config = everything(&[hook]);
    config["rules"][0]["transformer"] = json!({
        "inputPathsMap": {"title": "$.detail.findings[0].Title"},
        "inputTemplate": "{\"text\": \"<title>\"}",
    });
    let office = Office::new(folder.path(), &config).await;
    office
        .tell(vec![titled("f1", "arn:b", "FAILED", "a \"b\" c")])
        .await;
    assert_eq!(office.round().await.sent, 1);
    assert_eq!(fake.requests()[0].json(), json!({"text": "a \"b\" c"}));
}
