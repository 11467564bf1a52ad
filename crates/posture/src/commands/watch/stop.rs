//! The wish to end: an interrupt, or SIGTERM.

use tokio::sync::watch;

use crate::exit;

/// Whether it is time to end. Clones hear of it together.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens to the signals from now on.
    pub(crate) fn listen() -> std::io::Result<Stop> {
        use tokio::signal::unix::{SignalKind, signal};
        let (sender, receiver) = watch::channel(false);
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        tokio::spawn(async move {
            let mut told = async || {
                tokio::select! {
                    _ = terminated.recv() => {}
                    _ = interrupted.recv() => {}
                }
            };
            told().await;
            sender.send_replace(true);
            tracing::info!("ending; once more, to end at once");
            told().await;
            exit::interrupted();
        });
        Ok(Stop(receiver))
    }

    pub(crate) fn is_wished(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when the wish is there.
    pub(crate) async fn wished(&mut self) {
        // The sender is gone only after it has said so.
        drop(self.0.wait_for(|wished| *wished).await);
    }
}
