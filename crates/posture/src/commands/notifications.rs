//! What sends events to where rules say.

use std::path::Path;
use std::sync::Arc;

use posture_aws::{Client, Options};
use posture_notify::{Deliverer, Environment, Outlet, Queue, Routes, Secrets};
use posture_store::Store;

use super::CommandError;

/// The environment's variables, which secrets may be in.
pub(crate) fn environment() -> Environment {
    Arc::new(|name: &str| std::env::var(name).ok())
}

/// What sends events, with this client.
pub(crate) async fn deliverer(
    store: &Store,
    routes: Arc<Routes>,
    client: Client,
) -> Result<Deliverer, CommandError> {
    let queue = Queue::open(store).await?;
    let outlet = Outlet::new(Secrets::new(environment(), client.clone()), client);
    let random = Arc::new(fastrand::f64);
    Ok(Deliverer::new(queue, routes, outlet, holder(), random))
}

/// The client with the settings that AWS's tools share.
pub(crate) async fn client(profile: Option<String>) -> Client {
    let mut options = Options::default();
    options.profile = profile;
    Client::load(options).await
}

/// This process, among others.
pub(crate) fn holder() -> String {
    let host = std::fs::read_to_string(Path::new("/etc/hostname")).unwrap_or_default();
    format!("{}/{}", host.trim(), std::process::id())
}
