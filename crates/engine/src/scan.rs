//! The scan itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use posture_content::packs::{Pack, PackRule};
use posture_model::tree::Bump;
use posture_model::{ConfigurationItem, ResourceType};
use posture_rules::{ComplianceType, Context, ManagedRule, Params, Related};

use crate::input::Input;
use crate::inventory::Inventory;
use crate::report::{Counts, EvaluationRow, PackResult, Report};

const ANNOTATION_LIMIT: usize = 256;
const PROCESS_CHECK: &str = "AWS_CONFIG_PROCESS_CHECK";

/// A rule with parameters: what is evaluated once, whoever asks. `scope` narrows its types.
type Deployed = (String, Params, Vec<String>);

/// Evaluates the packs' rules on what the inputs hold, as of `now`.
pub fn scan(inputs: &[Input], packs: &[Pack], now: Timestamp) -> Report {
    let arena = Bump::new();
    let (inventory, input_reports) = Inventory::read(inputs, now, &arena);
    let inventory: &Inventory<'_> = arena.alloc(inventory);
    let related: &dyn Related<'_> = arena.alloc(inventory);
    let context = Context::new(now, related);
    let plan = Plan::new(packs);
    let mut results = plan.results;
    let mut counts: BTreeMap<&Deployed, Counts> = BTreeMap::new();
    let mut evaluations = Vec::new();
    for item in inventory.items() {
        for (deployed, (rule, users)) in &plan.rules {
            if !in_scope(rule, &deployed.2, item) {
                continue;
            }
            let (compliance_type, reason) = match rule.evaluate(item, &deployed.1, &context) {
                Ok(evaluation) => (evaluation.compliance_type, evaluation.reason()),
                Err(data) => (ComplianceType::InsufficientData, data.to_string()),
            };
            counts.entry(deployed).or_default().add(compliance_type);
            let packs = users.iter().filter_map(|index| packs.get(*index));
            evaluations.push(row(
                item,
                deployed,
                rule,
                packs.map(|pack| pack.name.clone()).collect(),
                compliance_type,
                &reason,
            ));
        }
    }
    for (deployed, (_, users)) in &plan.rules {
        let found = counts.get(deployed).copied().unwrap_or_default();
        for index in users {
            let Some(result) = results.get_mut(*index) else {
                continue;
            };
            if found == Counts::default() {
                result.without_resources += 1;
            }
            result.counts.compliant += found.compliant;
            result.counts.non_compliant += found.non_compliant;
            result.counts.not_applicable += found.not_applicable;
            result.counts.insufficient_data += found.insufficient_data;
        }
    }
    for result in &mut results {
        result.score = result.counts.score();
        result.compliance_type = result.counts.compliance_type().as_str();
    }
    Report {
        schema: "posture.scan/v1",
        evaluated_at: now.to_string(),
        evaluations,
        packs: results,
        inputs: input_reports,
    }
}

struct Plan {
    rules: BTreeMap<Deployed, (&'static ManagedRule, BTreeSet<usize>)>,
    results: Vec<PackResult>,
}

impl Plan {
    fn new(packs: &[Pack]) -> Plan {
        let mut plan = Plan {
            rules: BTreeMap::new(),
            results: Vec::new(),
        };
        for (index, pack) in packs.iter().enumerate() {
            let mut result = empty_result(pack);
            for rule in &pack.rules {
                plan.deploy(index, rule, &mut result);
            }
            result.not_implemented.sort();
            plan.results.push(result);
        }
        plan
    }

    fn deploy(&mut self, index: usize, rule: &PackRule, result: &mut PackResult) {
        if rule.identifier == PROCESS_CHECK {
            result.manual += 1;
            return;
        }
        match rule.resolve() {
            Ok(None) => result.not_implemented.push(rule.identifier.clone()),
            Err(message) => result
                .invalid_parameters
                .push(format!("{}: {message}", rule.name)),
            Ok(Some((entry, params))) => {
                let deployed = (rule.identifier.clone(), params, rule.types.clone());
                self.rules
                    .entry(deployed)
                    .or_insert((entry.rule, BTreeSet::new()))
                    .1
                    .insert(index);
            }
        }
    }
}

fn empty_result(pack: &Pack) -> PackResult {
    PackResult {
        name: pack.name.clone(),
        compliance_type: ComplianceType::InsufficientData.as_str(),
        score: Counts::default().score(),
        counts: Counts::default(),
        rules: pack.rules.len(),
        not_implemented: Vec::new(),
        invalid_parameters: Vec::new(),
        without_resources: 0,
        manual: 0,
    }
}

fn in_scope(rule: &ManagedRule, scope: &[String], item: &ConfigurationItem<'_>) -> bool {
    let is_of = |known: ResourceType| item.resource_type() == Some(known);
    rule.resource_types.iter().copied().any(is_of)
        && (scope.is_empty() || scope.iter().any(|name| name == item.type_name()))
}

fn row(
    item: &ConfigurationItem<'_>,
    deployed: &Deployed,
    rule: &ManagedRule,
    packs: Vec<String>,
    compliance_type: ComplianceType,
    reason: &str,
) -> EvaluationRow {
    EvaluationRow {
        rule_name: rule.id,
        source_identifier: deployed.0.clone(),
        parameters: deployed.1.texts().into_iter().collect(),
        packs,
        account_id: item.account_id().to_owned(),
        aws_region: item.aws_region().to_owned(),
        resource_type: item.type_name().to_owned(),
        resource_id: item.resource_id().to_owned(),
        arn: item.arn().map(str::to_owned),
        compliance_type: compliance_type.as_str(),
        annotation: reason.chars().take(ANNOTATION_LIMIT).collect(),
        severity: rule.severity.as_str(),
        managed_by: item.managed_by().as_str(),
    }
}
