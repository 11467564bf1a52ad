//! Encryption keeps the warehouse's disks and snapshots unreadable without the key; the audit log
//! tells who queried it.
//!
//! ## Result
//! - COMPLIANT: the cluster is encrypted and writes its audit log, except what a parameter set to
//!   `false` leaves out, and has one of `nodeTypes` where they are given.
//! - NON_COMPLIANT: it is not encrypted, writes no audit log, or has another node type.
//! - INSUFFICIENT_DATA: the cluster or its logging was not read.
//!
//! AWS's page shows `dc1.large` for `nodeTypes`, which is optional, but no node type among the
//! reasons to fail: node types are judged only where they are given.
//!
//! ## What to do
//! Turn encryption on, which moves the data to an encrypted cluster behind the same address, and
//! name a bucket for the audit log.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-cluster-configuration-check`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-cluster-configuration-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters are encrypted and log who uses them",
    resource_types: &[ResourceType::RedshiftCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: ASK_ENCRYPTED,
            kind: Kind::Boolean,
            default: Some("true"),
        },
        Parameter {
            name: ASK_LOGGING,
            kind: Kind::Boolean,
            default: Some("true"),
        },
        Parameter {
            name: ASK_NODE_TYPES,
            kind: Kind::List,
            default: None,
        },
    ],
    reads: &[own(ENCRYPTED), own(LOGGING), own(NODE_TYPE)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableRedshiftClusterAuditLogging"),
    check,
};

const ENCRYPTED: Path = path("configuration.encrypted");
const LOGGING: Path = path("supplementaryConfiguration.LoggingStatus.loggingEnabled");
const NODE_TYPE: Path = path("configuration.nodeType");

const ASK_ENCRYPTED: &str = "clusterDbEncrypted";
const ASK_LOGGING: &str = "loggingEnabled";
const ASK_NODE_TYPES: &str = "nodeTypes";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encrypted = cluster.boolean(ENCRYPTED)?;
    if params.is_true(ASK_ENCRYPTED) && encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    if params.is_true(ASK_LOGGING) {
        let logging = cluster.boolean(LOGGING)?;
        if logging != Some(true) {
            return Ok(Evaluation::non_compliant(LOGGING, logging, true));
        }
    }
    let node_types = params.list(ASK_NODE_TYPES);
    if !node_types.is_empty() {
        let node_type = cluster.text(NODE_TYPE)?;
        if !lists::names(node_types, node_type) {
            let expected = node_types.join(" or ");
            return Ok(Evaluation::non_compliant(NODE_TYPE, node_type, expected));
        }
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
