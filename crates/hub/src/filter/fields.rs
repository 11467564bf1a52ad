//! The fields that can be filtered by, and where a finding has them.

use serde_json::Value;

use crate::finding::Object;

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Date,
    Map,
    Ip,
    Keyword,
    Boolean,
}

/// A field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Members from the top; lists on the way are gone into.
    path: &'static str,
}

impl Field {
    /// The values of a finding's field.
    pub(super) fn values<'f>(&self, finding: &'f Object) -> Vec<&'f Value> {
        let mut values = Vec::new();
        if self.kind == Kind::Keyword {
            for value in finding.values() {
                every_text(value, &mut values);
            }
            return values;
        }
        let (first, rest) = self.path.split_once('.').unwrap_or((self.path, ""));
        if let Some(value) = finding.get(first) {
            collect(value, rest, &mut values);
        }
        values
    }
}

fn collect<'f>(value: &'f Value, path: &str, values: &mut Vec<&'f Value>) {
    match (value, path) {
        (Value::Array(elements), _) => {
            for element in elements {
                collect(element, path, values);
            }
        }
        (Value::Null, _) => {}
        (_, "") => values.push(value),
        (Value::Object(members), _) => {
            let (name, rest) = path.split_once('.').unwrap_or((path, ""));
            if let Some(member) = members.get(name) {
                collect(member, rest, values);
            }
        }
        _ => {}
    }
}

fn every_text<'f>(value: &'f Value, values: &mut Vec<&'f Value>) {
    match value {
        Value::String(_) => values.push(value),
        Value::Array(elements) => elements.iter().for_each(|one| every_text(one, values)),
        Value::Object(members) => members.values().for_each(|one| every_text(one, values)),
        _ => {}
    }
}

/// The field of this name.
pub(super) fn named(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// Their names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.name)
}

const fn field(name: &'static str, kind: Kind, path: &'static str) -> Field {
    Field { name, kind, path }
}

