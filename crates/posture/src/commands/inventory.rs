//! `posture inventory`.

use std::collections::BTreeMap;
use std::io::Write;

use posture_audit::csv_record;
use posture_store::{CountBy, Counted, InventoryQuery, Store, StoredItem};
use serde::{Deserialize, Serialize};

use super::scan::clock;
use super::state::{self, Narrow, StateArgument};
use super::{CommandError, RowsFormat};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

const SCHEMA: &str = "posture.inventory/v1";

/// Searches and counts what is recorded, as it is or as it was.
#[derive(Debug, clap::Args)]
pub(crate) struct Inventory {
    #[command(flatten)]
    state: StateArgument,
    #[command(flatten)]
    narrow: Narrow,
    /// Only items with this tag; with =VALUE, with exactly this value; repeatable, all must hold.
    #[arg(long = "tag", value_name = "KEY[=VALUE]")]
    tags: Vec<String>,
    /// Only items with something at this place, such as configuration.encrypted; with =VALUE, with
    /// exactly this there, in any element of lists; repeatable, all must hold.
    #[arg(long = "path", value_name = "PATH[=VALUE]")]
    paths: Vec<String>,
    /// Counts instead of listing: account, region, type, tag:KEY or path:PATH.
    #[arg(long, value_name = "FIELD", value_parser = count_by)]
    count_by: Option<CountBy>,
    /// As it was at this time: a time, or a date, which means its last second in UTC. Default: now.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// As far as was recorded by this time. Default: everything recorded.
    #[arg(long, value_name = "TIME")]
    known_at: Option<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: RowsFormat,
}

/// What is shown of an item.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase", deserialize = "camelCase"))]
struct ResourceV1 {
    account_id: String,
    aws_region: String,
    resource_type: String,
    resource_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    arn: Option<String>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    /// Since when it is as it is.
    #[serde(rename(serialize = "validFrom", deserialize = "configurationItemCaptureTime"))]
    valid_from: String,
}

#[derive(Serialize)]
struct DocumentV1<T: Serialize> {
    schema: &'static str,
    #[serde(flatten)]
    content: T,
}

#[derive(Serialize)]
struct Resources {
    count: usize,
    resources: Vec<ResourceV1>,
}

#[derive(Serialize)]
struct Counts {
    counts: Vec<Counted>,
}

fn count_by(text: &str) -> Result<CountBy, String> {
    match (text, text.split_once(':')) {
        ("account", _) => Ok(CountBy::Account),
        ("region", _) => Ok(CountBy::Region),
        ("type", _) => Ok(CountBy::Type),
        (_, Some(("tag", key))) if !key.is_empty() => Ok(CountBy::Tag(key.to_owned())),
        (_, Some(("path", path))) if !path.is_empty() => Ok(CountBy::Path(path.to_owned())),
        _ => Err("expected account, region, type, tag:KEY or path:PATH".to_owned()),
    }
}

fn pair(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (text.to_owned(), None),
    }
}

enum Found {
    Resources(Vec<ResourceV1>),
    Counts(Vec<Counted>),
}

impl Inventory {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let format = self.format;
        let place = self.state.existing()?;
        let found = place.with(|store| self.search(store))?;
        let mut out = Sink::new(None)?;
        match (found, format) {
            (Found::Resources(resources), RowsFormat::Table) => table(&resources, &mut out)?,
            (Found::Resources(resources), RowsFormat::Csv) => rows(&resources, &mut out)?,
            (Found::Resources(resources), RowsFormat::Json) => {
                let count = resources.len();
                json(Resources { count, resources }, &mut out)?;
            }
            (Found::Counts(counts), RowsFormat::Table) => {
                for Counted { value, count } in &counts {
                    let value = if value.is_empty() { "-" } else { value };
                    writeln!(out, "{count:>8}  {}", plain(value))?;
                }
                let total: u64 = counts.iter().map(|counted| counted.count).sum();
                writeln!(out, "{total:>8}  in all")?;
            }
            (Found::Counts(counts), RowsFormat::Csv) => {
                out.write_all(&csv_record(&["value", "count"].map(str::to_owned)))?;
                for Counted { value, count } in counts {
                    out.write_all(&csv_record(&[value, count.to_string()]))?;
                }
            }
            (Found::Counts(counts), RowsFormat::Json) => json(Counts { counts }, &mut out)?,
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }

    async fn search(self, store: Store) -> Result<Found, CommandError> {
        let query = InventoryQuery {
            filter: self.narrow.filter(),
            tags: self.tags.iter().map(|text| pair(text)).collect(),
            paths: self.paths.iter().map(|text| pair(text)).collect(),
        };
        let as_of = clock(self.as_of.as_deref())?;
        let known_at = state::known_at(self.known_at.as_deref())?;
        let mut inventory = store.inventory(query, as_of, known_at).await?;
        if let Some(by) = &self.count_by {
            return Ok(Found::Counts(inventory.count(by).await?));
        }
        let mut resources = Vec::new();
        while let Some(item) = inventory.next().await? {
            resources.push(resource(&item)?);
        }
        Ok(Found::Resources(resources))
    }
}

fn resource(item: &StoredItem) -> Result<ResourceV1, CommandError> {
    Ok(serde_json::from_slice(&item.json)?)
}

fn json(content: impl Serialize, out: &mut Sink) -> Result<(), CommandError> {
    let schema = SCHEMA;
    serde_json::to_writer_pretty(&mut *out, &DocumentV1 { schema, content })?;
    writeln!(out)?;
    Ok(())
}

fn table(resources: &[ResourceV1], out: &mut impl Write) -> std::io::Result<()> {
    for resource in resources {
        let name = resource
            .resource_name
            .as_ref()
            .filter(|name| **name != resource.resource_id)
            .map_or(String::new(), |name| format!(" ({name})"));
        writeln!(
            out,
            "{:<12} {:<14} {:<40} {}",
            plain(&resource.account_id),
            plain(&resource.aws_region),
            plain(&resource.resource_type),
            plain(&format!("{}{name}", resource.resource_id)),
        )?;
    }
    writeln!(out, "{} resources", resources.len())
}

fn rows(resources: &[ResourceV1], out: &mut impl Write) -> std::io::Result<()> {
    let columns = [
        "accountId",
        "awsRegion",
        "resourceType",
        "resourceId",
        "resourceName",
        "arn",
        "tags",
        "validFrom",
    ];
    out.write_all(&csv_record(&columns.map(str::to_owned)))?;
    for resource in resources {
        let tags: Vec<String> = resource
            .tags
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        out.write_all(&csv_record(&[
            resource.account_id.clone(),
            resource.aws_region.clone(),
            resource.resource_type.clone(),
            resource.resource_id.clone(),
            resource.resource_name.clone().unwrap_or_default(),
            resource.arn.clone().unwrap_or_default(),
            tags.join("; "),
            resource.valid_from.clone(),
        ]))?;
    }
    Ok(())
}
