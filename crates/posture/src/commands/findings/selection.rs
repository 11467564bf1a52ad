//! Which findings a command is about.

use posture_hub::filter::Filters;

use super::super::{CommandError, template};

/// Filters, as Security Hub has them.
#[derive(Debug, clap::Args)]
pub(crate) struct Selection {
    /// A condition: a field of Security Hub's filters, a comparison and a value, such as
    /// "SeverityLabel EQUALS HIGH" or "ResourceType PREFIX AwsIam"; repeatable.
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// AwsSecurityFindingFilters: a file, or JSON that begins with {.
    #[arg(long, value_name = "FILE|JSON")]
    filters: Option<String>,
    /// Only this account; repeatable.
    #[arg(long = "account", value_name = "ID")]
    accounts: Vec<String>,
    /// Only this Region; repeatable.
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// Only findings of this security control; repeatable.
    #[arg(long = "control", value_name = "ID")]
    controls: Vec<String>,
}

impl Selection {
    /// `open` leaves out what is archived, resolved or suppressed.
    pub(super) fn filters(&self, is_open: bool) -> Result<Filters, CommandError> {
        let mut conditions = self.conditions.clone();
        for (field, values) in [
            ("AwsAccountId", &self.accounts),
            ("Region", &self.regions),
            ("ComplianceSecurityControlId", &self.controls),
        ] {
            conditions.extend(values.iter().map(|value| format!("{field} EQUALS {value}")));
        }
        let mut filters = Filters::from_conditions(&conditions).map_err(hub)?;
        if let Some(given) = &self.filters {
            let text = if given.trim_start().starts_with('{') {
                given.clone()
            } else {
                template(given)?
            };
            let value = serde_json::from_str(&text).map_err(CommandError::Filters)?;
            filters = filters.and(Filters::from_json(&value).map_err(hub)?);
        }
        if is_open {
            let open = [
                "RecordState EQUALS ACTIVE",
                "WorkflowStatus EQUALS NEW",
                "WorkflowStatus EQUALS NOTIFIED",
            ];
            let open = Filters::from_conditions(&open.map(str::to_owned));
            filters = filters.and(open.map_err(hub)?);
        }
        Ok(filters)
    }

    /// Whether nothing is narrowed.
    pub(super) fn is_empty(&self) -> bool {
        let lists = [
            &self.conditions,
            &self.accounts,
            &self.regions,
            &self.controls,
        ];
        lists.iter().all(|list| list.is_empty()) && self.filters.is_none()
    }
}

fn hub(error: posture_hub::filter::FilterError) -> CommandError {
    posture_hub::HubError::from(error).into()
}
