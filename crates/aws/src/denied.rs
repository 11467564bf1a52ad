//! Which IAM action was denied.
//!
//! Services name it in their messages, or do not; then it follows from the operation.
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html> (the sentences) and the
//! Service Authorization Reference (actions that are not called like their operations).

use std::fmt;

use crate::model::Service;
use crate::percent;

/// A denied action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeniedAction {
    /// As in `iam:ListUsers`.
    pub action: String,
    /// The service named it; otherwise it follows from the operation's name.
    pub stated: bool,
    /// What denies it though an identity-based policy may allow it, as in `service control policy`: granting the
    /// action to the role would not help.
    pub explicit_deny: Option<String>,
}

impl fmt::Display for DeniedAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.action)?;
        match &self.explicit_deny {
            Some(policy) => write!(f, ", explicitly, by a {policy}"),
            None => Ok(()),
        }
    }
}

const CODES: [&str; 10] = [
    "AccessDenied",
    "AccessDeniedException",
    "AccessDeniedForDependencyException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "Client.UnauthorizedOperation",
    "Forbidden",
    "UnauthorizedException",
    "UnauthorizedOperation",
    // A HEAD request has no body to say more in.
    "403",
];

/// Services whose IAM prefix is not what they are signed for.
const PREFIXES: [(&str, &str); 7] = [
    ("awsssoportal", "sso"),
    ("cloudcontrolapi", "cloudformation"),
    ("iotdata", "iot"),
    ("iot-jobs-data", "iotjobsdata"),
    ("monitoring", "cloudwatch"),
    ("mturk-requester", "mechanicalturk"),
    ("tagging", "tag"),
];

/// Operations that are allowed by an action of another name.
const ACTIONS: [(&str, &str, &str); 48] = [
    ("lambda", "Invoke", "lambda:InvokeFunction"),
    ("s3", "DeleteBucketCors", "s3:PutBucketCORS"),
    (
        "s3",
        "DeleteBucketEncryption",
        "s3:PutEncryptionConfiguration",
    ),
    (
        "s3",
        "DeleteBucketLifecycle",
        "s3:PutLifecycleConfiguration",
    ),
    (
        "s3",
        "DeleteBucketOwnershipControls",
        "s3:PutBucketOwnershipControls",
    ),
    (
        "s3",
        "DeleteBucketReplication",
        "s3:PutReplicationConfiguration",
    ),
    ("s3", "DeleteBucketTagging", "s3:PutBucketTagging"),
    (
        "s3",
        "DeletePublicAccessBlock",
        "s3:PutBucketPublicAccessBlock",
    ),
    (
        "s3",
        "PutBucketAccelerateConfiguration",
        "s3:PutAccelerateConfiguration",
    ),
    ("s3", "PutBucketCors", "s3:PutBucketCORS"),
    ("s3", "PutBucketEncryption", "s3:PutEncryptionConfiguration"),
    (
        "s3",
        "PutBucketLifecycleConfiguration",
        "s3:PutLifecycleConfiguration",
    ),
    (
        "s3",
        "PutBucketNotificationConfiguration",
        "s3:PutBucketNotification",
    ),
    (
        "s3",
        "PutBucketReplication",
        "s3:PutReplicationConfiguration",
    ),
    (
        "s3",
        "PutObjectLockConfiguration",
        "s3:PutBucketObjectLockConfiguration",
    ),
    (
        "s3",
        "PutPublicAccessBlock",
        "s3:PutBucketPublicAccessBlock",
    ),
    (
        "s3control",
        "DeletePublicAccessBlock",
        "s3:PutAccountPublicAccessBlock",
    ),
    (
        "s3control",
        "PutPublicAccessBlock",
        "s3:PutAccountPublicAccessBlock",
    ),
    ("lambda", "GetLayerVersionByArn", "lambda:GetLayerVersion"),
    (
        "s3",
        "GetBucketAccelerateConfiguration",
        "s3:GetAccelerateConfiguration",
    ),
    (
        "s3",
        "GetBucketAnalyticsConfiguration",
        "s3:GetAnalyticsConfiguration",
    ),
    ("s3", "GetBucketCors", "s3:GetBucketCORS"),
    ("s3", "GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    (
        "s3",
        "GetBucketIntelligentTieringConfiguration",
        "s3:GetIntelligentTieringConfiguration",
    ),
    (
        "s3",
        "GetBucketInventoryConfiguration",
        "s3:GetInventoryConfiguration",
    ),
    ("s3", "GetBucketLifecycle", "s3:GetLifecycleConfiguration"),
    (
        "s3",
        "GetBucketLifecycleConfiguration",
        "s3:GetLifecycleConfiguration",
    ),
    (
        "s3",
        "GetBucketMetricsConfiguration",
        "s3:GetMetricsConfiguration",
    ),
    (
        "s3",
        "GetBucketNotificationConfiguration",
        "s3:GetBucketNotification",
    ),
    (
        "s3",
        "GetBucketReplication",
        "s3:GetReplicationConfiguration",
    ),
    (
        "s3",
        "GetObjectLockConfiguration",
        "s3:GetBucketObjectLockConfiguration",
    ),
    (
        "s3",
        "GetPublicAccessBlock",
        "s3:GetBucketPublicAccessBlock",
    ),
    ("s3", "HeadBucket", "s3:ListBucket"),
    ("s3", "HeadObject", "s3:GetObject"),
    (
        "s3",
        "ListBucketAnalyticsConfigurations",
        "s3:GetAnalyticsConfiguration",
    ),
    (
        "s3",
        "ListBucketIntelligentTieringConfigurations",
        "s3:GetIntelligentTieringConfiguration",
    ),
    (
        "s3",
        "ListBucketInventoryConfigurations",
        "s3:GetInventoryConfiguration",
    ),
    (
        "s3",
        "ListBucketMetricsConfigurations",
        "s3:GetMetricsConfiguration",
    ),
    ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
    (
        "s3",
        "ListMultipartUploads",
        "s3:ListBucketMultipartUploads",
    ),
    ("s3", "ListObjectVersions", "s3:ListBucketVersions"),
    ("s3", "ListObjects", "s3:ListBucket"),
    ("s3", "ListObjectsV2", "s3:ListBucket"),
    ("s3", "ListParts", "s3:ListMultipartUploadParts"),
    ("s3", "SelectObjectContent", "s3:GetObject"),
    (
        "s3control",
        "GetBucketLifecycleConfiguration",
        "s3-outposts:GetLifecycleConfiguration",
    ),
    (
        "s3control",
        "GetPublicAccessBlock",
        "s3:GetAccountPublicAccessBlock",
    ),
    (
        "s3control",
        "ListRegionalBuckets",
        "s3-outposts:ListRegionalBuckets",
    ),
];

