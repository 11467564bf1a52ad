//! What DMS replication tasks log.
//!
//! Source: Security Hub user guide, controls DMS.7 and DMS.8; DMS user guide, logging task settings.

use posture_model::{ConfigurationItem, Path};

use super::unread::{recorded_boolean, text};
use crate::{Evaluation, Verdict};

/// The severities that hold errors, warnings and what a task did: DMS's default, and those that
/// say more.
const ENOUGH: [&str; 3] = [
    "LOGGER_SEVERITY_DEFAULT",
    "LOGGER_SEVERITY_DEBUG",
    "LOGGER_SEVERITY_DETAILED_DEBUG",
];

/// Judges whether a task logs two components of its work, by whether its log is on and the list of
/// what is in it.
///
/// # Errors
/// Where the settings were not read, don't say whether the log is on, or can't be understood.
pub fn judge<'a>(
    task: &ConfigurationItem<'a>,
    [enabled, components]: [Path; 2],
    wanted: [&'static str; 2],
) -> Verdict<'a> {
    if !recorded_boolean(task, enabled)? {
        return Ok(Evaluation::non_compliant(enabled, false, true));
    }
    for name in wanted {
        let mut severity = None;
        for component in task.list(components)? {
            if text(components, *component, "Id")? == Some(name) {
                severity = text(components, *component, "Severity")?;
            }
        }
        if !severity.is_some_and(|severity| ENOUGH.contains(&severity)) {
            let found = severity.map(|severity| format!("{name} at {severity}"));
            let expected = format!("{name} at {} or more", ENOUGH[0]);
            return Ok(Evaluation::non_compliant(components, found, expected));
        }
    }
    let found = format!("{} logged", wanted.join(" and "));
    Ok(Evaluation::compliant(components, found))
}

#[cfg(test)]
mod tests {
    use posture_model::tree::{Bump, parse};
    use posture_model::{ConfigurationItem, Source, path};

    use super::{ENOUGH, judge};

    fn judged(logging: &str) -> Option<&'static str> {
        let arena = Bump::new();
        let text = format!(
            r#"{{"resourceType":"AWS::DMS::ReplicationTask","resourceId":"t",
            "configuration":{{"Logging":{logging}}}}}"#
        );
        let node = parse(text.as_bytes(), &arena).unwrap();
        let item = ConfigurationItem::from_node(node, Source::AwsConfig, &arena).unwrap();
        let places = [
            path("configuration.Logging.EnableLogging"),
            path("configuration.Logging.LogComponents"),
        ];
        let verdict = judge(&item, places, ["A", "B"]);
        verdict
            .ok()
            .map(|evaluation| evaluation.compliance_type.as_str())
    }

    fn with(a: &str, b: &str) -> Option<&'static str> {
        judged(&format!(
            r#"{{"EnableLogging":true,"LogComponents":[
            {{"Id":"A","Severity":"{a}"}},{{"Id":"B","Severity":"{b}"}}]}}"#
        ))
    }

    #[test]
    fn both_components_need_enough() {
        for severity in ENOUGH {
            assert_eq!(with(severity, ENOUGH[0]), Some("COMPLIANT"), "{severity}");
        }
        for severity in ["ERROR", "WARNING", "INFO", ""] {
            let severity = format!("LOGGER_SEVERITY_{severity}");
            assert_eq!(with(&severity, ENOUGH[0]), Some("NON_COMPLIANT"));
            assert_eq!(with(ENOUGH[0], &severity), Some("NON_COMPLIANT"));
        }
    }

    #[test]
    fn a_log_that_may_be_off_is_no_pass() {
        assert_eq!(judged(r#"{"EnableLogging":false}"#), Some("NON_COMPLIANT"));
        assert_eq!(judged(r#"{"EnableLogging":true}"#), Some("NON_COMPLIANT"));
        assert_eq!(judged("{}"), None);
        let text = r#"{"EnableLogging":true,"LogComponents":["A","B"]}"#;
        assert_eq!(judged(text), None);
    }
}
