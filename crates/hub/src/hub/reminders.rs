//! Findings that are late, or nearly, told to those who answer for them: each stage once.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::rows::Stored;
use super::{Hub, args};
use crate::HubError;
use crate::finding::{Shown, severity};
use crate::people::{People, Reminder, Stage};

/// Ours.
const OVERDUE: &str = "Posture Finding Overdue";

/// Findings looked at in one transaction.
const PAGE: i64 = 500;

impl Hub {
    /// Tells of every stage that a finding has reached and that nobody was told of: how many. What is told is kept in
    /// the transaction of its event.
    ///
    /// # Errors
    /// Where the database fails, or another process tells at the same time: then nothing is told twice.
    pub async fn remind(&self, people: &People) -> Result<usize, HubError> {
        let mut told = 0;
        let mut after = 0;
        loop {
            let sql = format!(
                "{} WHERE finding > $1 AND opened_at IS NOT NULL AND closed_at IS NULL ORDER BY finding LIMIT {PAGE}",
                Stored::SELECT
            );
            let rows = self.store.database().rows(&sql, args![after]).await?;
            let Some(last) = rows.last() else { break };
            after = last.int(0)?;
            let mut due = Vec::new();
            for row in &rows {
                let shown = Stored::read(row)?.shown();
                let severity = severity(shown.asff.get("Severity"));
                let reached =
                    people.reminders(&shown.clock, severity, &shown.subject(), self.now());
                if !reached.is_empty() {
                    due.push((shown, reached));
                }
            }
            told += self.remind_of(people, due).await?;
        }
        Ok(told)
    }

    async fn remind_of(
        &self,
        people: &People,
        due: Vec<(Shown, Vec<Reminder>)>,
    ) -> Result<usize, HubError> {
        let (Some(first), Some(last)) = (due.first(), due.last()) else {
            return Ok(0);
        };
        let sql = "SELECT finding, opened_at, stage FROM finding_reminders WHERE finding >= $1 AND finding <= $2";
        let mut known = HashSet::new();
        let range = args![first.0.number, last.0.number];
        for row in self.store.database().rows(sql, range).await? {
            known.insert((row.int(0)?, row.int(1)?, row.text(2)?));
        }
        let now = self.store.now();
        let (mut rows, mut events) = (Vec::new(), Vec::new());
        for (shown, reached) in &due {
            let opened_at = shown
                .clock
                .opened_at
                .map_or(0, jiff::Timestamp::as_microsecond);
            for reminder in reached {
                let stage = reminder.stage.word();
                if !known.contains(&(shown.number, opened_at, stage.clone())) {
                    rows.push(args![shown.number, opened_at, stage, now]);
                    events.push((OVERDUE, self.detail(people, shown, reminder)));
                }
            }
        }
        if rows.is_empty() {
            return Ok(0);
        }
        let count = events.len();
        let first_event = self.store.take_ids("event", count).await?.start;
        let mut transaction = self.begin().await?;
        let into = "finding_reminders (finding, opened_at, stage, told_at)";
        transaction.insert(into, rows, "").await?;
        transaction.send(first_event, now, events).await?;
        transaction.commit().await?;
        Ok(count)
    }

    /// EventBridge's `detail` of a reminder.
    fn detail(&self, people: &People, shown: &Shown, reminder: &Reminder) -> Value {
        let standing = self.standing(people, shown);
        let level = match reminder.stage {
            Stage::Escalated(level) => Some(level),
            Stage::DueSoon | Stage::Overdue => None,
        };
        json!({
            "stage": if level.is_some() { "ESCALATED".to_owned() } else { reminder.stage.word() },
            "level": level,
            "to": reminder.to,
            "owner": standing.owner,
            "dueAt": standing.due_at.map(|due| due.to_string()),
            "finding": shown.number,
            "findingId": shown.text(&["Id"]),
            "title": shown.text(&["Title"]),
            "severity": severity(shown.asff.get("Severity")).as_str(),
            "securityControlId": shown.control,
            "awsAccountId": shown.text(&["AwsAccountId"]),
            "awsRegion": shown.text(&["Region"]),
            "resourceId": shown.resource("Id"),
        })
    }
}
