//! A finding that stays open for weeks was read by nobody, or by nobody who decided.
//!
//! ## Result
//! - COMPLIANT: no finding that is not archived is older than the limit of its severity.
//! - NON_COMPLIANT: one is: after `daysLowSev` days below severity 4, after `daysMediumSev` below
//!   7, after `daysHighSev` from 7 on.
//! - NOT_APPLICABLE: the Region has no detector, so no findings.
//! - INSUFFICIENT_DATA: the detectors or their findings were not read, or a finding has no severity
//!   or time.
//!
//! AWS does not say what holds for critical findings, or from when a finding counts; here they have
//! the limit of high ones, and it counts from its creation, in whole days.
//!
//! ## What to do
//! Look into the finding, act, and archive it. A suppression rule archives what is known to be
//! harmless.
//!
//! ## Source
//! AWS Config developer guide, managed rule `guardduty-non-archived-findings`; GuardDuty user
//! guide, severity levels.

use crate::evaluation::{Place, Shown};
use crate::predicates::age;
use crate::predicates::unread::not_collected;
use crate::prelude::*;
use posture_model::time;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "guardduty-non-archived-findings",
    identifier: Identifier::FromId,
    version: 1,
    title: "GuardDuty's findings are dealt with in time",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: DAYS_LOW,
            kind: Kind::Integer,
            default: Some("30"),
        },
        Parameter {
            name: DAYS_MEDIUM,
            kind: Kind::Integer,
            default: Some("7"),
        },
        Parameter {
            name: DAYS_HIGH,
            kind: Kind::Integer,
            default: Some("1"),
        },
    ],
    reads: &[Read::Other(DETECTORS)],
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const FINDINGS: Path = path("supplementaryConfiguration.GetFindings.Findings[*]");
const DETECTORS: Other = other(ResourceType::GuardDutyDetector, By::Type, &[FINDINGS]);

const DAYS_LOW: &str = "daysLowSev";
const DAYS_MEDIUM: &str = "daysMediumSev";
const DAYS_HIGH: &str = "daysHighSev";

fn check<'a>(
    account: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let low = params.integer(DAYS_LOW)?;
    let medium = params.integer(DAYS_MEDIUM)?;
    let high = params.integer(DAYS_HIGH)?;
    let detectors = context.all(account, &DETECTORS)?;
    if detectors.is_empty() {
        let because = "the Region has no detector";
        return Ok(Evaluation::not_applicable(
            FINDINGS,
            Shown::Nothing,
            because,
        ));
    }
    for detector in detectors {
        for (index, finding) in detector.each(FINDINGS)?.into_iter().enumerate() {
            if finding
                .get("Service")
                .and_then(|service| service.boolean("Archived"))
                == Some(true)
            {
                continue;
            }
            let severity = finding.get("Severity").and_then(Node::as_float);
            let created = finding.get("CreatedAt").and_then(time::read);
            let (Some(severity), Some(created)) = (severity, created) else {
                return Err(not_collected(FINDINGS));
            };
            let limit = match severity {
                severity if severity < 4.0 => low,
                severity if severity < 7.0 => medium,
                _ => high,
            };
            let age = context.days_since(created);
            if age > limit {
                return Ok(Evaluation::non_compliant(
                    Place::element(FINDINGS, index),
                    format!("{} old at severity {severity}", age::days(age)),
                    format!("at most {} old", age::days(limit)),
                ));
            }
        }
    }
    Ok(Evaluation::compliant(FINDINGS, "archived in time"))
}
