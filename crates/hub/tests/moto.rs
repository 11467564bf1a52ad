//! Findings to Security Hub and back.
//!
//! Oracle: moto's Security Hub, and boto3, which reads what was sent. Skipped, loudly, where its Python
//! can't be made (`crates/aws/tests/boto3/setup.sh`).

#![expect(clippy::unwrap_used, reason = "a test")]

mod common;
#[path = "../../store/tests/support/mod.rs"]
mod support;

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use aws_types::region::Region;
use common::{EVENTS, asff, hub, import};
use posture_aws::{Client, Options};
use posture_hub::filter::Filters;
use posture_hub::{Hub, HubError, Imported, pull, push};
use serde_json::{Value, json};
use support::{TestClock, places};

/// A moto server, ended with the test.
struct Moto {
    server: Child,
    url: String,
    python: PathBuf,
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

impl Moto {
    fn start() -> Option<Moto> {
        let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../aws/tests/boto3/setup.sh");
        let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("boto3");
        let made = Command::new(setup).arg(&venv).status();
        if !made.is_ok_and(|status| status.success()) {
            writeln!(
                std::io::stderr(),
                "SKIPPED: needs python3 with venv, pip and PyPI"
            )
            .unwrap();
            return None;
        }
        let python = venv.join("bin/python");
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let server = Command::new(&python)
            .args(["-m", "moto.server", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let moto = Moto {
            server,
            url: format!("http://localhost:{port}"),
            python,
        };
        for _ in 0..600 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(moto);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("moto did not start");
    }

    fn client(&self) -> Client {
        let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "test");
        let sdk = SdkConfig::builder()
            .region(Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .build();
        let mut options = Options::default();
        options.endpoint_url = Some(self.url.clone());
        Client::new(sdk, options)
    }

    /// What boto3 says, as JSON.
    fn boto3(&self, script: &str) -> Value {
        let prelude = format!(
            "import boto3, json\nhub = boto3.client('securityhub', region_name='eu-west-1', \
             endpoint_url='{}', aws_access_key_id='a', aws_secret_access_key='b')\n",
            self.url
        );
        let run = Command::new(&self.python)
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
}

/// The findings in Security Hub, by boto3.
const READ: &str = "found = [f for page in hub.get_paginator('get_findings').paginate() for f in page['Findings']]\n\
                    print(json.dumps(found, default=str))";

async fn pull_all(hub: &Hub, client: &Client) -> Imported {
    let mut imported = Imported::default();
    pull(client, &json!({}), None, async |page| {
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
    moto.boto3("hub.enable_security_hub()\nprint('{}')");
    let client = moto.client();
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
        let read = moto.boto3(READ);
        let read = read.as_array().unwrap();
        assert_eq!(read.len(), 250);
        let one = read.iter().find(|finding| finding["Id"] == "f017").unwrap();
        assert_eq!(one["Compliance"]["Status"], "FAILED");
        assert_eq!(one["Compliance"]["SecurityControlId"], "S3.1");
        assert_eq!(one["FindingProviderFields"]["Severity"]["Label"], "MEDIUM");
    }
    for place in places().await {
        let theirs = hub(&place, &TestClock::default()).await;
        let first = pull_all(&theirs, &client).await;
        assert_eq!((first.created, first.updated), (250, 0));
        let again = pull_all(&theirs, &client).await;
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 250));
    }
}
