//! The CSV files of facts, and what each says of which framework.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use posture_content::frameworks::{Origin, Strength};

/// What a source's edges do to a framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// They are added, and make a manual control a partial one: AWS publishes this mapping.
    Adds,
    /// They are added to controls that have rules already: the mapping is approximate.
    Details,
    /// They are added as origins to edges that are there already.
    Confirms,
}

/// A source of edges for a framework.
pub(crate) struct Source {
    /// The framework's name.
    pub(crate) framework: &'static str,
    /// The CSV file.
    file: &'static str,
    /// What its first column says.
    of: &'static str,
    /// What its control ids begin with, to be taken off.
    prefixes: &'static [&'static str],
    pub(crate) origin: Origin,
    pub(crate) strength: Strength,
    pub(crate) effect: Effect,
}

const GUARD: &str = "framework_control_map_guard_registry.csv";
const NAG: &str = "framework_control_map_cdk_nag.csv";
const JOINED: &str = "framework_control_map_joined_derived.csv";
const REQUIREMENTS: &str = "securityhub_control_requirements_2023-05.csv";
const CIS_LEVELS: [&str; 2] = ["cis-aws-benchmark-level-1", "cis-aws-benchmark-level-2"];

const fn source(
    framework: &'static str,
    file: &'static str,
    of: &'static str,
    prefixes: &'static [&'static str],
    origin: Origin,
    effect: Effect,
) -> Source {
    let strength = match effect {
        Effect::Details => Strength::Indirect,
        Effect::Adds | Effect::Confirms => Strength::Supporting,
    };
    Source {
        framework,
        file,
        of,
        prefixes,
        origin,
        strength,
        effect,
    }
}

/// Where AWS publishes a mapping it is taken; where it doesn't, what other tools' checks come to.
/// Prowler's PCI and CSF 2.0 ids are not the standards' own, so they are left out.
#[rustfmt::skip]
pub(crate) static SOURCES: &[Source] = &[
    source("nist-800-53-r5", GUARD, "NIST800-53Rev5", &[], Origin::GuardRegistry, Effect::Adds),
    source("nist-800-53-r5", NAG, "NIST 800-53 rev 5", &[], Origin::CdkNag, Effect::Adds),
    source("nist-800-53-r5", REQUIREMENTS, "NIST.800-53.r5", &[], Origin::SecurityHub, Effect::Adds),
    source("hipaa-security", GUARD, "hipaa-security", &[], Origin::GuardRegistry, Effect::Adds),
    source("hipaa-security", NAG, "HIPAA Security", &[], Origin::CdkNag, Effect::Adds),
    source("nist-csf-1.1", GUARD, "nist-csf", &[], Origin::GuardRegistry, Effect::Adds),
    source("nist-csf-2.0", JOINED, "nist_csf_v2", &["nist_csf_v2_"], Origin::Steampipe, Effect::Details),
    source("soc2", JOINED, "soc_2", &["soc_2_"], Origin::Steampipe, Effect::Details),
    source("soc2", JOINED, "soc2_aws", &[], Origin::Prowler, Effect::Details),
    source("iso-27001-2022", JOINED, "iso27001_2022_aws", &[], Origin::Prowler, Effect::Details),
    source("pci-dss-4.0", JOINED, "pci_dss_v40", &["pci_dss_v40_requirement_", "pci_dss_v40_appendix_"], Origin::Steampipe, Effect::Details),
    source("cis-aws-v1.4", GUARD, CIS_LEVELS[0], &[], Origin::GuardRegistry, Effect::Confirms),
    source("cis-aws-v1.4", GUARD, CIS_LEVELS[1], &[], Origin::GuardRegistry, Effect::Confirms),
    source("cis-aws-v1.4", REQUIREMENTS, "CIS AWS Foundations Benchmark v1.4.0", &[], Origin::SecurityHub, Effect::Confirms),
    source("cis-aws-v1.4", JOINED, "cis_1.4_aws", &[], Origin::Prowler, Effect::Confirms),
    source("cis-aws-v3.0", JOINED, "cis_3.0_aws", &[], Origin::Prowler, Effect::Confirms),
    source("cis-aws-v5.0", JOINED, "cis_5.0_aws", &[], Origin::Prowler, Effect::Confirms),
];

/// A control of Security Hub, as its API listed it on 2025-03-25.
pub(crate) struct HubControl {
    pub(crate) id: String,
    pub(crate) severity: String,
    pub(crate) config_rule: String,
    pub(crate) standards: String,
}

/// What the CSV files say.
pub(crate) struct Facts {
    rows: BTreeMap<&'static str, Vec<Vec<String>>>,
    /// The Config rule of each Security Hub control, as its user guide had it in 2023.
    hub_rules: BTreeMap<String, String>,
    pub(crate) hub_controls: Vec<HubControl>,
}

impl Facts {
    pub(crate) fn read(folder: &Path) -> Result<Facts> {
        let mut files = BTreeMap::new();
        for file in [GUARD, NAG, JOINED, REQUIREMENTS] {
            files.insert(file, rows(&folder.join(file))?);
        }
        let hub_rules = rows(&folder.join("securityhub_controls_2023-05.csv"))?
            .into_iter()
            .filter_map(|row| Some((row.first()?.clone(), row.get(2)?.clone())))
            .collect();
        let hub_controls = rows(&folder.join("securityhub_controls_2025-03.csv"))?
            .into_iter()
            .filter_map(|row| {
                Some(HubControl {
                    id: row.first()?.clone(),
                    severity: row.get(1)?.to_lowercase(),
                    config_rule: row.get(2)?.clone(),
                    standards: row.get(7)?.clone(),
                })
            })
            .collect();
        Ok(Facts {
            rows: files,
            hub_rules,
            hub_controls,
        })
    }

    /// Control ids, as the source spells them, with the rule that serves each; and the Security
    /// Hub control that says so, where one does.
    pub(crate) fn edges(&self, source: &Source) -> BTreeSet<(String, String, Option<String>)> {
        let mut edges = BTreeSet::new();
        for row in self.rows.get(source.file).into_iter().flatten() {
            let column = |index: usize| row.get(index).map_or("", String::as_str);
            if source.file == REQUIREMENTS {
                if column(1) == source.of {
                    let rule = self.hub_rules.get(column(0)).cloned().unwrap_or_default();
                    edges.insert((column(2).to_owned(), rule, Some(column(0).to_owned())));
                }
                continue;
            }
            if column(0) != source.of {
                continue;
            }
            let (rule, id) = match source.file {
                GUARD => (column(1), column(3)),
                NAG => (column(1), column(2)),
                _ => (column(2), column(1)),
            };
            let id = source
                .prefixes
                .iter()
                .find_map(|prefix| id.strip_prefix(prefix))
                .unwrap_or(id);
            edges.insert((id.to_owned(), rule.to_owned(), None));
        }
        edges
    }
}

fn rows(path: &Path) -> Result<Vec<Vec<String>>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .with_context(|| path.display().to_string())?;
    let records = reader.records().collect::<csv::Result<Vec<_>>>()?;
    Ok(records
        .iter()
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect())
}