/// As [`action_of`], of a service by the name of its model; where there is no such model, by these names.
pub fn action_named(service: &str, operation: &str) -> String {
    Service::named(service).map_or_else(
        |_| format!("{service}:{operation}"),
        |known| action_of(known, operation),
    )
}

/// The action that allows an operation, as far as its name and AWS's exceptions tell.
pub fn action_of(service: &Service, operation: &str) -> String {
    let exception = ACTIONS
        .iter()
        .find(|(name, known, _)| *name == service.name && *known == operation);
    if let Some((_, _, action)) = exception {
        return (*action).to_owned();
    }
    // API Gateway's actions are HTTP's methods.
    if service.signing == "apigateway" {
        let method = service
            .operation(operation)
            .map(|found| found.method.as_str());
        return format!("apigateway:{}", method.unwrap_or("GET"));
    }
    let prefix = PREFIXES
        .iter()
        .find(|(signing, _)| *signing == service.signing)
        .map_or(service.signing, |(_, prefix)| *prefix);
    format!("{prefix}:{operation}")
}

/// The denied action, when the error says that something was denied.
pub(crate) fn read(
    service: &Service,
    operation: &str,
    code: &str,
    message: &str,
) -> Option<DeniedAction> {
    let says_so = message.contains("not authorized to perform");
    if !says_so && !CODES.contains(&code) {
        return None;
    }
    let plain = plain(message);
    let stated = stated_action(&plain);
    Some(DeniedAction {
        stated: stated.is_some(),
        action: stated.unwrap_or_else(|| action_of(service, operation)),
        explicit_deny: explicit_deny(&plain),
    })
}

/// Some services send the sentence URL-encoded, or with its colons as HTML entities.
fn plain(message: &str) -> String {
    percent::decode(message)
        .replace("&#58;", ":")
        .replace("&#x3A;", ":")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
}

/// The first `service:Action` after "to perform".
fn stated_action(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("to perform")?;
    rest.split(|letter: char| !(letter.is_ascii_alphanumeric() || ":-*".contains(letter)))
        .map(|word| word.trim_matches(':'))
        .find(|word| is_action(word))
        .map(str::to_owned)
}

