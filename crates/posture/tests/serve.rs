//! From a plan to a card in Slack to a click that counts, through the built binary.
//!
//! Oracle: moto for AWS; Slack's own rule of signing ("Verifying requests from Slack").

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "notify/shared.rs"]
mod shared;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use moto::Moto;
use ring::hmac;
use serde_json::{Value, json};
use shared::{Running, SECRET, User, listener};

const CONFIG: &str = "
remediation:
  approvers: [anna, slack:U1]
serve:
  slack:
    signingSecret: {env: SLACK_SIGNING_SECRET}
    users: {U2: anna}
events:
  rules:
    - name: fixes
      pattern: {source: [posture], detail: {state: [Planned]}}
      targets: [chat]
  targets:
    - {name: chat, type: slack, webhook: {env: SLACK_WEBHOOK}}
";

struct Server {
    _running: Running,
    address: String,
}

impl Server {
    fn start(user: &User) -> Server {
        let mut command = user.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://");
        let address = address.unwrap().to_owned();
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Server {
            _running: Running(process),
            address,
        }
    }

    /// The status of the answer.
    fn asked(&self, request: &str) -> u16 {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn clicked(&self, click: &Click<'_>) -> u16 {
        self.asked(&click.request())
    }
}

struct Click<'c> {
    user: &'c str,
    action: &'c str,
    plan: &'c str,
    key: &'c str,
    /// Seconds ago.
    age: u64,
}

/// Hexadecimal.
fn digits(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap())
}

impl Click<'_> {
    fn request(&self) -> String {
        let payload = json!({
            "type": "block_actions",
            "user": {"id": self.user},
            "actions": [{"action_id": self.action, "value": self.plan}],
        });
        let bytes = payload.to_string().into_bytes();
        let encoded: String = bytes
            .iter()
            .flat_map(|byte| {
                let [high, low] = digits(*byte);
                ['%', high, low]
            })
            .collect();
        let body = format!("payload={encoded}");
        #[expect(clippy::disallowed_methods, reason = "Slack's clock")]
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let at = now - self.age;
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.key.as_bytes());
        let tag = hmac::sign(&key, format!("v0:{at}:{body}").as_bytes());
        let tag: String = tag.as_ref().iter().flat_map(|byte| digits(*byte)).collect();
        format!(
            "POST /slack/interactions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
             x-slack-request-timestamp: {at}\r\nx-slack-signature: v0={tag}\r\n\r\n{body}",
            body.len()
        )
    }
}

const SEED: &str = "
import boto3, sys
s3 = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='x', aws_secret_access_key='x')
for name in ('bucket-1', 'bucket-2'):
    s3.create_bucket(Bucket=name)
    s3.delete_bucket_encryption(Bucket=name)
";

fn planned(user: &User, bucket: &str) -> String {
    let document = "AWS-EnableS3BucketEncryption";
    let arguments = [
        "remediate",
        "plan",
        "--document",
        document,
        "--resource",
        bucket,
    ];
    let output = user.posture(&[&arguments[..], &["--as", "anna", "--format", "json"]].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    plan["planId"].as_str().unwrap().to_owned()
}

#[test]
fn a_plan_is_a_card_in_slack_and_a_click_on_it_counts() {
    let Some(moto) = Moto::start() else { return };
    moto.run(SEED, &[]);
    let (slack, messages) = listener();
    let user = User {
        url: moto.address(),
        folder: tempfile::tempdir().unwrap(),
        slack,
    };
    user.configured(CONFIG);
    let plan = planned(&user, "bucket-1");
    let (said, code) = user.says(&["events", "deliver"]);
    assert_eq!(code, Some(0), "{said}");
    let sent = "1 events routed, 1 messages sent that tell of 1 events\n";
    assert_eq!(said, sent);
    let card = messages.recv_timeout(Duration::from_secs(10)).unwrap();
    let blocks = card["blocks"].as_array().unwrap();
    let approve = &blocks.last().unwrap()["elements"][0];
    assert_eq!(approve["value"], plan.as_str());
    let words = blocks[1]["text"]["text"].as_str().unwrap();
    assert!(words.contains("s3:PutBucketEncryption"), "{words}");
    let action = approve["action_id"].as_str().unwrap();

    let server = Server::start(&user);
    assert_eq!(
        server.asked("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
        200
    );
    let click = |user| Click {
        user,
        action,
        plan: &plan,
        key: SECRET,
        age: 0,
    };
    let forged = Click {
        key: "another secret",
        ..click("U1")
    };
    assert_eq!(server.clicked(&forged), 401);
    let expired = Click {
        age: 301,
        ..click("U1")
    };
    assert_eq!(server.clicked(&expired), 401);
    // Anna asked for it; and nobody knows U3. Slack is answered, and it does not count.
    assert_eq!(server.clicked(&click("U2")), 200);
    assert_eq!(server.clicked(&click("U3")), 200);
    assert!(
        !shown(&user, &plan).contains("Approved"),
        "{}",
        shown(&user, &plan)
    );
    let good = click("U1").request();
    assert_eq!(server.asked(&good), 200);
    let said = shown(&user, &plan);
    assert!(said.contains("slack:U1"), "{said}");
    assert_eq!(server.asked(&good), 401, "the same click again is a replay");
    let (said, code) = user.says(&["remediate", "run", &plan]);
    assert_eq!(code, Some(0), "{said}");

    let other = planned(&user, "bucket-2");
    let deny = Click {
        action: "posture_deny",
        plan: &other,
        ..click("U1")
    };
    assert_eq!(server.clicked(&deny), 200);
    let said = shown(&user, &other);
    assert!(
        said.contains("Denied") && said.contains("denied in Slack"),
        "{said}"
    );
}

fn shown(user: &User, plan: &str) -> String {
    let output = user.posture(&["remediate", "show", plan]);
    String::from_utf8(output.stdout).unwrap()
}
