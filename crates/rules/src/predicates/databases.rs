//! Databases of RDS: their engines, their states, and who may restore their snapshots.
//!
//! Source: RDS API reference, `DBInstance` and `DBSnapshotAttribute`.

use posture_model::tree::Node;

/// Whether an instance of this engine belongs to a cluster that holds its data: Aurora, DocumentDB
/// or Neptune.
pub fn is_clustered(engine: &str) -> bool {
    engine == "aurora" || engine.starts_with("aurora-") || matches!(engine, "docdb" | "neptune")
}

/// Whether an instance is in a state in which AWS Config judges its settings, for the rules whose
/// pages name such states.
pub fn is_running(status: &str) -> bool {
    matches!(
        status,
        "available" | "backing-up" | "storage-optimization" | "storage-full"
    )
}

/// Whether every AWS account may restore a snapshot with these attributes.
pub fn is_restorable_by_everybody(attributes: &[Node<'_>]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.text("attributeName") == Some("restore")
            && attribute
                .items("attributeValues")
                .iter()
                .any(|account| account.as_text() == Some("all"))
    })
}

#[cfg(test)]
mod tests {
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
    fn instances_in_between_are_not_running() {
        assert!(is_running("storage-full"));
        assert!(!is_running("modifying"));
        assert!(!is_running("stopped"));
    }

    #[test]
    fn only_all_under_restore_means_everybody() {
        let attribute = |name, values| {
            [
                ("attributeName", Node::Text(name)),
                ("attributeValues", Node::Array(values)),
            ]
        };
        let everybody = attribute("restore", &[Node::Text("all")]);
        let account = attribute("restore", &[Node::Text("123456789012")]);
        let other = attribute("other", &[Node::Text("all")]);
        assert!(is_restorable_by_everybody(&[
            Node::Object(&account),
            Node::Object(&everybody)
        ]));
        assert!(!is_restorable_by_everybody(&[Node::Object(&account)]));
        assert!(!is_restorable_by_everybody(&[Node::Object(&other)]));
        assert!(!is_restorable_by_everybody(&[]));
    }
}
