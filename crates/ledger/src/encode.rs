//! A batch's leaves, and the times that they may have.

use std::num::NonZero;
use std::thread;

use jiff::{SignedDuration, Timestamp};

use crate::commit::Prepared;
use crate::error::LedgerError;
use crate::record::{Leaf, Record};

/// Clocks of several machines differ, and are set back a little; such a record gets the time of the
/// newest one. A larger step back is an error.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// Fewer records than this are encoded faster than a thread is started.
const SHARE: usize = 512;

/// The leaves' bytes, in order. Writing JSON is most of an append's work, so large batches are shared
/// between processors.
pub(crate) fn encode(
    batch: Vec<Prepared>,
    first: u64,
    recorded: Timestamp,
) -> Vec<Result<Vec<u8>, LedgerError>> {
    let encode_some = |records: Vec<Prepared>, start: usize| {
        (start..)
            .zip(records)
            .map(|(position, prepared)| encode_one(prepared, position, first, recorded))
            .collect::<Vec<_>>()
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = batch.len().div_ceil(threads).max(SHARE);
    let mut rest = batch;
    let mut shares = Vec::new();
    while rest.len() > share {
        let later = rest.split_off(share);
        shares.push(std::mem::replace(&mut rest, later));
    }
    thread::scope(|scope| {
        let start_of_rest = shares.len() * share;
        let work: Vec<_> = (0..)
            .step_by(share)
            .zip(shares)
            .map(|(start, records)| scope.spawn(move || encode_some(records, start)))
            .collect();
        let last = encode_some(rest, start_of_rest);
        let mut leaves: Vec<_> = work
            .into_iter()
            .flat_map(|work| {
                work.join()
                    .unwrap_or_else(|_| vec![Err(LedgerError::Encoding)])
            })
            .collect();
        leaves.extend(last);
        leaves
    })
}

fn encode_one(
    prepared: Prepared,
    position: usize,
    first: u64,
    recorded: Timestamp,
) -> Result<Vec<u8>, LedgerError> {
    let Prepared { record, body } = prepared;
    check_times(&record, position, recorded)?;
    Leaf::new(record, body, first + position as u64, recorded)
        .to_bytes()
        .map_err(|what| LedgerError::Record { position, what })
}

pub(crate) fn time_of_recording(
    now: Timestamp,
    newest: Option<Timestamp>,
) -> Result<Timestamp, LedgerError> {
    match newest {
        Some(newest) if newest.duration_since(now) > CLOCK_TOLERANCE => {
            Err(LedgerError::ClockWentBack { now, newest })
        }
        Some(newest) => Ok(now.max(newest)),
        None => Ok(now),
    }
}

fn check_times(record: &Record, position: usize, now: Timestamp) -> Result<(), LedgerError> {
    for (field, time) in record.times.past() {
        if let Some(time) = time.filter(|time| *time > now) {
            return Err(LedgerError::FromTheFuture {
                position,
                field,
                time,
                now,
            });
        }
    }
    Ok(())
}
