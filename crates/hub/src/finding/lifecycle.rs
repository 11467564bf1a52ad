//! The life cycle of a finding's workflow, as Security Hub has it.
//!
//! Source: API_Workflow.html, `finding-workflow-status.html`, `controls-overall-status.html`.

use super::{ComplianceStatus, RecordState, WorkflowStatus};

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) record_state: RecordState,
    pub(crate) compliance: Option<ComplianceStatus>,
    pub(crate) workflow: WorkflowStatus,
}

/// Where it stands after its provider has spoken. `workflow` of `said` counts for a new finding only.
///
/// - `PASSED` resolves.
/// - What comes back from the archive, or passed and does not any more, is new again where somebody
///   was told or had resolved it.
/// - What is suppressed stays so until a person says otherwise.
pub(crate) fn next(before: Option<Standing>, said: Standing) -> WorkflowStatus {
    let mut workflow = before.map_or(said.workflow, |before| before.workflow);
    if workflow == WorkflowStatus::Suppressed {
        return workflow;
    }
    if let Some(before) = before {
        let is_back = before.record_state == RecordState::Archived
            && said.record_state == RecordState::Active;
        let fails_again = before.compliance == Some(ComplianceStatus::Passed)
            && said
                .compliance
                .is_some_and(|status| status != ComplianceStatus::Passed);
        if is_back || fails_again {
            workflow = WorkflowStatus::New;
        }
    }
    if said.compliance == Some(ComplianceStatus::Passed) {
        return WorkflowStatus::Resolved;
    }
    workflow
}

#[cfg(test)]
mod tests {
    use super::*;
    use ComplianceStatus::{Failed, NotAvailable, Passed, Warning};
    use RecordState::{Active, Archived};
    use WorkflowStatus::{New, Notified, Resolved, Suppressed};

    fn at(
        record_state: RecordState,
        compliance: impl Into<Option<ComplianceStatus>>,
        workflow: WorkflowStatus,
    ) -> Standing {
        Standing {
            record_state,
            compliance: compliance.into(),
            workflow,
        }
    }

    #[test]
    fn the_rules_of_the_page() {
        for (before, said, expected) in [
            (None, at(Active, Failed, New), New),
            (None, at(Active, Passed, New), Resolved),
            (None, at(Active, Failed, Notified), Notified),
            (
                Some(at(Active, Failed, New)),
                at(Active, Passed, New),
                Resolved,
            ),
            (
                Some(at(Active, Passed, Resolved)),
                at(Active, Failed, New),
                New,
            ),
            (
                Some(at(Active, Passed, Resolved)),
                at(Active, Warning, New),
                New,
            ),
            (
                Some(at(Active, Passed, Notified)),
                at(Active, NotAvailable, New),
                New,
            ),
            // A person resolved it while it failed: nothing changed since.
            (
                Some(at(Active, Failed, Resolved)),
                at(Active, Failed, New),
                Resolved,
            ),
            (
                Some(at(Active, Failed, Notified)),
                at(Active, Warning, New),
                Notified,
            ),
            (
                Some(at(Archived, Failed, Resolved)),
                at(Active, Failed, New),
                New,
            ),
            (
                Some(at(Archived, None, Notified)),
                at(Active, None, New),
                New,
            ),
            (
                Some(at(Active, Failed, Notified)),
                at(Archived, Failed, New),
                Notified,
            ),
            (
                Some(at(Active, Failed, Suppressed)),
                at(Active, Passed, New),
                Suppressed,
            ),
            (
                Some(at(Active, Passed, Suppressed)),
                at(Active, Failed, New),
                Suppressed,
            ),
            (
                Some(at(Archived, Failed, Suppressed)),
                at(Active, Failed, New),
                Suppressed,
            ),
        ] {
            assert_eq!(next(before, said), expected, "{before:?} {said:?}");
        }
    }
}
