//! Control status and scores, on both databases.
//!
//! Oracle: AWS's page `controls-overall-status.html`, as a truth table.

#![expect(clippy::unwrap_used, reason = "a test")]

mod common;
#[path = "../../store/tests/support/mod.rs"]
mod support;

use common::{asff, hub, import};
use posture_hub::{
    ControlStatus, CustomerUpdate, Hub, Selected, StatusScope, Thresholds, WorkflowStatus,
};
use serde_json::{Value, json};
use support::{TestClock, places};

const NOTHING: Value = Value::Null;

use ControlStatus::{Failed, NoData, Passed, Unknown};

/// Findings as (compliance, record state, suppressed), and what their control then is.
type Row = (&'static [(&'static str, &'static str, bool)], ControlStatus);

const TABLE: &[Row] = &[
    (&[], NoData),
    (&[("PASSED", "ACTIVE", false)], Passed),
    (&[("FAILED", "ACTIVE", false)], Failed),
    (&[("WARNING", "ACTIVE", false)], Unknown),
    (&[("NOT_AVAILABLE", "ACTIVE", false)], Unknown),
    (
        &[("PASSED", "ACTIVE", false), ("FAILED", "ACTIVE", false)],
        Failed,
    ),
    (
        &[("WARNING", "ACTIVE", false), ("FAILED", "ACTIVE", false)],
        Failed,
    ),
    (
        &[("PASSED", "ACTIVE", false), ("WARNING", "ACTIVE", false)],
        Unknown,
    ),
    (
        &[
            ("PASSED", "ACTIVE", false),
            ("NOT_AVAILABLE", "ACTIVE", false),
        ],
        Unknown,
    ),
    (&[("FAILED", "ARCHIVED", false)], NoData),
    (&[("FAILED", "ACTIVE", true)], NoData),
    (&[("PASSED", "ACTIVE", true)], NoData),
    (
        &[("PASSED", "ACTIVE", false), ("FAILED", "ARCHIVED", false)],
        Passed,
    ),
    (
        &[("PASSED", "ACTIVE", false), ("FAILED", "ACTIVE", true)],
        Passed,
    ),
    (
        &[("WARNING", "ACTIVE", false), ("FAILED", "ACTIVE", true)],
        Unknown,
    ),
    (
        &[("FAILED", "ACTIVE", true), ("WARNING", "ARCHIVED", false)],
        NoData,
    ),
];

async fn status(hub: &Hub, standard: &str, control: &str) -> ControlStatus {
    let status = hub
        .status(&[standard.to_owned()], &StatusScope::default())
        .await
        .unwrap();
    let row = status.standards[0]
        .controls
        .iter()
        .find(|row| row.control.id == control);
    row.unwrap().status
}

#[tokio::test]
async fn the_truth_table_of_control_status() {
    let table = TABLE;
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        // Each row has a control of its own.
        let controls: Vec<String> = hub
            .standards()
            .standard("fsbp")
            .unwrap()
            .controls
            .keys()
            .cloned()
            .collect();
        let mut all = Vec::new();
        for (row, (findings, _)) in table.iter().enumerate() {
            for (number, (compliance, record_state, _)) in findings.iter().enumerate() {
                let with = json!({
                    "GeneratorId": format!("security-control/{}", controls[row]),
                    "RecordState": record_state,
                });
                all.push(asff(&format!("{row}-{number}"), 10, compliance, &with));
            }
        }
        import(&hub, all).await;
        for (row, (findings, _)) in table.iter().enumerate() {
            for (number, (_, _, is_suppressed)) in findings.iter().enumerate() {
                if *is_suppressed {
                    let shown = common::one(&hub, &format!("{row}-{number}")).await;
                    suppress(&hub, shown.number, WorkflowStatus::Suppressed).await;
                }
            }
        }
        for (row, (findings, expected)) in table.iter().enumerate() {
            let found = status(&hub, "fsbp", &controls[row]).await;
            assert_eq!(found, *expected, "{findings:?}");
        }
        for row in [1, 2] {
            hub.disable_control(&controls[row], None, "not ours", "ana")
                .await
                .unwrap();
            assert_eq!(
                status(&hub, "fsbp", &controls[row]).await,
                ControlStatus::Disabled
            );
        }
        let whole = hub
            .status(&["fsbp".to_owned()], &StatusScope::default())
            .await
            .unwrap();
        let score = whole.standards[0].score();
        // Of the table: 3 passed but one is off, 4 failed but one is off, 5 unknown.
        assert_eq!(
            (score.passed, score.failed, score.unknown, score.disabled),
            (2, 2, 5, 2)
        );
        assert_eq!(score.percent(), Some(22));
        assert_eq!(score.no_data, 307 - 11);
        assert!(hub.enable_control(&controls[1], None).await.unwrap());
        assert_eq!(
            status(&hub, "fsbp", &controls[1]).await,
            ControlStatus::Passed
        );
    }
}

