//! From the outbox to the targets: at least once, in the order of each resource's events.
//!
//! - **Route.** One worker at a time, under a lease, matches the oldest events with the rules. What comes
//!   of an event is kept in the transaction that takes it from the outbox.
//! - **Deliver.** One worker at a time, under a lease, sends to a target; several to several. Of each
//!   resource only the first event that waits is sent, so that no later one overtakes it.
//! - **Kill.** Whoever dies between sending and noting it is followed by one who sends again, with the
//!   same id.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt as _, stream};
use jiff::SignedDuration;
use posture_store::{Lease, Store};
use tracing::warn;

use crate::error::{NotifyError, SendError};
use crate::event::Outgoing;
use crate::group::told_at;
use crate::notice::{Notice, one_line};
use crate::outlet::{Message, Outlet};
use crate::pace::{Pace, Pause, Random, backoff};
use crate::plan_card;
use crate::queue::{Attempt, Delivery, Queue, time};
use crate::references::References;
use crate::routes::{Routes, Target};

/// How long a worker that says nothing is taken to be alive: longer than a round's messages take.
const HOLD: SignedDuration = SignedDuration::from_secs(90);
/// How often it says that it is, in microseconds: often enough that the next time comes before the hold
/// ends, though a message in between takes [`SEND`].
const RENEWAL: i64 = 20_000_000;
/// The longest that a message may take.
const SEND: Duration = Duration::from_secs(30);
/// Events that are routed together.
const EVENTS: i64 = 500;
/// Messages of a round, and of those on their way at once.
const ROUND: i64 = 64;
const AT_ONCE: usize = 32;

/// Sends what waits. Cheap to clone; any number may work on one state.
#[derive(Clone)]
pub struct Deliverer {
    pub(crate) queue: Queue,
    pub(crate) routes: Arc<Routes>,
    outlet: Outlet,
    holder: String,
    random: Random,
}

/// What a round came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Messages that targets took.
    pub sent: u64,
    /// Events that these told of: more, where some became one.
    pub events: u64,
    /// Messages that are tried again later.
    pub put_off: u64,
    /// Messages that were given up.
    pub dead: u64,
}

impl std::ops::AddAssign for Delivered {
    fn add_assign(&mut self, other: Delivered) {
        self.sent += other.sent;
        self.events += other.events;
        self.put_off += other.put_off;
        self.dead += other.dead;
    }
}

impl Deliverer {
    /// A worker, `holder` among others. `random` gives numbers in `0.0..1.0`.
    pub fn new(
        queue: Queue,
        routes: Arc<Routes>,
        outlet: Outlet,
        holder: String,
        random: Random,
    ) -> Deliverer {
        Deliverer {
            queue,
            routes,
            outlet,
            holder,
            random,
        }
    }

