//! The recorder's role as a Terraform module.

use super::RecorderRole;

const HEAD: &str = r#"# The role with which Posture reads this account. It changes nothing.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "role_name" {
  description = "The name of the role."
  type        = string
  default     = "PostureRecorder"
}

variable "trusted_account_id" {
  description = "The account that Posture runs in, which may take the role."
  type        = string
"#;

const TRUSTED: &str = r#"
  validation {
    condition     = can(regex("^[0-9]{12}$", var.trusted_account_id))
    error_message = "An account's id is 12 digits."
  }
}

variable "external_id" {
  description = "What whoever takes the role has to say. Empty for nothing."
  type        = string
"#;

const EXTERNAL: &str = r#"
  validation {
    condition     = can(regex("^([A-Za-z0-9_+=,.@:/-]{2,})?$", var.external_id))
    error_message = "An external id is 2 or more letters, digits and _+=,.@:/-."
  }
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${var.trusted_account_id}:root"]
    }

    dynamic "condition" {
      for_each = var.external_id == "" ? [] : [var.external_id]

      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "recorder" {
  name               = var.role_name
  description        = "Posture reads this account with it."
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

output "role_arn" {
  description = "The role that Posture takes."
  value       = aws_iam_role.recorder.arn
}
"#;

/// The module, as `terraform fmt` writes it.
pub(crate) fn recorder(role: &RecorderRole<'_>) -> String {
    let mut text = HEAD.to_owned();
    if let Some(account_id) = role.trusted_account {
        text.extend(["  default     = \"", account_id, "\"\n"]);
    }
    text += TRUSTED;
    let external_id = role.external_id.unwrap_or_default();
    text.extend(["  default     = \"", external_id, "\"\n"]);
    text += EXTERNAL;
    for (number, actions) in (1..).zip(role.groups) {
        text += &policy(number, actions);
    }
    text
}

fn policy(number: usize, actions: &[&str]) -> String {
    let mut text = format!(
        r#"
resource "aws_iam_policy" "recorder_{number}" {{
  name_prefix = "${{var.role_name}}-{number}-"
  description = "What Posture reads, part {number}."
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Sid    = "PostureRecorder{number}"
      Effect = "Allow"
      Action = [
"#
    );
    for action in actions {
        text.extend(["        \"", action, "\",\n"]);
    }
    text + &format!(
        r#"      ]
      Resource = "*"
    }}]
  }})
}}

resource "aws_iam_role_policy_attachment" "recorder_{number}" {{
  role       = aws_iam_role.recorder.name
  policy_arn = aws_iam_policy.recorder_{number}.arn
}}
"#
    )
}