async fn suppress(hub: &Hub, number: i64, workflow: WorkflowStatus) {
    let update = CustomerUpdate {
        workflow: Some(workflow),
        ..CustomerUpdate::default()
    };
    hub.update(&Selected::Numbers(vec![number]), &update)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_control_is_one_in_the_summary_however_many_standards_have_it() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        let other = json!({"GeneratorId": "security-control/IAM.4"});
        import(
            &hub,
            vec![
                asff("a", 10, "FAILED", &NOTHING),
                asff("b", 10, "PASSED", &other),
            ],
        )
        .await;
        let standards = ["fsbp".to_owned(), "cis-v5.0.0".to_owned()];
        let status = hub
            .status(&standards, &StatusScope::default())
            .await
            .unwrap();
        for standard in &status.standards {
            assert_eq!(standard.score().percent(), Some(50));
        }
        assert_eq!((status.summary.passed, status.summary.failed), (1, 1));
        let elsewhere = StatusScope {
            account_id: Some("210987654321".to_owned()),
            ..StatusScope::default()
        };
        let status = hub.status(&standards, &elsewhere).await.unwrap();
        assert_eq!(status.summary.percent(), None);
    }
}

#[tokio::test]
async fn controls_that_cannot_be_checked_make_a_score_partial() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        import(&hub, vec![asff("a", 10, "PASSED", &NOTHING)]).await;
        let cis = ["cis-v5.0.0".to_owned()];
        let status = hub.status(&cis, &StatusScope::default()).await.unwrap();
        let missing = status.standards[0].not_implemented();
        assert!(missing.contains(&"Config.1"), "{missing:?}");
        assert!(!missing.contains(&"S3.1"));
        // Where Security Hub checks it, it is not missing.
        let other = json!({"GeneratorId": "security-control/Config.1"});
        import(&hub, vec![asff("b", 10, "PASSED", &other)]).await;
        let status = hub.status(&cis, &StatusScope::default()).await.unwrap();
        assert!(!status.standards[0].not_implemented().contains(&"Config.1"));
    }
}

#[tokio::test]
async fn a_score_that_falls_opens_an_incident_once_and_one_that_rises_closes_it() {
    for place in places().await {
        let clock = TestClock::default();
        let hub = hub(&place, &clock).await;
        for name in ["cis-v5.0.0", "nist-800-53-r5", "pci-dss-v4.0.1"] {
            hub.set_standard(name, false).await.unwrap();
        }
        let fsbp = hub.standards().standard("fsbp").unwrap();
        let controls: Vec<&String> = fsbp.controls.keys().take(20).collect();
        let thresholds = Thresholds {
            standard: "fsbp".to_owned(),
            account_id: String::new(),
            alert: 90,
            incident: 80,
            hysteresis: 5,
        };
        hub.set_thresholds(thresholds).await.unwrap();
        // Passed of 20 controls, and the levels that are open then.
        for (step, (passed, open)) in (1..).zip([
            (20, &[][..]),
            (18, &[]),
            (17, &["alert"]),
            (15, &["alert", "incident"]),
            (16, &["alert", "incident"]),
            (17, &["alert"]),
            (18, &["alert"]),
            (19, &[]),
            (18, &[]),
        ]) {
            clock.set(step * 10);
            let findings = controls.iter().enumerate().map(|(number, control)| {
                let with = json!({"GeneratorId": format!("security-control/{control}")});
                let status = if number < passed { "PASSED" } else { "FAILED" };
                asff(control, step * 10, status, &with)
            });
            import(&hub, findings.collect()).await;
            hub.refresh_scores().await.unwrap();
            assert!(
                hub.refresh_scores().await.unwrap().is_empty(),
                "opened once"
            );
            let found: Vec<String> = hub
                .open_incidents()
                .await
                .unwrap()
                .into_iter()
                .filter(|incident| incident.standard == "fsbp" && incident.account_id.is_empty())
                .map(|incident| incident.level)
                .collect();
            assert_eq!(found, open, "{passed} of 20");
        }
        let history = hub.score_history("fsbp", "").await.unwrap();
        let percents: Vec<_> = history
            .iter()
            .filter_map(|row| row.score.percent())
            .collect();
        assert_eq!(percents, [100, 90, 85, 75, 80, 85, 90, 95, 90]);
    }
}

#[tokio::test]
async fn a_control_s_status_is_told_when_it_changes() {
    for place in places().await {
        let clock = TestClock::default();
        let hub = hub(&place, &clock).await;
        let store = support::open(&place, &clock).await;
        for (second, status) in [
            (10, "PASSED"),
            (20, "FAILED"),
            (30, "FAILED"),
            (40, "PASSED"),
        ] {
            clock.set(second);
            import(&hub, vec![asff("a", second, status, &NOTHING)]).await;
            hub.refresh_scores().await.unwrap();
            hub.refresh_scores().await.unwrap();
        }
        let events = store.oldest_events(100).await.unwrap();
        let told: Vec<String> = events
            .iter()
            .filter(|event| event.detail_type == "Posture Control Status Change")
            .map(|event| {
                let text = |name: &str| event.detail[name].as_str().unwrap().to_owned();
                let (before, status) = (text("previousStatus"), text("status"));
                format!("{} {before} > {status}", text("securityControlId"))
            })
            .collect();
        assert_eq!(told, ["S3.1 Passed > Failed", "S3.1 Failed > Passed"]);
    }
}
