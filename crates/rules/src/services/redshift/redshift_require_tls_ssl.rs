//! As long as a cluster also accepts plain connections, a client that is set up wrongly sends
//! queries, results and password in the clear.
//!
//! ## Result
//! - COMPLIANT: each parameter group of the cluster has `require_ssl` set to `true`, and the
//!   cluster applies it.
//! - NON_COMPLIANT: a group has it `false` or not at all, the cluster has no group, or waits for a
//!   restart to apply it.
//! - NOT_APPLICABLE: the parameter group is not used by any cluster.
//! - INSUFFICIENT_DATA: the groups, the clusters or the parameters were not read.
//!
//! AWS's page asks it of clusters and lists parameter groups beside them: a group is judged where a
//! cluster uses it.
//!
//! ## What to do
//! Set `require_ssl` to `true` in a parameter group of your own (the default groups can't be
//! changed), give it to the cluster, and restart the cluster.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-require-tls-ssl`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-require-tls-ssl",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters accept connections with TLS only",
    resource_types: &[
        ResourceType::RedshiftCluster,
        ResourceType::RedshiftClusterParameterGroup,
    ],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(GROUPS),
        own(GROUP_NAME),
        own(PARAMETERS),
        Read::Other(GROUP),
        Read::Other(CLUSTERS),
    ],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnforceSSLOnlyConnectionsToRedshiftCluster"),
    check,
};

const GROUPS: Path = path("configuration.clusterParameterGroups");
const GROUP_NAME: Path = path("configuration.parameterGroupName");
const PARAMETERS: Path = path("supplementaryConfiguration.Parameters");

const GROUP: Other = other(
    ResourceType::RedshiftClusterParameterGroup,
    By::Value(GROUP_NAME),
    &[GROUP_NAME, PARAMETERS],
);
const CLUSTERS: Other = other(ResourceType::RedshiftCluster, By::Value(USED), &[USED]);
const USED: Path = path("configuration.clusterParameterGroups[*].parameterGroupName");

const REQUIRE_SSL: &str = "require_ssl";

fn check<'a>(item: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    if item.resource_type() == Some(ResourceType::RedshiftClusterParameterGroup) {
        let Some(name) = item.text(GROUP_NAME)? else {
            return Err(unread::not_collected(GROUP_NAME));
        };
        if context.matching(item, &CLUSTERS, name)?.is_empty() {
            return Ok(Evaluation::not_applicable(
                GROUP_NAME,
                name,
                "no cluster uses the group",
            ));
        }
        return Ok(match requires_tls(item)? {
            Some(true) => Evaluation::compliant(PARAMETERS, "require_ssl true"),
            found => {
                let found = found.map(|found| format!("require_ssl {found}"));
                Evaluation::non_compliant(PARAMETERS, found, "require_ssl true")
            }
        });
    }
    let groups = item.list(GROUPS)?;
    if groups.is_empty() {
        return Ok(Evaluation::non_compliant(
            GROUPS,
            None::<&str>,
            "a group that requires TLS",
        ));
    }
    for group in groups {
        let name = group.text("parameterGroupName");
        let known = match name {
            Some(name) => context.matching(item, &GROUP, name)?,
            None => Vec::new(),
        };
        if known.is_empty() {
            return Err(InsufficientData {
                path: GROUPS.to_string(),
                reason: Reason::NotRecorded {
                    resource_type: GROUP.resource_type,
                },
            });
        }
        for known in known {
            if requires_tls(known)? != Some(true) {
                return Ok(Evaluation::non_compliant(
                    GROUPS,
                    name,
                    "a group that requires TLS",
                ));
            }
        }
        for parameter in unread::list(GROUPS, *group, "clusterParameterStatusList")? {
            let state = unread::text(GROUPS, *parameter, "parameterApplyStatus")?;
            let name = unread::text(GROUPS, *parameter, "parameterName")?;
            if name == Some(REQUIRE_SSL) && state != Some("in-sync") {
                let found = state.map(|state| format!("require_ssl {state}"));
                let expected = "require_ssl in-sync";
                return Ok(Evaluation::non_compliant(GROUPS, found, expected));
            }
        }
    }
    Ok(Evaluation::compliant(GROUPS, "groups that require TLS"))
}

/// What a parameter group says about `require_ssl`; none where it doesn't say.
fn requires_tls(group: &ConfigurationItem<'_>) -> Result<Option<bool>, InsufficientData> {
    let parameters = group.list(PARAMETERS)?;
    Ok(parameters
        .iter()
        .find(|parameter| parameter.text("parameterName") == Some(REQUIRE_SSL))
        .and_then(|parameter| parameter.boolean("parameterValue")))
}