fn is_action(word: &str) -> bool {
    let Some((prefix, name)) = word.split_once(':') else {
        return false;
    };
    let in_prefix = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !prefix.is_empty()
        && prefix != "arn"
        && prefix.bytes().all(in_prefix)
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `… with an explicit deny in a service control policy`.
fn explicit_deny(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("explicit deny in ")?;
    let rest = rest.trim_start_matches("an ").trim_start_matches("a ");
    let end = rest.find("policy").map(|at| at + "policy".len());
    let policy = match end {
        Some(end) => rest.get(..end)?,
        None => rest.split(['.', ',', ':', '\n']).next()?,
    };
    Some(policy.trim().to_owned())
}

#[cfg(test)]
mod tests {
    //! Oracle: the sentences of AWS's page on access denied errors, and of services' own replies.

    use super::*;

    fn denied(service: &str, operation: &str, code: &str, message: &str) -> Option<DeniedAction> {
        read(Service::named(service).unwrap(), operation, code, message)
    }

    #[test]
    fn the_service_names_the_action() {
        let message = "User: arn:aws:iam::123456789012:user/maria is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/ because no identity-based policy allows the iam:ListUsers action";
        let found = denied("iam", "ListUsers", "AccessDenied", message).unwrap();
        assert_eq!(
            found,
            DeniedAction {
                action: "iam:ListUsers".into(),
                stated: true,
                explicit_deny: None
            }
        );
    }

    #[test]
    fn another_action_than_the_operations_may_be_the_denied_one() {
        let message = "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:1:key/k with an explicit deny in a service control policy";
        let found = denied("ssm", "GetParameter", "AccessDeniedException", message).unwrap();
        assert_eq!(found.action, "kms:Decrypt");
        assert_eq!(
            found.explicit_deny.as_deref(),
            Some("service control policy")
        );
    }

    #[test]
    fn encoded_sentences_are_read() {
        for message in [
            "User%3A%20arn%3Aaws%3Aiam%3A%3A1%3Auser%2Fm%20is%20not%20authorized%20to%20perform%3A%20s3%3AGetBucketPolicy",
            "User&#58; m is not authorized to perform&#58; s3&#58;GetBucketPolicy on resource&#58; \"b\"",
            "User: m is not authorized to perform: \"s3:GetBucketPolicy\"",
            "User m is not authorized to perform s3:GetBucketPolicy, s3:GetBucketAcl",
        ] {
            let found = denied("s3", "GetBucketPolicy", "AccessDenied", message).unwrap();
            assert_eq!(
                (found.action.as_str(), found.stated),
                ("s3:GetBucketPolicy", true),
                "{message}"
            );
        }
    }

    #[test]
    fn what_is_not_said_follows_from_the_operation() {
        let encoded = "You are not authorized to perform this operation. Encoded authorization failure message: Xi9fV:Abc-Def:Ghi";
        for (service, operation, code, message, action) in [
            (
                "ec2",
                "DescribeInstances",
                "UnauthorizedOperation",
                encoded,
                "ec2:DescribeInstances",
            ),
            (
                "s3",
                "ListBuckets",
                "AccessDenied",
                "Access Denied",
                "s3:ListAllMyBuckets",
            ),
            ("s3", "HeadBucket", "403", "", "s3:ListBucket"),
            (
                "s3control",
                "GetPublicAccessBlock",
                "AccessDenied",
                "Access Denied",
                "s3:GetAccountPublicAccessBlock",
            ),
            (
                "elbv2",
                "DescribeRules",
                "AccessDenied",
                "",
                "elasticloadbalancing:DescribeRules",
            ),
            (
                "cloudwatch",
                "DescribeAlarms",
                "AccessDenied",
                "",
                "cloudwatch:DescribeAlarms",
            ),
            (
                "apigateway",
                "GetRestApis",
                "AccessDeniedException",
                "",
                "apigateway:GET",
            ),
            (
                "resourcegroupstaggingapi",
                "GetResources",
                "AccessDeniedException",
                "",
                "tag:GetResources",
            ),
        ] {
            let found = denied(service, operation, code, message).unwrap();
            assert_eq!((found.action.as_str(), found.stated), (action, false));
        }
    }

    #[test]
    fn other_errors_deny_nothing() {
        for code in [
            "InvalidClientTokenId",
            "ExpiredToken",
            "SignatureDoesNotMatch",
            "ThrottlingException",
            "NoSuchBucket",
        ] {
            assert_eq!(
                denied("s3", "GetBucketAcl", code, "The request was refused"),
                None
            );
        }
    }

    #[test]
    fn exceptions_name_operations_that_exist() {
        for (service, operation, _) in ACTIONS {
            Service::named(service)
                .unwrap()
                .operation(operation)
                .unwrap();
        }
        for (signing, _) in PREFIXES {
            let known = |name: &str| Service::named(name).unwrap().signing == signing;
            assert!(Service::names().any(known), "{signing}");
        }
    }
}
