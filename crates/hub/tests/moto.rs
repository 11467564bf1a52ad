//! Findings to Security Hub and back.
//!
//! Oracle: moto's Security Hub, and boto3, which reads what was sent. Skipped, loudly, where its Python
//! can't be made (`crates/aws/tests/boto3/setup.sh`).

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/client.rs"]
mod client;
mod common;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "../../store/tests/support/mod.rs"]
mod support;

use client::client;
use common::{EVENTS, asff, hub, import};
use moto::Moto;
use posture_aws::Client;
use posture_hub::filter::Filters;
use posture_hub::{Hub, HubError, Imported, pull, push};
use serde_json::{Value, json};
use support::{TestClock, places};

const REGION: &str = "eu-west-1";

/// What boto3 says, as JSON.
fn boto3(moto: &Moto, script: &str) -> Value {
    let prelude = format!(
        "import boto3, json\nhub = boto3.client('securityhub', region_name='{REGION}', \
         endpoint_url='{}', aws_access_key_id='a', aws_secret_access_key='b')\n",
        moto.url()
    );
    let run = moto
        .python()
        .args(["-c", &format!("{prelude}{script}")])
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    serde_json::from_slice(&run.stdout).unwrap()
}

/// The findings in Security Hub, by boto3.
const READ: &str = "found = [f for page in hub.get_paginator('get_findings').paginate() for f in page['Findings']]\n\
                    print(json.dumps(found, default=str))";

async fn pull_since(hub: &Hub, client: &Client, since: Option<&str>) -> Imported {
    let mut imported = Imported::default();
    pull(client, &json!({}), since, async |page| {
        let prepared = page
            .findings
            .into_iter()
            .map(|one| hub.prepare(one).unwrap());
        imported += hub.write(prepared.collect(), EVENTS).await?;
        Ok::<(), HubError>(())
    })
    .await
    .unwrap();
    imported
}

#[tokio::test]
async fn findings_go_to_security_hub_and_come_back() {
    let Some(moto) = Moto::start() else { return };
    boto3(&moto, "hub.enable_security_hub()\nprint('{}')");
    let client = client(moto.url(), REGION);
    for place in places().await.into_iter().take(1) {
        let clock = TestClock::default();
        clock.set(20);
        let ours = hub(&place, &clock).await;
        let product = json!({"ProductArn": "arn:aws:securityhub:eu-west-1:123456789012:product/123456789012/default"});
        let findings =
            (0..250).map(|number| asff(&format!("f{number:03}"), 10, "FAILED", &product));
        import(&ours, findings.collect()).await;
        let mut after = 0;
        let mut sent = 0;
        while let Some((page, last)) = ours.next_page(&Filters::default(), after).await.unwrap() {
            after = last;
            let exported = push(&client, &page).await.unwrap();
            assert!(exported.refused.is_empty(), "{exported:?}");
            sent += exported.accepted;
        }
        assert_eq!(sent, 250);
        let read = boto3(&moto, READ);
        let read = read.as_array().unwrap();
        assert_eq!(read.len(), 250);
        let one = read.iter().find(|finding| finding["Id"] == "f017").unwrap();
        assert_eq!(one["Compliance"]["Status"], "FAILED");
        assert_eq!(one["Compliance"]["SecurityControlId"], "S3.1");
        assert_eq!(one["FindingProviderFields"]["Severity"]["Label"], "MEDIUM");
    }
    for place in places().await {
        let theirs = hub(&place, &TestClock::default()).await;
        let first = pull_since(&theirs, &client, None).await;
        assert_eq!((first.created, first.updated), (250, 0));
        let again = pull_since(&theirs, &client, None).await;
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 250));
        let since = pull_since(&theirs, &client, Some("1970-01-01T00:00:05Z")).await;
        assert_eq!((since.created, since.updated), (0, 0));
    }
}
