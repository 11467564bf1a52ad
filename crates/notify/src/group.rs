//! A storm of events as one message.

use std::collections::BTreeMap;

use posture_router::Event;
use serde_json::{Map, Value, json};

use tracing::info;

use crate::deliver::{Delivered, Deliverer};
use crate::error::{NotifyError, SendError};
use crate::event::GROUP;
use crate::notice::{Level, Notice, Standing, cut, one_line};
use crate::outlet::Message;
use crate::pace::{Pace, Pause};
use crate::queue::{Delivery, Waiting, time};
use crate::routes::Target;

/// Titles that a group's message quotes.
const EXAMPLES: usize = 5;
const EXAMPLE: usize = 120;

/// Messages that become one, at most.
const STORM: i64 = 10_000;
/// A storm is told once nothing came for so long, or once its first has waited for so long.
const SETTLED: i64 = 5_000_000;
const PATIENCE: i64 = 60_000_000;

/// Since when, in microseconds since 1970, what waits for a target is a storm to be told; none where it
/// is no storm.
pub(crate) fn told_at(target: &Target, waiting: Waiting) -> Option<i64> {
    let is_storm = target.group_over > 0 && waiting.count > i64::from(target.group_over);
    is_storm.then(|| (waiting.newest + SETTLED).min(waiting.oldest + PATIENCE))
}

impl Deliverer {
    /// Sends everything that waits as one message.
    pub(crate) async fn storm(
        &self,
        target: &Target,
        mut pace: Pace,
    ) -> Result<Delivered, NotifyError> {
        let now = self.store().now();
        if pace.take(1, target.per_minute, now) == 0 {
            return Ok(Delivered::default());
        }
        pace.write(self.store(), &target.name).await?;
        let all = without_questions(self.queue.all(&target.name, STORM).await?);
        let Some(message) = grouped(&all, now, self.routes.link.clone()) else {
            return Ok(Delivered::default());
        };
        let numbers: Vec<i64> = all.iter().map(|delivery| delivery.number).collect();
        self.queue.begun(&numbers).await?;
        match self.send(target, &message).await {
            Ok(()) => {
                self.queue.delivered(&numbers).await?;
                self.keep_pace(target, pace, None, true).await?;
                info!(
                    "{} events went to {} as one message",
                    all.len(),
                    target.name
                );
                Ok(Delivered {
                    sent: 1,
                    events: numbers.len() as u64,
                    ..Delivered::default()
                })
            }
            Err(error) => {
                let round = self.failed(target, &all, &error).await?;
                // The group is tried again as a whole, and not at once.
                let retry_after = match error {
                    SendError::Down { retry_after, .. } => retry_after,
                    SendError::Failed(_) | SendError::Refused(_) => None,
                };
                let pause = Some(Pause { retry_after });
                self.keep_pace(target, pace, pause, false).await?;
                Ok(round)
            }
        }
    }
}

/// Those that ask nobody for a word, where there are any: a plan that waits has a message of its own, so that it can be
/// answered, unless there is a storm of nothing else.
fn without_questions(all: Vec<Delivery>) -> Vec<Delivery> {
    let (asking, others): (Vec<Delivery>, Vec<Delivery>) = all
        .into_iter()
        .partition(|delivery| Notice::of(&delivery.event).plan.is_some());
    if others.is_empty() { asking } else { others }
}

/// One message for all of these, which are in order. None where there are none.
pub(crate) fn grouped(deliveries: &[Delivery], now: i64, link: Option<String>) -> Option<Message> {
    let (first, last) = (deliveries.first()?, deliveries.last()?);
    let mut by_level: BTreeMap<Level, u64> = BTreeMap::new();
    let mut by_type: BTreeMap<&str, u64> = BTreeMap::new();
    let mut things: BTreeMap<&str, Standing> = BTreeMap::new();
    let mut examples: Vec<(Level, String)> = Vec::new();
    for delivery in deliveries {
        let notice = Notice::of(&delivery.event);
        *by_level.entry(notice.level).or_default() += 1;
        *by_type.entry(&delivery.event.detail_type).or_default() += 1;
        things.insert(&delivery.thing, notice.standing);
        let title = cut(one_line(&notice.title).trim(), EXAMPLE);
        if !examples.iter().any(|(_, known)| *known == title) {
            examples.push((notice.level, title));
        }
    }
    // The worst first; of these, in the order of their events.
    examples.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    examples.truncate(EXAMPLES);
    let level = by_level.keys().next_back().copied();
    let open = things
        .values()
        .filter(|standing| **standing == Standing::Open);
    let counts: Map<String, Value> = by_level
        .iter()
        .rev()
        .map(|(level, count)| (level.as_str().to_owned(), json!(count)))
        .collect();
    let titles: Vec<&String> = examples.iter().map(|(_, title)| title).collect();
    let detail = json!({
        "count": deliveries.len(),
        "open": open.count(),
        "level": level.unwrap_or(Level::Informational).as_str(),
        "bySeverity": counts,
        "byDetailType": by_type,
        "from": time(first.recorded_at).to_string(),
        "until": time(last.recorded_at).to_string(),
        "examples": titles,
        "link": link,
    });
    let Value::Object(detail) = detail else {
        return None;
    };
    let event = Event {
        detail_type: GROUP.to_owned(),
        source: "posture".to_owned(),
        time: time(last.recorded_at),
        resources: Vec::new(),
        detail,
        ..first.event.clone()
    };
    Some(Message {
        id: first.event.id.clone(),
        notice: Notice::of(&event),
        event,
        subject: GROUP.to_owned(),
        input: None,
        things: things
            .into_iter()
            .map(|(thing, standing)| (thing.to_owned(), standing))
            .collect(),
        link,
        is_again: deliveries.iter().any(|one| one.attempts > 0),
        sent_at: time(now),
    })
}
