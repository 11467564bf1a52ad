//! The chain of a trail's digests, and what it says of log files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::digest::{Found, TrailError};
use super::files::{Files, sha256};
use super::keys::PublicKeys;

/// What is wrong, or not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "problem", rename_all = "camelCase")]
pub enum Problem {
    /// A digest can't be read.
    Unreadable {
        /// Why.
        reason: String,
    },
    /// A digest's signature is not that of CloudTrail: it was changed, or made by somebody else.
    SignatureInvalid,
    /// The key that a digest names is none of those that were given.
    KeyUnknown {
        /// Its fingerprint.
        fingerprint: String,
    },
    /// Nobody says what the signature of the newest digest is: it stands in the metadata of its object.
    SignatureMissing,
    /// A digest is not where it says that it is.
    Moved {
        /// Where it says that it is.
        from: String,
    },
    /// A digest is not the one that the next one names.
    DigestAltered,
    /// A digest that the next one names is not there.
    DigestMissing,
    /// From then on and until then nothing was recorded, or no digests were written.
    TrailOff {
        /// The end of the digest before.
        from: Option<Timestamp>,
        /// The start of the next one.
        until: Timestamp,
    },
    /// A log file that a digest names is not there.
    LogMissing,
    /// A log file is not what a digest says.
    LogAltered,
    /// A log file is there that no digest names.
    LogUnnamed,
}

impl Problem {
    /// Whether something is wrong, and not only unknown or off.
    pub fn is_wrong(&self) -> bool {
        !matches!(
            self,
            Problem::KeyUnknown { .. }
                | Problem::SignatureMissing
                | Problem::TrailOff { .. }
                | Problem::LogUnnamed
        )
    }
}

/// The digests of a trail in one Region.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chain {
    /// The account.
    pub account_id: String,
    /// The folder of the Region's digests and the trail's name, as keys begin.
    pub trail: String,
    /// The first digest's start.
    pub from: Timestamp,
    /// The last one's end.
    pub until: Option<Timestamp>,
    /// Digests, and those of them that CloudTrail signed.
    pub digests: usize,
    /// Of these, those whose signature holds.
    pub signed: usize,
    /// Log files that digests with a signature name.
    pub log_files: usize,
    /// Of these, those that are what the digest says.
    pub intact: usize,
    /// What is wrong or unknown, by the object's key.
    pub problems: Vec<(String, Problem)>,
}

/// What was found of all trails.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// By trail.
    pub chains: Vec<Chain>,
    /// What belongs to no trail, by the object's key.
    pub problems: Vec<(String, Problem)>,
}

impl Report {
    /// Everything that is wrong or unknown.
    pub fn problems(&self) -> impl Iterator<Item = &(String, Problem)> {
        let of_chains = self.chains.iter().flat_map(|chain| &chain.problems);
        of_chains.chain(&self.problems)
    }
}

/// Validates what lies in a folder under the keys of its bucket.
///
/// # Errors
/// Where the folder can't be read, or holds no digest.
pub fn validate(folder: &Path, keys: &PublicKeys) -> Result<Report, TrailError> {
    let files = Files::find(folder)?;
    if files.digests.is_empty() && files.broken.is_empty() {
        let path = folder.to_owned();
        return Err(TrailError::NoDigest { path });
    }
    let mut report = Report::default();
    for (key, reason) in &files.broken {
        let reason = reason.clone();
        let problem = Problem::Unreadable { reason };
        report.problems.push((key.clone(), problem));
    }
    let mut trails: BTreeMap<String, Vec<&Found>> = BTreeMap::new();
    for found in &files.digests {
        trails.entry(trail(&found.key)).or_default().push(found);
    }
    let mut named = BTreeSet::new();
    for (trail, mut digests) in trails {
        digests.sort_by(|a, b| (a.end(), &a.key).cmp(&(b.end(), &b.key)));
        let walk = Walk {
            keys,
            files: &files,
            digests: &digests,
        };
        report.chains.extend(walk.chain(trail, &mut named));
    }
    for key in files.logs.keys().filter(|key| !named.contains(*key)) {
        report.problems.push((key.clone(), Problem::LogUnnamed));
    }
    Ok(report)
}

/// The key without the folders of days and the time of the digest.
fn trail(key: &str) -> String {
    let parts: Vec<&str> = key.split('/').collect();
    let Some((name, folders)) = parts.split_last() else {
        return key.to_owned();
    };
    let folders = folders
        .get(..folders.len().saturating_sub(3))
        .unwrap_or(folders);
    let stem = name.split('.').next().unwrap_or(name);
    let backfill = stem.strip_suffix("_backfill");
    let timeless = backfill.unwrap_or(stem).rsplit_once('_');
    let timeless = timeless.map_or(stem, |(before, _)| before);
    let kind = if backfill.is_some() { "_backfill" } else { "" };
    format!("{}/{timeless}{kind}", folders.join("/"))
}

struct Walk<'w> {
    keys: &'w PublicKeys,
    files: &'w Files,
    /// The oldest first.
    digests: &'w [&'w Found],
}

