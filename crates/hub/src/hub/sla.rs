//! How long findings are open, out of the hub.

use std::collections::HashMap;

use jiff::Timestamp;

use super::rows::Stored;
use super::{Hub, args, clock_row};
use crate::HubError;
use crate::finding::{Shown, severity};
use crate::people::{By, Clock, Episode, People, SlaRow, Standing, report};

impl Hub {
    /// How long people take, of what was opened at this time or later; the groups sorted. Several
    /// findings of one fact count each.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sla(
        &self,
        people: &People,
        by: By,
        since: Option<Timestamp>,
    ) -> Result<Vec<SlaRow>, HubError> {
        let mut ended: HashMap<i64, Vec<Clock>> = HashMap::new();
        let sql = format!(
            "SELECT finding, {} FROM finding_episodes",
            clock_row::COLUMNS
        );
        for row in self.store.database().rows(&sql, args![]).await? {
            let of_finding = ended.entry(row.int(0)?).or_default();
            of_finding.push(clock_row::read(&row, 1)?);
        }
        let mut episodes = Vec::new();
        let mut after = 0;
        loop {
            let sql = format!(
                "{} WHERE finding > $1 AND opened_at IS NOT NULL ORDER BY finding LIMIT 500",
                Stored::SELECT
            );
            let rows = self.store.database().rows(&sql, args![after]).await?;
            let Some(last) = rows.last() else { break };
            after = last.int(0)?;
            for row in &rows {
                let shown = Stored::read(row)?.shown();
                let subject = shown.subject();
                let severity = severity(shown.asff.get("Severity"));
                let mut clocks = ended.remove(&shown.number).unwrap_or_default();
                clocks.push(shown.clock);
                let wanted =
                    |clock: &Clock| since.is_none_or(|since| clock.opened_at >= Some(since));
                episodes.extend(clocks.into_iter().filter(wanted).map(|clock| Episode {
                    clock,
                    severity,
                    subject: subject.clone(),
                }));
            }
        }
        Ok(report(episodes.into_iter(), people, by, self.now()))
    }

    /// Where a finding stands with people, now.
    pub fn standing(&self, people: &People, finding: &Shown) -> Standing {
        let severity = severity(finding.asff.get("Severity"));
        people.standing(&finding.clock, severity, &finding.subject(), self.now())
    }
}
