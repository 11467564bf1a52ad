//! What goes wrong on the way, from a server that does as it is told.
//!
//! Oracle: the error bodies are those of AWS's documentation of each service; the SDKs' retry behaviour is
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_types::SdkConfig;
use aws_types::region::Region;
use posture_aws::{CallError, Client, Options};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A server that gives these answers, one a request, and remembers the requests.
struct Server {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn answering(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            for answer in answers {
                let (mut socket, _) = listener.accept().await.unwrap();
                let request = read(&mut socket).await;
                seen.lock().unwrap().push(request);
                socket.write_all(answer.as_bytes()).await.unwrap();
                socket.shutdown().await.unwrap();
            }
        });
        Self { url, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    fn client(&self) -> Client {
        client(&self.url, Keys::default())
    }
}

async fn read(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = socket.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_length = name.eq_ignore_ascii_case("content-length");
            is_length.then(|| value.trim().parse::<usize>().unwrap())
        });
        if count == 0 || body.len() >= length.unwrap_or(0) {
            return text;
        }
    }
}

fn http(status: u16, headers: &[&str], body: &str) -> String {
    let headers: Vec<String> = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let headers = headers.concat();
    format!(
        "HTTP/1.1 {status} Told\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Credentials that count how often they were asked for.
#[derive(Debug, Default, Clone)]
struct Keys(Arc<AtomicUsize>);

impl ProvideCredentials for Keys {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let count = self.0.fetch_add(1, Ordering::SeqCst);
        let key = format!("AKIA{count}");
        future::ProvideCredentials::ready(Ok(Credentials::new(key, "secret", None, None, "test")))
    }
}

fn client(url: &str, keys: Keys) -> Client {
    let sdk = SdkConfig::builder()
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build();
    let mut options = Options::default();
    options.endpoint_url = Some(url.to_owned());
    Client::new(sdk, options)
}

const KEYS: &str = r#"{"Keys":[{"KeyId":"k"}],"Truncated":false}"#;

#[tokio::test]
async fn throttling_and_broken_replies_are_tried_again() {
    let throttled = http(
        400,
        &[],
        r#"{"__type":"com.amazon#ThrottlingException","message":"Rate exceeded"}"#,
    );
    let broken = http(200, &[], KEYS).replace("content-length: 42", "content-length: 400");
    assert!(broken.contains("400"), "{broken}");
    let server = Server::answering(vec![throttled, broken, http(200, &[], KEYS)]).await;
    let output = server
        .client()
        .call("kms", "ListKeys", &json!({}))
        .await
        .unwrap();
    assert_eq!(
        output,
        json!({"Keys": [{"KeyId": "k"}], "Truncated": false})
    );
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn three_attempts_are_enough() {
    let page = "<html><body><b>Http/1.1 Service Unavailable</b></body></html>";
    let server = Server::answering(vec![http(503, &[], page); 4]).await;
    let error = server
        .client()
        .call("kms", "ListKeys", &Value::Null)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "kms:ListKeys: 503 (HTTP 503): Service Unavailable"
    );
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_denied_call_names_the_action_and_is_not_tried_again() {
    let body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/ with an explicit deny in a service control policy</Message></Error><RequestId>42</RequestId></ErrorResponse>";
    let server = Server::answering(vec![http(403, &[], body)]).await;
    let error = server
        .client()
        .call("iam", "ListUsers", &json!({}))
        .await
        .unwrap_err();
    let CallError::Service { error, .. } = error else {
        panic!("{error}");
    };
    let denied = error.denied.clone().unwrap();
    assert_eq!(
        (denied.action.as_str(), denied.stated),
        ("iam:ListUsers", true)
    );
    assert_eq!(
        denied.explicit_deny.as_deref(),
        Some("service control policy")
    );
    assert_eq!(
        (error.status, error.request_id.as_deref()),
        (403, Some("42"))
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn s3_is_asked_again_in_the_bucket_s_region_and_that_is_remembered() {
    let redirect = http(
        301,
        &["x-amz-bucket-region: eu-central-1"],
        "<Error><Code>PermanentRedirect</Code><Message>Elsewhere.</Message><Bucket>b</Bucket></Error>",
    );
    let versioning = http(
        200,
        &[],
        "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    );
    let answers = vec![redirect, versioning.clone(), versioning];
    let server = Server::answering(answers).await;
    let client = server.client();
    for _ in 0..2 {
        let output = client
            .call("s3", "GetBucketVersioning", &json!({"Bucket": "b"}))
            .await;
        assert_eq!(output.unwrap(), json!({"Status": "Enabled"}));
    }
    let requests = server.requests();
    let signed_for = |region: &str| format!("/{region}/s3/aws4_request");
    assert!(
        requests[0].contains(&signed_for("eu-west-1")),
        "{}",
        requests[0]
    );
    assert!(
        requests[1].contains(&signed_for("eu-central-1")),
        "{}",
        requests[1]
    );
    assert!(
        requests[2].contains(&signed_for("eu-central-1")),
        "{}",
        requests[2]
    );
    assert!(
        requests[0].starts_with("GET /b?versioning HTTP/1.1"),
        "{}",
        requests[0]
    );
}

#[tokio::test]
async fn expired_credentials_are_fetched_anew_once() {
    let expired = http(
        400,
        &[],
        r#"{"__type":"ExpiredTokenException","message":"Expired"}"#,
    );
    let server = Server::answering(vec![
        expired.clone(),
        http(200, &[], KEYS),
        expired.clone(),
        expired,
    ])
    .await;
    let keys = Keys::default();
    let client = client(&server.url, keys.clone());
    client.call("kms", "ListKeys", &json!({})).await.unwrap();
    assert_eq!(keys.0.load(Ordering::SeqCst), 2);
    assert!(server.requests()[0].contains("Credential=AKIA0/"));
    assert!(server.requests()[1].contains("Credential=AKIA1/"));
    let error = client
        .call("kms", "ListKeys", &json!({}))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("ExpiredTokenException"),
        "{error}"
    );
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_late_error_of_s3_is_an_error() {
    let body =
        "<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code><Message>Please</Message></Error>";
    let listing = http(
        200,
        &[],
        "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>a%2Bb+c</Key></Contents></ListBucketResult>",
    );
    let server = Server::answering(vec![http(200, &[], body), listing]).await;
    let output = server
        .client()
        .call("s3", "ListObjectsV2", &json!({"Bucket": "b"}))
        .await
        .unwrap();
    assert_eq!(output["Contents"], json!([{"Key": "a+b c"}]));
}

#[tokio::test]
async fn nothing_is_sent_that_changes_something_or_does_not_fit() {
    let server = Server::answering(vec![]).await;
    let client = server.client();
    for (service, operation, input, expected) in [
        (
            "s3",
            "DeleteBucket",
            json!({"Bucket": "b"}),
            "s3:DeleteBucket may change resources; only reads are allowed here",
        ),
        (
            "kms",
            "GenerateDataKey",
            json!({}),
            "kms:GenerateDataKey may change resources; only reads are allowed here",
        ),
        (
            "ec2",
            "DescribeInstances",
            json!({"Filter": [], "MaxResults": "5"}),
            "input of ec2 DescribeInstances: Filter: there is no such member; the nearest is \"Filters\"; MaxResults: a whole number is wanted, not other text",
        ),
        (
            "ec2",
            "DescribeInstances",
            json!({"Filters": [{"Name": "a", "Value": ["b"]}]}),
            "input of ec2 DescribeInstances: Filters[0].Value: there is no such member; the nearest is \"Values\"",
        ),
        (
            "s3",
            "GetBucketAcl",
            json!({"bucket": "b"}),
            "input of s3 GetBucketAcl: bucket: there is no such member; the nearest is \"Bucket\"; Bucket: is required and missing; the nearest is \"bucket\"",
        ),
        (
            "lambda",
            "GetFunction",
            json!({"FunctionName": ""}),
            "input of lambda GetFunction: FunctionName: must not be empty: it is part of the path",
        ),
        (
            "sqs",
            "ListQueue",
            json!({}),
            "sqs has no operation \"ListQueue\"; the nearest is \"ListQueues\"",
        ),
        (
            "kms",
            "ListKeys",
            json!([1]),
            "input of kms ListKeys: input: an object is wanted, not an array",
        ),
        (
            "logs",
            "StartLiveTail",
            json!({}),
            "logs:StartLiveTail may change resources; only reads are allowed here",
        ),
    ] {
        let error = client.call(service, operation, &input).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let error = client
        .in_region("")
        .call("kms", "ListKeys", &json!({}))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "no endpoint for kms: no Region is set: name one, or set AWS_REGION"
    );
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn who_does_not_listen_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&url, Keys::default())
        .call("kms", "ListKeys", &json!({}))
        .await
        .unwrap_err();
    let CallError::Unreachable {
        timed_out, what, ..
    } = error
    else {
        panic!("{error}");
    };
    assert!(!timed_out);
    assert!(what.to_lowercase().contains("refused"), "{what}");
}

#[tokio::test]
async fn pages_end_and_a_repeated_token_is_no_endless_loop() {
    let page = |keys: &str, marker: &str| {
        http(
            200,
            &[],
            &format!(r#"{{"Keys":[{keys}],"Truncated":true,"NextMarker":"{marker}"}}"#),
        )
    };
    let last = http(200, &[], r#"{"Keys":[{"KeyId":"3"}],"Truncated":false}"#);
    let server = Server::answering(vec![
        page(r#"{"KeyId":"1"}"#, "a"),
        page(r#"{"KeyId":"2"}"#, "b"),
        last,
    ])
    .await;
    let pages = server
        .client()
        .pages("kms", "ListKeys", &json!({"Limit": 1}))
        .unwrap();
    let whole = pages.merged().await.unwrap();
    assert_eq!(
        whole,
        json!({"Keys": [{"KeyId": "1"}, {"KeyId": "2"}, {"KeyId": "3"}]})
    );
    let bodies: Vec<String> = server
        .requests()
        .iter()
        .map(|r| r.split_once("\r\n\r\n").unwrap().1.to_owned())
        .collect();
    assert_eq!(
        bodies,
        [
            r#"{"Limit":1}"#,
            r#"{"Limit":1,"Marker":"a"}"#,
            r#"{"Limit":1,"Marker":"b"}"#
        ]
    );

    let server = Server::answering(vec![page("", "a"), page("", "a"), page("", "a")]).await;
    let mut pages = server
        .client()
        .pages("kms", "ListKeys", &json!({}))
        .unwrap();
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(
        error.to_string().ends_with("the same page token twice"),
        "{error}"
    );
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn an_error_ends_the_pages() {
    let denied = http(
        400,
        &[],
        r#"{"__type":"AccessDeniedException","message":""}"#,
    );
    let server = Server::answering(vec![denied]).await;
    let mut pages = server
        .client()
        .pages("kms", "ListKeys", &json!({}))
        .unwrap();
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "kms:ListKeys: AccessDeniedException (HTTP 400) [denied: kms:ListKeys]"
    );
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_reply_that_its_model_does_not_allow_names_the_place() {
    let body = r#"{"Keys":[{"KeyId":"1"},"k"],"Truncated":false}"#;
    let server = Server::answering(vec![http(200, &[], body); 3]).await;
    let error = server
        .client()
        .call("kms", "ListKeys", &json!({}))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "kms:ListKeys: unreadable reply at Keys[1]: not an object"
    );
}
