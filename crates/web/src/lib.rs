//! What Posture answers over HTTP: whether it is well, and the buttons of its Slack messages.
//!
//! - `GET /healthz`: 200 where the state answers, else 503.
//! - `POST /slack/interactions`: a click on Approve or Deny. Believed only with Slack's signature, of the
//!   last five minutes, and once.
//!
//! Who calls is known by what is verified: Slack's user. What they may do, [`Backend`] decides, by the
//! same rules as the command line.

mod backend;
mod health;
mod serve;
mod signature;
mod slack;

pub use backend::{Backend, Word};
pub use serve::{Clock, SlackApp, Web, serve};
pub use signature::{Forged, Signatures};
