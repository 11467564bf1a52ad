//! Secrets in a reply of an API, which has other members around them than an item of AWS Config.

use serde_json::Value;

use super::patterns::{self, Tails};
use super::redaction::{self, PLACES, REDACTED};

/// Parts of a place, from its end, by which it is known in a reply: around them the API and AWS Config
/// have different names.
const PARTS: usize = 3;

/// Services whose API has another name than their types.
const NAMESPACES: [(&str, &str); 1] = [("firehose", "KinesisFirehose")];

/// Places of replies that no item has.
const OF_REPLIES: [(&str, &str); 1] = [("elasticbeanstalk", "OptionSettings[*].Value")];

/// Replaces what may be a secret in a reply: what is redacted in items of the service's types, at
/// any depth, and members of the names in [`redaction::NAMES`]. `service` is botocore's name, such as
/// `ecs`. The structure stays, an empty value stays empty.
pub fn redact_reply(service: &str, reply: &mut Value) {
    let places = places(service);
    inside(&places, &[], reply);
}

fn places(service: &str) -> Tails {
    let known = NAMESPACES.iter().find(|(name, _)| *name == service);
    let namespace = known.map_or(service, |(_, namespace)| namespace);
    let of_service = |resource_type: &str| {
        let mut parts = resource_type.split("::").skip(1);
        parts
            .next()
            .is_some_and(|part| part.eq_ignore_ascii_case(namespace))
    };
    let items = PLACES
        .iter()
        .filter(|places| of_service(places.resource_type))
        .flat_map(|places| places.paths.iter().copied())
        .filter_map(|path| path.split_once('.').map(|(_, inside)| inside))
        .map(end);
    let replies = OF_REPLIES.iter().filter(|(name, _)| *name == service);
    items.chain(replies.map(|(_, path)| *path)).collect()
}

/// The last parts of a path. One that begins with any member begins after it.
fn end(path: &'static str) -> &'static str {
    let mut end = path;
    while end.split('.').count() > PARTS || end.starts_with("*.") {
        match end.split_once('.') {
            Some((_, rest)) => end = rest,
            None => break,
        }
    }
    end
}

fn inside(places: &[&'static str], tails: &[&'static str], value: &mut Value) {
    match value {
        Value::Array(elements) => {
            for element in elements {
                inside(places, tails, element);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let begun = [tails, places].concat();
                let left = patterns::inside(&begun, name);
                if patterns::is_place(&left) || member.is_string() && redaction::is_secret(name) {
                    redact(member);
                } else {
                    inside(places, &left, member);
                }
            }
        }
        _ => {}
    }
}

/// The same structure, with every text, number and truth value replaced.
fn redact(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::Array(elements) => elements.iter_mut().for_each(redact),
        Value::Object(members) => members.values_mut().for_each(redact),
        Value::String(_) | Value::Bool(_) | Value::Number(_) => {
            *value = Value::String(REDACTED.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    //! Oracle: the shapes of AWS's own models, in which every reply here is written.

    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_of_replies_are_gone_and_all_else_stays() {
        let canary = "c4n4ry";
        for (service, mut reply) in [
            (
                "ecs",
                json!({"taskDefinition": {"family": "f", "containerDefinitions": [{"name": "n",
                    "environment": [{"name": "KEY", "value": canary}]}]}}),
            ),
            (
                "lambda",
                json!({"Functions": [{"FunctionName": "f", "Environment": {"Variables": {"KEY": canary}}}]}),
            ),
            (
                "cloudfront",
                json!({"DistributionList": {"Items": [{"Id": "f", "Origins": {"Items": [{"CustomHeaders":
                    {"Items": [{"HeaderName": "x", "HeaderValue": canary}]}}]}}]}}),
            ),
            (
                "ec2",
                json!({"UserData": {"Value": canary}, "InstanceId": "f"}),
            ),
            (
                "cloudformation",
                json!({"Stacks": [{"StackName": "f", "Parameters": [{"ParameterKey": "k", "ParameterValue": canary}],
                    "Outputs": [{"OutputValue": canary}]}]}),
            ),
            (
                "elasticbeanstalk",
                json!({"ConfigurationSettings": [{"ApplicationName": "f",
                    "OptionSettings": [{"OptionName": "x", "Value": canary}]}]}),
            ),
            (
                "secretsmanager",
                json!({"Name": "f", "SecretString": canary}),
            ),
            (
                "codebuild",
                json!({"projects": [{"name": "f", "environment": {"environmentVariables": [{"value": canary}]}}]}),
            ),
        ] {
            redact_reply(service, &mut reply);
            let text = reply.to_string();
            assert!(!text.contains(canary), "{service}: {text}");
            assert!(text.contains(REDACTED), "{service}: {text}");
            assert!(text.contains("\"f\""), "{service}: {text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        let reply = json!({"Tags": [{"Key": "k", "Value": "v"}], "Password": "", "n": null});
        for service in ["iam", "kms", "nothing"] {
            let mut shown = reply.clone();
            redact_reply(service, &mut shown);
            assert_eq!(shown, reply, "{service}");
        }
    }
}
