//! AWS Security Finding Format.

use serde_json::{Value, json};

use crate::finding::{Object, Shown};

/// The finding as `GetFindings` answers it.
pub fn whole(finding: &Shown) -> &Object {
    &finding.asff
}

/// Members that `BatchImportFindings` doesn't take from a provider, or takes in
/// `FindingProviderFields` only.
const NOT_A_PROVIDER_S: [&str; 13] = [
    "AwsAccountName",
    "Confidence",
    "Criticality",
    "Note",
    "ProcessedAt",
    "RelatedFindings",
    "Sample",
    "Severity",
    "Types",
    "UserDefinedFields",
    "VerificationState",
    "Workflow",
    "WorkflowState",
];

/// The longest finding that Security Hub takes, in bytes.
pub const LONGEST: usize = 240_000;

/// The finding as a provider sends it with `BatchImportFindings`. Where it is too long, the resources'
/// details are left out, as Security Hub does.
pub fn to_import(finding: &Shown) -> Object {
    let mut asff = finding.asff.clone();
    for name in NOT_A_PROVIDER_S {
        asff.remove(name);
    }
    // Security Hub sets these itself.
    for name in ["ProductName", "CompanyName", "Region"] {
        asff.remove(name);
    }
    if asff.get("FindingProviderFields").is_none() {
        let severity = finding
            .asff
            .get("Severity")
            .and_then(|all| all.get("Label"));
        let label = severity.cloned().unwrap_or_else(|| json!("INFORMATIONAL"));
        let types = finding
            .asff
            .get("Types")
            .cloned()
            .unwrap_or_else(|| json!([]));
        let fields = json!({"Severity": {"Label": label}, "Types": types});
        asff.insert("FindingProviderFields".to_owned(), fields);
    }
    if length(&asff) > LONGEST
        && let Some(Value::Array(resources)) = asff.get_mut("Resources")
    {
        for resource in resources.iter_mut().filter_map(Value::as_object_mut) {
            resource.remove("Details");
        }
    }
    asff
}

/// Its bytes as JSON.
pub(crate) fn length(asff: &Object) -> usize {
    serde_json::to_vec(asff).map_or(usize::MAX, |text| text.len())
}
