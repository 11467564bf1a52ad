//! What a plan is about: a document and a resource, by name, by a rule, or by a finding.

use posture_hub::{Hub, Shown};
use posture_remediation::{Content, RemediationConfiguration, RuleFailure};
use posture_rules::{ManagedRule, Remedy, catalogue};
use posture_store::{ItemFilter, Resource, Store};

use super::super::CommandError;
use super::super::state::StateArgument;

/// AWS Config's type of what belongs to the account as a whole.
const ACCOUNT: &str = "AWS::::Account";

/// A failure that somebody wants fixed.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The document that fixes it.
    pub(super) document: String,
    /// The names of the resource: id, name, ARN.
    names: Vec<String>,
    /// The account; empty where it is whichever the credentials are for.
    pub(super) account_id: String,
    /// The Region to call.
    pub(super) aws_region: String,
    /// The failure.
    pub(super) failure: RuleFailure,
}

impl Target {
    /// Of a finding, by its number or id.
    pub(super) fn of_finding(
        state: &StateArgument,
        content: &Content,
        name: &str,
    ) -> Result<Target, CommandError> {
        state.place()?.with(|store| async move {
            let hub = Hub::open(&store).await?;
            let found = hub.named(name).await?;
            let Some(finding) = found.first() else {
                let name = name.to_owned();
                return Err(CommandError::UnknownFinding { name });
            };
            let rule = rule_of(&hub, finding, name)?;
            let document = document_of(content, rule, &finding.control)?;
            let resource = resource_of(&store, finding).await?;
            Ok(Target::new(document, rule, &resource, finding))
        })
    }

    /// Of a finding of the rule that a remediation configuration is about; none of any other rule's.
    pub(super) async fn of_configuration(
        store: &Store,
        finding: &Shown,
        configuration: &RemediationConfiguration,
    ) -> Result<Option<Target>, CommandError> {
        let rule = managed(&configuration.rule_name)?;
        if finding.text(&["ProductFields", "posture/rule"]) != rule.identifier() {
            return Ok(None);
        }
        let resource = resource_of(store, finding).await?;
        let document = configuration.target_id.clone();
        Ok(Some(Target::new(document, rule, &resource, finding)))
    }

    fn new(document: String, rule: &ManagedRule, resource: &Resource, finding: &Shown) -> Target {
        let aws_region = match resource.aws_region.as_str() {
            "global" | "" => finding.text(&["Region"]).to_owned(),
            region => region.to_owned(),
        };
        let names = [
            Some(&resource.resource_id),
            resource.resource_name.as_ref(),
            resource.arn.as_ref(),
        ];
        Target {
            document,
            names: names.into_iter().flatten().cloned().collect(),
            account_id: resource.account_id.clone(),
            aws_region,
            failure: RuleFailure {
                rule_name: rule.id.to_owned(),
                aws_region: resource.aws_region.clone(),
                resource_type: resource.resource_type.clone(),
                resource_id: resource.resource_id.clone(),
                arn: resource.arn.clone(),
                finding: Some(finding.number),
            },
        }
    }

    /// The resource, as the document names it.
    pub(super) fn subject(&self, content: &Content) -> Result<Option<String>, CommandError> {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let subject = content.remedy(&self.document)?.subject(&names)?;
        Ok(subject.map(str::to_owned))
    }
}

/// The failure of a rule on a resource that somebody names; as it is recorded, where it is.
pub(super) async fn failure_of(
    store: &Store,
    rule: &str,
    resource: Option<&str>,
    account_id: &str,
    aws_region: &str,
) -> Result<RuleFailure, CommandError> {
    let rule = managed(rule)?;
    let types = rule.resource_types.iter().map(|known| known.as_str());
    let types: Vec<String> = types.map(str::to_owned).collect();
    let mut failure = RuleFailure {
        rule_name: rule.id.to_owned(),
        aws_region: aws_region.to_owned(),
        resource_type: types.first().cloned().unwrap_or_default(),
        resource_id: resource.unwrap_or(account_id).to_owned(),
        arn: None,
        finding: None,
    };
    let filter = ItemFilter {
        accounts: vec![account_id.to_owned()],
        regions: Vec::new(),
        types,
    };
    let known = store.resources_named(&failure.resource_id, &filter).await?;
    if let [one] = known.as_slice() {
        failure.aws_region.clone_from(&one.aws_region);
        failure.resource_type.clone_from(&one.resource_type);
        failure.resource_id.clone_from(&one.resource_id);
        failure.arn.clone_from(&one.arn);
    }
    Ok(failure)
}

/// A rule, by name or identifier.
pub(super) fn managed(name: &str) -> Result<&'static ManagedRule, CommandError> {
    let entry = catalogue::find(name).or_else(|| catalogue::by_identifier(name));
    let entry = entry.ok_or_else(|| CommandError::unknown_rule(name))?;
    Ok(entry.rule)
}

/// The document that fixes what a rule finds: the one that it names; else, where that is none of ours, one of the
/// same control.
pub(super) fn document_of(
    content: &Content,
    rule: &ManagedRule,
    control: &str,
) -> Result<String, CommandError> {
    let named = match rule.remedy {
        Remedy::Automation(document) => Some(document),
        Remedy::Steps => None,
    };
    if let Some(document) = named.filter(|name| content.remedy(name).is_ok()) {
        return Ok(document.to_owned());
    }
    let of_control = content.remedies().find(|remedy| {
        let mut controls = remedy.safety.controls.iter();
        !control.is_empty() && controls.any(|known| known == control)
    });
    match (of_control, named) {
        (Some(remedy), _) => Ok(remedy.name.clone()),
        // Which one is missing is told.
        (None, Some(document)) => Ok(document.to_owned()),
        (None, None) => Err(CommandError::NoRemedy {
            rule: rule.id.to_owned(),
        }),
    }
}

/// The rule that a finding is of: of our own scans the one that made it, else the one of its control.
fn rule_of(hub: &Hub, finding: &Shown, name: &str) -> Result<&'static ManagedRule, CommandError> {
    let own = finding.text(&["ProductFields", "posture/rule"]);
    if !own.is_empty() {
        return managed(own);
    }
    let standards = hub.standards();
    let control = standards.control(&finding.control);
    let entry = control.and_then(|control| standards.implementation(control));
    entry
        .map(|entry| entry.rule)
        .ok_or_else(|| CommandError::FindingWithoutRule {
            finding: name.to_owned(),
        })
}

/// The recorded resource of a finding.
async fn resource_of(store: &Store, finding: &Shown) -> Result<Resource, CommandError> {
    let named = finding.resource("Id");
    let (name, types) = match named.strip_prefix("AWS::::Account:") {
        Some(account) => (account, vec![ACCOUNT.to_owned()]),
        None => (named, Vec::new()),
    };
    let filter = ItemFilter {
        accounts: vec![finding.text(&["AwsAccountId"]).to_owned()],
        regions: Vec::new(),
        types,
    };
    let mut found = store.resources_named(name, &filter).await?;
    // Names are not unique among types; an ARN or an id is, but for the account's, which every Region has.
    found.sort_by_key(|one| {
        let is_another = one.arn.as_deref() != Some(name) && one.resource_id != name;
        (is_another, one.aws_region != finding.text(&["Region"]))
    });
    found
        .into_iter()
        .next()
        .ok_or_else(|| CommandError::NotRecorded {
            name: name.to_owned(),
            state: "the state".to_owned(),
        })
}
