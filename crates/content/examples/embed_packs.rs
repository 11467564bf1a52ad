//! Rewrites `crates/content/packs` from AWS's templates in `../shared/data`: identifiers, values and
//! control ids. Run as `cargo xtask packs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use posture_content::packs::{EmbeddedCondition, EmbeddedPack, EmbeddedRule, EmbeddedValue, Pack};
use posture_content::template::{declared_parameters, load};

/// Names that users know better than the template's.
const NAMES: [(&str, &str); 6] = [
    ("HIPAA-Security", "hipaa-security"),
    ("PCI-DSS-v4.0-including-global-resourcetypes", "pci-dss-4.0"),
    ("NIST-800-53-rev-5", "nist-800-53-r5"),
    ("CIS-AWS-v1.4-Level1", "cis-aws-v1.4-level-1"),
    ("CIS-AWS-v1.4-Level2", "cis-aws-v1.4-level-2"),
    ("NIST-CSF", "nist-csf"),
];

fn main() -> Result<()> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = crate_folder.join("../../../shared/data");
    let controls = controls(&data.join("facts/framework_control_map_guard_registry.csv"))?;
    let mut templates: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(data.join("conformance-packs"))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|end| end == "yaml" || end == "yml")
        {
            templates.push(path);
        }
    }
    templates.sort();
    let mut names = BTreeSet::new();
    for path in templates {
        let file = path.file_name().context("a name")?.to_string_lossy();
        let mut name = short_name(&file);
        if !names.insert(name.clone()) {
            name = format!("{name}-{}", file.rsplit('.').next().unwrap_or_default());
            names.insert(name.clone());
        }
        let text = fs::read_to_string(&path)?;
        let mapped = controls.get(&folded(&file));
        let pack = embedded(&text, &name, &file, mapped)?;
        let out = crate_folder.join(format!("packs/{name}.json"));
        fs::write(out, written(&pack)?)?;
    }
    Ok(())
}

fn stem(file: &str) -> &str {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    stem.strip_prefix("Operational-Best-Practices-for-")
        .or_else(|| stem.strip_prefix("Operational-Best-Practices-For-"))
        .unwrap_or(stem)
}

