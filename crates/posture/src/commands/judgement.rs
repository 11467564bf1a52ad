//! The verdicts on what is recorded, brought up to date.

use std::collections::BTreeSet;

use jiff::Timestamp;
use posture_content::packs::Pack;
use posture_engine::{Exceptions, Filter, Options, Outline, scan};
use posture_model::ResourceType;
use posture_rules::ComplianceType;
use posture_store::Lease;

use super::CommandError;
use super::evidence::place::EvidencePlace;
use super::state::{Kept, StatePlace};
use crate::live::reading;

/// A verdict, and why.
pub(crate) type Told = (ComplianceType, String);

/// What is evaluated, and where.
pub(crate) struct Judgement {
    pub(crate) packs: Vec<Pack>,
    pub(crate) exceptions: Exceptions,
    pub(crate) place: StatePlace,
    pub(crate) evidence: Option<EvidencePlace>,
}

impl Judgement {
    /// Evaluates, and keeps the verdicts that changed, while the lease is held: everything, or the
    /// rules that read one of these types. How many changed.
    pub(crate) fn evaluate(
        &self,
        types: Option<&BTreeSet<ResourceType>>,
        lease: Lease,
    ) -> Result<usize, CommandError> {
        let nothing = |_: &Outline<'_>| false;
        Ok(self.evaluate_telling(types, lease, &nothing)?.0)
    }

    /// The same; and the verdicts that are wanted, whether they changed or not.
    pub(crate) fn evaluate_telling(
        &self,
        types: Option<&BTreeSet<ResourceType>>,
        lease: Lease,
        is_wanted: &(dyn Fn(&Outline<'_>) -> bool + Sync),
    ) -> Result<(usize, Vec<Told>), CommandError> {
        let Some(types) = types else {
            return self.evaluate_packs((&self.packs, None), lease, is_wanted);
        };
        let (packs, read) = reading(&self.packs, types);
        if packs.is_empty() {
            return Ok((0, Vec::new()));
        }
        self.evaluate_packs((&packs, Some(&read)), lease, is_wanted)
    }

    fn evaluate_packs(
        &self,
        (packs, types): (&[Pack], Option<&BTreeSet<ResourceType>>),
        lease: Lease,
        is_wanted: &(dyn Fn(&Outline<'_>) -> bool + Sync),
    ) -> Result<(usize, Vec<Told>), CommandError> {
        let now = crate::clock::now();
        let filter = Filter {
            keeps_global: true,
            ..Filter::default()
        };
        let input = self.place.items_of(&[], types, now, Timestamp::MAX)?;
        let listed = self.place.listed(now, Timestamp::MAX)?;
        let options = Options {
            now,
            filter,
            exceptions: &self.exceptions,
            listed: &listed,
            progress: None,
        };
        let inputs = [input];
        let scanned = scan(&inputs, packs, options)?;
        let kept = Kept {
            evidence: self.evidence.as_ref(),
            schedule: None,
            has_findings: true,
            only: types,
            lease: Some(lease),
        };
        let changes = self.place.keep_verdicts(&scanned, kept)?.len();
        let told = if scanned.outlines().any(|outline| is_wanted(&outline)) {
            scanned.collect_rows(is_wanted, &|row| (row.compliance_type, row.annotation()))?
        } else {
            Vec::new()
        };
        Ok((changes, told))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use posture_engine::Input;
    use posture_model::ManagedBy;

    use super::*;

    type Verdicts = BTreeMap<(String, String, String, String), &'static str>;

    fn verdicts(text: String, packs: &[Pack]) -> Verdicts {
        let exceptions = Exceptions::new(vec![ManagedBy::Aws], Vec::new()).unwrap();
        let options = Options {
            now: Timestamp::constant(1_780_272_000, 0),
            filter: Filter::default(),
            exceptions: &exceptions,
            listed: &[],
            progress: None,
        };
        let inputs = [Input::Text("estate".to_owned(), text.into())];
        let scanned = scan(&inputs, packs, options).unwrap();
        let outlines = scanned.outlines().map(|outline| {
            let rule = format!("{} {:?}", outline.rule.rule_name, outline.rule.parameters);
            let place = format!("{}/{}", outline.account_id, outline.aws_region);
            let resource = (
                outline.resource_type.to_owned(),
                outline.resource_id.to_owned(),
            );
            let key = (rule, place, resource.0, resource.1);
            (key, outline.compliance_type.as_str())
        });
        outlines.collect()
    }

    /// What an event leads to must be what an evaluation of everything would say: a rule that also
    /// reads another type must find it.
    #[test]
    fn the_rules_that_read_a_type_judge_alike_without_all_others() {
        let estate = posture_content::sample::estate();
        let names = ["nist-800-53-r5", "pci-dss-4.0"].map(str::to_owned);
        let packs = crate::commands::packs_named(&names, &[]).unwrap();
        let whole = verdicts(estate.clone(), &packs);
        let mut by_type: BTreeMap<ResourceType, Vec<&str>> = BTreeMap::new();
        for line in estate.lines() {
            let item: serde_json::Value = serde_json::from_str(line).unwrap();
            let name = item["resourceType"].as_str().unwrap();
            let known = ResourceType::from_name(name).unwrap();
            by_type.entry(known).or_default().push(line);
        }
        assert!(by_type.len() > 30);
        for resource_type in by_type.keys() {
            let (narrowed, read) = reading(&packs, &BTreeSet::from([*resource_type]));
            let lines = read.iter().filter_map(|known| by_type.get(known)).flatten();
            let text: String = lines.flat_map(|line| [*line, "\n"]).collect();
            let partial = verdicts(text, &narrowed);
            let rules: BTreeSet<&String> = partial.keys().map(|key| &key.0).collect();
            let expected: Verdicts = whole
                .iter()
                .filter(|(key, _)| rules.contains(&key.0))
                .map(|(key, verdict)| (key.clone(), *verdict))
                .collect();
            assert_eq!(partial, expected, "{resource_type:?}");
            let of_type = |verdicts: &Verdicts| {
                verdicts
                    .keys()
                    .filter(|key| key.2 == resource_type.as_str())
                    .count()
            };
            assert_eq!(of_type(&partial), of_type(&whole), "{resource_type:?}");
        }
    }
}
