//! Security Hub itself: findings from it, findings to it.

use std::collections::BTreeMap;

use posture_aws::{CallError, Client};
use serde_json::{Value, json};

use crate::finding::{Finding, Object, Origin, Shown};
use crate::output::asff::{LONGEST, length, to_import};
use crate::{HubError, filter};

/// A page of findings out of Security Hub.
#[derive(Debug, Clone, Default)]
pub struct PulledPage {
    /// The findings.
    pub findings: Vec<Finding>,
}

/// What became of findings that were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many Security Hub took.
    pub accepted: usize,
    /// Those that it did not take, by their ids, and why.
    pub refused: BTreeMap<String, String>,
}

/// Findings that `BatchImportFindings` takes in one call, and bytes of them all.
const MOST: usize = 100;
const BATCH: usize = 6_000_000;

/// Later than any finding, and within what times can say.
const END_OF_TIME: &str = "9999-01-01T00:00:00Z";

/// How often what was refused is sent again.
const ATTEMPTS: usize = 3;

/// Findings that one page of `GetFindings` holds at most.
const PAGE: i64 = 100;

/// Reads findings out of Security Hub, page by page, those that changed since a time where one is
/// given, and hands each page on.
///
/// # Errors
/// Where AWS refuses, or handing on fails.
pub async fn pull<E: From<HubError>>(
    client: &Client,
    filters: &Value,
    updated_since: Option<&str>,
    mut take: impl AsyncFnMut(PulledPage) -> Result<(), E>,
) -> Result<(), E> {
    let mut filters = filters.clone();
    if let (Some(since), Some(members)) = (updated_since, filters.as_object_mut()) {
        members.insert(
            "UpdatedAt".to_owned(),
            json!([{"Start": since, "End": END_OF_TIME}]),
        );
    }
    filter::Filters::from_json(&filters).map_err(HubError::from)?;
    let input = json!({
        "Filters": filters,
        "SortCriteria": [{"Field": "UpdatedAt", "SortOrder": "asc"}],
        "MaxResults": PAGE,
    });
    let pages = client.pages("securityhub", "GetFindings", &input);
    let mut pages = pages.map_err(HubError::from)?;
    while let Some(page) = pages.next().await {
        let mut page = page.map_err(HubError::from)?;
        let list = page.get_mut("Findings").map(Value::take);
        let Some(Value::Array(list)) = list else {
            continue;
        };
        let findings = list
            .into_iter()
            .filter_map(|finding| match finding {
                Value::Object(asff) => Some(Finding::new(asff, Origin::SecurityHub)),
                _ => None,
            })
            .collect();
        take(PulledPage { findings }).await?;
    }
    Ok(())
}

/// Sends findings to Security Hub with `BatchImportFindings`: at most 100 a call and 6 MB, none longer
/// than 240 KB. Those that are refused are sent again, at most twice.
///
/// # Errors
/// Where a call fails as a whole. What was sent before stays sent; sending again changes nothing.
pub async fn push(client: &Client, findings: &[Shown]) -> Result<Exported, CallError> {
    let mut exported = Exported::default();
    let mut waiting: Vec<Object> = Vec::with_capacity(findings.len());
    for finding in findings {
        let asff = to_import(finding);
        if length(&asff) > LONGEST {
            let id = finding.text(&["Id"]).to_owned();
            exported.refused.insert(id, "longer than 240 KB".to_owned());
            continue;
        }
        waiting.push(asff);
    }
    for _ in 0..ATTEMPTS {
        let mut failed = Vec::new();
        for batch in batches(std::mem::take(&mut waiting)) {
            let input = json!({"Findings": batch});
            let answer = client
                .call("securityhub", "BatchImportFindings", &input)
                .await?;
            let refused = refusals(&answer);
            exported.accepted += batch.len()
                - batch
                    .iter()
                    .filter(|one| refused.contains_key(id(one)))
                    .count();
            for one in batch {
                if let Some(why) = refused.get(id(&one)) {
                    exported.refused.insert(id(&one).to_owned(), why.clone());
                    failed.push(one);
                } else {
                    exported.refused.remove(id(&one));
                }
            }
        }
        if failed.is_empty() {
            break;
        }
        waiting = failed;
    }
    Ok(exported)
}

fn id(asff: &Object) -> &str {
    asff.get("Id").and_then(Value::as_str).unwrap_or_default()
}

fn batches(findings: Vec<Object>) -> Vec<Vec<Object>> {
    let mut batches: Vec<Vec<Object>> = Vec::new();
    let mut bytes = 0;
    for finding in findings {
        let length = length(&finding);
        match batches.last_mut() {
            Some(batch) if batch.len() < MOST && bytes + length <= BATCH => {
                batch.push(finding);
                bytes += length;
            }
            _ => {
                batches.push(vec![finding]);
                bytes = length;
            }
        }
    }
    batches
}

fn refusals(answer: &Value) -> BTreeMap<String, String> {
    let list = answer.get("FailedFindings").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|failed| {
            let of = |name: &str| failed.get(name).and_then(Value::as_str).unwrap_or_default();
            Some((
                failed.get("Id")?.as_str()?.to_owned(),
                format!("{}: {}", of("ErrorCode"), of("ErrorMessage")),
            ))
        })
        .collect()
}
