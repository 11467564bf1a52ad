//! Which types belong to an account and to no Region.

/// Services whose resources belong to an account and to no Region. AWS Config records them in
/// several Regions, or in one under its name, and some APIs answer with the Region that was asked.
const GLOBAL: &[&str] = &[
    "AWS::CloudFront::",
    "AWS::GlobalAccelerator::",
    "AWS::IAM::",
    "AWS::Organizations::",
    "AWS::Route53::",
    "AWS::Shield::",
    "AWS::WAF::",
];

/// The Region that a resource of this type belongs to, where an item says `aws_region`: that one,
/// or `global`.
pub fn region_of<'r>(resource_type: &str, aws_region: &'r str) -> &'r str {
    let is_global = GLOBAL
        .iter()
        .any(|prefix| resource_type.starts_with(prefix));
    if is_global { "global" } else { aws_region }
}
