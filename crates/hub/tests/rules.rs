//! Automation rules, and findings of scans, on both databases.
//!
//! Oracle: AWS's page automation-rules.html, its example of rule order among it.

#![expect(clippy::unwrap_used, reason = "a test")]

mod common;
#[path = "../../store/tests/support/mod.rs"]
mod support;

use std::collections::HashSet;

use common::{asff, hub, import, import_as, one, workflow};
use posture_hub::{
    AutomationRule, Check, ComplianceStatus, CustomerUpdate, Hub, Object, Origin, Selected,
    WorkflowStatus,
};
use serde_json::{Value, json};
use support::{TestClock, places};

const NOTHING: Value = Value::Null;

fn rules(list: Value) -> Vec<AutomationRule> {
    serde_json::from_value(list).unwrap()
}

fn rule(name: &str, order: i64, criteria: &Value, update: &Value) -> Value {
    json!({
        "RuleName": name, "RuleOrder": order, "Criteria": criteria,
        "Actions": [{"Type": "FINDING_FIELDS_UPDATE", "FindingFieldsUpdate": update}],
    })
}

/// Rule A and rule B of the page.
fn example() -> Value {
    let failed = json!({"ComplianceStatus": [{"Comparison": "EQUALS", "Value": "FAILED"}]});
    let account = json!({"AwsAccountId": [{"Comparison": "EQUALS", "Value": "123456789012"}]});
    json!([
        rule(
            "B",
            2,
            &account,
            &json!({"Severity": {"Label": "INFORMATIONAL"}})
        ),
        rule(
            "A",
            1,
            &failed,
            &json!({"Confidence": 95, "Severity": {"Label": "CRITICAL"}})
        ),
    ])
}

#[tokio::test]
async fn the_last_rule_has_the_last_word_and_rules_act_at_once_and_backwards() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        import(&hub, vec![asff("before", 10, "FAILED", &NOTHING)]).await;
        assert_eq!(
            hub.set_automation_rules(&rules(example())).await.unwrap(),
            1
        );
        let other = json!({"AwsAccountId": "210987654321"});
        import(
            &hub,
            vec![
                asff("after", 10, "FAILED", &NOTHING),
                asff("other", 10, "FAILED", &other),
            ],
        )
        .await;
        for (id, severity) in [
            ("before", "INFORMATIONAL"),
            ("after", "INFORMATIONAL"),
            ("other", "CRITICAL"),
        ] {
            let shown = one(&hub, id).await;
            assert_eq!(shown.text(&["Severity", "Label"]), severity, "{id}");
            assert_eq!(shown.asff["Confidence"], 95);
        }
        assert_eq!(one(&hub, "after").await.rule_names, ["A", "B"]);
        // A terminal rule is the last one.
        let mut list = example();
        list[1]["IsTerminal"] = json!(true);
        hub.set_automation_rules(&rules(list)).await.unwrap();
        assert_eq!(
            one(&hub, "before").await.text(&["Severity", "Label"]),
            "CRITICAL"
        );
        assert_eq!(one(&hub, "before").await.rule_names, ["A"]);
        // Without rules nothing is left of them.
        assert_eq!(hub.set_automation_rules(&[]).await.unwrap(), 3);
        let shown = one(&hub, "before").await;
        assert_eq!(shown.text(&["Severity", "Label"]), "MEDIUM");
        assert!(!shown.asff.contains_key("Confidence"));
    }
}

#[tokio::test]
async fn a_rule_suppresses_for_as_long_as_it_is_there_and_a_person_s_word_is_above_it() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        import(&hub, vec![asff("a", 10, "FAILED", &NOTHING)]).await;
        let low = json!({"SeverityLabel": [{"Comparison": "EQUALS", "Value": "MEDIUM"}]});
        let update = json!({"Workflow": {"Status": "SUPPRESSED"}, "Severity": {"Label": "LOW"}});
        hub.set_automation_rules(&rules(json!([rule("quiet", 1, &low, &update)])))
            .await
            .unwrap();
        assert_eq!(workflow(&hub, "a").await, "SUPPRESSED");
        let mut members = Object::new();
        members.insert("Severity".to_owned(), json!({"Label": "HIGH"}));
        let update = CustomerUpdate {
            members,
            ..CustomerUpdate::default()
        };
        let number = one(&hub, "a").await.number;
        hub.update(&Selected::Numbers(vec![number]), &update)
            .await
            .unwrap();
        import(&hub, vec![asff("a", 20, "FAILED", &NOTHING)]).await;
        let shown = one(&hub, "a").await;
        assert_eq!(shown.text(&["Severity", "Label"]), "HIGH");
        assert_eq!(shown.text(&["Workflow", "Status"]), "SUPPRESSED");
        hub.set_automation_rules(&[]).await.unwrap();
        assert_eq!(workflow(&hub, "a").await, "NEW");
    }
}

