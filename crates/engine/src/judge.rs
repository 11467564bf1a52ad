//! One rule on one item.

use posture_model::{ConfigurationItem, InsufficientData, Reason};
use posture_rules::{ComplianceType, Context, Verdict};

use crate::disposition::{Disposition, Mark};
use crate::exceptions::{Exceptions, Found};
use crate::plan::{Check, Deployed};

/// Judges, and says whether the verdict counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judge<'p> {
    pub(crate) exceptions: &'p Exceptions,
}

/// A verdict with its reason, and what became of it.
pub(crate) struct Judged<'a, 'p> {
    pub(crate) verdict: Verdict<'a>,
    pub(crate) found: Found<'p>,
}

impl<'p> Judge<'p> {
    /// Judges an item that is in the rule's scope. `is_excluded` says that whoever made it is left
    /// out.
    pub(crate) fn judge<'a>(
        self,
        rule: &Deployed,
        item: &ConfigurationItem<'a>,
        is_excluded: bool,
        context: &Context<'a>,
    ) -> Judged<'a, 'p> {
        let verdict = match &rule.check {
            Check::Guard(policy) => policy.evaluate(item),
            Check::Managed(managed) => managed.evaluate(item, &rule.params, context),
            Check::Lambda => Err(InsufficientData {
                path: String::new(),
                reason: Reason::CustomLambda {
                    function: rule.identifier.clone(),
                },
            }),
        };
        let found = if is_excluded {
            Found::EXCLUDED
        } else {
            let compliance_type = compliance_type(&verdict);
            self.exceptions
                .find(rule, item, compliance_type, context.now)
        };
        Judged { verdict, found }
    }
}

impl Judged<'_, '_> {
    pub(crate) fn compliance_type(&self) -> ComplianceType {
        compliance_type(&self.verdict)
    }

    pub(crate) fn disposition(&self) -> Disposition {
        self.found.disposition
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark::new(self.compliance_type(), self.disposition())
    }

    /// The reason in words.
    pub(crate) fn reason(&self) -> String {
        match &self.verdict {
            Ok(evaluation) => evaluation.reason(),
            Err(data) => data.to_string(),
        }
    }
}

fn compliance_type(verdict: &Verdict<'_>) -> ComplianceType {
    match verdict {
        Ok(evaluation) => evaluation.compliance_type,
        Err(_) => ComplianceType::InsufficientData,
    }
}
