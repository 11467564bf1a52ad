//! The IAM policy that allows reading from AWS Config and from the queue of events, and nothing else.

use posture_aws::{Service, action_of};
use serde_json::{Value, json};

use crate::config_aggregator;
use crate::config_bucket::{self, BucketError};

/// What is taken from the queue: a message, and away.
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html>.
const QUEUE: [&str; 2] = ["DeleteMessage", "ReceiveMessage"];

/// What is read beside the services.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sources<'s> {
    /// The bucket that AWS Config delivers to: `s3://BUCKET[/PREFIX]`.
    pub config_bucket: Option<&'s str>,
    /// Whether an aggregator is asked. Its ARN ends in an id that its name does not tell.
    pub config_aggregator: bool,
    /// The URL of the queue of events.
    pub queue: Option<&'s str>,
    /// The ARNs of the keys that bucket and queue are encrypted with.
    pub kms_keys: &'s [String],
}

/// A source that is none.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A bucket's place.
    #[error(transparent)]
    Bucket(#[from] BucketError),
    /// A queue's URL.
    #[error("the queue is {url:?}, expected https://sqs.REGION.amazonaws.com/ACCOUNT/NAME")]
    Queue {
        /// What was given.
        url: String,
    },
}

impl Sources<'_> {
    /// The policy's document: a statement for each kind of resource.
    ///
    /// # Errors
    /// Where the bucket or the queue is none.
    pub fn policy(&self) -> Result<Value, SourceError> {
        let mut statements = Vec::new();
        let mut allow = |sid: &str, actions: Vec<String>, resource: Value| {
            statements.push(json!({
                "Sid": sid,
                "Effect": "Allow",
                "Action": actions,
                "Resource": resource,
            }));
        };
        if let Some(text) = self.config_bucket {
            let (bucket, prefix) = config_bucket::place(text)?;
            let listed = format!("arn:*:s3:::{bucket}");
            let read = format!("arn:*:s3:::{bucket}/{prefix}AWSLogs/*");
            allow(
                "PostureConfigBucket",
                actions("s3", &[config_bucket::LIST]),
                json!(listed),
            );
            allow(
                "PostureConfigObjects",
                actions("s3", &[config_bucket::GET]),
                json!(read),
            );
        }
        if self.config_aggregator {
            allow(
                "PostureConfigAggregator",
                actions("config", &config_aggregator::OPERATIONS),
                json!("arn:*:config:*:*:config-aggregator/*"),
            );
        }
        if let Some(url) = self.queue {
            allow("PostureQueue", actions("sqs", &QUEUE), json!(queue(url)?));
        }
        if !self.kms_keys.is_empty() {
            allow(
                "PostureKeys",
                actions("kms", &["Decrypt"]),
                json!(self.kms_keys),
            );
        }
        Ok(json!({ "Version": "2012-10-17", "Statement": statements }))
    }
}

/// The IAM actions of operations, sorted.
fn actions(service: &str, operations: &[&str]) -> Vec<String> {
    let Ok(service) = Service::named(service) else {
        return Vec::new();
    };
    let mut actions: Vec<String> = operations
        .iter()
        .map(|operation| action_of(service, operation))
        .collect();
    actions.sort();
    actions
}

/// A queue's ARN.
fn queue(url: &str) -> Result<String, SourceError> {
    let parts = || {
        let (_, place) = url.split_once("://sqs.")?;
        let (host, path) = place.split_once('/')?;
        let (region, _) = host.split_once('.')?;
        let (account, name) = path.split_once('/')?;
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = |text: &str| {
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            !text.is_empty() && text.bytes().all(is_letter)
        };
        let is_whole = is_account && is_word(region) && is_word(name);
        is_whole.then(|| format!("arn:*:sqs:{region}:{account}:{name}"))
    };
    parts().ok_or_else(|| SourceError::Queue {
        url: url.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    //! Oracle: the service authorization reference's actions and ARNs, by hand; parliament looks at the whole in the
    //! tests of the binary.

    use super::*;

    #[test]
    fn each_source_has_its_statement_and_no_other_resource() {
        let keys = ["arn:aws:kms:eu-west-1:111122223333:key/k".to_owned()];
        let sources = Sources {
            config_bucket: Some("s3://logs/central"),
            config_aggregator: true,
            queue: Some("https://sqs.eu-west-1.amazonaws.com/111122223333/posture"),
            kms_keys: &keys,
        };
        let policy = sources.policy().unwrap();
        let said: Vec<(String, Value)> = policy["Statement"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["Action"].to_string(), one["Resource"].clone()))
            .collect();
        let expected = [
            (r#"["s3:ListBucket"]"#, json!("arn:*:s3:::logs")),
            (
                r#"["s3:GetObject"]"#,
                json!("arn:*:s3:::logs/central/AWSLogs/*"),
            ),
            (
                r#"["config:BatchGetAggregateResourceConfig","config:DescribeConfigurationAggregatorSourcesStatus","config:SelectAggregateResourceConfig"]"#,
                json!("arn:*:config:*:*:config-aggregator/*"),
            ),
            (
                r#"["sqs:DeleteMessage","sqs:ReceiveMessage"]"#,
                json!("arn:*:sqs:eu-west-1:111122223333:posture"),
            ),
            (r#"["kms:Decrypt"]"#, json!(keys)),
        ];
        assert_eq!(said, expected.map(|(actions, of)| (actions.to_owned(), of)));
    }

    #[test]
    fn what_is_no_queue_or_bucket_is_told() {
        for url in [
            "posture",
            "https://sqs.eu-west-1.amazonaws.com/111122223333",
            "https://sqs.eu-west-1.amazonaws.com/1/posture",
            "https://sqs.eu-west-1.amazonaws.com/111122223333/*",
            "https://sqs.*.amazonaws.com/111122223333/posture",
        ] {
            let sources = Sources {
                queue: Some(url),
                ..Sources::default()
            };
            let error = sources.policy().unwrap_err().to_string();
            assert!(error.contains(url), "{error}");
        }
        let sources = Sources {
            config_bucket: Some("logs"),
            ..Sources::default()
        };
        assert!(sources.policy().is_err());
    }
}
