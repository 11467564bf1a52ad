//! Reading the embedded files.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{SecurityControl, Standard, Standards};

/// Why the standards can't be read.
#[derive(Debug, thiserror::Error)]
pub enum StandardsError {
    /// A file is no such table.
    #[error("the embedded {file} is broken")]
    Table {
        /// Its name.
        file: &'static str,
        /// What the reader said.
        #[source]
        cause: csv::Error,
    },
    /// A file names what another doesn't have.
    #[error("the embedded {file} names {name:?}, which is not there")]
    Unknown {
        /// Its name.
        file: &'static str,
        /// What it names.
        name: String,
    },
}

#[derive(Deserialize)]
struct ControlRow {
    control: String,
    severity: String,
    rule: String,
    custom: bool,
    schedule: String,
    types: String,
}

#[derive(Deserialize)]
struct StandardRow {
    standard: String,
    arn: String,
    title: String,
    requirements: String,
}

#[derive(Deserialize)]
struct MemberRow {
    standard: String,
    control: String,
    requirements: String,
}

#[derive(Deserialize)]
struct FormerRow {
    generator: String,
    control: String,
}

#[derive(Deserialize)]
struct ParameterRow {
    control: String,
    parameter: String,
    value: String,
}

fn rows<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<Vec<T>, StandardsError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|cause| StandardsError::Table { file, cause })
}

impl Standards {
    pub(super) fn from_embedded() -> Result<Standards, StandardsError> {
        let mut all = Standards::default();
        for row in rows("controls.csv", include_str!("../../standards/controls.csv"))? {
            all.add_control(row);
        }
        let file = "parameters.csv";
        for row in rows::<ParameterRow>(file, include_str!("../../standards/parameters.csv"))? {
            let control = all.controls.get_mut(&row.control);
            let control = control.ok_or(StandardsError::Unknown {
                file,
                name: row.control,
            })?;
            control.parameters.insert(row.parameter, row.value);
        }
        let file = "former-generators.csv";
        let text = include_str!("../../standards/former-generators.csv");
        for row in rows::<FormerRow>(file, text)? {
            all.known(file, &row.control)?;
            all.former_generators.insert(row.generator, row.control);
        }
        all.add_standards()?;
        Ok(all)
    }

    fn add_control(&mut self, row: ControlRow) {
        self.by_folded
            .insert(row.control.to_lowercase(), row.control.clone());
        if !row.rule.is_empty() {
            let sharing = self.by_rule.entry(row.rule.clone()).or_default();
            sharing.push(row.control.clone());
        }
        let control = SecurityControl {
            id: row.control.clone(),
            severity: row.severity,
            rule: row.rule,
            is_custom: row.custom,
            is_retired: row.schedule == "retired",
            resource_types: row
                .types
                .split(';')
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            parameters: BTreeMap::new(),
        };
        self.controls.insert(row.control, control);
    }

    fn add_standards(&mut self) -> Result<(), StandardsError> {
        let file = "members.csv";
        let members: Vec<MemberRow> = rows(file, include_str!("../../standards/members.csv"))?;
        for member in &members {
            self.known(file, &member.control)?;
        }
        let text = include_str!("../../standards/standards.csv");
        for row in rows::<StandardRow>("standards.csv", text)? {
            let controls = members
                .iter()
                .filter(|member| member.standard == row.standard)
                .map(|member| {
                    let requirements = member
                        .requirements
                        .split(';')
                        .filter(|id| !id.is_empty())
                        .map(|id| format!("{}{id}", row.requirements))
                        .collect();
                    (member.control.clone(), requirements)
                })
                .collect();
            self.all.push(Standard {
                name: row.standard,
                arn: row.arn,
                title: row.title,
                controls,
            });
        }
        Ok(())
    }

    fn known(&self, file: &'static str, control: &str) -> Result<(), StandardsError> {
        if self.controls.contains_key(control) {
            return Ok(());
        }
        Err(StandardsError::Unknown {
            file,
            name: control.to_owned(),
        })
    }
}