impl Walk<'_> {
    fn chain(&self, trail: String, named: &mut BTreeSet<String>) -> Option<Chain> {
        let (first, last) = (self.digests.first()?, self.digests.last()?);
        let mut chain = Chain {
            account_id: first.digest.aws_account_id.clone(),
            trail,
            from: first.digest.digest_start_time,
            until: last.end(),
            digests: self.digests.len(),
            signed: 0,
            log_files: 0,
            intact: 0,
            problems: Vec::new(),
        };
        let next_of: BTreeMap<&str, &Found> = self
            .digests
            .iter()
            .filter_map(|found| {
                let previous = found.digest.previous_digest_s3_object.as_deref()?;
                Some((previous, *found))
            })
            .collect();
        let mut before: Option<&Found> = None;
        for found in self.digests {
            let next = next_of.get(found.digest.digest_s3_object.as_str()).copied();
            self.link(found, before, &mut chain);
            if self.is_signed(found, next, &mut chain) {
                chain.signed += 1;
                self.logs(found, named, &mut chain);
            }
            before = Some(found);
        }
        chain.problems.sort();
        Some(chain)
    }

    /// Whether the digest follows the one before it.
    fn link(&self, found: &Found, before: Option<&Found>, chain: &mut Chain) {
        let key = found.key.clone();
        if !found.key.ends_with(&found.digest.digest_s3_object) {
            let from = found.digest.digest_s3_object.clone();
            chain.problems.push((key.clone(), Problem::Moved { from }));
        }
        let Some(previous) = &found.digest.previous_digest_s3_object else {
            // The first of a trail, or of a trail that was off.
            if let Some(before) = before {
                let off = Problem::TrailOff {
                    from: before.end(),
                    until: found.digest.digest_start_time,
                };
                chain.problems.push((key, off));
            }
            return;
        };
        let is_it = |one: &&&Found| one.digest.digest_s3_object == *previous;
        match self.digests.iter().find(is_it) {
            Some(one) => {
                let expected = found.digest.previous_digest_hash_value.as_deref();
                if expected != Some(one.sha256.as_str()) {
                    chain
                        .problems
                        .push((one.key.clone(), Problem::DigestAltered));
                }
            }
            // What lies before the first that was given is not asked for.
            None if before.is_none() => {}
            None => {
                let bucket = found.digest.previous_digest_s3_bucket.as_deref();
                let is_same = bucket == Some(found.digest.digest_s3_bucket.as_str());
                let name = match (is_same, bucket) {
                    (false, Some(bucket)) => format!("s3://{bucket}/{previous}"),
                    _ => previous.clone(),
                };
                chain.problems.push((name, Problem::DigestMissing));
            }
        }
    }

    /// Whether CloudTrail signed it. The signature is with the next digest, or beside the newest.
    fn is_signed(&self, found: &Found, next: Option<&Found>, chain: &mut Chain) -> bool {
        let signature = next
            .and_then(|next| next.digest.previous_digest_signature.as_deref())
            .or(found.beside.as_deref());
        let problem = match signature {
            None => Problem::SignatureMissing,
            Some(signature) => {
                let fingerprint = &found.digest.digest_public_key_fingerprint;
                let signature = unhex(signature).unwrap_or_default();
                match self
                    .keys
                    .has_signed(fingerprint, &found.signed(), &signature)
                {
                    Some(true) => return true,
                    Some(false) => Problem::SignatureInvalid,
                    None => Problem::KeyUnknown {
                        fingerprint: fingerprint.clone(),
                    },
                }
            }
        };
        chain.problems.push((found.key.clone(), problem));
        false
    }

    fn logs(&self, found: &Found, named: &mut BTreeSet<String>, chain: &mut Chain) {
        // Where the folder begins before AWSLogs, keys have the same beginning here and there.
        let beginning = found.key.strip_suffix(&found.digest.digest_s3_object);
        let beginning = beginning.unwrap_or_default();
        for log in &found.digest.log_files {
            chain.log_files += 1;
            let key = format!("{beginning}{}", log.s3_object);
            let problem = match self.files.logs.get(&key).map(|path| sha256(path)) {
                None => Problem::LogMissing,
                Some(Ok(sha256)) if sha256 == log.hash_value => {
                    chain.intact += 1;
                    named.insert(key);
                    continue;
                }
                Some(Ok(_) | Err(_)) => Problem::LogAltered,
            };
            named.insert(key.clone());
            chain.problems.push((key, problem));
        }
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let pairs = digits.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair)
            .ok()
            .filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_one_trail_and_region_belong_together() {
        let key = "AWSLogs/1/CloudTrail-Digest/eu-west-1/2026/03/01/1_CloudTrail-Digest_eu-west-1_my_trail_eu-west-1_20260301T000000Z.json.gz";
        let expected = "AWSLogs/1/CloudTrail-Digest/eu-west-1/1_CloudTrail-Digest_eu-west-1_my_trail_eu-west-1";
        assert_eq!(trail(key), expected);
        let backfill = key.replace(".json", "_backfill.json");
        assert_eq!(trail(&backfill), format!("{expected}_backfill"));
    }
}
