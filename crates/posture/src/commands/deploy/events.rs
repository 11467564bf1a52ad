//! What sends events to the queue of `posture watch`: of one Region, for a stack or a module.
//!
//! Sources: EventBridge user guide, "AWS service events delivered via CloudTrail" and "Using
//! resource-based policies"; SQS developer guide, "Dead-letter queues".

use posture_hub::formats::EVENTS_WITH_FINDINGS;

/// Calls that may have changed something. Those that only read are no events of `EventBridge` unless
/// a rule asks for them.
pub(crate) const CALLS: &str = r#"{"source": [{"prefix": "aws."}], "detail-type": ["AWS API Call via CloudTrail"], "detail": {"errorCode": [{"exists": false}]}}"#;

/// What services say of themselves, and AWS Config of resources.
pub(crate) const CHANGES: &str = r#"{"source": ["aws.config", "aws.ec2", "aws.cloudformation"], "detail-type": ["Config Configuration Item Change", "EC2 Instance State-change Notification", "CloudFormation Stack Status Change"]}"#;

/// Findings of Security Hub and of the services that make some, and AWS Config's verdicts.
pub(crate) fn findings() -> String {
    let sources = r#"["aws.securityhub", "aws.config", "aws.guardduty", "aws.inspector2", "aws.macie", "aws.access-analyzer"]"#;
    let kinds = EVENTS_WITH_FINDINGS
        .map(|kind| format!("\"{kind}\""))
        .join(", ");
    format!("{{\"source\": {sources}, \"detail-type\": [{kinds}]}}")
}

const CLOUDFORMATION: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  The queue of posture watch, and what sends events to it. Deploy it to each Region that is watched.
Parameters:
  QueueName:
    Type: String
    Default: Posture
    Description: The name of the queue.
    AllowedPattern: "[A-Za-z0-9_-]{1,50}"
Resources:
  DeadLetterQueue:
    Type: AWS::SQS::Queue
    UpdateReplacePolicy: Retain
    DeletionPolicy: Retain
    Properties:
      MessageRetentionPeriod: 1209600
      SqsManagedSseEnabled: true
  Queue:
    Type: AWS::SQS::Queue
    UpdateReplacePolicy: Delete
    DeletionPolicy: Delete
    Properties:
      QueueName: !Ref QueueName
      MessageRetentionPeriod: 345600
      SqsManagedSseEnabled: true
      VisibilityTimeout: 120
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt DeadLetterQueue.Arn
        maxReceiveCount: 5
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues:
        - !Ref Queue
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: EventsOfTheRules
            Effect: Allow
            Principal:
              Service: events.amazonaws.com
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Condition:
              ArnEquals:
                aws:SourceArn:
                  - !GetAtt Calls.Arn
                  - !GetAtt Changes.Arn
                  - !GetAtt Findings.Arn
          - Sid: NothingInTheClear
            Effect: Deny
            Principal: "*"
            Action: sqs:*
            Resource: !GetAtt Queue.Arn
            Condition:
              Bool:
                aws:SecureTransport: "false"
  Receiver:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: Receives the events, and deletes those that were taken. Attach it to the recorder's role.
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: Receive
            Effect: Allow
            Action:
              - sqs:DeleteMessage
              - sqs:ReceiveMessage
            Resource: !GetAtt Queue.Arn
  Calls:
    Type: AWS::Events::Rule
    Properties:
      Description: Calls that may have changed something.
      EventPattern: CALLS
      Targets:
        - Id: Queue
          Arn: !GetAtt Queue.Arn
  Changes:
    Type: AWS::Events::Rule
    Properties:
      Description: What services say of their resources.
      EventPattern: CHANGES
      Targets:
        - Id: Queue
          Arn: !GetAtt Queue.Arn
  Findings:
    Type: AWS::Events::Rule
    Properties:
      Description: Findings of Security Hub and of the services that make some.
      EventPattern: FINDINGS
      Targets:
        - Id: Queue
          Arn: !GetAtt Queue.Arn
Outputs:
  QueueUrl:
    Description: What posture watch takes as --queue.
    Value: !Ref Queue
  ReceiverPolicy:
    Description: What the recorder's role needs beside its own policies.
    Value: !Ref Receiver
"#;

const TERRAFORM: &str = r#"# The queue of posture watch, and what sends events to it: of one Region.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "queue_name" {
  description = "The name of the queue."
  type        = string
  default     = "Posture"

  # Names of queues have at most 80 characters, those of rules 64.
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,50}$", var.queue_name))
    error_message = "A name of 1 to 50 letters, digits, - and _."
  }
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.queue_name}-dead-letters"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "events" {
  name                       = var.queue_name
  message_retention_seconds  = 345600
  sqs_managed_sse_enabled    = true
  visibility_timeout_seconds = 120

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })
}

