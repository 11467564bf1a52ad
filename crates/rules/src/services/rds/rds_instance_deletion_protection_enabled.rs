//! Deletion protection makes deleting a database two deliberate steps.
//!
//! ## Result
//! - COMPLIANT: `deletionProtection` is `true`.
//! - NON_COMPLIANT: `deletionProtection` is `false` or not set.
//! - NOT_APPLICABLE: the instance is in a cluster (Aurora, DocumentDB, Neptune, Multi-AZ), which holds
//!   the setting; or `databaseEngines` is given and doesn't name the instance's engine.
//! - INSUFFICIENT_DATA: the setting or the engine was not read.
//!
//! AWS's newer pages say that some instances in clusters are not applicable, its older ones that they
//! fail. `rds-cluster-deletion-protection-enabled` judges the clusters.
//!
//! ## What to do
//! Turn deletion protection on; it takes effect at once and needs no restart.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-instance-deletion-protection-enabled`.

use crate::predicates::{databases, lists};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-instance-deletion-protection-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances are protected from deletion",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ENGINES,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ENGINE), own(CLUSTER), own(PROTECTION)],
    severity: Severity::Low,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableRDSInstanceDeletionProtection"),
    check,
};

const ENGINE: Path = path("configuration.engine");
const CLUSTER: Path = path("configuration.dBClusterIdentifier");
const PROTECTION: Path = path("configuration.deletionProtection");

const ENGINES: &str = "databaseEngines";

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = instance.text(ENGINE)?;
    let engines = params.list(ENGINES);
    if !engines.is_empty() && !lists::names(engines, engine) {
        let because = format!("the rule is for {}", engines.join(", "));
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    let cluster = instance.text(CLUSTER)?.filter(|id| !id.is_empty());
    if cluster.is_some() {
        let because = "the cluster holds the setting";
        return Ok(Evaluation::not_applicable(CLUSTER, cluster, because));
    }
    if engine.is_some_and(databases::is_clustered) {
        let because = "the cluster holds the setting";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    let protection = instance.boolean(PROTECTION)?;
    if protection != Some(true) {
        return Ok(Evaluation::non_compliant(PROTECTION, protection, true));
    }
    Ok(Evaluation::compliant(PROTECTION, protection))
}
