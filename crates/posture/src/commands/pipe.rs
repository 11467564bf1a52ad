//! From files into the state: one thread reads, checks and hashes; another writes.

use std::cell::RefCell;
use std::{mem, thread, vec};

use posture_engine::InputReport;
use tokio::sync::mpsc::{Receiver, channel};

use super::CommandError;

/// Things that are handed over at a time: to wake who waits takes as long as to read one of them.
const PIECE: usize = 64;
/// Pieces on their way from the reading thread, at most: a batch, which is read while another is written.
const WAITING: usize = BATCH / PIECE;
/// Things in one transaction: the more there are, the fewer pages of an index are written again and
/// again; the fewer, the sooner another process has its turn.
const BATCH: usize = 16_384;

/// Hands a thing over to who writes; refuses where the state could not be written.
pub(crate) type Hand<'h, T> = dyn Fn(T) -> Result<(), String> + 'h;

/// What the reading thread hands over.
pub(crate) struct Coming<T> {
    pieces: Receiver<Vec<T>>,
    piece: vec::IntoIter<T>,
}

impl<T> Coming<T> {
    /// The next thing; none at the end.
    pub(crate) async fn next(&mut self) -> Option<T> {
        loop {
            if let Some(thing) = self.piece.next() {
                return Some(thing);
            }
            self.piece = self.pieces.recv().await?.into_iter();
        }
    }
}

/// Lets a thread of its own read, and writes here what it hands over.
pub(crate) async fn piped<T: Send + 'static, W>(
    read: impl FnOnce(&Hand<'_, T>) -> Vec<InputReport> + Send + 'static,
    write: impl AsyncFnOnce(&mut Coming<T>) -> Result<W, CommandError>,
) -> Result<(W, Vec<InputReport>), CommandError> {
    let (sender, pieces) = channel(WAITING);
    let reader = thread::spawn(move || {
        let piece = RefCell::new(Vec::with_capacity(PIECE));
        let send = |piece: Vec<T>| {
            let sent = sender.blocking_send(piece);
            sent.map_err(|_| "not kept: the state could not be written".to_owned())
        };
        let reports = read(&|thing| {
            let mut piece = piece.borrow_mut();
            piece.push(thing);
            if piece.len() < PIECE {
                return Ok(());
            }
            send(mem::replace(&mut *piece, Vec::with_capacity(PIECE)))
        });
        // Where nobody takes it any more, who wrote says why.
        drop(send(piece.take()));
        reports
    });
    let mut coming = Coming {
        pieces,
        piece: Vec::new().into_iter(),
    };
    let written = write(&mut coming).await;
    // A reader that still waits to hand something over goes on, and ends.
    drop(coming);
    let reports = reader
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok((written?, reports))
}

/// Does something with all that comes, many at a time.
pub(crate) async fn in_batches<T>(
    coming: &mut Coming<T>,
    mut write: impl AsyncFnMut(Vec<T>) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let mut batch = Vec::new();
    while let Some(thing) = coming.next().await {
        batch.push(thing);
        if batch.len() == BATCH {
            write(mem::take(&mut batch)).await?;
        }
    }
    if batch.is_empty() {
        return Ok(());
    }
    write(batch).await
}
