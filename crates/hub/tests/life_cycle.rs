//! Findings and those who work on them, on both databases.
//!
//! Oracle: AWS's pages `finding-update-batchimportfindings.html`, `API_Workflow.html`.

mod common;
#[path = "../../store/tests/support/mod.rs"]
mod support;

use common::{asff, hub, import, import_as, one, workflow};
use posture_hub::{CustomerUpdate, Imported, Object, Origin, Selected, WorkflowStatus};
use serde_json::json;
use support::{TestClock, at, open, places};

const NOTHING: serde_json::Value = serde_json::Value::Null;

fn said(name: &str, value: serde_json::Value) -> CustomerUpdate {
    let mut members = Object::new();
    members.insert(name.to_owned(), value);
    CustomerUpdate {
        members,
        ..CustomerUpdate::default()
    }
}

#[tokio::test]
async fn importing_twice_changes_nothing() {
    for place in places().await {
        let clock = TestClock::default();
        let hub = hub(&place, &clock).await;
        let findings = || {
            let failed = asff("a", 10, "FAILED", &NOTHING);
            vec![failed.clone(), asff("b", 10, "PASSED", &NOTHING), failed]
        };
        let first = import(&hub, findings()).await;
        assert_eq!((first.created, first.updated, first.unchanged), (2, 0, 1));
        let before = one(&hub, "a").await;
        clock.set(100);
        let again = import(&hub, findings()).await;
        let nothing = Imported {
            unchanged: 3,
            ..Imported::default()
        };
        assert_eq!(again, nothing);
        assert_eq!(one(&hub, "a").await, before);
        let store = open(&place, &clock).await;
        let events = store.oldest_events(10).await.unwrap();
        assert_eq!(events.len(), 1, "only what failed is news");
        assert_eq!(events[0].detail["findings"][0]["Id"], "a");
    }
}

#[tokio::test]
async fn an_update_counts_only_when_it_is_later() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        import(&hub, vec![asff("a", 10, "FAILED", &NOTHING)]).await;
        let with = json!({"Title": "another"});
        for seconds in [9, 10] {
            let early = import(&hub, vec![asff("a", seconds, "PASSED", &with)]).await;
            assert_eq!(early.unchanged, 1);
        }
        assert_eq!(one(&hub, "a").await.text(&["Title"]), "a title");
        import(&hub, vec![asff("a", 11, "PASSED", &with)]).await;
        let after = one(&hub, "a").await;
        assert_eq!(after.text(&["Title"]), "another");
        assert_eq!(after.text(&["Workflow", "Status"]), "RESOLVED");
    }
}

#[tokio::test]
async fn a_provider_cannot_say_what_is_the_customer_s() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        let note =
            json!({"Text": "made with it", "UpdatedBy": "tool", "UpdatedAt": at(1).to_string()});
        let made = asff(
            "a",
            10,
            "FAILED",
            &json!({"Note": note, "VerificationState": "UNKNOWN"}),
        );
        import(&hub, vec![made]).await;
        let shown = one(&hub, "a").await;
        assert_eq!(shown.text(&["Note", "Text"]), "made with it");

        let number = Selected::Numbers(vec![shown.number]);
        let update = CustomerUpdate {
            workflow: Some(WorkflowStatus::Notified),
            note: Some(("looking".to_owned(), "ana".to_owned())),
            ..CustomerUpdate::default()
        };
        assert_eq!(hub.update(&number, &update).await.unwrap(), 1);
        let severity = said("Severity", json!({"Label": "CRITICAL"}));
        hub.update(&number, &severity).await.unwrap();

        let with = json!({
            "Workflow": {"Status": "RESOLVED"},
            "VerificationState": "FALSE_POSITIVE",
            "UserDefinedFields": {"a": "b"},
            "Note": {"Text": "x", "UpdatedBy": "y", "UpdatedAt": "z"},
            "Severity": {"Label": "LOW"},
            "FindingProviderFields": {"Severity": {"Label": "HIGH", "Original": "8"}},
        });
        import(&hub, vec![asff("a", 20, "FAILED", &with)]).await;
        let shown = one(&hub, "a").await;
        assert_eq!(shown.text(&["Workflow", "Status"]), "NOTIFIED");
        assert_eq!(shown.text(&["Note", "Text"]), "looking");
        assert_eq!(shown.text(&["Note", "UpdatedBy"]), "ana");
        assert_eq!(shown.text(&["VerificationState"]), "UNKNOWN");
        assert!(!shown.asff.contains_key("UserDefinedFields"));
        assert_eq!(shown.text(&["Severity", "Label"]), "CRITICAL");
        assert_eq!(shown.asff["Severity"]["Normalized"], 90);
        let provided = ["FindingProviderFields", "Severity", "Label"];
        assert_eq!(shown.text(&provided), "HIGH");
    }
}

#[tokio::test]
async fn what_is_suppressed_stays_so() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        import(&hub, vec![asff("a", 10, "FAILED", &NOTHING)]).await;
        let number = Selected::Numbers(vec![one(&hub, "a").await.number]);
        let update = |workflow| CustomerUpdate {
            workflow: Some(workflow),
            ..CustomerUpdate::default()
        };
        hub.update(&number, &update(WorkflowStatus::Suppressed))
            .await
            .unwrap();
        for (seconds, status) in [(11, "PASSED"), (12, "FAILED")] {
            import(&hub, vec![asff("a", seconds, status, &NOTHING)]).await;
            assert_eq!(workflow(&hub, "a").await, "SUPPRESSED");
        }
        hub.update(&number, &update(WorkflowStatus::New))
            .await
            .unwrap();
        assert_eq!(workflow(&hub, "a").await, "NEW");
    }
}

