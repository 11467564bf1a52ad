//! What operations are asked with that take more than nothing.

use serde_json::{Map, Value};

/// Where the inputs of an operation come from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Inputs {
    /// It is asked once, with nothing.
    None,
    /// It is asked once with each of these JSON objects.
    Fixed(&'static [&'static str]),
    /// It is asked once for each row of another operation of its service or of another service.
    Each(Each),
}

/// For each row of another operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Each {
    /// The service and the operation that lists the rows.
    pub(crate) of: (&'static str, &'static str),
    /// The list in its reply.
    pub(crate) list: &'static str,
    /// The member of a row; empty where the row is it.
    pub(crate) member: &'static str,
    /// The member of the input that takes it.
    pub(crate) input: &'static str,
    /// Whether that is a list.
    pub(crate) is_list: bool,
    /// Members of the input that the other operation was asked with, too.
    pub(crate) inherits: &'static [&'static str],
}

/// Names in AWS's models: the service and the operation, then the rest of [`Each`].
const fn each(
    of: (&'static str, &'static str),
    list: &'static str,
    member: &'static str,
    input: &'static str,
) -> Inputs {
    Inputs::Each(Each {
        of,
        list,
        member,
        input,
        is_list: false,
        inherits: &[],
    })
}

const fn inheriting(inputs: Inputs, inherits: &'static [&'static str]) -> Inputs {
    match inputs {
        Inputs::Each(each) => Inputs::Each(Each { inherits, ..each }),
        other => other,
    }
}

const TRAILS: (&str, &str) = ("cloudtrail", "DescribeTrails");
const ACCOUNTS: (&str, &str) = ("organizations", "ListAccounts");
const POLICIES: (&str, &str) = ("organizations", "ListPolicies");
const INSTANCES: (&str, &str) = ("sso-admin", "ListInstances");
const PERMISSION_SETS: (&str, &str) = ("sso-admin", "ListPermissionSets");
const PROVISIONED: (&str, &str) = ("sso-admin", "ListAccountsForProvisionedPermissionSet");
const GROUPS: (&str, &str) = ("identitystore", "ListGroups");

