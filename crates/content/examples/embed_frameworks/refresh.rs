//! New edges for a framework that people wrote.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use posture_content::frameworks::{Control, Coverage, Framework, Origin, RuleMapping, Strength};
use posture_rules::catalogue;

use crate::facts::{Effect, Facts, SOURCES};
use crate::ids::Ids;

/// AWS's own conformance pack for PCI DSS 4.0 names rules without requirements: a rule that it has
/// and another tool places is more than indirect.
const PACKS: [(&str, &str); 1] = [("pci-dss-4.0", "pci-dss-4.0")];

pub(crate) fn refresh(framework: &mut Framework, facts: &Facts) -> Result<()> {
    let sources = || {
        SOURCES
            .iter()
            .filter(|source| source.framework == framework.name)
    };
    if sources().next().is_none() {
        return Ok(());
    }
    let ids = Ids::of(framework);
    let by_id: BTreeMap<String, usize> = framework
        .controls
        .iter()
        .enumerate()
        .map(|(index, control)| (control.id.clone(), index))
        .collect();
    let adds_hub_controls = sources()
        .any(|source| source.effect == Effect::Adds && source.origin == Origin::SecurityHub);
    let sources: Vec<_> = sources().collect();
    for control in &mut framework.controls {
        forget(control);
        if adds_hub_controls {
            control.security_hub.clear();
        }
    }
    for source in sources {
        for (spelled, rule, hub_control) in facts.edges(source) {
            let Some(index) = ids.control(&spelled).and_then(|id| by_id.get(id)) else {
                continue;
            };
            let Some(control) = framework.controls.get_mut(*index) else {
                continue;
            };
            if control.coverage == Coverage::NotAutomated {
                continue;
            }
            if source.effect == Effect::Adds {
                control.security_hub.extend(hub_control);
            }
            let Some(listing) = catalogue::listing_of(&rule)
                .filter(|listing| listing.identifier != catalogue::PROCESS_CHECK)
            else {
                continue;
            };
            let is_there = control.rules.iter().any(|edge| edge.rule == listing.name);
            let may_add = match source.effect {
                Effect::Adds => true,
                Effect::Details => control.coverage != Coverage::Manual,
                Effect::Confirms => false,
            };
            if is_there || may_add {
                add(control, &listing.name, source.origin, source.strength);
            }
        }
    }
    confirm_by_pack(framework)?;
    for control in &mut framework.controls {
        settle(control)?;
    }
    Ok(())
}

/// Removes the edges, and the origins of edges, that facts gave.
fn forget(control: &mut Control) {
    control
        .rules
        .retain(|edge| edge.from.contains(&Origin::Own));
    for edge in &mut control.rules {
        edge.from = vec![Origin::Own];
    }
}

fn add(control: &mut Control, rule: &str, origin: Origin, strength: Strength) {
    match control.rules.iter_mut().find(|edge| edge.rule == rule) {
        Some(edge) => {
            if !edge.from.contains(&Origin::Own) {
                edge.strength = edge.strength.min(strength);
            }
            if !edge.from.contains(&origin) {
                edge.from.push(origin);
                edge.from.sort_unstable();
            }
        }
        None => control.rules.push(RuleMapping {
            rule: rule.to_owned(),
            from: vec![origin],
            strength,
            stricter: None,
        }),
    }
}

fn confirm_by_pack(framework: &mut Framework) -> Result<()> {
    let packs = posture_content::packs::embedded()?;
    for (_, pack) in PACKS.iter().filter(|(name, _)| *name == framework.name) {
        let rules: BTreeSet<&str> = packs
            .iter()
            .filter(|known| known.name == *pack)
            .flat_map(|pack| &pack.rules)
            .filter_map(|rule| Some(catalogue::listing_of(&rule.identifier)?.name.as_str()))
            .collect();
        for control in &mut framework.controls {
            let confirmed: Vec<String> = control
                .rules
                .iter()
                .filter(|edge| rules.contains(edge.rule.as_str()))
                .map(|edge| edge.rule.clone())
                .collect();
            for rule in confirmed {
                add(
                    control,
                    &rule,
                    Origin::ConformancePack,
                    Strength::Supporting,
                );
            }
        }
    }
    Ok(())
}

/// Sorted, and its coverage in accord with its edges.
fn settle(control: &mut Control) -> Result<()> {
    control.rules.sort_by(|a, b| a.rule.cmp(&b.rule));
    control.security_hub.sort_by_key(|id| hub_order(id));
    control.security_hub.dedup();
    let has_sources = !control.rules.is_empty() || !control.security_hub.is_empty();
    if control.coverage == Coverage::Manual && has_sources {
        control.coverage = Coverage::Partial;
        control.because = Some("the rules show AWS settings; a person shows the rest".to_owned());
    }
    let has_calls = !control.api_calls.is_empty() || !control.cloudtrail.is_empty();
    if control.coverage == Coverage::Partial && !has_sources && !has_calls {
        bail!(
            "control {} lost its last rule: decide what its coverage is",
            control.id
        );
    }
    Ok(())
}

/// By service, then by number.
pub(crate) fn hub_order(id: &str) -> (String, u32) {
    let (service, number) = id.split_once('.').unwrap_or((id, ""));
    (service.to_owned(), number.parse().unwrap_or(u32::MAX))
}
