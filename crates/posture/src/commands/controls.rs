//! `posture controls`.

use std::io::Write as _;

use posture_hub::{Hub, Thresholds};

use super::CommandError;
use super::state::StateArgument;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Turns security controls and standards on and off, and says from which score on somebody is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Controls {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Lists controls that are off, standards that are enabled, and thresholds.
    List {
        #[command(flatten)]
        state: StateArgument,
    },
    /// Turns a control off: it is left out of scores.
    Disable {
        /// The control, such as S3.1.
        control: String,
        /// Only in this standard. Default: in all.
        #[arg(long)]
        standard: Option<String>,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Who says so.
        #[arg(long = "as", value_name = "WHO")]
        by: String,
        #[command(flatten)]
        state: StateArgument,
    },
    /// Turns a control on again.
    Enable {
        /// The control.
        control: String,
        /// Only in this standard, where it was turned off in this one only.
        #[arg(long)]
        standard: Option<String>,
        #[command(flatten)]
        state: StateArgument,
    },
    /// Enables a standard, or disables it.
    Standard {
        /// The standard, such as cis-v5.0.0.
        standard: String,
        /// Disables it.
        #[arg(long)]
        disable: bool,
        #[command(flatten)]
        state: StateArgument,
    },
    /// Says below which score there is an alert, and below which an incident.
    Thresholds {
        /// Only of this standard. Default: of every one.
        #[arg(long, default_value = "")]
        standard: String,
        /// Only of this account. Default: of every one.
        #[arg(long, default_value = "")]
        account: String,
        /// A score below this is an alert.
        #[arg(long, default_value = "90")]
        alert: i64,
        /// A score below this is an incident.
        #[arg(long, default_value = "80")]
        incident: i64,
        /// How far above its threshold a score must be to close what was opened.
        #[arg(long, default_value = "2")]
        hysteresis: i64,
        #[command(flatten)]
        state: StateArgument,
    },
}

impl Controls {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Verb::List { state } => list(&state)?,
            Verb::Disable {
                control,
                standard,
                reason,
                by,
                state,
            } => change(&state, async |hub| {
                let standard = standard.as_deref();
                hub.disable_control(&control, standard, &reason, &by)
                    .await?;
                Ok(format!("{control} is off"))
            })?,
            Verb::Enable {
                control,
                standard,
                state,
            } => change(&state, async |hub| {
                let was_off = hub.enable_control(&control, standard.as_deref()).await?;
                let words = if was_off { "is on" } else { "was on" };
                Ok(format!("{control} {words}"))
            })?,
            Verb::Standard {
                standard,
                disable,
                state,
            } => change(&state, async |hub| {
                hub.set_standard(&standard, !disable).await?;
                let words = if disable { "disabled" } else { "enabled" };
                Ok(format!("{standard} is {words}"))
            })?,
            Verb::Thresholds {
                standard,
                account,
                alert,
                incident,
                hysteresis,
                state,
            } => change(&state, async |hub| {
                let thresholds = Thresholds {
                    standard,
                    account_id: account,
                    alert,
                    incident,
                    hysteresis,
                };
                hub.set_thresholds(thresholds).await?;
                Ok(format!("alert below {alert}, incident below {incident}"))
            })?,
        }
        Ok(Outcome::Clean)
    }
}

/// Changes something, computes the scores anew, and says what was done.
fn change(
    state: &StateArgument,
    work: impl AsyncFnOnce(&Hub) -> Result<String, posture_hub::HubError>,
) -> Result<(), CommandError> {
    let said = state.place()?.with(|store| async move {
        let hub = Hub::open(&store).await?;
        let said = work(&hub).await?;
        hub.refresh_scores().await?;
        Ok(said)
    })?;
    let mut out = Sink::new(None)?;
    writeln!(out, "{said}")?;
    Ok(out.finish()?)
}

fn list(state: &StateArgument) -> Result<(), CommandError> {
    let (off, enabled, thresholds) = state.existing()?.with(|store| async move {
        let hub = Hub::open(&store).await?;
        let off = hub.disabled_controls().await?;
        Ok((off, hub.enabled_standards().await?, hub.thresholds().await?))
    })?;
    let mut out = Sink::new(None)?;
    writeln!(out, "enabled standards: {}", enabled.join(", "))?;
    for control in &off {
        let of = if control.standard.is_empty() {
            "all standards"
        } else {
            &control.standard
        };
        writeln!(
            out,
            "{} is off in {of} since {}: {} ({})",
            control.control,
            control.disabled_at,
            plain(&control.reason),
            plain(&control.disabled_by)
        )?;
    }
    for limits in &thresholds {
        let of = |text: &str, all: &str| {
            if text.is_empty() {
                all.to_owned()
            } else {
                text.to_owned()
            }
        };
        writeln!(
            out,
            "{}, {}: alert below {}, incident below {}, closed {} above",
            of(&limits.standard, "every standard"),
            of(&limits.account_id, "every account"),
            limits.alert,
            limits.incident,
            limits.hysteresis
        )?;
    }
    Ok(out.finish()?)
}