#[tokio::test]
async fn rules_that_security_hub_would_refuse_are_refused_whole() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        let mut list = example();
        list[0]["RuleOrder"] = json!(1001);
        list[1]["Criteria"] = json!({"Titel": [{"Comparison": "EQUALS", "Value": "x"}]});
        list[1]["Actions"][0]["FindingFieldsUpdate"] = json!({"Title": "x"});
        let refused = hub
            .set_automation_rules(&rules(list))
            .await
            .unwrap_err()
            .to_string();
        for words in ["1001", "Titel", "Title can't be set"] {
            assert!(refused.contains(words), "{refused}");
        }
        assert!(hub.automation_rules().await.unwrap().is_empty());
    }
}

fn check(number: u64, id: &str, compliance: ComplianceStatus) -> Check {
    Check {
        number,
        generator: "security-control/S3.1".to_owned(),
        account_id: "123456789012".to_owned(),
        aws_region: "eu-west-1".to_owned(),
        resource_type: "AWS::S3::Bucket".to_owned(),
        resource_id: id.to_owned(),
        compliance,
        is_archived: false,
        exception: None,
    }
}

async fn scan(hub: &Hub, seconds: i64, checks: &[Check], generators: &[&str]) -> usize {
    let generators: HashSet<String> = generators.iter().map(|name| (*name).to_owned()).collect();
    let changes = hub
        .scan_changes(checks.iter().cloned(), &generators)
        .await
        .unwrap();
    let findings = checks
        .iter()
        .filter(|check| changes.changed.contains(&check.number))
        .map(|check| {
            let with = json!({"ProductArn": check.product_arn(), "GeneratorId": check.generator});
            asff(&check.id(), seconds, check.compliance.as_str(), &with)
        });
    import_as(hub, findings.collect(), Origin::Scan).await;
    hub.archive_gone(&changes).await.unwrap();
    changes.changed.len()
}

#[tokio::test]
async fn a_scan_writes_what_changed_and_archives_only_what_it_looked_for() {
    use ComplianceStatus::{Failed, Passed};
    for place in places().await {
        let clock = TestClock::default();
        let hub = hub(&place, &clock).await;
        let ours = ["security-control/S3.1"];
        let both = [check(0, "a", Failed), check(1, "b", Failed)];
        clock.set(10);
        assert_eq!(scan(&hub, 10, &both, &ours).await, 2);
        clock.set(20);
        assert_eq!(scan(&hub, 20, &both, &ours).await, 0, "nothing is new");
        let state = async |check: &Check| {
            one(&hub, &check.id())
                .await
                .text(&["RecordState"])
                .to_owned()
        };
        // Another rule's scan says nothing of these.
        clock.set(30);
        scan(&hub, 30, &[], &["security-control/S3.2"]).await;
        assert_eq!(state(&both[1]).await, "ACTIVE");
        // Imported findings of the same control are not ours to archive.
        import(&hub, vec![asff("theirs", 10, "FAILED", &NOTHING)]).await;
        clock.set(40);
        assert_eq!(scan(&hub, 40, &[check(0, "a", Passed)], &ours).await, 1);
        assert_eq!(state(&both[0]).await, "ACTIVE");
        assert_eq!(state(&both[1]).await, "ARCHIVED");
        assert_eq!(one(&hub, "theirs").await.text(&["RecordState"]), "ACTIVE");
        let store = support::open(&place, &clock).await;
        let events = store.oldest_events(100).await.unwrap();
        let told: Vec<_> = events
            .iter()
            .map(|event| &event.detail["findings"][0])
            .filter(|finding| finding["RecordState"] == "ARCHIVED")
            .map(|finding| finding["Id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(told, [both[1].id()], "who was told of it hears of its end");
        assert_eq!(workflow(&hub, &both[0].id()).await, "RESOLVED");
        let created = one(&hub, &both[0].id())
            .await
            .text(&["CreatedAt"])
            .to_owned();
        assert_eq!(created, "1970-01-01T00:00:10.000Z", "as it was first found");
        // It is back.
        let suppress = CustomerUpdate {
            workflow: Some(WorkflowStatus::Notified),
            ..CustomerUpdate::default()
        };
        let number = one(&hub, &both[1].id()).await.number;
        hub.update(&Selected::Numbers(vec![number]), &suppress)
            .await
            .unwrap();
        clock.set(50);
        scan(&hub, 50, &both, &ours).await;
        assert_eq!(state(&both[1]).await, "ACTIVE");
        assert_eq!(workflow(&hub, &both[1].id()).await, "NEW");
        // An exception suppresses, for as long as it holds.
        clock.set(60);
        let mut excepted = both.clone();
        excepted[0].exception = Some("suppressed".to_owned());
        let generators = HashSet::from(["security-control/S3.1".to_owned()]);
        let changes = hub
            .scan_changes(excepted.iter().cloned(), &generators)
            .await
            .unwrap();
        assert_eq!(changes.changed.len(), 1);
    }
}
