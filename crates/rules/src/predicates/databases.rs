//! Databases of RDS: their engines, their states, and who may restore their snapshots.
//!
//! Source: RDS API reference, `DBInstance` and `DBSnapshotAttribute`.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path};

use super::unread::{list, malformed, not_collected, text};
use crate::{Evaluation, Verdict};

/// The verdict on a database of another engine than the one that a rule is for; none on its own.
///
/// # Errors
/// Where the engine was not read.
pub fn of_another_engine<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
    wanted: &'static str,
) -> Result<Option<Evaluation<'a>>, InsufficientData> {
    let engine = item.text(place)?;
    if engine == Some(wanted) {
        return Ok(None);
    }
    let because = format!("the rule is for {wanted}");
    Ok(Some(Evaluation::not_applicable(place, engine, because)))
}

/// Whether an instance of this engine belongs to a cluster that holds its data: Aurora, DocumentDB
/// or Neptune.
pub fn is_clustered(engine: &str) -> bool {
    engine == "aurora" || engine.starts_with("aurora-") || matches!(engine, "docdb" | "neptune")
}

/// Whether this engine is Aurora MySQL: `aurora` is its name of the versions that speak MySQL 5.6.
pub fn is_aurora_mysql(engine: &str) -> bool {
    matches!(engine, "aurora" | "aurora-mysql")
}

/// Judges whether a database sends every one of some logs to CloudWatch Logs, by its exports.
///
/// # Errors
/// Where the exports were not read.
pub fn judge_exports<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
    wanted: &[impl AsRef<str>],
) -> Verdict<'a> {
    let wanted: Vec<&str> = wanted.iter().map(AsRef::as_ref).collect();
    let exports = item.list(place)?;
    let is_exported = |log: &&str| {
        let mut texts = exports.iter().filter_map(|export| export.as_text());
        texts.any(|export| export.eq_ignore_ascii_case(log))
    };
    if !wanted.iter().all(is_exported) {
        let found = item.node(place)?;
        return Ok(Evaluation::non_compliant(place, found, wanted.join(", ")));
    }
    Ok(Evaluation::compliant(place, wanted.join(", ")))
}

/// Whether an instance is in a state in which AWS Config judges its settings, for the rules whose
/// pages name such states.
pub fn is_running(status: &str) -> bool {
    matches!(
        status,
        "available" | "backing-up" | "storage-optimization" | "storage-full"
    )
}

/// Whether every AWS account may restore a snapshot, by the attributes at a place; none where they
/// don't say who may.
///
/// # Errors
/// Where the attributes were not read, or can't be.
pub fn is_restorable_by_everybody(
    snapshot: &ConfigurationItem<'_>,
    place: Path,
) -> Result<Option<bool>, InsufficientData> {
    let mut is_restorable = None;
    for attribute in snapshot.list(place)? {
        if text(place, *attribute, "attributeName")? == Some("restore") {
            let accounts = list(place, *attribute, "attributeValues")?;
            if let Some(other) = accounts.iter().find(|one| one.as_text().is_none()) {
                return Err(malformed(place, other.kind(), "numbers of accounts"));
            }
            is_restorable = Some(accounts.contains(&Node::Text("all")));
        }
    }
    Ok(is_restorable)
}

/// The failure of a snapshot that every AWS account may restore.
pub fn restorable_by_everybody<'a>(place: Path) -> Evaluation<'a> {
    let expected = "restorable by named accounts only";
    Evaluation::non_compliant(place, "restorable by all", expected)
}

/// Judges a manual cluster snapshot of one engine by who may restore it. A public one fails
/// whatever its type.
///
/// # Errors
/// Where engine, type or attributes were not read, or the attributes don't say who may restore it.
pub fn judge_exposure<'a>(
    snapshot: &ConfigurationItem<'a>,
    [engine, attributes, kind]: [Path; 3],
    wanted: &'static str,
) -> Verdict<'a> {
    if let Some(evaluation) = of_another_engine(snapshot, engine, wanted)? {
        return Ok(evaluation);
    }
    let is_public = is_restorable_by_everybody(snapshot, attributes)?;
    if is_public == Some(true) {
        return Ok(restorable_by_everybody(attributes));
    }
    let found = snapshot.text(kind)?;
    if found != Some("manual") {
        let because = "the rule is for manual snapshots";
        return Ok(Evaluation::not_applicable(kind, found, because));
    }
    if is_public.is_none() {
        return Err(not_collected(attributes));
    }
    Ok(Evaluation::compliant(attributes, "not restorable by all"))
}

