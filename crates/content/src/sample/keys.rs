//! KMS keys, Secrets Manager, certificates.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::{policies, time};

/// What the customer's keys are for.
pub(super) const PURPOSES: [&str; 8] = [
    "data",
    "logs",
    "backup",
    "messages",
    "secrets",
    "trail",
    "payments",
    "old-exports",
];

/// The keys that AWS makes for its services.
const AWS_MANAGED: [&str; 4] = ["ebs", "rds", "s3", "secretsmanager"];

pub(super) fn add(site: Site, estate: &mut Estate) {
    for (n, purpose) in PURPOSES.into_iter().enumerate() {
        let key = key(site, n, purpose);
        if purpose == "data" {
            estate.add(
                key.clone()
                    .earlier(90)
                    .with("KeyRotationStatus", json!(false)),
            );
        }
        estate.add(key);
    }
    for service in AWS_MANAGED {
        estate.add(aws_managed_key(site, service));
    }
    for n in 0..site.count(11) {
        estate.add(secret(site, n));
    }
    for n in 0..site.count(5) {
        estate.add(certificate(site, n));
    }
    if site.account.name == "platform" {
        estate.add(authority(site, 0, "ROOT"));
        estate.add(authority(site, 1, "SUBORDINATE"));
    }
}

fn key_configuration(site: Site, purpose: &str, manager: &str, spec: &str, state: &str) -> Value {
    json!({
        "keyId": site.uuid(purpose, 0), "arn": site.key(purpose), "awsaccountId": site.account.id,
        "creationDate": time::days_ago(800), "enabled": state == "Enabled",
        "description": format!("{purpose} of {}", site.account.name), "keyState": state,
        "keyUsage": if spec == "SYMMETRIC_DEFAULT" { "ENCRYPT_DECRYPT" } else { "SIGN_VERIFY" },
        "origin": "AWS_KMS", "keyManager": manager, "customerMasterKeySpec": spec,
        "keySpec": spec, "multiRegion": false,
    })
}

fn key(site: Site, n: usize, purpose: &str) -> Item {
    let mut draw = site.draw("kms", n);
    let spec = if purpose == "payments" {
        "ECC_NIST_P256"
    } else {
        "SYMMETRIC_DEFAULT"
    };
    let state = if purpose == "old-exports" && site.account.name != "production" {
        "PendingDeletion"
    } else {
        "Enabled"
    };
    let arn = site.key(purpose);
    Item::new(site, "AWS::KMS::Key", &site.uuid(purpose, 0), &arn)
        .tagged(&mut draw, purpose, "keys")
        .configuration(key_configuration(site, purpose, "CUSTOMER", spec, state))
        .with("Policy", json!(policies::key_policy(site).to_string()))
        .with("KeyRotationStatus", json!(draw.ok()))
        .unread_in(
            6,
            &mut draw,
            "KeyRotationStatus",
            "kms:GetKeyRotationStatus",
        )
}

fn aws_managed_key(site: Site, service: &str) -> Item {
    let purpose = format!("aws/{service}");
    let arn = site.key(&purpose);
    let spec = "SYMMETRIC_DEFAULT";
    Item::new(site, "AWS::KMS::Key", &site.uuid(&purpose, 0), &arn)
        .configuration(key_configuration(site, &purpose, "AWS", spec, "Enabled"))
        .with("Policy", json!(policies::key_policy(site).to_string()))
        .with("KeyRotationStatus", json!(true))
}

/// The ARN of the `n`th secret.
pub(super) fn secret_arn(site: Site, n: usize) -> String {
    let n = n % site.count(11).max(1);
    let name = format!("{}/{}/database", site.account.name, site.app(n));
    site.arn(
        "secretsmanager",
        &format!("secret:{name}-{}", site.hex("secret", n, 6)),
    )
}

