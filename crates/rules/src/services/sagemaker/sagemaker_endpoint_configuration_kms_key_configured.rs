//! The instances behind an endpoint keep models and requests on their volumes.
//!
//! ## Result
//! - COMPLIANT: the endpoint configuration names a KMS key; one of `kmsKeyArns`, where that is
//!   given.
//! - NON_COMPLIANT: it names none, or another one. A key that is named by its id or ARN counts; an
//!   alias counts only where `kmsKeyArns` names the same alias, since what it stands for was not
//!   looked up.
//! - INSUFFICIENT_DATA: the endpoint configuration was not read.
//!
//! ## What to do
//! An endpoint configuration can't be changed: make a new one with a KMS key and update the
//! endpoint to it. Instance types with local NVMe storage take no key; they need another type to
//! pass.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sagemaker-endpoint-configuration-kms-key-configured`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sagemaker-endpoint-configuration-kms-key-configured",
    identifier: Identifier::FromId,
    version: 1,
    title: "SageMaker endpoint configurations name a KMS key",
    resource_types: &[ResourceType::SageMakerEndpointConfig],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KMS_KEY_ARNS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(KMS_KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const KMS_KEY: Path = path("configuration.KmsKeyId");

const KMS_KEY_ARNS: &str = "kmsKeyArns";

fn check<'a>(item: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    kms::names_a_key(item, KMS_KEY, params.list(KMS_KEY_ARNS))
}
