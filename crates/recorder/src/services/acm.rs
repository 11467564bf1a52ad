//! ACM certificates.
//!
//! Shapes: AWS Config's item of `AWS::ACM::Certificate`, of the members that the listing tells:
//! describing each certificate would say little more, at ten certificates a second.

use crate::declare::prelude::*;
use crate::shape::{pick, under};
use crate::text::values;

pub(crate) static SERVICE: Service = Service {
    model: "acm",
    scope: Scope::Regional,
    // A quarter of the one call a second of `ListCertificates`.
    // <https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html>
    calls_per_second: 0.25,
    collectors: &[CERTIFICATE],
    account: &[],
};

const CERTIFICATE: Collector = Collector {
    arn: Some("CertificateArn"),
    created: Some("CreatedAt"),
    casing: Casing::Bean,
    shape: Some(certificate),
    tags: Tags::Bulk("acm"),
    ..Collector::of(
        ResourceType::AcmCertificate,
        // Unless it is told otherwise, ACM lists RSA keys of 1024 and 2048 bits only.
        call("ListCertificates").with(&[
            ("MaxItems", Param::Json("1000")),
            (
                "Includes",
                Param::Json(
                    r#"{"keyTypes": ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096",
                        "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]}"#,
                ),
            ),
        ]),
        "CertificateSummaryList[]",
        "CertificateArn",
    )
};

/// AWS Config writes `RSA-2048` and `EC-prime256v1`, as `DescribeCertificate` does.
fn certificate(configuration: &mut Value, entry: &Value) {
    let mut shaped = pick(
        configuration,
        &[
            ("certificateArn", "certificateArn"),
            ("domainName", "domainName"),
            ("subjectAlternativeNames", "subjectAlternativeNameSummaries"),
            ("status", "status"),
            ("type", "type"),
            ("renewalEligibility", "renewalEligibility"),
            ("notBefore", "notBefore"),
            ("notAfter", "notAfter"),
            ("createdAt", "createdAt"),
            ("issuedAt", "issuedAt"),
            ("importedAt", "importedAt"),
            ("revokedAt", "revokedAt"),
        ],
    );
    let algorithm = entry.get("KeyAlgorithm").and_then(Value::as_str);
    shaped["keyAlgorithm"] = json!(algorithm.map(|name| name.replace('_', "-")));
    for (member, path) in [
        ("keyUsages", "KeyUsages[]"),
        ("extendedKeyUsages", "ExtendedKeyUsages[]"),
    ] {
        let usages = values(path, entry).into_iter();
        shaped[member] = usages.map(|usage| under("name", usage)).collect();
    }
    *configuration = shaped;
}
