//! Whom a finding that is late, or nearly, is told to, and of what.

use jiff::Timestamp;

use super::clock::Clock;
use super::owners::Subject;
use super::sla::People;
use crate::finding::SeverityLabel;

/// How much of its time is left when a finding is due soon: one part of so many.
const SOON: i32 = 4;

/// A stage of a finding's clock, of which somebody hears once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The stage.
    pub stage: Stage,
    /// Who is to hear of it: the owner, or the contact of a level of escalation; nobody where nobody was named.
    pub to: Option<String>,
}

/// A stage of a finding's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A quarter of its time is left.
    DueSoon,
    /// It was to be fixed before now.
    Overdue,
    /// It has gone to a level of escalation, from 1.
    Escalated(usize),
}

impl Stage {
    /// The word for events and for storing.
    pub fn word(self) -> String {
        match self {
            Stage::DueSoon => "DUE_SOON".to_owned(),
            Stage::Overdue => "OVERDUE".to_owned(),
            Stage::Escalated(level) => format!("ESCALATED_{level}"),
        }
    }
}

impl People {
    /// The stages that a finding has reached, in order. What is overdue is not due soon.
    pub fn reminders(
        &self,
        clock: &Clock,
        severity: SeverityLabel,
        subject: &Subject,
        now: Timestamp,
    ) -> Vec<Reminder> {
        let standing = self.standing(clock, severity, subject, now);
        let owner = |stage| Reminder {
            stage,
            to: standing.owner.clone(),
        };
        if standing.is_overdue {
            let levels = self.escalation.iter().take(standing.escalation);
            let levels = levels.zip(1..).map(|(level, number)| Reminder {
                stage: Stage::Escalated(number),
                to: Some(level.to.clone()),
            });
            return std::iter::once(owner(Stage::Overdue))
                .chain(levels)
                .collect();
        }
        let limit = self.sla.of(severity);
        let left = standing.due_at.map(|due| due.duration_since(now));
        let is_soon = left
            .zip(limit)
            .is_some_and(|(left, limit)| left * SOON <= limit);
        if clock.is_open() && is_soon {
            vec![owner(Stage::DueSoon)]
        } else {
            Vec::new()
        }
    }
}