    /// Moves events from the outbox to where they go. Returns how many; none where another worker is
    /// at it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn route(&self) -> Result<usize, NotifyError> {
        if self.queue.outbox(1).await?.is_empty() {
            return Ok(0);
        }
        let Some(lease) = self.take("events-router").await? else {
            return Ok(0);
        };
        let routed = self.route_as(&lease).await;
        self.store().release_lease(&lease, None).await?;
        routed
    }

    async fn route_as(&self, lease: &Lease) -> Result<usize, NotifyError> {
        let mut routed = 0;
        loop {
            let rows = self.queue.outbox(EVENTS).await?;
            if rows.is_empty() {
                return Ok(routed);
            }
            let now = time(self.store().now());
            let events: Vec<_> = rows
                .into_iter()
                .map(|row| {
                    let outgoing = Outgoing::of(row);
                    let ways = self.routes.ways(&outgoing.event, now);
                    (outgoing, ways)
                })
                .collect();
            if !self.queue.route(&events).await? {
                return Ok(routed);
            }
            routed += events.len();
            if !self.store().renew_lease(lease, HOLD).await? {
                return Ok(routed);
            }
        }
    }

    /// One round: to each target that is not left alone, what is due and its pace allows. Nothing where
    /// there is nothing to do at present.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn deliver(&self) -> Result<Delivered, NotifyError> {
        let mut rounds: Vec<BoxFuture<'_, Result<Delivered, NotifyError>>> = Vec::new();
        for target in self.routes.targets() {
            rounds.push(Box::pin(self.to(target)));
        }
        let mut all = Delivered::default();
        let mut rounds = stream::iter(rounds).buffer_unordered(AT_ONCE);
        while let Some(round) = rounds.next().await {
            all += round?;
        }
        Ok(all)
    }

    /// When there may be something to do again, in microseconds since 1970; none where nothing waits
    /// for a target that there is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn next_at(&self) -> Result<Option<i64>, NotifyError> {
        let mut next = None;
        for target in self.routes.targets() {
            let waiting = self.queue.waiting(&target.name).await?;
            if waiting.count == 0 {
                continue;
            }
            let pace = Pace::read(self.store(), &target.name).await?;
            let due_at = self.queue.next_due(&target.name).await?;
            let storm = told_at(target, waiting);
            let at = pace
                .paused_until
                .max(pace.arrival_at)
                .max(storm.unwrap_or(due_at));
            next = Some(next.map_or(at, |next: i64| next.min(at)));
        }
        Ok(next)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.queue.store
    }

    async fn take(&self, name: &str) -> Result<Option<Lease>, NotifyError> {
        let taken = self.store().take_lease(name, &self.holder, HOLD).await?;
        Ok(taken.ok())
    }

    async fn to(&self, target: &Target) -> Result<Delivered, NotifyError> {
        let waiting = self.queue.waiting(&target.name).await?;
        let now = self.store().now();
        let is_due = |pace: &Pace| pace.paused_until <= now;
        if waiting.count == 0 || !is_due(&Pace::read(self.store(), &target.name).await?) {
            return Ok(Delivered::default());
        }
        let name = format!("notify {}", target.name);
        let Some(lease) = self.take(&name).await? else {
            return Ok(Delivered::default());
        };
        // What others did before the lease was had is seen now.
        let pace = Pace::read(self.store(), &target.name).await?;
        let waiting = self.queue.waiting(&target.name).await?;
        let round = match told_at(target, waiting) {
            _ if !is_due(&pace) => Ok(Delivered::default()),
            Some(at) if now < at => Ok(Delivered::default()),
            Some(_) => self.storm(target, pace).await,
            None => self.each(target, pace, &lease).await,
        };
        self.store().release_lease(&lease, None).await?;
        round
    }

    /// Sends the first of each resource, one by one.
    async fn each(
        &self,
        target: &Target,
        mut pace: Pace,
        lease: &Lease,
    ) -> Result<Delivered, NotifyError> {
        let mut due = self.queue.due(&target.name, ROUND).await?;
        let now = self.store().now();
        let wanted = i64::try_from(due.len()).unwrap_or(ROUND);
        let leave = pace.take(wanted, target.per_minute, now);
        due.truncate(usize::try_from(leave).unwrap_or_default());
        if due.is_empty() {
            return Ok(Delivered::default());
        }
        // Before the first is sent: whoever follows a dead worker keeps the pace, too.
        pace.write(self.store(), &target.name).await?;
        let numbers: Vec<i64> = due.iter().map(|delivery| delivery.number).collect();
        self.queue.begun(&numbers).await?;
        let mut sends: Vec<BoxFuture<'_, (Delivery, Result<(), SendError>)>> = Vec::new();
        for delivery in due {
            sends.push(Box::pin(async move {
                let sent = self.send_one(target, &delivery).await;
                (delivery, sent)
            }));
        }
        // What is answered together is noted together: a commit costs more than a row.
        let mut sends = stream::iter(sends)
            .buffer_unordered(AT_ONCE)
            .ready_chunks(AT_ONCE);
        let (mut round, mut pause) = (Delivered::default(), None::<Pause>);
        let (mut is_answered, mut renewed_at) = (false, now);
        while let Some(answers) = sends.next().await {
            let mut delivered = Vec::with_capacity(answers.len());
            for (delivery, sent) in answers {
                let Err(error) = sent else {
                    delivered.push(delivery.number);
                    continue;
                };
                if let SendError::Down { retry_after, .. } = &error {
                    let before = pause.and_then(|pause| pause.retry_after);
                    pause = Some(Pause {
                        retry_after: before.max(*retry_after),
                    });
                } else {
                    is_answered = true;
                }
                let failed = std::slice::from_ref(&delivery);
                round += self.failed(target, failed, &error).await?;
            }
            if !delivered.is_empty() {
                self.queue.delivered(&delivered).await?;
                round.sent += delivered.len() as u64;
                round.events += delivered.len() as u64;
                is_answered = true;
            }
            let now = self.store().now();
            if now - renewed_at < RENEWAL {
                continue;
            }
            renewed_at = now;
            if !self.store().renew_lease(lease, HOLD).await? {
                // Somebody else goes on; what is on its way may arrive twice.
                return Ok(round);
            }
        }
        self.keep_pace(target, pace, pause, is_answered).await?;
        Ok(round)
    }

    async fn send_one(&self, target: &Target, delivery: &Delivery) -> Result<(), SendError> {
        let mut notice = Notice::of(&delivery.event);
        plan_card::complete(&mut notice, self.store()).await?;
        let message = Message {
            id: delivery.event.id.clone(),
            event: delivery.event.clone(),
            subject: delivery.subject.clone(),
            input: Some(delivery.input.clone()).filter(|input| !input.is_empty()),
            things: vec![(delivery.thing.clone(), notice.standing)],
            notice,
            link: self.routes.link.clone(),
            is_again: delivery.attempts > 0,
            sent_at: time(self.store().now()),
        };
        self.send(target, &message).await
    }

    pub(crate) async fn send(&self, target: &Target, message: &Message) -> Result<(), SendError> {
        let references = References {
            store: self.store().clone(),
            target: &target.name,
        };
        let sending = target.kind.send(&self.outlet, &references, message);
        let sent = tokio::time::timeout(SEND, sending).await;
        sent.unwrap_or_else(|_| Err(SendError::down("no answer within 30 s")))
    }

    /// Notes that messages failed, together.
    pub(crate) async fn failed(
        &self,
        target: &Target,
        deliveries: &[Delivery],
        error: &SendError,
    ) -> Result<Delivered, NotifyError> {
        let now = self.store().now();
        let mut round = Delivered::default();
        let retry_for = i64::try_from(target.retry_for.as_micros()).unwrap_or(i64::MAX);
        let mut attempts = Vec::with_capacity(deliveries.len());
        for delivery in deliveries {
            let tried_at = if delivery.tried_at == 0 {
                now
            } else {
                delivery.tried_at
            };
            let is_dead = matches!(error, SendError::Refused(_)) || now - tried_at >= retry_for;
            if is_dead {
                round.dead += 1;
            } else {
                round.put_off += 1;
            }
            let wait = match error {
                // The target itself is left alone for a while.
                SendError::Down { .. } => 0,
                _ => backoff(delivery.attempts, (self.random)()),
            };
            attempts.push(Attempt {
                delivery: delivery.number,
                due_at: now + wait,
                is_dead,
                problem: error.what().to_owned(),
            });
        }
        let first = deliveries.first().map_or(0, |delivery| delivery.number);
        warn!(
            "{} of {} messages to {} (the first is {first}): {}",
            if round.dead > 0 {
                "dead letters"
            } else {
                "put off"
            },
            deliveries.len(),
            target.name,
            one_line(error.what())
        );
        self.queue.failed(&attempts).await?;
        Ok(round)
    }

    pub(crate) async fn keep_pace(
        &self,
        target: &Target,
        mut pace: Pace,
        pause: Option<Pause>,
        is_answered: bool,
    ) -> Result<(), NotifyError> {
        if is_answered {
            pace.failures = 0;
        }
        if let Some(pause) = pause {
            pace.pause(self.store().now(), pause, (self.random)());
        }
        pace.write(self.store(), &target.name).await
    }
}
