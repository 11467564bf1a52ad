//! What a piece of work is about: subjects that are added while it waits, and done with it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::db::{Value, args};
use crate::{Lease, Store, StoreError};

/// Subjects of one piece of work above which it is about everything.
const MOST: usize = 500;

/// Work that is announced, by its name: when it is due, and what it is about. No subject is everything.
pub type Announced = BTreeMap<String, (Timestamp, BTreeSet<String>)>;

/// What a piece of work that somebody holds is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subjects {
    /// The subjects; none where it is about everything.
    pub subjects: Option<BTreeSet<String>>,
    /// Rows, as they were read.
    rows: Vec<(String, i64)>,
}

impl Store {
    /// Announces pieces of work, as [`Store::add_leases`], and adds what each is about.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_leases_about(&self, kind: &str, work: &Announced) -> Result<(), StoreError> {
        let everything = BTreeSet::from([String::new()]);
        let about = |subjects: &BTreeSet<String>| {
            let is_everything = subjects.is_empty() || subjects.len() > MOST;
            if is_everything {
                everything.clone()
            } else {
                subjects.clone()
            }
        };
        let rows: Vec<(&String, BTreeSet<String>)> = work
            .iter()
            .map(|(name, (_, subjects))| (name, about(subjects)))
            .collect();
        let count = rows.iter().map(|(_, subjects)| subjects.len()).sum();
        let mut numbers = self.take_ids("subject", count).await?;
        let mut transaction = self.database().begin().await?;
        // Before the work: whoever takes it finds them.
        for (name, subjects) in rows {
            let rows: Vec<Vec<Value>> = subjects
                .iter()
                .map(|subject| {
                    let number = numbers.next().unwrap_or_default();
                    args![name.as_str(), subject.as_str(), number]
                })
                .collect();
            let into = "lease_subjects (lease, subject, added)";
            let again = "ON CONFLICT (lease, subject) DO UPDATE SET added = excluded.added";
            transaction.insert(into, rows, again).await?;
        }
        transaction.commit().await?;
        let due = work
            .iter()
            .map(|(name, (due_at, _))| (name.clone(), *due_at));
        self.add_leases(kind, &due.collect()).await
    }

    /// What a piece of work is about.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn subjects(&self, lease: &Lease) -> Result<Subjects, StoreError> {
        let sql = "SELECT subject, added FROM lease_subjects WHERE lease = $1 ORDER BY subject";
        let mut rows = Vec::new();
        for row in self
            .database()
            .rows(sql, args![lease.name.as_str()])
            .await?
        {
            rows.push((row.text(0)?, row.int(1)?));
        }
        let is_everything = rows.is_empty()
            || rows.len() > MOST
            || rows.iter().any(|(subject, _)| subject.is_empty());
        let names = rows.iter().map(|(subject, _)| subject.clone());
        Ok(Subjects {
            subjects: (!is_everything).then(|| names.collect()),
            rows,
        })
    }

    /// Forgets what was done; what was added meanwhile stays.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_subjects(&self, lease: &Lease, done: &Subjects) -> Result<(), StoreError> {
        let sql = "DELETE FROM lease_subjects WHERE lease = $1 AND subject = $2 AND added = $3";
        let mut transaction = self.database().begin().await?;
        for (subject, added) in &done.rows {
            let values = args![lease.name.as_str(), subject.as_str(), *added];
            transaction.execute(sql, values).await?;
        }
        Ok(transaction.commit().await?)
    }
}