#[tokio::test]
async fn what_was_passed_or_archived_and_is_back_is_new() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        let archived = json!({"RecordState": "ARCHIVED"});
        for (seconds, status, with, expected) in [
            (10, "FAILED", &NOTHING, "NEW"),
            (11, "PASSED", &NOTHING, "RESOLVED"),
            (12, "WARNING", &NOTHING, "NEW"),
            (13, "PASSED", &NOTHING, "RESOLVED"),
            (14, "PASSED", &archived, "RESOLVED"),
            (15, "FAILED", &NOTHING, "NEW"),
        ] {
            import(&hub, vec![asff("a", seconds, status, with)]).await;
            assert_eq!(workflow(&hub, "a").await, expected, "{seconds}");
        }
    }
}

#[tokio::test]
async fn security_hub_tells_what_people_did_there_and_here_wins() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        let there = |status: &str| {
            let with = json!({
                "Workflow": {"Status": status},
                "Severity": {"Label": "LOW"},
                "FindingProviderFields": {"Severity": {"Label": "HIGH"}},
            });
            vec![asff("a", 10, "FAILED", &with)]
        };
        import_as(&hub, there("NEW"), Origin::SecurityHub).await;
        let shown = one(&hub, "a").await;
        assert_eq!(shown.text(&["Severity", "Label"]), "LOW");
        // A customer's change leaves UpdatedAt as it is.
        let told = import_as(&hub, there("SUPPRESSED"), Origin::SecurityHub).await;
        assert_eq!(told.updated, 1);
        assert_eq!(workflow(&hub, "a").await, "SUPPRESSED");
        let again = import_as(&hub, there("SUPPRESSED"), Origin::SecurityHub).await;
        assert_eq!(again.unchanged, 1);
        let update = CustomerUpdate {
            workflow: Some(WorkflowStatus::Notified),
            ..CustomerUpdate::default()
        };
        let number = Selected::Numbers(vec![shown.number]);
        hub.update(&number, &update).await.unwrap();
        import_as(&hub, there("SUPPRESSED"), Origin::SecurityHub).await;
        assert_eq!(workflow(&hub, "a").await, "NOTIFIED");
    }
}

#[tokio::test]
async fn hostile_text_is_kept_and_harms_nothing() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        let title = "=cmd()\u{0}\u{202e}<script>'; DROP TABLE findings; --\n*x*";
        let long = "x".repeat(100_000);
        let with = json!({"Title": title, "Description": long, "Resources": [{"Type": title, "Id": title}]});
        import(&hub, vec![asff("a", 10, "FAILED", &with)]).await;
        let shown = one(&hub, "a").await;
        assert_eq!(shown.text(&["Title"]), title);
        assert_eq!(shown.resource("Id"), title);
        assert_eq!(shown.text(&["Description"]).len(), long.len());
    }
}

#[tokio::test]
async fn nobody_elses_word_of_the_same_name_changes_what_our_own_evaluation_judged() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        let far = 10_000_000;
        let passes = |id: &str| vec![asff(id, far, "PASSED", &NOTHING)];
        let suppressed = |id: &str| {
            let with = json!({"Workflow": {"Status": "SUPPRESSED"}, "RecordState": "ARCHIVED"});
            vec![asff(id, far, "FAILED", &with)]
        };
        let state = async |id: &str| {
            let shown = one(&hub, id).await;
            ["Compliance", "Workflow", "RecordState"].map(|name| {
                let of = shown.text(&[name, "Status"]);
                if of.is_empty() {
                    shown.text(&[name])
                } else {
                    of
                }
                .to_owned()
            })
        };
        let open = ["FAILED", "NEW", "ACTIVE"].map(str::to_owned);
        let fails = |id: &str, at| vec![asff(id, at, "FAILED", &NOTHING)];
        // Afterwards.
        import_as(&hub, fails("a", 10), Origin::Scan).await;
        for origin in [Origin::Provider, Origin::SecurityHub] {
            for said in [passes("a"), suppressed("a")] {
                assert_eq!(import_as(&hub, said, origin).await.unchanged, 1);
                assert_eq!(state("a").await, open);
            }
        }
        // Before, and as if it were later than anything that we will ever say.
        for (id, said) in [("b", passes("b")), ("c", suppressed("c"))] {
            import_as(&hub, said, Origin::SecurityHub).await;
            assert_eq!(
                import_as(&hub, fails(id, 20), Origin::Scan).await.updated,
                1
            );
            assert_eq!(state(id).await, open);
        }
        // Our own later word counts.
        let later = vec![asff("b", 30, "PASSED", &NOTHING)];
        import_as(&hub, later, Origin::Scan).await;
        assert_eq!(
            state("b").await,
            ["PASSED", "RESOLVED", "ACTIVE"].map(str::to_owned)
        );
        assert_eq!(hub.recount().await.unwrap().wrong, Vec::<String>::new());
    }
}