#[cfg(test)]
mod tests {
    use posture_model::tree::{Bump, parse};
    use posture_model::{Source, path};

    use super::*;

    #[test]
    fn engines_of_clusters_are_told_from_the_others() {
        for engine in [
            "aurora",
            "aurora-mysql",
            "aurora-postgresql",
            "docdb",
            "neptune",
        ] {
            assert!(is_clustered(engine), "{engine}");
        }
        for engine in ["mysql", "postgres", "oracle-ee", "auroral"] {
            assert!(!is_clustered(engine), "{engine}");
        }
    }

    #[test]
    fn aurora_mysql_has_two_names() {
        assert!(is_aurora_mysql("aurora") && is_aurora_mysql("aurora-mysql"));
        assert!(!is_aurora_mysql("aurora-postgresql") && !is_aurora_mysql("mysql"));
    }

    #[test]
    fn every_log_must_be_exported() {
        let judged = |exports: &str, wanted: &[&str]| {
            let place = path("configuration.enabledCloudwatchLogsExports");
            let arena = Bump::new();
            let text = format!(
                r#"{{"resourceType":"AWS::RDS::DBCluster","resourceId":"c",
                "configuration":{{"enabledCloudwatchLogsExports":{exports}}}}}"#
            );
            let node = parse(text.as_bytes(), &arena).unwrap();
            let item = ConfigurationItem::from_node(node, Source::AwsConfig, &arena).unwrap();
            let verdict = judge_exports(&item, place, wanted);
            verdict.map(|evaluation| evaluation.compliance_type.as_str())
        };
        let both = r#"["agent","Error"]"#;
        assert_eq!(judged(both, &["error", "agent"]), Ok("COMPLIANT"));
        assert_eq!(
            judged(r#"["error"]"#, &["error", "agent"]),
            Ok("NON_COMPLIANT")
        );
        assert_eq!(judged("[]", &["error"]), Ok("NON_COMPLIANT"));
        assert!(judged(r#""error""#, &["error"]).is_err());
    }

    #[test]
    fn instances_in_between_are_not_running() {
        assert!(is_running("storage-full"));
        assert!(!is_running("modifying"));
        assert!(!is_running("stopped"));
    }

    #[test]
    fn only_all_under_restore_means_everybody() {
        let place = path("supplementaryConfiguration.DBSnapshotAttributes");
        let judged = |attributes: &str| {
            let arena = Bump::new();
            let text = format!(
                r#"{{"resourceType":"AWS::RDS::DBSnapshot","resourceId":"s","configuration":{{}},
                "supplementaryConfiguration":{{"DBSnapshotAttributes":{attributes}}}}}"#
            );
            let node = parse(text.as_bytes(), &arena).unwrap();
            let item = ConfigurationItem::from_node(node, Source::AwsConfig, &arena).unwrap();
            is_restorable_by_everybody(&item, place)
        };
        let attribute = |name: &str, values: &str| {
            format!(r#"{{"attributeName":"{name}","attributeValues":{values}}}"#)
        };
        let account = attribute("restore", r#"["123456789012"]"#);
        let everybody = attribute("restore", r#"["123456789012","all"]"#);
        let other = attribute("other", r#"["all"]"#);
        assert_eq!(judged(&format!("[{other},{everybody}]")), Ok(Some(true)));
        assert_eq!(judged(&format!("[{account},{other}]")), Ok(Some(false)));
        assert_eq!(judged(&format!("[{other}]")), Ok(None));
        assert_eq!(judged("[]"), Ok(None));
        assert!(judged(&format!("[{}]", attribute("restore", "\"all\""))).is_err());
    }
}
