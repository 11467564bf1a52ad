//! Scores as they change, and incidents where they fall.

use std::collections::BTreeMap;
use std::ops::Range;

use posture_store::sql::Transaction;
use serde_json::json;

use super::due::counts_by_account;
use super::rows::time;
use super::settings::{Thresholds, thresholds_for};
use super::{Hub, args};
use crate::HubError;
use crate::score::{ControlStatus, Score};

/// A score as it was from a time on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreRow {
    /// The standard; empty for all controls of the enabled standards, each once.
    pub standard: String,
    /// The account; empty for all.
    pub account_id: String,
    /// Since when, as ASFF writes times.
    pub recorded_at: String,
    /// The score.
    pub score: Score,
}

/// A score that fell below a threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Its number.
    pub incident: i64,
    /// The standard; empty for all.
    pub standard: String,
    /// The account; empty for all.
    pub account_id: String,
    /// `alert` or `incident`.
    pub level: String,
    /// When it was opened, as ASFF writes times.
    pub opened_at: String,
}

/// `superseded_at` of a score that stands.
const STANDS: i64 = i64::MAX;

/// A standard, and an account; each empty for all.
type Key = (String, String);

impl Hub {
    /// Computes the scores anew of which something changed since they were computed last, keeps those
    /// that are others, opens and closes incidents. To be called after every change. Returns what was
    /// opened.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refresh_scores(&self) -> Result<Vec<Incident>, HubError> {
        let Some(due) = self.due().await? else {
            return Ok(Vec::new());
        };
        let all = self.standards.standards();
        let most = (due.accounts.len() + 1) * (all.len() + 1);
        let mut ids = self.store.take_ids("score", most).await?;
        let incidents = self.store.take_ids("incident", most * 2).await?;
        let controls: usize = all.iter().map(|one| one.controls.len()).sum();
        let events = self.store.take_ids("event", most * 4 + controls).await?;
        let now = self.store.now();
        let mut transaction = self.begin().await?;
        // From here on nobody else writes: what is read is what the scores are of.
        let thresholds = self.thresholds().await?;
        let standards = self.standards_named(&[]).await?;
        let disabled = self.disabled_in(&mut transaction).await?;
        let mut scores: BTreeMap<Key, Score> = BTreeMap::new();
        let mut statuses = BTreeMap::new();
        for (account, counts) in counts_by_account(&mut transaction, &due).await? {
            for standard in &standards {
                let statuses = standard
                    .controls
                    .keys()
                    .map(|id| Hub::control_status(id, &standard.name, &counts, &disabled));
                let key = (standard.name.clone(), account.clone());
                scores.insert(key, Score::of(statuses));
            }
            let unique: BTreeMap<_, ControlStatus> = Hub::unique(&standards, &counts, &disabled);
            let score = Score::of(unique.values().copied());
            if account.is_empty() {
                statuses = unique;
            }
            scores.insert((String::new(), account), score);
        }
        keep_scores(&mut transaction, &scores, &mut ids, now).await?;
        let mut watch = Watch {
            open: open(&mut transaction).await?,
            ids: incidents,
            now,
            opened: Vec::new(),
            events: self.keep_statuses(&mut transaction, &statuses).await?,
        };
        for (key, score) in &scores {
            if let Some(percent) = score.percent() {
                let limits = thresholds_for(&thresholds, &key.0, &key.1);
                watch.look(&mut transaction, key, percent, &limits).await?;
            }
        }
        transaction.send(events.start, now, watch.events).await?;
        self.done(&mut transaction, due).await?;
        transaction.commit().await?;
        Ok(watch.opened)
    }

    /// Incidents that are open.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn open_incidents(&self) -> Result<Vec<Incident>, HubError> {
        let mut transaction = self.store.database().begin().await?;
        let mut incidents: Vec<Incident> = open(&mut transaction).await?.into_values().collect();
        incidents.sort_by_key(|incident| incident.incident);
        Ok(incidents)
    }

    /// A standard's scores, the oldest first. An empty account is all of them, an empty standard all
    /// controls once.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn score_history(
        &self,
        standard: &str,
        account_id: &str,
    ) -> Result<Vec<ScoreRow>, HubError> {
        let sql = "SELECT standard, account_id, recorded_at, passed, failed, unknown, no_data, disabled \
                   FROM scores WHERE standard = $1 AND account_id = $2 ORDER BY recorded_at, score";
        let rows = self
            .store
            .database()
            .rows(sql, args![standard, account_id])
            .await?;
        rows.iter()
            .map(|row| {
                Ok(ScoreRow {
                    standard: row.text(0)?,
                    account_id: row.text(1)?,
                    recorded_at: time(row.int(2)?),
                    score: Score {
                        passed: row.int(3)?,
                        failed: row.int(4)?,
                        unknown: row.int(5)?,
                        no_data: row.int(6)?,
                        disabled: row.int(7)?,
                    },
                })
            })
            .collect()
    }
}