/// `AwsSecurityFindingFilters`, every member.
#[rustfmt::skip]
static FIELDS: &[Field] = &[
    field("ProductArn", Kind::Text, "ProductArn"),
    field("AwsAccountId", Kind::Text, "AwsAccountId"),
    field("Id", Kind::Text, "Id"),
    field("GeneratorId", Kind::Text, "GeneratorId"),
    field("Region", Kind::Text, "Region"),
    field("Type", Kind::Text, "Types"),
    field("FirstObservedAt", Kind::Date, "FirstObservedAt"),
    field("LastObservedAt", Kind::Date, "LastObservedAt"),
    field("CreatedAt", Kind::Date, "CreatedAt"),
    field("UpdatedAt", Kind::Date, "UpdatedAt"),
    field("SeverityProduct", Kind::Number, "Severity.Product"),
    field("SeverityNormalized", Kind::Number, "Severity.Normalized"),
    field("SeverityLabel", Kind::Text, "Severity.Label"),
    field("Confidence", Kind::Number, "Confidence"),
    field("Criticality", Kind::Number, "Criticality"),
    field("Title", Kind::Text, "Title"),
    field("Description", Kind::Text, "Description"),
    field("RecommendationText", Kind::Text, "Remediation.Recommendation.Text"),
    field("SourceUrl", Kind::Text, "SourceUrl"),
    field("ProductFields", Kind::Map, "ProductFields"),
    field("ProductName", Kind::Text, "ProductName"),
    field("CompanyName", Kind::Text, "CompanyName"),
    field("UserDefinedFields", Kind::Map, "UserDefinedFields"),
    field("MalwareName", Kind::Text, "Malware.Name"),
    field("MalwareType", Kind::Text, "Malware.Type"),
    field("MalwarePath", Kind::Text, "Malware.Path"),
    field("MalwareState", Kind::Text, "Malware.State"),
    field("NetworkDirection", Kind::Text, "Network.Direction"),
    field("NetworkProtocol", Kind::Text, "Network.Protocol"),
    field("NetworkSourceIpV4", Kind::Ip, "Network.SourceIpV4"),
    field("NetworkSourceIpV6", Kind::Ip, "Network.SourceIpV6"),
    field("NetworkSourcePort", Kind::Number, "Network.SourcePort"),
    field("NetworkSourceDomain", Kind::Text, "Network.SourceDomain"),
    field("NetworkSourceMac", Kind::Text, "Network.SourceMac"),
    field("NetworkDestinationIpV4", Kind::Ip, "Network.DestinationIpV4"),
    field("NetworkDestinationIpV6", Kind::Ip, "Network.DestinationIpV6"),
    field("NetworkDestinationPort", Kind::Number, "Network.DestinationPort"),
    field("NetworkDestinationDomain", Kind::Text, "Network.DestinationDomain"),
    field("ProcessName", Kind::Text, "Process.Name"),
    field("ProcessPath", Kind::Text, "Process.Path"),
    field("ProcessPid", Kind::Number, "Process.Pid"),
    field("ProcessParentPid", Kind::Number, "Process.ParentPid"),
    field("ProcessLaunchedAt", Kind::Date, "Process.LaunchedAt"),
    field("ProcessTerminatedAt", Kind::Date, "Process.TerminatedAt"),
    field("ThreatIntelIndicatorType", Kind::Text, "ThreatIntelIndicators.Type"),
    field("ThreatIntelIndicatorValue", Kind::Text, "ThreatIntelIndicators.Value"),
    field("ThreatIntelIndicatorCategory", Kind::Text, "ThreatIntelIndicators.Category"),
    field("ThreatIntelIndicatorLastObservedAt", Kind::Date, "ThreatIntelIndicators.LastObservedAt"),
    field("ThreatIntelIndicatorSource", Kind::Text, "ThreatIntelIndicators.Source"),
    field("ThreatIntelIndicatorSourceUrl", Kind::Text, "ThreatIntelIndicators.SourceUrl"),
    field("ResourceType", Kind::Text, "Resources.Type"),
    field("ResourceId", Kind::Text, "Resources.Id"),
    field("ResourcePartition", Kind::Text, "Resources.Partition"),
    field("ResourceRegion", Kind::Text, "Resources.Region"),
    field("ResourceTags", Kind::Map, "Resources.Tags"),
    field("ResourceAwsEc2InstanceType", Kind::Text, "Resources.Details.AwsEc2Instance.Type"),
    field("ResourceAwsEc2InstanceImageId", Kind::Text, "Resources.Details.AwsEc2Instance.ImageId"),
    field("ResourceAwsEc2InstanceIpV4Addresses", Kind::Ip, "Resources.Details.AwsEc2Instance.IpV4Addresses"),
    field("ResourceAwsEc2InstanceIpV6Addresses", Kind::Ip, "Resources.Details.AwsEc2Instance.IpV6Addresses"),
    field("ResourceAwsEc2InstanceKeyName", Kind::Text, "Resources.Details.AwsEc2Instance.KeyName"),
    field("ResourceAwsEc2InstanceIamInstanceProfileArn", Kind::Text, "Resources.Details.AwsEc2Instance.IamInstanceProfileArn"),
    field("ResourceAwsEc2InstanceVpcId", Kind::Text, "Resources.Details.AwsEc2Instance.VpcId"),
    field("ResourceAwsEc2InstanceSubnetId", Kind::Text, "Resources.Details.AwsEc2Instance.SubnetId"),
    field("ResourceAwsEc2InstanceLaunchedAt", Kind::Date, "Resources.Details.AwsEc2Instance.LaunchedAt"),
    field("ResourceAwsS3BucketOwnerId", Kind::Text, "Resources.Details.AwsS3Bucket.OwnerId"),
    field("ResourceAwsS3BucketOwnerName", Kind::Text, "Resources.Details.AwsS3Bucket.OwnerName"),
    field("ResourceAwsIamAccessKeyUserName", Kind::Text, "Resources.Details.AwsIamAccessKey.UserName"),
    field("ResourceAwsIamAccessKeyPrincipalName", Kind::Text, "Resources.Details.AwsIamAccessKey.PrincipalName"),
    field("ResourceAwsIamAccessKeyStatus", Kind::Text, "Resources.Details.AwsIamAccessKey.Status"),
    field("ResourceAwsIamAccessKeyCreatedAt", Kind::Date, "Resources.Details.AwsIamAccessKey.CreatedAt"),
    field("ResourceAwsIamUserUserName", Kind::Text, "Resources.Details.AwsIamUser.UserName"),
    field("ResourceContainerName", Kind::Text, "Resources.Details.Container.Name"),
    field("ResourceContainerImageId", Kind::Text, "Resources.Details.Container.ImageId"),
    field("ResourceContainerImageName", Kind::Text, "Resources.Details.Container.ImageName"),
    field("ResourceContainerLaunchedAt", Kind::Date, "Resources.Details.Container.LaunchedAt"),
    field("ResourceDetailsOther", Kind::Map, "Resources.Details.Other"),
    field("ComplianceStatus", Kind::Text, "Compliance.Status"),
    field("VerificationState", Kind::Text, "VerificationState"),
    field("WorkflowState", Kind::Text, "WorkflowState"),
    field("WorkflowStatus", Kind::Text, "Workflow.Status"),
    field("RecordState", Kind::Text, "RecordState"),
    field("RelatedFindingsProductArn", Kind::Text, "RelatedFindings.ProductArn"),
    field("RelatedFindingsId", Kind::Text, "RelatedFindings.Id"),
    field("NoteText", Kind::Text, "Note.Text"),
    field("NoteUpdatedAt", Kind::Date, "Note.UpdatedAt"),
    field("NoteUpdatedBy", Kind::Text, "Note.UpdatedBy"),
    field("Keyword", Kind::Keyword, "Keyword"),
    field("FindingProviderFieldsConfidence", Kind::Number, "FindingProviderFields.Confidence"),
    field("FindingProviderFieldsCriticality", Kind::Number, "FindingProviderFields.Criticality"),
    field("FindingProviderFieldsRelatedFindingsId", Kind::Text, "FindingProviderFields.RelatedFindings.Id"),
    field("FindingProviderFieldsRelatedFindingsProductArn", Kind::Text, "FindingProviderFields.RelatedFindings.ProductArn"),
    field("FindingProviderFieldsSeverityLabel", Kind::Text, "FindingProviderFields.Severity.Label"),
    field("FindingProviderFieldsSeverityOriginal", Kind::Text, "FindingProviderFields.Severity.Original"),
    field("FindingProviderFieldsTypes", Kind::Text, "FindingProviderFields.Types"),
    field("Sample", Kind::Boolean, "Sample"),
    field("ComplianceSecurityControlId", Kind::Text, "Compliance.SecurityControlId"),
    field("ComplianceAssociatedStandardsId", Kind::Text, "Compliance.AssociatedStandards.StandardsId"),
    field("VulnerabilitiesExploitAvailable", Kind::Text, "Vulnerabilities.ExploitAvailable"),
    field("VulnerabilitiesFixAvailable", Kind::Text, "Vulnerabilities.FixAvailable"),
    field("ComplianceSecurityControlParametersName", Kind::Text, "Compliance.SecurityControlParameters.Name"),
    field("ComplianceSecurityControlParametersValue", Kind::Text, "Compliance.SecurityControlParameters.Value"),
    field("AwsAccountName", Kind::Text, "AwsAccountName"),
    field("ResourceApplicationName", Kind::Text, "Resources.ApplicationName"),
    field("ResourceApplicationArn", Kind::Text, "Resources.ApplicationArn"),
    field("ResourceOwnerAccountId", Kind::Text, "Resources.OwnerAccountId"),
    field("ResourceOwnerOrgId", Kind::Text, "Resources.OwnerOrgId"),
    field("ResourceProvider", Kind::Text, "Resources.Provider"),
];
