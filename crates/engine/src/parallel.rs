//! Work on all processors, its results in order.

use std::convert::Infallible;
use std::sync::mpsc::sync_channel;
use std::thread;

/// Results that wait for their turn, of each worker: whoever takes them may be slower, and they may be large.
const AHEAD: usize = 1;

/// Makes something of each piece of work, and takes the results in the order of the work.
pub(crate) fn in_order<W: Sync, R: Send>(
    work: &[W],
    make: &(dyn Fn(&W) -> R + Sync),
    take: &mut dyn FnMut(R),
) {
    let made = |piece: &W| Ok::<R, Infallible>(make(piece));
    match try_in_order(work, &made, &mut |result| {
        take(result);
        Ok(())
    }) {
        Ok(()) => {}
    }
}

/// As [`in_order`]; the first error ends it.
pub(crate) fn try_in_order<W: Sync, R: Send, E: Send>(
    work: &[W],
    make: &(dyn Fn(&W) -> Result<R, E> + Sync),
    take: &mut dyn FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(work.len().max(1));
    thread::scope(|scope| {
        let receivers: Vec<_> = (0..workers)
            .map(|worker| {
                let (sender, receiver) = sync_channel(AHEAD);
                scope.spawn(move || {
                    for piece in work.iter().skip(worker).step_by(workers) {
                        // The receiver is gone where an earlier result was an error.
                        if sender.send(make(piece)).is_err() {
                            return;
                        }
                    }
                });
                receiver
            })
            .collect();
        for index in 0..work.len() {
            let Some(receiver) = receivers.get(index % workers) else {
                continue;
            };
            match receiver.recv() {
                Ok(result) => take(result?)?,
                // The worker panicked; the scope passes that on.
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    })
}
