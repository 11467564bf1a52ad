//! From files into the state: one thread reads, checks and hashes; another writes.

use std::thread;

use posture_engine::InputReport;
use tokio::sync::mpsc::{Receiver, channel};

use super::CommandError;

/// Things on their way from the reading thread, at most: what waits for the database.
const WAITING: usize = 4096;
/// Things in one transaction: the more there are, the fewer pages of an index are written again and
/// again; the fewer, the sooner another process has its turn.
const BATCH: usize = 2000;

/// Hands a thing over to who writes; refuses where the state could not be written.
pub(crate) type Hand<'h, T> = dyn Fn(T) -> Result<(), String> + 'h;

/// Lets a thread of its own read, and writes here what it hands over.
pub(crate) async fn piped<T: Send + 'static, W>(
    read: impl FnOnce(&Hand<'_, T>) -> Vec<InputReport> + Send + 'static,
    write: impl AsyncFnOnce(&mut Receiver<T>) -> Result<W, CommandError>,
) -> Result<(W, Vec<InputReport>), CommandError> {
    let (sender, mut receiver) = channel(WAITING);
    let reader = thread::spawn(move || {
        read(&|thing| {
            sender
                .blocking_send(thing)
                .map_err(|_| "not kept: the state could not be written".to_owned())
        })
    });
    let written = write(&mut receiver).await;
    // A reader that still waits to hand something over goes on, and ends.
    receiver.close();
    drop(receiver);
    let reports = reader
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok((written?, reports))
}

/// Does something with all that comes, many at a time.
pub(crate) async fn in_batches<T>(
    receiver: &mut Receiver<T>,
    mut write: impl AsyncFnMut(Vec<T>) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let room = BATCH - batch.len();
        let came = receiver.recv_many(&mut batch, room).await;
        if batch.len() == BATCH || (came == 0 && !batch.is_empty()) {
            write(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).await?;
        }
        if came == 0 {
            return Ok(());
        }
    }
}