/// Operations that need an input, by service and operation.
pub(crate) const INPUTS: &[((&str, &str), Inputs)] = &[
    (
        ("accessanalyzer", "ListFindingsV2"),
        each(
            ("accessanalyzer", "ListAnalyzers"),
            "analyzers",
            "arn",
            "analyzerArn",
        ),
    ),
    (
        ("account", "GetAlternateContact"),
        Inputs::Fixed(&[
            r#"{"AlternateContactType": "BILLING"}"#,
            r#"{"AlternateContactType": "OPERATIONS"}"#,
            r#"{"AlternateContactType": "SECURITY"}"#,
        ]),
    ),
    (
        ("cloudtrail", "GetEventSelectors"),
        each(TRAILS, "trailList", "TrailARN", "TrailName"),
    ),
    (
        ("cloudtrail", "GetTrailStatus"),
        each(TRAILS, "trailList", "TrailARN", "Name"),
    ),
    (
        ("ec2", "DescribeImages"),
        Inputs::Fixed(&[r#"{"Owners": ["self"]}"#]),
    ),
    (
        ("identitystore", "ListGroupMemberships"),
        inheriting(
            each(GROUPS, "Groups", "GroupId", "GroupId"),
            &["IdentityStoreId"],
        ),
    ),
    (
        ("identitystore", "ListGroups"),
        each(INSTANCES, "Instances", "IdentityStoreId", "IdentityStoreId"),
    ),
    (
        ("identitystore", "ListUsers"),
        each(INSTANCES, "Instances", "IdentityStoreId", "IdentityStoreId"),
    ),
    (
        ("kms", "GetKeyRotationStatus"),
        each(("kms", "ListKeys"), "Keys", "KeyId", "KeyId"),
    ),
    (
        ("organizations", "DescribePolicy"),
        each(POLICIES, "Policies", "Id", "PolicyId"),
    ),
    (
        ("organizations", "ListParents"),
        each(ACCOUNTS, "Accounts", "Id", "ChildId"),
    ),
    (
        ("organizations", "ListPolicies"),
        Inputs::Fixed(&[
            r#"{"Filter": "SERVICE_CONTROL_POLICY"}"#,
            r#"{"Filter": "RESOURCE_CONTROL_POLICY"}"#,
        ]),
    ),
    (
        ("organizations", "ListTagsForResource"),
        each(ACCOUNTS, "Accounts", "Id", "ResourceId"),
    ),
    (
        ("organizations", "ListTargetsForPolicy"),
        each(POLICIES, "Policies", "Id", "PolicyId"),
    ),
    (
        ("sns", "ListSubscriptionsByTopic"),
        each(("sns", "ListTopics"), "Topics", "TopicArn", "TopicArn"),
    ),
    (
        ("ssm", "DescribeInstancePatchStates"),
        Inputs::Each(Each {
            of: ("ssm", "DescribeInstanceInformation"),
            list: "InstanceInformationList",
            member: "InstanceId",
            input: "InstanceIds",
            is_list: true,
            inherits: &[],
        }),
    ),
    (
        ("sso-admin", "ListAccountAssignments"),
        inheriting(
            each(PROVISIONED, "AccountIds", "", "AccountId"),
            &["InstanceArn", "PermissionSetArn"],
        ),
    ),
    (
        ("sso-admin", "ListAccountsForProvisionedPermissionSet"),
        inheriting(
            each(PERMISSION_SETS, "PermissionSets", "", "PermissionSetArn"),
            &["InstanceArn"],
        ),
    ),
    (
        ("sso-admin", "ListPermissionSets"),
        each(INSTANCES, "Instances", "InstanceArn", "InstanceArn"),
    ),
    (
        ("wafv2", "ListWebACLs"),
        Inputs::Fixed(&[r#"{"Scope": "REGIONAL"}"#]),
    ),
];

/// What an operation is asked with.
pub(crate) fn inputs(service: &str, operation: &str) -> Inputs {
    INPUTS
        .iter()
        .find(|((of_service, of), _)| *of_service == service && *of == operation)
        .map_or(Inputs::None, |(_, inputs)| *inputs)
}

impl Each {
    /// The input for each row of a page of the other operation, which was asked with `asked`.
    pub(crate) fn of_page(&self, asked: &Value, page: &Value) -> Vec<Value> {
        let rows = page.get(self.list).and_then(Value::as_array);
        let rows = rows.into_iter().flatten();
        rows.filter_map(|row| {
            let value = if self.member.is_empty() {
                row
            } else {
                row.get(self.member)?
            };
            let mut input = Map::new();
            for name in self.inherits {
                input.insert((*name).to_owned(), asked.get(*name)?.clone());
            }
            let value = if self.is_list {
                Value::from(vec![value.clone()])
            } else {
                value.clone()
            };
            input.insert(self.input.to_owned(), value);
            Some(Value::Object(input))
        })
        .collect()
    }
}

/// The fixed inputs, as JSON.
pub(crate) fn fixed(texts: &[&str]) -> Vec<Value> {
    let read = |text: &&str| serde_json::from_str(text).ok();
    texts.iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    //! Oracle: AWS's own models, against which every input is checked before it is sent.

    use posture_aws::{Client, Options, Service};
    use posture_content::frameworks::embedded;
    use serde_json::json;

    use super::*;
    use crate::retrieval::calls_of;

    async fn client() -> Client {
        let mut options = Options::default();
        options.region = Some("us-east-1".to_owned());
        Client::load(options).await
    }

    /// What it is asked with, with any text where a row's is taken.
    fn asked(of: Inputs) -> Vec<Value> {
        match of {
            Inputs::None => vec![json!({})],
            Inputs::Fixed(texts) => {
                let values = fixed(texts);
                assert_eq!(values.len(), texts.len());
                values
            }
            Inputs::Each(each) => {
                let outer = inputs(each.of.0, each.of.1);
                let row = if each.member.is_empty() {
                    json!("x")
                } else {
                    json!({ each.member: "x" })
                };
                let page = json!({ each.list: [row, row] });
                let asked: Vec<Value> = asked(outer)
                    .iter()
                    .flat_map(|outer| each.of_page(outer, &page))
                    .collect();
                assert!(asked.len() >= 2, "{each:?}");
                asked
            }
        }
    }

    #[tokio::test]
    async fn every_call_that_a_framework_or_a_request_names_exists_reads_and_has_its_input() {
        let client = client().await;
        let mut count = 0;
        for framework in embedded().unwrap() {
            let (calls, problems) = calls_of(framework);
            assert!(problems.is_empty(), "{}: {problems:?}", framework.name);
            for call in calls {
                for input in asked(inputs(call.service(), call.operation())) {
                    let fits = client.endpoint(call.service(), call.operation(), &input);
                    assert!(fits.is_ok(), "{call}: {:?}", fits.err());
                }
                count += 1;
            }
        }
        assert!(count > 500, "{count}");
    }

    #[test]
    fn what_lists_the_rows_exists() {
        for ((service, operation), inputs) in INPUTS {
            let known = |service, operation| {
                Service::named(service)
                    .and_then(|service| service.operation(operation))
                    .is_ok()
            };
            assert!(known(service, operation), "{service} {operation}");
            if let Inputs::Each(each) = inputs {
                assert!(known(each.of.0, each.of.1), "{each:?}");
                // A row is in a list of the listing operation, where the model has pages of it.
                let listing = Service::named(each.of.0)
                    .unwrap()
                    .operation(each.of.1)
                    .unwrap();
                if let Some(pages) = &listing.pages {
                    assert!(
                        pages.results.contains(&each.list),
                        "{each:?} {:?}",
                        pages.results
                    );
                }
            }
        }
    }
}
