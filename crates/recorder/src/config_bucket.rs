//! The bucket that AWS Config delivers to.
//!
//! Objects lie under `[PREFIX/]AWSLogs/[ORGANIZATION/]ACCOUNT/Config/REGION/YEAR/MONTH/DAY/ConfigSnapshot|ConfigHistory/`, months and
//! days without leading zeros. Source: AWS Config developer guide, "Example Configuration Snapshot Delivery
//! Notification" and "Example Configuration History Delivery Notification" (`s3ObjectKey`).

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use posture_aws::{CallError, Client};
use serde_json::{Value, json};

use crate::text::{plain, value, values};

/// What lists the bucket.
pub(crate) const LIST: &str = "ListObjectsV2";
/// What reads an object.
pub(crate) const GET: &str = "GetObject";

/// Bytes that are asked for at a time.
const PART: u64 = 8 << 20;

/// A delivery bucket.
#[derive(Debug, Clone)]
pub struct DeliveryBucket {
    client: Client,
    bucket: String,
    /// Empty, or ending in `/`.
    prefix: String,
}

/// An object that AWS Config delivered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivery {
    /// The day in whose folder it lies.
    pub day: Date,
    /// Its key.
    pub key: String,
    /// The account in whose folder it lies.
    pub account_id: String,
    /// The Region in whose folder it lies.
    pub aws_region: String,
    /// What it was when it was listed.
    pub etag: String,
    /// Bytes.
    pub size: u64,
}

/// A place that is not one.
#[derive(Debug, thiserror::Error)]
#[error("the delivery bucket is {text:?}, expected s3://BUCKET or s3://BUCKET/PREFIX")]
pub struct BucketError {
    text: String,
}

/// The bucket, and the prefix: empty, or ending in `/`.
pub(crate) fn place(text: &str) -> Result<(String, String), BucketError> {
    let wrong = || BucketError {
        text: text.to_owned(),
    };
    let place = text.strip_prefix("s3://").ok_or_else(wrong)?;
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if bucket.is_empty() || !bucket.bytes().all(is_letter) {
        return Err(wrong());
    }
    let prefix = prefix.trim_end_matches('/');
    let slash = if prefix.is_empty() { "" } else { "/" };
    Ok((bucket.to_owned(), format!("{prefix}{slash}")))
}

/// What is to be read.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    /// Account ids; empty, all.
    pub accounts: Vec<String>,
    /// Regions; empty, all.
    pub regions: Vec<String>,
    /// From this day on.
    pub since: Option<Date>,
}

impl DeliveryBucket {
    /// The bucket of `s3://BUCKET[/PREFIX]`.
    ///
    /// # Errors
    /// Where the text is none.
    pub fn at(client: Client, text: &str) -> Result<DeliveryBucket, BucketError> {
        let (bucket, prefix) = place(text)?;
        Ok(DeliveryBucket {
            client,
            bucket,
            prefix,
        })
    }

