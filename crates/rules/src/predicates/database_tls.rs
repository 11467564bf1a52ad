//! Whether a DB instance of RDS refuses connections without TLS, by its parameter group.
//!
//! Source: RDS API reference, `DBParameterGroupStatus` and `DescribeDBParameters`.

use posture_model::{ConfigurationItem, Path, path};

use super::databases;
use super::unread::{not_collected, recorded_list, text};
use crate::{Evaluation, Verdict};

/// The instance's engine.
pub const ENGINE: Path = path("configuration.engine");
/// The cluster that the instance is part of.
pub const CLUSTER: Path = path("configuration.dBClusterIdentifier");
/// The instance's parameter groups, and whether it runs with their values.
pub const GROUPS: Path = path("configuration.dBParameterGroups");
/// Those parameters of the group that ask for TLS.
pub const PARAMETERS: Path = path("supplementaryConfiguration.DescribeDBParameters.Parameters");

/// Judges an instance of one engine by the parameter that has it refuse connections without TLS.
///
/// # Errors
/// Where the instance or the parameters of its group were not read.
pub fn judge<'a>(
    instance: &ConfigurationItem<'a>,
    engine: &'static str,
    parameter: &'static str,
) -> Verdict<'a> {
    if let Some(evaluation) = databases::of_another_engine(instance, ENGINE, engine)? {
        return Ok(evaluation);
    }
    if let Some(cluster) = instance.text(CLUSTER)? {
        let because = "the instance is part of a cluster";
        return Ok(Evaluation::not_applicable(CLUSTER, cluster, because));
    }
    let groups = recorded_list(instance, GROUPS)?;
    if groups.is_empty() {
        return Err(not_collected(GROUPS));
    }
    for group in groups {
        let status = text(GROUPS, *group, "parameterApplyStatus")?;
        if status != Some("in-sync") {
            return Ok(Evaluation::non_compliant(GROUPS, status, "in-sync"));
        }
    }
    let mut value = None;
    for known in recorded_list(instance, PARAMETERS)? {
        if text(PARAMETERS, *known, "ParameterName")? == Some(parameter) {
            value = text(PARAMETERS, *known, "ParameterValue")?;
        }
    }
    let found = value.map(|value| format!("{parameter} {value}"));
    if value != Some("1") {
        let expected = format!("{parameter} 1");
        return Ok(Evaluation::non_compliant(PARAMETERS, found, expected));
    }
    Ok(Evaluation::compliant(PARAMETERS, found))
}

#[cfg(test)]
mod tests {
    use posture_model::tree::{Bump, parse};
    use posture_model::{ConfigurationItem, Source};

    use super::judge;

    /// The verdict on an instance with this parameter, in a group of this status.
    fn judged(status: &str, parameter: &str) -> Option<String> {
        let arena = Bump::new();
        let text = format!(
            r#"{{"resourceType":"AWS::RDS::DBInstance","resourceId":"d",
            "configuration":{{"engine":"mysql","dBParameterGroups":[{status}]}},
            "supplementaryConfiguration":{{"DescribeDBParameters":{{"Parameters":[{parameter}]}}}}}}"#
        );
        let node = parse(text.as_bytes(), &arena).unwrap();
        let item = ConfigurationItem::from_node(node, Source::AwsConfig, &arena).unwrap();
        let verdict = judge(&item, "mysql", "require_secure_transport");
        let evaluation = verdict.ok()?;
        Some(evaluation.compliance_type.as_str().to_owned())
    }

    #[test]
    fn both_the_status_and_the_value_count() {
        let on = r#"{"ParameterName":"require_secure_transport","ParameterValue":"1"}"#;
        let off = r#"{"ParameterName":"require_secure_transport","ParameterValue":"0"}"#;
        let in_sync = r#"{"parameterApplyStatus":"in-sync"}"#;
        let pending = r#"{"parameterApplyStatus":"pending-reboot"}"#;
        let failed = Some("NON_COMPLIANT".to_owned());
        assert_eq!(judged(in_sync, on), Some("COMPLIANT".to_owned()));
        assert_eq!(judged(in_sync, off), failed);
        assert_eq!(judged(in_sync, ""), failed);
        assert_eq!(judged(pending, on), failed);
        assert_eq!(judged("", on), None);
        assert_eq!(judged(in_sync, "1"), None);
    }
}
