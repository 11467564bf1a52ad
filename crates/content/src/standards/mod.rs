//! Security Hub's standards and security controls: what they are called, how severe, which rule they
//! run, which standard has them. Facts in `standards/*.csv`; where they come from is said there.

mod load;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use posture_rules::catalogue;

pub use load::StandardsError;

use crate::packs::{Pack, PackRule};

/// A security control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityControl {
    /// Its id, such as `S3.1`.
    pub id: String,
    /// `CRITICAL`, `HIGH`, `MEDIUM` or `LOW`.
    pub severity: String,
    /// The AWS Config rule that it runs; empty where Security Hub checks by other means.
    pub rule: String,
    /// Whether that rule is Security Hub's own and no managed one.
    pub is_custom: bool,
    /// Whether AWS has taken it out of every standard.
    pub is_retired: bool,
    /// The resource types that it is about.
    pub resource_types: Vec<String>,
    /// What it sets its rule's parameters to, where that is not the rule's default.
    pub parameters: BTreeMap<String, String>,
}

/// A standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Our short name, such as `cis-v5.0.0`.
    pub name: String,
    /// The ARN after the account, such as `standards/pci-dss/v/4.0.1`.
    pub arn: String,
    /// AWS's name.
    pub title: String,
    /// Its controls, with the requirements that each serves as ASFF's `RelatedRequirements` has them.
    pub controls: BTreeMap<String, Vec<String>>,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct Standards {
    all: Vec<Standard>,
    controls: BTreeMap<String, SecurityControl>,
    /// By the id in small letters: some finding ids have it so.
    by_folded: HashMap<String, String>,
    by_rule: HashMap<String, Vec<String>>,
    former_generators: HashMap<String, String>,
}

/// What is embedded.
///
/// # Errors
/// Where an embedded file is broken, which a test rules out.
pub fn embedded() -> Result<&'static Standards, &'static StandardsError> {
    static EMBEDDED: LazyLock<Result<Standards, StandardsError>> =
        LazyLock::new(Standards::from_embedded);
    EMBEDDED.as_ref()
}

impl Standards {
    /// Every standard, by name.
    pub fn standards(&self) -> &[Standard] {
        &self.all
    }

    /// A standard, by our name, AWS's or its ARN.
    pub fn standard(&self, name: &str) -> Option<&Standard> {
        self.all.iter().find(|standard| standard.is_called(name))
    }

    /// Every control, by id.
    pub fn controls(&self) -> impl Iterator<Item = &SecurityControl> {
        self.controls.values()
    }

    /// A control, by its id in any case.
    pub fn control(&self, id: &str) -> Option<&SecurityControl> {
        self.controls
            .get(id)
            .or_else(|| self.controls.get(self.by_folded.get(&id.to_lowercase())?))
    }

    /// The control that a finding's `GeneratorId` names, in today's form (`security-control/S3.1`) or
    /// one that a standard had of its own.
    pub fn control_of_generator(&self, generator: &str) -> Option<&SecurityControl> {
        if let Some(id) = generator.strip_prefix("security-control/") {
            return self.control(id);
        }
        if let Some(id) = self.former_generators.get(generator) {
            return self.controls.get(id);
        }
        let (standard, id) = generator.rsplit_once('/')?;
        let is_standard = ["/v/", "ruleset/"]
            .iter()
            .any(|part| standard.contains(part));
        let id = id.strip_prefix("SH.").unwrap_or(id);
        if is_standard { self.control(id) } else { None }
    }

    /// The controls that run an AWS Config rule, by the rule's name or identifier.
    pub fn controls_of_rule(&self, rule: &str) -> impl Iterator<Item = &SecurityControl> {
        // Some identifiers are not their rule's name: INCOMING_SSH_DISABLED is restricted-ssh.
        let name = catalogue::find(rule).map_or_else(
            || rule.to_lowercase().replace('_', "-"),
            |entry| entry.rule.id.to_owned(),
        );
        let ids = self.by_rule.get(&name).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.controls.get(id))
    }

    /// The standards that have a control.
    pub fn standards_with<'s>(&'s self, control: &'s str) -> impl Iterator<Item = &'s Standard> {
        self.all
            .iter()
            .filter(move |standard| standard.controls.contains_key(control))
    }

    /// The implementation of a control's rule; none where this version can't check the control by
    /// itself. Where several controls share a rule, only one whose parameters are known can.
    pub fn implementation(&self, control: &SecurityControl) -> Option<&'static catalogue::Entry> {
        let sharing = self.controls_of_rule(&control.rule);
        let is_shared = sharing.filter(|other| !other.is_retired).count() > 1;
        if control.rule.is_empty() || (is_shared && control.parameters.is_empty()) {
            return None;
        }
        catalogue::find(&control.rule)
    }

    /// The rules of a standard's controls, as a pack: those that are implemented. A rule is named
    /// after its control where another control runs it too.
    pub fn pack(&self, standard: &Standard) -> Pack {
        let rules = standard
            .controls
            .keys()
            .filter_map(|id| self.controls.get(id))
            .filter_map(|control| Some((control, self.implementation(control)?)))
            .map(|(control, entry)| PackRule {
                name: format!("security-control/{}", control.id),
                owner: "AWS".to_owned(),
                identifier: entry.rule.identifier(),
                parameters: control.parameters.clone(),
                controls: vec![control.id.clone()],
                ..PackRule::default()
            })
            .collect();
        Pack {
            name: standard.name.clone(),
            template: standard.arn.clone(),
            rules,
            remediations: Vec::new(),
        }
    }
}

impl Standard {
    /// Whether this is its name, AWS's name or (the end of) its ARN.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.title == name || name.ends_with(&self.arn)
    }
}
