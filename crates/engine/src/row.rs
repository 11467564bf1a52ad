//! A verdict, and everything there is to say of it.

use posture_model::{ConfigurationItem, Reason};
use posture_rules::{ComplianceType, Severity, Shown};
use sha2::{Digest as _, Sha256};

use crate::disposition::Disposition;
use crate::exceptions::Exception;
use crate::judge::Judged;
use crate::report::RuleResult;

/// AWS Config's limit for an annotation, in characters.
const ANNOTATION_LIMIT: usize = 256;

/// A verdict before its item is read again.
#[derive(Debug, Clone, Copy)]
pub struct Outline<'s> {
    /// Its number in the order of the output, from 0; the same in every pass over a scan.
    pub number: u64,
    /// The rule's result.
    pub rule: &'s RuleResult,
    /// The rule's place in [`Scan::rules`].
    pub rule_index: u32,
    /// How bad a failure is.
    pub severity: Severity,
    /// The verdict.
    pub compliance_type: ComplianceType,
    /// Whether it counts.
    pub disposition: Disposition,
    /// The resource's account.
    pub account_id: &'s str,
    /// The resource's Region.
    pub aws_region: &'s str,
    /// The resource's type.
    pub resource_type: &'s str,
    /// The resource's id.
    pub resource_id: &'s str,
}

/// A verdict with everything there is to say of it.
pub struct Row<'r> {
    /// The rule's result.
    pub rule: &'r RuleResult,
    /// The item that was judged.
    pub item: &'r ConfigurationItem<'r>,
    /// The verdict.
    pub compliance_type: ComplianceType,
    /// Whether it counts.
    pub disposition: Disposition,
    /// The exception that decided that.
    pub exception: Option<&'r Exception>,
    /// An exception that would have, had it not expired.
    pub expired_exception: Option<&'r Exception>,
    /// How bad a failure is.
    pub severity: Severity,
    /// Its number in the order of the output, from 0.
    pub number: u64,
    /// The input that holds the item; empty where none does.
    pub input: &'r str,
    /// Where in the decompressed input the item begins, in bytes.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u32,
    pub(crate) reason: String,
    pub(crate) facts: Facts,
}

/// What decided.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// The place looked at; empty where the verdict is about the whole item.
    pub path: String,
    /// What stands there, as JSON where it is a part of the item; null where nothing is set.
    pub found: Option<String>,
    /// What the rule wants there, or why it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Why the check could not run: `DENIED`, `THROTTLED`, `NOT_COLLECTED` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insufficient_data: Option<&'static str>,
    /// The IAM action whose call did not succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
}

impl Row<'_> {
    /// The reason in words, whole.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The reason in at most 256 characters.
    pub fn annotation(&self) -> String {
        // A letter has a byte or more: most reasons are short, and need no counting.
        if self.reason.len() <= ANNOTATION_LIMIT {
            return self.reason.clone();
        }
        let mut letters = self.reason.chars();
        let cut: String = letters.by_ref().take(ANNOTATION_LIMIT).collect();
        if letters.next().is_none() {
            return cut;
        }
        let mut cut: String = cut.chars().take(ANNOTATION_LIMIT - 1).collect();
        cut.push('…');
        cut
    }

    /// The same for the same rule, parameters and resource in every scan, from v1 on: 32 hexadecimal
    /// digits of the SHA-256 of their texts.
    pub fn evaluation_id(&self) -> String {
        let mut hash = Sha256::new();
        let item = self.item;
        let mut add = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        };
        add("posture.evaluation/v1");
        add(&self.rule.rule_name);
        add(&self.rule.source_identifier);
        for (name, value) in &self.rule.parameters {
            add(name);
            add(value);
        }
        for text in [
            item.account_id(),
            item.aws_region(),
            item.type_name(),
            item.resource_id(),
        ] {
            add(text);
        }
        let digest = hash.finalize();
        let first = digest.first_chunk::<16>().copied().unwrap_or_default();
        format!("{:032x}", u128::from_be_bytes(first))
    }

    /// What decided.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }
}

impl Facts {
    pub(crate) fn of(judged: &Judged<'_, '_>) -> Facts {
        match &judged.verdict {
            Ok(evaluation) => {
                let shown = |shown: &Shown<'_>| match shown {
                    Shown::Nothing => None,
                    shown => Some(shown.to_string()),
                };
                Facts {
                    path: evaluation.place.to_string(),
                    found: shown(&evaluation.found),
                    expected: shown(&evaluation.expected),
                    insufficient_data: None,
                    action: None,
                }
            }
            Err(data) => Facts {
                path: data.path.clone(),
                found: None,
                expected: None,
                insufficient_data: Some(data.reason.code()),
                action: match &data.reason {
                    Reason::Denied { action }
                    | Reason::Throttled { action }
                    | Reason::CallFailed { action, .. } => Some(action.clone()),
                    _ => None,
                },
            },
        }
    }
}
