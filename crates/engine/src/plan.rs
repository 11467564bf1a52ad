//! What is to be evaluated: each (rule, parameters, scope) once, whoever asks for it.

use std::collections::{BTreeMap, BTreeSet};

use posture_content::packs::{Pack, PackRule};
use posture_model::{ConfigurationItem, Partition, Path, ResourceType};
use posture_rules::catalogue::PROCESS_CHECK;
use posture_rules::guard::GuardPolicy;
use posture_rules::{Locality, ManagedRule, Params, Severity};

use crate::report::{Counts, PackResult, RuleLimits};

/// A rule as it runs.
#[derive(Debug)]
pub(crate) struct Deployed {
    /// The managed rule's name, or the name that a pack gives its own rule.
    pub(crate) name: String,
    /// AWS's identifier, or the function's ARN.
    pub(crate) identifier: String,
    pub(crate) check: Check,
    pub(crate) params: Params,
    pub(crate) scope: RuleLimits,
    pub(crate) severity: Severity,
    /// The packs that deploy it, by index.
    pub(crate) packs: BTreeSet<usize>,
    /// The controls that these packs map it to.
    pub(crate) controls: BTreeSet<String>,
}

#[derive(Debug)]
pub(crate) enum Check {
    Managed(&'static ManagedRule),
    /// A customer's Lambda function, which only AWS Config can run.
    Lambda,
    /// A customer's Guard policy.
    Guard(GuardPolicy),
}

/// The rules, by name, parameters and scope; and for each pack what can't be run of it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) rules: Vec<Deployed>,
    pub(crate) packs: Vec<PackResult>,
}

type Key = (String, Params, RuleLimits, Option<String>);

impl Plan {
    pub(crate) fn new(packs: &[Pack], keeps: &dyn Fn(&str, Severity) -> bool) -> Plan {
        let mut rules: BTreeMap<Key, Deployed> = BTreeMap::new();
        let mut results = Vec::new();
        for (index, pack) in packs.iter().enumerate() {
            let mut result = PackResult::new(&pack.name, pack.rules.len());
            for rule in &pack.rules {
                deploy(&mut rules, index, rule, &mut result, keeps);
            }
            result.not_implemented.sort();
            results.push(result);
        }
        Plan {
            rules: rules.into_values().collect(),
            packs: results,
        }
    }

    /// The rules for items of a type in a Region, by index.
    pub(crate) fn rules_for(&self, type_name: &str, aws_region: &str) -> Vec<u32> {
        let resource_type = ResourceType::from_name(type_name);
        let of_type = |rule: &Deployed| rule.covers(type_name, resource_type, aws_region);
        (0u32..)
            .zip(&self.rules)
            .filter(|(_, rule)| of_type(rule))
            .map(|(index, _)| index)
            .collect()
    }

    /// The places that rules look at of resources that they don't judge, by type.
    pub(crate) fn joined(&self) -> BTreeMap<ResourceType, BTreeSet<&'static str>> {
        let mut joined: BTreeMap<ResourceType, BTreeSet<&'static str>> = BTreeMap::new();
        for rule in &self.rules {
            let Check::Managed(rule) = &rule.check else {
                continue;
            };
            for other in rule.others() {
                let paths = joined.entry(other.resource_type).or_default();
                paths.extend(other.all_paths().map(Path::as_str));
            }
        }
        joined
    }

    /// Adds up a rule's verdicts to each pack that deploys it.
    pub(crate) fn score(&self, counts: &[Counts]) -> Vec<PackResult> {
        let mut results = self.packs.clone();
        for (rule, found) in self.rules.iter().zip(counts) {
            for index in &rule.packs {
                if let Some(result) = results.get_mut(*index) {
                    result.add(found);
                }
            }
        }
        for result in &mut results {
            result.finish();
        }
        results
    }
}

