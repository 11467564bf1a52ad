//! From messages to work.

use std::collections::btree_map::Entry;

use jiff::{SignedDuration, Timestamp};
use posture_model::{Call, ResourceType};
use posture_recorder::Entries;
use posture_recorder::events::{EventError, hint};
use posture_store::Announced;

use super::sweep::later;
use super::worker::Worker;
use crate::commands::CommandError;

/// Kind of the work of reading something again.
pub(super) const REREAD: &str = "reread";

/// When something is read again after its event. AWS's APIs are eventually consistent: what is read
/// at once may be what was before.
const AFTER: [SignedDuration; 3] = [
    SignedDuration::ZERO,
    SignedDuration::from_secs(15),
    SignedDuration::from_mins(2),
];

/// One type in one Region of one account, to be read again. The name of its work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reread {
    pub(super) account_id: String,
    pub(super) aws_region: String,
    pub(super) resource_type: ResourceType,
}

impl Reread {
    fn name(&self, after: SignedDuration) -> String {
        let Reread {
            account_id,
            aws_region,
            resource_type,
        } = self;
        let (seconds, resource_type) = (after.as_secs(), resource_type.as_str());
        format!("{REREAD}/{seconds}/{account_id}/{aws_region}/{resource_type}")
    }

    /// What a piece of work is about.
    pub(super) fn of_name(name: &str) -> Option<Reread> {
        let mut parts = name.splitn(5, '/').skip(2);
        Some(Reread {
            account_id: parts.next()?.to_owned(),
            aws_region: parts.next()?.to_owned(),
            resource_type: ResourceType::from_name(parts.next()?)?,
        })
    }
}

/// Adds work to other work of the same names.
pub(super) fn add(work: &mut Announced, more: Announced) {
    for (name, (due_at, subjects)) in more {
        match work.entry(name) {
            Entry::Vacant(place) => drop(place.insert((due_at, subjects))),
            Entry::Occupied(mut known) => {
                let (_, before) = known.get_mut();
                // Who names nothing means everything.
                if before.is_empty() || subjects.is_empty() {
                    before.clear();
                } else {
                    before.extend(subjects);
                }
            }
        }
    }
}

/// What a message comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It asks for this, and tells of the call that did it.
    Work(Announced, Option<Call>),
    /// It tells of nothing.
    Nothing,
    /// It tells of an account that is not recorded.
    Foreign(String),
    /// It is no event.
    Broken(EventError),
}

/// The work that a message asks for. Only accounts that are recorded and names that AWS gives to
/// Regions are taken: the message may be anybody's.
pub(super) fn take(message: &str, now: Timestamp, entries: &Entries) -> Taken {
    let hint = match hint(message) {
        Ok(Some(hint)) => hint,
        Ok(None) => return Taken::Nothing,
        Err(error) => return Taken::Broken(error),
    };
    let account_id = hint.account_id.unwrap_or_default();
    let is_region = !hint.aws_region.is_empty()
        && hint.aws_region.len() <= 32
        && hint
            .aws_region
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_region {
        return Taken::Nothing;
    }
    if !entries.has(&account_id) {
        return Taken::Foreign(account_id);
    }
    let mut work = Announced::new();
    for resource_type in hint.types {
        let reread = Reread {
            account_id: account_id.clone(),
            aws_region: hint.aws_region.clone(),
            resource_type,
        };
        for after in AFTER {
            work.insert(reread.name(after), (later(now, after), hint.names.clone()));
        }
    }
    Taken::Work(work, hint.call)
}

impl Worker {
    /// Announces work that messages ask for.
    pub(super) async fn announce_rereads(&self, work: &Announced) -> Result<(), CommandError> {
        if !work.is_empty() {
            self.store.add_leases_about(REREAD, work).await?;
            self.rereads.notify_one();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_work_says_what_it_is_about() {
        let reread = Reread {
            account_id: "111122223333".to_owned(),
            aws_region: "eu-west-1".to_owned(),
            resource_type: ResourceType::S3Bucket,
        };
        let name = reread.name(AFTER[1]);
        assert_eq!(name, "reread/15/111122223333/eu-west-1/AWS::S3::Bucket");
        assert_eq!(Reread::of_name(&name), Some(reread));
        assert_eq!(Reread::of_name("sweep"), None);
    }
}
