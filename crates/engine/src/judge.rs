//! One rule on one item.

use std::cell::Cell;

use jiff::Timestamp;
use posture_model::tree::Bump;
use posture_model::{ConfigurationItem, InsufficientData, Reason};
use posture_rules::{ComplianceType, Context, Other, Related, Verdict};

use crate::disposition::{Disposition, Mark};
use crate::exceptions::{Exceptions, Found};
use crate::plan::{Check, Deployed};

/// Judges, and says whether the verdict counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judge<'p> {
    pub(crate) exceptions: &'p Exceptions,
}

/// An item alone, as long as no other item is known.
pub(crate) struct Alone<'a> {
    related: &'a NotYet,
    context: Context<'a>,
}

impl<'a> Alone<'a> {
    pub(crate) fn new(now: Timestamp, arena: &'a Bump) -> Alone<'a> {
        let related: &'a NotYet = arena.alloc(NotYet::default());
        Alone {
            related,
            context: Context::new(now, related),
        }
    }
}

/// Knows no other item, but whether one was asked for.
#[derive(Default)]
struct NotYet(Cell<bool>);

impl<'a> Related<'a> for NotYet {
    fn find(
        &self,
        _: &ConfigurationItem<'a>,
        other: &Other,
        _: Option<&str>,
    ) -> Result<Vec<&'a ConfigurationItem<'a>>, InsufficientData> {
        self.0.set(true);
        Err(other.not_recorded())
    }
}

/// A verdict with its reason, and what became of it.
pub(crate) struct Judged<'a, 'p> {
    pub(crate) verdict: Verdict<'a>,
    pub(crate) found: Found<'p>,
}

impl<'p> Judge<'p> {
    /// The mark of an item that is in the rule's scope, before other items are known: final where
    /// the rule asked for none.
    pub(crate) fn first_mark<'a>(
        self,
        rule: &Deployed,
        item: &ConfigurationItem<'a>,
        is_excluded: bool,
        alone: &Alone<'a>,
    ) -> Mark {
        alone.related.0.set(false);
        let mark = self.judge(rule, item, is_excluded, &alone.context).mark();
        if alone.related.0.get() {
            mark.provisional()
        } else {
            mark
        }
    }

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
