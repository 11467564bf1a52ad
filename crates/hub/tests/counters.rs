//! Counters and scores that are kept with every change, on both databases.
//!
//! Oracle: a count of all findings, and scores computed anew from everything.

#![expect(clippy::unwrap_used, reason = "a test")]

mod common;
#[path = "../../store/tests/support/mod.rs"]
mod support;

use common::{asff, hub, import, import_as};
use posture_hub::{CustomerUpdate, Hub, Origin, Selected, StatusScope, Thresholds, WorkflowStatus};
use serde_json::json;
use support::{TestClock, places};

const ACCOUNTS: [&str; 3] = ["111122223333", "222233334444", "333344445555"];
const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];
const CONTROLS: [&str; 5] = ["S3.1", "IAM.4", "EC2.2", "Config.1", "KMS.4"];
const STATUSES: [&str; 4] = ["PASSED", "FAILED", "WARNING", "NOT_AVAILABLE"];

/// Numbers that follow from a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % end
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }
}

/// Some of forty findings, each of a control, an account and a Region of its own, or of none's.
async fn some(hub: &Hub, numbers: &mut Numbers, seconds: i64) {
    let mut findings = Vec::new();
    for _ in 0..=numbers.below(12) {
        let number = numbers.below(40);
        let (account, region) = (ACCOUNTS[number % 3], REGIONS[number % 2]);
        let control = CONTROLS[number % 5];
        let generator = if number % 8 == 7 {
            "a scanner".to_owned()
        } else {
            format!("security-control/{control}")
        };
        let with = json!({
            "AwsAccountId": account,
            "Region": region,
            "GeneratorId": generator,
            "RecordState": numbers.of(&["ACTIVE", "ACTIVE", "ACTIVE", "ARCHIVED"]),
            "Workflow": {"Status": numbers.of(&["NEW", "NOTIFIED", "SUPPRESSED"])},
        });
        // Some words are late: they come after a later one, and change nothing.
        let told = seconds - i64::try_from(numbers.below(30)).unwrap();
        findings.push(asff(
            &format!("f{number}"),
            told,
            numbers.of(&STATUSES),
            &with,
        ));
    }
    if numbers.below(4) == 0 {
        import_as(hub, findings, Origin::SecurityHub).await;
    } else {
        import(hub, findings).await;
    }
}

async fn suppress(hub: &Hub, numbers: &mut Numbers) {
    let selected: Vec<i64> = (0..5)
        .map(|_| i64::try_from(1 + numbers.below(40)).unwrap())
        .collect();
    let workflow = [
        WorkflowStatus::Suppressed,
        WorkflowStatus::New,
        WorkflowStatus::Resolved,
    ][numbers.below(3)];
    let update = CustomerUpdate {
        workflow: Some(workflow),
        ..CustomerUpdate::default()
    };
    let selected = Selected::Numbers(selected);
    hub.update(&selected, &update).await.unwrap();
}

async fn set_rules(hub: &Hub, numbers: &mut Numbers) {
    let rules = if numbers.below(2) == 0 {
        json!([])
    } else {
        json!([{
            "RuleName": "theirs", "RuleOrder": 1,
            "Criteria": {"AwsAccountId": [{"Comparison": "EQUALS", "Value": numbers.of(&ACCOUNTS)}]},
            "Actions": [{
                "Type": "FINDING_FIELDS_UPDATE",
                "FindingFieldsUpdate": {"Workflow": {"Status": "SUPPRESSED"}},
            }],
        }])
    };
    let rules: Vec<_> = serde_json::from_value(rules).unwrap();
    hub.set_automation_rules(&rules).await.unwrap();
}

async fn turn_control(hub: &Hub, numbers: &mut Numbers) {
    let control = numbers.of(&CONTROLS);
    let standard = [None, Some("fsbp")][numbers.below(2)];
    if numbers.below(2) == 0 {
        let disabled = hub.disable_control(control, standard, "not ours", "ana");
        disabled.await.unwrap();
    } else {
        hub.enable_control(control, standard).await.unwrap();
    }
}

/// Every score that there was, of every standard and account.
async fn history(hub: &Hub) -> Vec<posture_hub::ScoreRow> {
    let mut all = Vec::new();
    let named = hub.standards().standards().iter();
    for standard in named.map(|one| one.name.as_str()).chain([""]) {
        for account in ACCOUNTS.into_iter().chain([""]) {
            all.extend(hub.score_history(standard, account).await.unwrap());
        }
    }
    all
}

#[tokio::test]
async fn counters_are_what_a_recount_finds_and_scores_what_all_of_them_give() {
    for place in places().await {
        let clock = TestClock::default();
        let hub = hub(&place, &clock).await;
        let mut numbers = Numbers(5);
        for step in 1..80 {
            clock.set(step * 10);
            match numbers.below(8) {
                0..5 => some(&hub, &mut numbers, step * 10).await,
                5 => suppress(&hub, &mut numbers).await,
                6 => set_rules(&hub, &mut numbers).await,
                _ => turn_control(&hub, &mut numbers).await,
            }
            // Now and then several changes are scored together.
            if numbers.below(3) == 0 {
                continue;
            }
            hub.refresh_scores().await.unwrap();
            let recount = hub.recount().await.unwrap();
            assert_eq!(recount.wrong, Vec::<String>::new(), "step {step}");
            let known = history(&hub).await;
            // A threshold, even one that is what it was, has everything computed anew.
            hub.set_thresholds(Thresholds::default()).await.unwrap();
            hub.refresh_scores().await.unwrap();
            assert_eq!(history(&hub).await, known, "step {step}");
        }
        assert!(hub.recount().await.unwrap().counters > 20);
    }
}

#[tokio::test]
async fn counts_of_everything_are_those_of_its_accounts_and_regions_together() {
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        let mut numbers = Numbers(7);
        for step in 1..20 {
            some(&hub, &mut numbers, step * 10).await;
        }
        let fsbp = ["fsbp".to_owned()];
        let failed = async |scope: StatusScope| {
            let status = hub.status(&fsbp, &scope).await.unwrap();
            let rows = status.standards[0].controls.iter();
            rows.map(|row| (row.counts.failed, row.counts.archived))
                .collect::<Vec<_>>()
        };
        let whole = failed(StatusScope::default()).await;
        let mut by_account = vec![(0, 0); whole.len()];
        let mut by_both = by_account.clone();
        let add = |sum: &mut Vec<(i64, i64)>, more: Vec<(i64, i64)>| {
            for (sum, more) in sum.iter_mut().zip(more) {
                sum.0 += more.0;
                sum.1 += more.1;
            }
        };
        for account in ACCOUNTS {
            let of_account = StatusScope {
                account_id: Some(account.to_owned()),
                aws_region: None,
            };
            add(&mut by_account, failed(of_account.clone()).await);
            for region in REGIONS {
                let of_both = StatusScope {
                    aws_region: Some(region.to_owned()),
                    ..of_account.clone()
                };
                add(&mut by_both, failed(of_both).await);
            }
        }
        assert_eq!((&by_account, &by_both), (&whole, &whole));
        assert!(whole.iter().any(|(failed, _)| *failed > 0));
    }
}