/// Keeps the scores that are others than those that stand.
async fn keep_scores(
    transaction: &mut Transaction,
    scores: &BTreeMap<Key, Score>,
    ids: &mut Range<i64>,
    now: i64,
) -> Result<(), HubError> {
    let standing = standing(transaction).await?;
    let mut rows = Vec::new();
    for (key, score) in scores {
        if standing.get(key) == Some(score) {
            continue;
        }
        supersede(transaction, key, now).await?;
        let (standard, account) = key.clone();
        let id = ids.next().unwrap_or_default();
        let Score {
            passed,
            failed,
            unknown,
            no_data,
            disabled,
        } = *score;
        rows.push(args![
            id, standard, account, now, STANDS, passed, failed, unknown, no_data, disabled,
        ]);
    }
    let into = "scores (score, standard, account_id, recorded_at, superseded_at, passed, failed, \
                unknown, no_data, disabled)";
    transaction.insert(into, rows, "").await?;
    Ok(())
}

async fn standing(transaction: &mut Transaction) -> Result<BTreeMap<Key, Score>, HubError> {
    let sql = "SELECT standard, account_id, passed, failed, unknown, no_data, disabled \
               FROM scores WHERE superseded_at = $1";
    let mut standing = BTreeMap::new();
    for row in transaction.rows(sql, args![STANDS]).await? {
        let score = Score {
            passed: row.int(2)?,
            failed: row.int(3)?,
            unknown: row.int(4)?,
            no_data: row.int(5)?,
            disabled: row.int(6)?,
        };
        standing.insert((row.text(0)?, row.text(1)?), score);
    }
    Ok(standing)
}

async fn supersede(transaction: &mut Transaction, key: &Key, now: i64) -> Result<(), HubError> {
    let sql = "UPDATE scores SET superseded_at = $3 \
               WHERE standard = $1 AND account_id = $2 AND superseded_at = $4";
    let values = args![key.0.as_str(), key.1.as_str(), now, STANDS];
    transaction.execute(sql, values).await?;
    Ok(())
}

async fn open(
    transaction: &mut Transaction,
) -> Result<BTreeMap<(Key, String), Incident>, HubError> {
    let sql = "SELECT incident, standard, account_id, level, opened_at \
               FROM score_incidents WHERE closed_at IS NULL";
    let mut open = BTreeMap::new();
    for row in transaction.rows(sql, args![]).await? {
        let incident = Incident {
            incident: row.int(0)?,
            standard: row.text(1)?,
            account_id: row.text(2)?,
            level: row.text(3)?,
            opened_at: time(row.int(4)?),
        };
        let key = (incident.standard.clone(), incident.account_id.clone());
        open.insert((key, incident.level.clone()), incident);
    }
    Ok(open)
}

/// Looks at scores, one after the other.
struct Watch {
    open: BTreeMap<(Key, String), Incident>,
    ids: std::ops::Range<i64>,
    now: i64,
    opened: Vec<Incident>,
    events: Vec<(&'static str, serde_json::Value)>,
}

impl Watch {
    async fn look(
        &mut self,
        transaction: &mut Transaction,
        key: &Key,
        percent: i64,
        limits: &Thresholds,
    ) -> Result<(), HubError> {
        for (level, threshold) in [("alert", limits.alert), ("incident", limits.incident)] {
            let place = (key.clone(), level.to_owned());
            let is_open = self.open.contains_key(&place);
            if !is_open && percent < threshold {
                let incident = Incident {
                    incident: self.ids.next().unwrap_or_default(),
                    standard: key.0.clone(),
                    account_id: key.1.clone(),
                    level: level.to_owned(),
                    opened_at: time(self.now),
                };
                let sql = "INSERT INTO score_incidents \
                           (incident, standard, account_id, level, opened_at) \
                           VALUES ($1, $2, $3, $4, $5)";
                let values = args![
                    incident.incident,
                    key.0.as_str(),
                    key.1.as_str(),
                    level,
                    self.now
                ];
                transaction.execute(sql, values).await?;
                self.tell(
                    "Posture Score Incident Opened",
                    &incident,
                    percent,
                    threshold,
                );
                self.opened.push(incident);
            }
            if is_open
                && percent >= (threshold + limits.hysteresis).min(100)
                && let Some(incident) = self.open.remove(&place)
            {
                let sql = "UPDATE score_incidents SET closed_at = $2 WHERE incident = $1";
                transaction
                    .execute(sql, args![incident.incident, self.now])
                    .await?;
                self.tell(
                    "Posture Score Incident Closed",
                    &incident,
                    percent,
                    threshold,
                );
            }
        }
        Ok(())
    }

    fn tell(&mut self, name: &'static str, incident: &Incident, percent: i64, threshold: i64) {
        let detail = json!({
            "incident": incident.incident,
            "level": incident.level,
            "standard": incident.standard,
            "awsAccountId": incident.account_id,
            "score": percent,
            "threshold": threshold,
        });
        self.events.push((name, detail));
    }
}
