//! Names of calls, as Audit Manager spells them: `iam_ListUsers`.

use std::collections::BTreeSet;
use std::fmt;

use posture_aws::{Effect, Operation, Service, action_of};
use posture_content::frameworks::Framework;
use posture_content::requests;

use super::input::{Inputs, inputs};
use crate::error::AuditError;

/// Services that Audit Manager calls otherwise than botocore. Source: Audit Manager user guide,
/// "Supported API calls for custom control data sources".
const SERVICES: [(&str, &str); 2] = [
    ("elasticloadbalancing", "elbv2"),
    ("tagging", "resourcegroupstaggingapi"),
];

/// Services that answer for the account as a whole, and are asked once. Source: AWS General
/// Reference, "Service endpoints and quotas": services with one endpoint for all Regions; S3 lists
/// the buckets of all Regions.
const GLOBAL: [&str; 8] = [
    "account",
    "artifact",
    "cloudfront",
    "iam",
    "organizations",
    "route53",
    "s3",
    "shield",
];

/// An operation that is called for evidence. It reads.
#[derive(Debug, Clone, Copy)]
pub struct ApiCall {
    pub(crate) service: &'static Service,
    pub(crate) operation: &'static Operation,
}

impl ApiCall {
    /// Reads the name.
    ///
    /// # Errors
    /// Where there is no such service or operation, or where it may change something.
    pub fn named(name: &str) -> Result<ApiCall, AuditError> {
        let refuse = |why: String| AuditError::ApiCall {
            name: name.to_owned(),
            why,
        };
        let (service, operation) = parts(name)
            .ok_or_else(|| refuse("expected SERVICE_Operation, as in iam_ListUsers".to_owned()))?;
        let service = Service::named(service).map_err(|error| refuse(error.to_string()))?;
        let operation = service
            .operation(operation)
            .map_err(|error| refuse(error.to_string()))?;
        if operation.effect(service.name) != Effect::Read {
            return Err(refuse(
                "it may change something, and only what reads is called for evidence".to_owned(),
            ));
        }
        Ok(ApiCall { service, operation })
    }

    /// botocore's name of the service.
    pub fn service(&self) -> &'static str {
        self.service.name
    }

    /// The operation.
    pub fn operation(&self) -> &'static str {
        self.operation.name
    }

    /// Whether it is asked once for the account, and not in every Region.
    pub fn is_global(&self) -> bool {
        GLOBAL.contains(&self.service.name)
    }

    /// The IAM actions that it needs, those of the calls that list its rows among them; sorted.
    pub fn actions(&self) -> BTreeSet<String> {
        let mut actions = BTreeSet::from([action_of(self.service, self.operation.name)]);
        if (self.service.name, self.operation.name) == ("iam", "GetCredentialReport") {
            actions.insert("iam:GenerateCredentialReport".to_owned());
        }
        let mut asked = inputs(self.service.name, self.operation.name);
        while let Inputs::Each(each) = asked {
            let (service, operation) = each.of;
            actions.extend(Service::named(service).map(|known| action_of(known, operation)));
            asked = inputs(service, operation);
        }
        actions
    }

    fn key(&self) -> (&'static str, &'static str) {
        (self.service.name, self.operation.name)
    }
}

/// botocore's name of the service and the operation of a name, whether or not there are such.
pub(super) fn parts(name: &str) -> Option<(&str, &str)> {
    let (service, operation) = name.split_once('_')?;
    let known = SERVICES.iter().find(|(theirs, _)| *theirs == service);
    Some((known.map_or(service, |(_, ours)| ours), operation))
}

impl fmt::Display for ApiCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.service.name, self.operation.name)
    }
}

/// The calls whose replies are evidence in an assessment of this framework: those that its controls
/// name, and those that the auditor's request list does. Sorted; with them the names that are no calls.
pub fn calls_of(framework: &Framework) -> (Vec<ApiCall>, Vec<AuditError>) {
    let controls = framework.controls.iter();
    let of_controls = controls.flat_map(|control| &control.api_calls);
    let requests = requests::embedded().unwrap_or_default().iter();
    let of_requests = requests.flat_map(|request| &request.api_calls);
    let names: BTreeSet<&String> = of_controls.chain(of_requests).collect();
    let (mut calls, mut problems) = (Vec::new(), Vec::new());
    for name in names {
        match ApiCall::named(name) {
            Ok(call) => calls.push(call),
            Err(problem) => problems.push(problem),
        }
    }
    calls.sort_by_key(ApiCall::key);
    calls.dedup_by_key(|call| call.key());
    (calls, problems)
}