data "aws_iam_policy_document" "events" {
  statement {
    sid       = "EventsOfTheRules"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.events.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values = [
        aws_cloudwatch_event_rule.calls.arn,
        aws_cloudwatch_event_rule.changes.arn,
        aws_cloudwatch_event_rule.findings.arn,
      ]
    }
  }

  statement {
    sid       = "NothingInTheClear"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.events.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "events" {
  queue_url = aws_sqs_queue.events.id
  policy    = data.aws_iam_policy_document.events.json
}

resource "aws_cloudwatch_event_rule" "calls" {
  name          = "${var.queue_name}-calls"
  description   = "Calls that may have changed something."
  event_pattern = <<-EOT
    CALLS
  EOT
}

resource "aws_cloudwatch_event_rule" "changes" {
  name          = "${var.queue_name}-changes"
  description   = "What services say of their resources."
  event_pattern = <<-EOT
    CHANGES
  EOT
}

resource "aws_cloudwatch_event_rule" "findings" {
  name          = "${var.queue_name}-findings"
  description   = "Findings of Security Hub and of the services that make some."
  event_pattern = <<-EOT
    FINDINGS
  EOT
}

resource "aws_cloudwatch_event_target" "calls" {
  rule = aws_cloudwatch_event_rule.calls.name
  arn  = aws_sqs_queue.events.arn
}

resource "aws_cloudwatch_event_target" "changes" {
  rule = aws_cloudwatch_event_rule.changes.name
  arn  = aws_sqs_queue.events.arn
}

resource "aws_cloudwatch_event_target" "findings" {
  rule = aws_cloudwatch_event_rule.findings.name
  arn  = aws_sqs_queue.events.arn
}

data "aws_iam_policy_document" "receiver" {
  statement {
    sid       = "Receive"
    actions   = ["sqs:DeleteMessage", "sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.events.arn]
  }
}

resource "aws_iam_policy" "receiver" {
  name_prefix = "${var.queue_name}-receiver-"
  description = "Receives the events, and deletes those that were taken. Attach it to the recorder's role."
  policy      = data.aws_iam_policy_document.receiver.json
}

output "queue_url" {
  description = "What posture watch takes as --queue."
  value       = aws_sqs_queue.events.url
}

output "receiver_policy" {
  description = "What the recorder's role needs beside its own policies."
  value       = aws_iam_policy.receiver.arn
}
"#;

/// The template; its patterns are JSON, which YAML is too.
pub(crate) fn cloudformation() -> String {
    filled(CLOUDFORMATION)
}

/// The module, as `terraform fmt` writes it.
pub(crate) fn terraform() -> String {
    filled(TERRAFORM)
}

fn filled(template: &str) -> String {
    let filled = template.replace("CALLS", CALLS);
    filled
        .replace("CHANGES", CHANGES)
        .replace("FINDINGS", &findings())
}

#[cfg(test)]
mod tests {
    //! Oracle: AWS's events of the user guides.

    use posture_model::tree::{Bump, parse};
    use posture_router::Pattern;
    use serde_json::json;

    use super::*;

    fn matches(pattern: &str, event: &serde_json::Value) -> bool {
        let arena = Bump::new();
        let text = event.to_string();
        let event = parse(text.as_bytes(), &arena).unwrap();
        Pattern::parse(pattern).unwrap().matches(event)
    }

    #[test]
    fn the_patterns_let_changes_through_and_failures_not() {
        let call = |detail| json!({"source": "aws.s3", "detail-type": "AWS API Call via CloudTrail", "detail": detail});
        assert!(matches(CALLS, &call(json!({"eventName": "DeleteBucket"}))));
        assert!(!matches(CALLS, &call(json!({"errorCode": "AccessDenied"}))));
        let state = json!({"source": "aws.ec2", "detail-type": "EC2 Instance State-change Notification", "detail": {}});
        assert!(matches(CHANGES, &state));
        assert!(!matches(CHANGES, &call(json!({}))));
    }

    #[test]
    fn every_event_that_brings_findings_is_let_through_and_no_other() {
        let pattern: serde_json::Value = serde_json::from_str(&findings()).unwrap();
        assert_eq!(pattern["detail-type"], json!(EVENTS_WITH_FINDINGS));
    }
}
