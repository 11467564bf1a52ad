//! A document that is shared with everybody shows every AWS account what is in it; one setting
//! keeps all of them from it.
//!
//! ## Result
//! - COMPLIANT: public sharing of documents is blocked in this Region: the setting is `Disable`.
//! - NON_COMPLIANT: it is not: the setting is `Enable`, as AWS delivers it, or is not set.
//! - INSUFFICIENT_DATA: the setting was not read.
//!
//! ## What to do
//! Block public sharing in Systems Manager's preferences for documents, in each Region. Documents
//! that are public stay so.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ssm-automation-block-public-sharing`; Systems Manager
//! user guide, block public sharing for SSM documents.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ssm-automation-block-public-sharing",
    identifier: Identifier::FromId,
    version: 1,
    title: "Public sharing of SSM documents is blocked in the Region",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(SETTING)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("ASR-EnableSSMDocumentBlockPublicSharing"),
    check,
};

const SETTING: Path =
    path("supplementaryConfiguration.GetServiceSetting.ServiceSetting.SettingValue");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let setting = account.text(SETTING)?;
    if setting != Some("Disable") {
        return Ok(Evaluation::non_compliant(SETTING, setting, "Disable"));
    }
    Ok(Evaluation::compliant(SETTING, setting))
}