fn short_name(file: &str) -> String {
    let stem = stem(file);
    let known = NAMES
        .iter()
        .find(|(known, _)| *known == stem && file.rsplit('.').next() == Some("yaml"));
    if let Some((_, name)) = known {
        return (*name).to_owned();
    }
    let mut name = String::new();
    for letter in stem.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() || letter == '.' {
            name.push(letter);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name
}

fn folded(file: &str) -> String {
    stem(file)
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

/// Control ids by framework and identifier.
fn controls(path: &Path) -> Result<BTreeMap<String, BTreeMap<String, BTreeSet<String>>>> {
    let mut map: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for line in fs::read_to_string(path)?.lines().skip(1) {
        let columns: Vec<&str> = line.splitn(4, ',').collect();
        let [framework, identifier, _, control] = columns.as_slice() else {
            bail!("{line}");
        };
        map.entry(folded(&format!("{framework}.yaml")))
            .or_default()
            .entry((*identifier).to_owned())
            .or_default()
            .insert(control.trim_matches('"').to_owned());
    }
    Ok(map)
}

type Controls = BTreeMap<String, BTreeSet<String>>;

/// What parameters do is found by trying: with a text of its own for each, the loader shows where
/// it arrives, and which rules are deployed only with it.
fn embedded(
    text: &str,
    name: &str,
    file: &str,
    controls: Option<&Controls>,
) -> Result<EmbeddedPack> {
    let declared = declared_parameters(text)?;
    let defaults: Vec<(String, String)> = declared
        .iter()
        .filter_map(|(parameter, default)| Some((parameter.clone(), default.clone()?)))
        .collect();
    let plain = loaded(text, name, &defaults)?;
    let conditions = conditions(text, name, &defaults, &plain);
    let mut enabled = defaults.clone();
    for (parameter, value) in &mut enabled {
        if let Some(condition) = conditions.values().find(|c| c.parameter == *parameter) {
            value.clone_from(&condition.equals);
        }
    }
    let full = loaded(text, name, &enabled)?;
    let values = references(text, name, &enabled, &full);
    let mut used: BTreeSet<&String> = values.values().collect();
    used.extend(conditions.values().map(|condition| &condition.parameter));
    let rules = full.rules.iter().enumerate().map(|(index, rule)| {
        let mut parameters: BTreeMap<String, EmbeddedValue> = rule
            .parameters
            .iter()
            .map(|(key, value)| (key.clone(), EmbeddedValue::Text(value.clone())))
            .collect();
        for ((of, key), parameter) in &values {
            if *of == index {
                let name = parameter.clone();
                parameters.insert(key.clone(), EmbeddedValue::Parameter { name });
            }
        }
        EmbeddedRule {
            name: rule.name.clone(),
            identifier: rule.identifier.clone(),
            owner: (rule.owner != "AWS").then(|| rule.owner.clone()),
            condition: conditions.get(&rule.name).cloned(),
            parameters,
            types: rule.types.clone(),
            frequency: rule.frequency.clone(),
            controls: controls
                .and_then(|controls| controls.get(&rule.identifier))
                .map_or_else(
                    || rule.controls.clone(),
                    |ids| ids.iter().cloned().collect(),
                ),
        }
    });
    Ok(EmbeddedPack {
        name: name.to_owned(),
        template: file.to_owned(),
        rules: rules.collect(),
        remediations: plain.remediations.clone(),
        parameters: defaults
            .iter()
            .filter(|(parameter, _)| used.contains(parameter))
            .cloned()
            .collect(),
    })
}

/// The defaults with one value replaced.
fn with(defaults: &[(String, String)], parameter: &str, value: &str) -> Vec<(String, String)> {
    let mut params = defaults.to_vec();
    for (known, default) in &mut params {
        if known == parameter {
            value.clone_into(default);
        }
    }
    params
}

/// The rules, by name, that are there only with a parameter's other value.
fn conditions(
    text: &str,
    name: &str,
    defaults: &[(String, String)],
    plain: &Pack,
) -> BTreeMap<String, EmbeddedCondition> {
    let mut conditions = BTreeMap::new();
    for (parameter, _) in defaults {
        let Ok(pack) = load(text, name, &with(defaults, parameter, "true")) else {
            continue;
        };
        for rule in &pack.rules {
            if !plain.rules.iter().any(|known| known.name == rule.name) {
                let condition = EmbeddedCondition {
                    parameter: parameter.clone(),
                    equals: "true".to_owned(),
                };
                conditions.insert(rule.name.clone(), condition);
            }
        }
    }
    conditions
}

/// Which parameter of the template gives which parameter of which rule.
fn references(
    text: &str,
    name: &str,
    defaults: &[(String, String)],
    full: &Pack,
) -> BTreeMap<(usize, String), String> {
    let mut values = BTreeMap::new();
    for (parameter, _) in defaults {
        for probe in ["4711", "true", "false"] {
            let Ok(pack) = load(text, name, &with(defaults, parameter, probe)) else {
                continue;
            };
            if pack.rules.len() != full.rules.len() {
                continue;
            }
            for (index, (rule, before)) in pack.rules.iter().zip(&full.rules).enumerate() {
                for (key, value) in &rule.parameters {
                    if value == probe && before.parameters.get(key) != Some(value) {
                        values.insert((index, key.clone()), parameter.clone());
                    }
                }
            }
        }
    }
    values
}

fn loaded(text: &str, name: &str, params: &[(String, String)]) -> Result<Pack> {
    load(text, name, params).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{name}: {}", lines.join("; "))
    })
}

/// A rule a line, so that a change shows as one.
fn written(pack: &EmbeddedPack) -> Result<String> {
    let mut head = pack.clone();
    head.rules.clear();
    let head = serde_json::to_string(&head)?;
    let mut rules = String::new();
    for (index, rule) in pack.rules.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(rules, "{comma}\n{}", serde_json::to_string(rule)?)?;
    }
    Ok(head.replacen("\"rules\":[]", &format!("\"rules\":[{rules}\n]"), 1) + "\n")
}
