//! The recorder's role as a CloudFormation template, for a stack or a stack set.

use super::RecorderRole;

const HEAD: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  The role with which Posture reads this account. It changes nothing. IAM has no Regions: deploy it
  to one Region of an account.
Parameters:
  RoleName:
    Type: String
    Default: PostureRecorder
    Description: The name of the role.
    AllowedPattern: "[A-Za-z0-9_+=,.@-]{1,64}"
  TrustedAccountId:
    Type: String
"#;

const TRUSTED: &str = r#"    Description: The account that Posture runs in, which may take the role.
    AllowedPattern: "[0-9]{12}"
  ExternalId:
    Type: String
"#;

const EXTERNAL: &str = r#"    Description: What whoever takes the role has to say. Empty for nothing.
    AllowedPattern: "|[A-Za-z0-9_+=,.@:/-]{2,1224}"
Conditions:
  HasExternalId: !Not [!Equals [!Ref ExternalId, ""]]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      Description: Posture reads this account with it.
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Sub "arn:${AWS::Partition}:iam::${TrustedAccountId}:root"
            Action: sts:AssumeRole
            Condition: !If
              - HasExternalId
              - StringEquals:
                  sts:ExternalId: !Ref ExternalId
              - !Ref AWS::NoValue
      ManagedPolicyArns:
"#;

const FOOT: &str = "Outputs:
  RoleArn:
    Description: The role that Posture takes.
    Value: !GetAtt Role.Arn
";

/// The template.
pub(crate) fn recorder(role: &RecorderRole<'_>) -> String {
    let mut text = HEAD.to_owned();
    if let Some(account_id) = role.trusted_account {
        text.extend(["    Default: \"", account_id, "\"\n"]);
    }
    text += TRUSTED;
    // Without a default a stack set could not be deployed without one.
    let external_id = role.external_id.unwrap_or_default();
    text.extend(["    Default: \"", external_id, "\"\n"]);
    text += EXTERNAL;
    for number in 1..=role.groups.len() {
        text.extend(["        - !Ref Policy", &number.to_string(), "\n"]);
    }
    for (number, actions) in (1..).zip(role.groups) {
        text += &policy(number, actions);
    }
    text + FOOT
}

fn policy(number: usize, actions: &[&str]) -> String {
    let mut text = format!(
        "  Policy{number}:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: What Posture reads, part {number}.
      PolicyDocument:
        Version: \"2012-10-17\"
        Statement:
          - Sid: PostureRecorder{number}
            Effect: Allow
            Action:
"
    );
    for action in actions {
        text.extend(["              - ", action, "\n"]);
    }
    text + "            Resource: \"*\"\n"
}
