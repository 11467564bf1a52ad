//! Who answers for a finding.

use std::collections::BTreeMap;

/// What a finding is about, as rules of ownership see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The account.
    pub account_id: String,
    /// The security control; empty where it is none's.
    pub control: String,
    /// The type of its first resource, as ASFF or AWS Config spells it.
    pub resource_type: String,
    /// The tags of that.
    pub tags: BTreeMap<String, String>,
}

/// Who answers for what fits: every member that is given must.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnerRule {
    /// A person's name.
    pub owner: String,
    /// Accounts.
    pub accounts: Vec<String>,
    /// Security controls.
    pub controls: Vec<String>,
    /// Types, as ASFF or AWS Config spells them.
    pub types: Vec<String>,
    /// Tags with their values, all of which the resource has.
    pub tags: BTreeMap<String, String>,
}

/// Rules of ownership; the first one that fits counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owners {
    /// The rules.
    pub rules: Vec<OwnerRule>,
    /// Who answers for what no rule fits.
    pub default: Option<String>,
}

impl OwnerRule {
    fn fits(&self, subject: &Subject) -> bool {
        let has =
            |list: &[String], text: &str| list.is_empty() || list.iter().any(|one| one == text);
        let is_type = |known: &String| same_type(known, &subject.resource_type);
        let has_tag = |(key, value): (&String, &String)| subject.tags.get(key) == Some(value);
        has(&self.accounts, &subject.account_id)
            && has(&self.controls, &subject.control)
            && (self.types.is_empty() || self.types.iter().any(is_type))
            && self.tags.iter().all(has_tag)
    }
}

impl Owners {
    /// Who answers; none where nobody was named.
    pub fn of(&self, subject: &Subject) -> Option<&str> {
        let rule = self.rules.iter().find(|rule| rule.fits(subject));
        let named = rule.map(|rule| rule.owner.as_str());
        named.or(self.default.as_deref())
    }
}

/// `AWS::S3::Bucket` is `AwsS3Bucket`.
fn same_type(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.replace("::", "").to_lowercase();
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_all_of_whose_members_fit_names_the_owner() {
        let rule = |owner: &str| OwnerRule {
            owner: owner.to_owned(),
            ..OwnerRule::default()
        };
        let owners = Owners {
            rules: vec![
                OwnerRule {
                    types: vec!["AWS::S3::Bucket".to_owned()],
                    tags: BTreeMap::from([("team".to_owned(), "web".to_owned())]),
                    ..rule("Ann")
                },
                OwnerRule {
                    accounts: vec!["1".to_owned()],
                    controls: vec!["IAM.3".to_owned()],
                    ..rule("Bob")
                },
            ],
            default: None,
        };
        let subject = |account: &str, control: &str, kind: &str, team: &str| Subject {
            account_id: account.to_owned(),
            control: control.to_owned(),
            resource_type: kind.to_owned(),
            tags: BTreeMap::from([("team".to_owned(), team.to_owned())]),
        };
        let of = |one: &Subject| owners.of(one).map(str::to_owned);
        assert_eq!(
            of(&subject("1", "IAM.3", "AwsS3Bucket", "web")).as_deref(),
            Some("Ann")
        );
        assert_eq!(
            of(&subject("1", "IAM.3", "AwsS3Bucket", "data")).as_deref(),
            Some("Bob")
        );
        assert_eq!(of(&subject("2", "IAM.3", "AwsIamUser", "web")), None);
        let all = Owners {
            default: Some("Carl".to_owned()),
            ..owners.clone()
        };
        assert_eq!(all.of(&subject("2", "", "", "")), Some("Carl"));
    }
}
