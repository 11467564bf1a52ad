//! What packs and rules a command runs: shared by every command that evaluates.

use std::path::PathBuf;

use posture_content::packs::Pack;

use super::{CommandError, packs_named};
use crate::config::Config;

/// What runs where neither the command line nor `posture.yaml` says.
const DEFAULT_PACK: &str = "nist-800-53-r5";

/// Packs and their parameters.
#[derive(Debug, clap::Args)]
pub(crate) struct Selection {
    /// A built-in pack, by short name; a template's file; or standard:NAME, the rules of one of
    /// Security Hub's standards, such as standard:fsbp; repeatable.
    #[arg(long = "pack", value_name = "NAME|FILE")]
    packs: Vec<String>,
    /// A parameter of the templates, for the packs that declare it; repeatable.
    #[arg(long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// The configuration. Default: posture.yaml here, where there is one.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

impl Selection {
    /// What `posture.yaml` says, and nothing else.
    pub(crate) fn of_config() -> Selection {
        Selection {
            packs: Vec::new(),
            params: Vec::new(),
            config: None,
        }
    }

    pub(crate) fn packs(&self, config: &Config) -> Result<Vec<Pack>, CommandError> {
        let mut names = self.packs.clone();
        if names.is_empty() {
            names.clone_from(&config.packs);
        }
        if names.is_empty() && config.rules.is_empty() {
            names.push(DEFAULT_PACK.to_owned());
        }
        let mut params = Vec::new();
        for text in &self.params {
            let pair = text.split_once('=');
            let (name, value) = pair.ok_or_else(|| CommandError::Param { text: text.clone() })?;
            params.push((name.to_owned(), value.to_owned()));
        }
        let mut packs = packs_named(&names, &params)?;
        packs.extend(config.own_pack());
        Ok(packs)
    }
}