    /// What was delivered, the oldest first. Folders of other days are not listed.
    ///
    /// # Errors
    /// Where the bucket can't be listed.
    pub async fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<Delivery>, CallError> {
        let is_in = |wanted: &[String], name: &str| {
            wanted.is_empty() || wanted.iter().any(|known| known == name)
        };
        let mut found = Vec::new();
        let root = format!("{}AWSLogs/", self.prefix);
        let mut accounts = Vec::new();
        for name in self.folders(&root).await? {
            let folder = format!("{root}{name}/");
            // An organization's trail has its accounts' logs in a folder of its own; so may this bucket.
            if name.starts_with("o-") {
                let inner = self.folders(&folder).await?;
                accounts.extend(inner.into_iter().map(|account_id| {
                    let config = format!("{folder}{account_id}/Config/");
                    (account_id, config)
                }));
            } else {
                accounts.push((name, format!("{folder}Config/")));
            }
        }
        for (account_id, config) in accounts {
            let is_account = account_id.len() == 12
                && account_id.bytes().all(|byte| byte.is_ascii_digit())
                && is_in(&filter.accounts, &account_id);
            if !is_account {
                continue;
            }
            for aws_region in self.folders(&config).await? {
                if !is_in(&filter.regions, &aws_region) {
                    continue;
                }
                let place = (account_id.as_str(), aws_region.as_str());
                let folder = format!("{config}{aws_region}/");
                for (day, folder) in self.days(&folder, filter.since).await? {
                    found.extend(self.of_day(place, day, &folder).await?);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// The days of a Region, and their folders.
    async fn days(
        &self,
        folder: &str,
        since: Option<Date>,
    ) -> Result<Vec<(Date, String)>, CallError> {
        let mut days = Vec::new();
        for year in self.folders(folder).await? {
            let Some(number) = year.parse().ok().filter(|year| (2000..3000).contains(year)) else {
                continue;
            };
            if since.is_some_and(|since| number < since.year()) {
                continue;
            }
            let of_year = format!("{folder}{year}/");
            for month in self.folders(&of_year).await? {
                let of_month = format!("{of_year}{month}/");
                let first = |day| Date::new(number, month.parse().ok()?, day).ok();
                let Some(start) = first(1) else { continue };
                if since.is_some_and(|since| start.last_of_month() < since) {
                    continue;
                }
                for day in self.folders(&of_month).await? {
                    let date = day.parse().ok().and_then(first);
                    if let Some(date) = date
                        && since.is_none_or(|since| date >= since)
                    {
                        days.push((date, format!("{of_month}{day}/")));
                    }
                }
            }
        }
        Ok(days)
    }

    /// The objects of a day that hold configuration items.
    async fn of_day(
        &self,
        (account_id, aws_region): (&str, &str),
        day: Date,
        folder: &str,
    ) -> Result<Vec<Delivery>, CallError> {
        let mut found = Vec::new();
        let input = json!({"Bucket": self.bucket, "Prefix": folder});
        let mut pages = self.client.pages("s3", LIST, &input)?;
        while let Some(page) = pages.next().await {
            let page = page?;
            for object in values("Contents[]", &page) {
                let text = |name| value(name, object).and_then(plain).unwrap_or_default();
                let key = text("Key");
                let name = key.strip_prefix(folder).unwrap_or_default();
                let is_config = ["ConfigSnapshot/", "ConfigHistory/"]
                    .iter()
                    .any(|kind| name.starts_with(kind));
                if is_config && name.contains(".json") {
                    found.push(Delivery {
                        day,
                        account_id: account_id.to_owned(),
                        aws_region: aws_region.to_owned(),
                        etag: text("ETag"),
                        size: object.get("Size").and_then(Value::as_u64).unwrap_or(0),
                        key,
                    });
                }
            }
        }
        Ok(found)
    }

    /// The names of the folders in a folder.
    async fn folders(&self, folder: &str) -> Result<Vec<String>, CallError> {
        let input = json!({"Bucket": self.bucket, "Prefix": folder, "Delimiter": "/"});
        let mut pages = self.client.pages("s3", LIST, &input)?;
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page?;
            for entry in values("CommonPrefixes[]", &page) {
                let prefix = value("Prefix", entry).and_then(plain).unwrap_or_default();
                let name = prefix.strip_prefix(folder).unwrap_or_default();
                names.push(name.trim_end_matches('/').to_owned());
            }
        }
        Ok(names)
    }

    /// What an object is called: its URL.
    pub fn name(&self, delivery: &Delivery) -> String {
        format!("s3://{}/{}", self.bucket, delivery.key)
    }

    /// Writes an object's bytes, 8 MiB at a time, as it was when it was listed.
    ///
    /// # Errors
    /// Where it can't be read, is another one by now, or can't be written.
    pub async fn fetch(
        &self,
        delivery: &Delivery,
        into: &mut impl Write,
    ) -> Result<(), FetchError> {
        let mut start = 0;
        while start < delivery.size {
            let end = (start + PART).min(delivery.size) - 1;
            let input = json!({
                "Bucket": self.bucket,
                "Key": delivery.key,
                "IfMatch": delivery.etag,
                "Range": format!("bytes={start}-{end}"),
            });
            let reply = self.client.call("s3", GET, &input).await?;
            let body = reply
                .get("Body")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let bytes = STANDARD.decode(body).map_err(|_| FetchError::Length)?;
            if bytes.len() as u64 != end + 1 - start {
                return Err(FetchError::Length);
            }
            into.write_all(&bytes)?;
            start = end + 1;
        }
        Ok(())
    }
}

/// Why an object was not read.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// AWS refused, or did not answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The answer is not what was asked for.
    #[error("the answer has another length than was asked for")]
    Length,
    /// It could not be kept.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