fn secret(site: Site, n: usize) -> Item {
    let mut draw = site.draw("secret", n);
    let app = site.app(n);
    let kind = if n < 11 { "database" } else { "partner-api" };
    let name = format!("{}/{app}/{kind}", site.account.name);
    let arn = site.arn(
        "secretsmanager",
        &format!("secret:{name}-{}", site.hex("secret", n, 6)),
    );
    let rotates = draw.ok();
    let key = draw.either(site.key("secrets"), "alias/aws/secretsmanager".to_owned());
    let rotated = draw.days((1, 60), (100, 600));
    let accessed = draw.days((0, 20), (95, 400));
    let mut configuration = json!({
        "ARN": arn, "Name": name, "Description": format!("{kind} of {app}"), "KMSKeyId": key,
        "RotationEnabled": rotates, "Deleted": false,
    });
    if let (true, Some(members)) = (rotates, configuration.as_object_mut()) {
        let function = site.arn("lambda", "function:rotate-secrets");
        members.insert("RotationLambdaARN".to_owned(), json!(function));
        members.insert("RotationOccurringAsScheduled".to_owned(), json!(draw.ok()));
        members.insert(
            "RotationRules".to_owned(),
            json!({"AutomaticallyAfterDays": 30}),
        );
    }
    Item::new(site, "AWS::SecretsManager::Secret", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(configuration)
        .with(
            "DescribeSecret",
            json!({"ARN": arn, "Name": name, "CreatedDate": time::days_ago(700),
                "LastRotatedDate": time::days_ago(rotated),
                "LastAccessedDate": time::days_ago(accessed)}),
        )
        .unread_in(
            4,
            &mut draw,
            "DescribeSecret",
            "secretsmanager:DescribeSecret",
        )
}

/// The ARN of the `n`th certificate.
pub(super) fn certificate_arn(site: Site, n: usize) -> String {
    site.arn("acm", &format!("certificate/{}", site.uuid("acm", n)))
}

fn certificate(site: Site, n: usize) -> Item {
    let mut draw = site.draw("acm", n);
    let arn = certificate_arn(site, n);
    let app = site.app(n);
    let domain = format!("{app}.{}.example.com", site.account.name);
    let days = draw.days((40, 380), (2, 13));
    let algorithm = match (draw.ok(), n % 5) {
        (_, 4) => "EC-prime256v1",
        (true, _) => "RSA-2048",
        (false, _) => "RSA-1024",
    };
    let kind = if algorithm == "RSA-1024" {
        "IMPORTED"
    } else {
        "AMAZON_ISSUED"
    };
    Item::new(site, "AWS::ACM::Certificate", &arn, &arn)
        .tagged(&mut draw, &domain, app)
        .configuration(json!({
            "certificateArn": arn, "domainName": domain, "subjectAlternativeNames": [domain],
            "subject": format!("CN={domain}"), "issuer": "Amazon", "status": "ISSUED",
            "type": kind, "keyAlgorithm": algorithm, "signatureAlgorithm": "SHA256WITHRSA",
            "createdAt": time::days_ago(30), "issuedAt": time::days_ago(30),
            "notBefore": time::days_ago(30), "notAfter": time::days_ahead(days),
            "inUseBy": [super::balancers::load_balancer_arn(site, n)],
            "renewalEligibility": "ELIGIBLE", "keyUsages": [{"name": "DIGITAL_SIGNATURE"}],
            "options": {"certificateTransparencyLoggingPreference": "ENABLED"},
        }))
}

fn authority(site: Site, n: usize, kind: &str) -> Item {
    let mut draw = site.draw("acmpca", n);
    let arn = site.arn(
        "acm-pca",
        &format!("certificate-authority/{}", site.uuid("acmpca", n)),
    );
    let status = if kind == "ROOT" && site.is_home() {
        "DISABLED"
    } else {
        "ACTIVE"
    };
    Item::new(site, "AWS::ACMPCA::CertificateAuthority", &arn, &arn)
        .tagged(
            &mut draw,
            &format!("internal-{}", kind.to_lowercase()),
            "keys",
        )
        .configuration(json!({
            "Arn": arn, "Type": kind, "KeyAlgorithm": "RSA_4096",
            "SigningAlgorithm": "SHA512WITHRSA",
            "KeyStorageSecurityStandard": "FIPS_140_2_LEVEL_3_OR_HIGHER",
            "Subject": {"CommonName": format!("Internal {kind}"), "Organization": "Example Shop",
                "Country": "DE"},
            "RevocationConfiguration": {"CrlConfiguration": {"Enabled": false},
                "OcspConfiguration": {"Enabled": true}},
        }))
        .with(
            "DescribeCertificateAuthority",
            json!({"CertificateAuthority": {"Arn": arn, "Type": kind, "Status": status}}),
        )
}
