//! Private certificate authorities.
//!
//! Shapes: AWS Config's schema of `AWS::ACMPCA::CertificateAuthority`, which is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::pick;

pub(crate) static SERVICE: Service = Service {
    model: "acm-pca",
    scope: Scope::Regional,
    // AWS publishes the rates in the Service Quotas console only.
    // <https://docs.aws.amazon.com/privateca/latest/userguide/PcaLimits.html>
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[CERTIFICATE_AUTHORITY],
    account: &[],
};

const CERTIFICATE_AUTHORITY: Collector = Collector {
    arn: Some("Arn"),
    created: Some("CreatedAt"),
    shape: Some(certificate_authority),
    tags: Tags::Bulk("acm-pca"),
    details: &[detail(
        "DescribeCertificateAuthority",
        "supplementaryConfiguration.DescribeCertificateAuthority",
    )
    .with(&[("CertificateAuthorityArn", Param::Item("Arn"))])
    .absent_on(&["ResourceNotFoundException"])],
    ..Collector::of(
        ResourceType::AcmpcaCertificateAuthority,
        call("ListCertificateAuthorities"),
        "CertificateAuthorities[]",
        "Arn",
    )
};

/// CloudFormation has the members of the API's `CertificateAuthorityConfiguration` at the top.
fn certificate_authority(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("Arn", "Arn"),
            ("Type", "Type"),
            (
                "KeyAlgorithm",
                "CertificateAuthorityConfiguration.KeyAlgorithm",
            ),
            (
                "SigningAlgorithm",
                "CertificateAuthorityConfiguration.SigningAlgorithm",
            ),
            ("Subject", "CertificateAuthorityConfiguration.Subject"),
            (
                "CsrExtensions",
                "CertificateAuthorityConfiguration.CsrExtensions",
            ),
            ("RevocationConfiguration", "RevocationConfiguration"),
            ("KeyStorageSecurityStandard", "KeyStorageSecurityStandard"),
            ("UsageMode", "UsageMode"),
        ],
    );
}