fn deploy(
    rules: &mut BTreeMap<Key, Deployed>,
    index: usize,
    rule: &PackRule,
    result: &mut PackResult,
    keeps: &dyn Fn(&str, Severity) -> bool,
) {
    if rule.identifier == PROCESS_CHECK {
        result.manual += 1;
        return;
    }
    let (name, check, params, severity) = match checked(rule) {
        Ok(Some(checked)) => checked,
        Ok(None) => return result.not_implemented.push(rule.identifier.clone()),
        Err(message) => {
            let invalid = format!("{}: {message}", rule.name);
            return result.invalid_parameters.push(invalid);
        }
    };
    if !keeps(&name, severity) {
        result.filtered += 1;
        return;
    }
    // Types that are all of the rule's own limit nothing: it is the same rule in a pack that names none.
    let is_limit = match &check {
        Check::Managed(managed) => !managed
            .resource_types
            .iter()
            .all(|known| rule.types.iter().any(|scoped| scoped == known.as_str())),
        Check::Lambda | Check::Guard(_) => true,
    };
    let scope = RuleLimits {
        types: if is_limit {
            rule.types.clone()
        } else {
            Vec::new()
        },
        resource_id: rule.resource_id.clone(),
        tag_key: rule.tag_key.clone(),
        tag_value: rule.tag_value.clone(),
    };
    let policy = rule.policy.as_ref().map(|policy| policy.text.clone());
    let key = (name.clone(), params.clone(), scope.clone(), policy);
    let deployed = rules.entry(key).or_insert_with(|| Deployed {
        name,
        identifier: rule.identifier.clone(),
        check,
        params,
        scope,
        severity,
        packs: BTreeSet::new(),
        controls: BTreeSet::new(),
    });
    deployed.packs.insert(index);
    deployed.controls.extend(rule.controls.iter().cloned());
}

type Checked = (String, Check, Params, Severity);

/// How a rule is checked; none where this version doesn't implement it.
fn checked(rule: &PackRule) -> Result<Option<Checked>, String> {
    let own = |check| {
        (
            rule.name.clone(),
            check,
            Params::default(),
            Severity::Medium,
        )
    };
    if rule.owner == "CUSTOM_LAMBDA" {
        return Ok(Some(own(Check::Lambda)));
    }
    if let Some(policy) = &rule.policy {
        let policy = GuardPolicy::parse(&policy.text).map_err(|error| error.to_string())?;
        return Ok(Some(own(Check::Guard(policy))));
    }
    let found = rule.resolve()?;
    Ok(found.map(|(entry, params)| {
        let rule = entry.rule;
        (
            rule.id.to_owned(),
            Check::Managed(rule),
            params,
            rule.severity,
        )
    }))
}

impl Deployed {
    /// What is true when it passes.
    pub(crate) fn title(&self) -> &str {
        match &self.check {
            Check::Managed(rule) => rule.title,
            Check::Lambda => "The Lambda function of the rule finds nothing wrong",
            Check::Guard(_) => "The Guard policy of the rule holds",
        }
    }

    /// Whether it asks for facts of the account as a whole.
    pub(crate) fn is_global(&self) -> bool {
        match &self.check {
            Check::Managed(rule) => rule.locality == Locality::Global,
            Check::Lambda | Check::Guard(_) => false,
        }
    }

    fn covers(
        &self,
        type_name: &str,
        resource_type: Option<ResourceType>,
        aws_region: &str,
    ) -> bool {
        let is_scoped = self.scope.types.is_empty()
            || self.scope.types.iter().any(|scoped| scoped == type_name);
        let is_account = resource_type == Some(ResourceType::Account);
        match &self.check {
            Check::Managed(rule) => {
                let is_of = |known: &ResourceType| resource_type == Some(*known);
                let is_here =
                    !is_account || rule.locality == Locality::Regional || is_home(aws_region);
                is_scoped && is_here && rule.resource_types.iter().any(is_of)
            }
            // A function without types runs at a frequency, on the account.
            Check::Lambda => is_scoped && (is_account || !self.scope.types.is_empty()),
            // Guard runs on changes of recorded items, which an account is not.
            Check::Guard(_) => is_scoped && !is_account,
        }
    }

    /// Whether an item of a covered type is in scope.
    pub(crate) fn is_in_scope(&self, item: &ConfigurationItem<'_>) -> bool {
        let RuleLimits {
            resource_id,
            tag_key,
            tag_value,
            ..
        } = &self.scope;
        let is_id = resource_id
            .as_deref()
            .is_none_or(|id| id == item.resource_id());
        let is_tagged = match (tag_key, tag_value) {
            (None, _) => true,
            (Some(key), None) => item.tag(key).is_some(),
            (Some(key), Some(value)) => item.tag(key) == Some(value),
        };
        is_id && is_tagged
    }
}

/// Whether a partition's global resources live in this Region.
pub(crate) fn is_home(aws_region: &str) -> bool {
    Partition::of(aws_region).home_region == aws_region
}
