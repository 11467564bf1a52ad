//! What a call does to a customer's estate.

/// What a call does. Posture reads; what else it does is a closed list here, or goes through remediation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Reads, and changes nothing that a customer configured.
    Read,
    /// Posture's own deliveries: acknowledging its queue, importing findings, writing its ledger, notifying.
    Delivery,
    /// May change a customer's resource.
    Mutation,
}

/// Verbs that AWS gives to operations that read. `Generate` is not among them: it makes data keys too.
const READING: [&str; 13] = [
    "BatchDescribe",
    "BatchGet",
    "BatchList",
    "Describe",
    "Filter",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Search",
    "Select",
    "Simulate",
];

/// Operations that only start a report about what is configured, which a `Get` then reads.
const REPORTS: [(&str, &str); 3] = [
    ("iam", "GenerateCredentialReport"),
    ("iam", "GenerateOrganizationsAccessReport"),
    ("iam", "GenerateServiceLastAccessedDetails"),
];

/// Operations with a reading verb that hand out credentials, or make or consume something.
const NOT_READING: [(&str, &str); 17] = [
    ("cognito-identity", "GetCredentialsForIdentity"),
    ("cognito-identity", "GetId"),
    ("cognito-identity", "GetOpenIdToken"),
    ("cognito-identity", "GetOpenIdTokenForDeveloperIdentity"),
    ("cognito-idp", "GetTokensFromRefreshToken"),
    ("connect", "GetFederationToken"),
    ("dynamodbstreams", "GetShardIterator"),
    ("glue", "QuerySchemaVersionMetadata"),
    ("lightsail", "GetInstanceAccessDetails"),
    ("redshift", "GetClusterCredentials"),
    ("redshift", "GetClusterCredentialsWithIAM"),
    ("redshift-serverless", "GetCredentials"),
    ("sso", "GetRoleCredentials"),
    ("sts", "GetFederationToken"),
    ("sts", "GetSessionToken"),
    ("sts", "GetDelegatedAccessToken"),
    ("sts", "GetWebIdentityToken"),
];

/// Every call that Posture makes of its own accord and that writes somewhere. Those that start or tag
/// something are targets of events: `posture.yaml` names each, with its rule, and so answers for it.
const DELIVERIES: [(&str, &str); 21] = [
    ("config", "PutEvaluations"),
    ("events", "PutEvents"),
    ("lambda", "Invoke"),
    ("resourcegroupstaggingapi", "TagResources"),
    ("s3", "AbortMultipartUpload"),
    ("s3", "CompleteMultipartUpload"),
    ("s3", "CreateMultipartUpload"),
    // Of its own log: bodies past their retention, and tiles that others took the place of.
    ("s3", "DeleteObject"),
    ("s3", "PutObject"),
    // Of its own log: bodies under a hold that a person began or ended.
    ("s3", "PutObjectLegalHold"),
    ("s3", "UploadPart"),
    ("securityhub", "BatchImportFindings"),
    ("securityhub", "BatchUpdateFindings"),
    ("sns", "Publish"),
    ("sqs", "ChangeMessageVisibility"),
    ("sqs", "DeleteMessage"),
    ("sqs", "DeleteMessageBatch"),
    ("sqs", "ReceiveMessage"),
    ("sqs", "SendMessage"),
    ("ssm", "StartAutomationExecution"),
    ("stepfunctions", "StartExecution"),
];

/// The lists decide first, then the verb. The models' own `readonly` trait does not count: botocore 1.44 puts it on
/// `ivs:StartViewerSessionRevocation`.
pub(super) fn of(service: &str, operation: &str) -> Effect {
    let key = (service, operation);
    if NOT_READING.contains(&key) {
        return Effect::Mutation;
    }
    if DELIVERIES.contains(&key) {
        return Effect::Delivery;
    }
    if REPORTS.contains(&key) || has_reading_verb(operation) {
        return Effect::Read;
    }
    Effect::Mutation
}

/// `GetObject` reads, `Getaway` would not: the verb ends where the next word begins.
fn has_reading_verb(operation: &str) -> bool {
    READING.iter().any(|verb| {
        operation
            .strip_prefix(verb)
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_uppercase()))
    }) || READING.contains(&operation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;

    #[test]
    fn the_lists_name_operations_that_exist() {
        for (service, operation) in REPORTS.iter().chain(&NOT_READING).chain(&DELIVERIES) {
            Service::named(service)
                .unwrap()
                .operation(operation)
                .unwrap();
        }
    }

    #[test]
    fn nothing_that_creates_changes_or_deletes_counts_as_a_read() {
        let writing = [
            "Create",
            "Delete",
            "Put",
            "Update",
            "Modify",
            "Attach",
            "Start",
            "Stop",
            "Run",
            "Terminate",
            "Tag",
        ];
        for name in Service::names() {
            let service = Service::named(name).unwrap();
            for operation in service.operation_names() {
                let operation = service.operation(operation).unwrap();
                let effect = operation.effect(name);
                if writing.iter().any(|verb| operation.name.starts_with(verb)) {
                    assert_ne!(effect, Effect::Read, "{name} {}", operation.name);
                }
            }
        }
    }

    #[test]
    fn the_three_effects() {
        assert_eq!(of("s3", "GetBucketPolicy"), Effect::Read);
        assert_eq!(of("iam", "GenerateCredentialReport"), Effect::Read);
        assert_eq!(of("kms", "GenerateDataKey"), Effect::Mutation);
        assert_eq!(of("sts", "GetSessionToken"), Effect::Mutation);
        assert_eq!(of("sqs", "DeleteMessage"), Effect::Delivery);
        assert_eq!(of("sqs", "DeleteQueue"), Effect::Mutation);
    }
}
