//! `posture keys`.

use std::io::Write as _;
use std::path::PathBuf;

use posture_ledger::{KeyFile, Log};

use super::CommandError;
use super::evidence::place::LogPlace;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Makes, shows and rotates the keys that sign the evidence log.
#[derive(Debug, clap::Args)]
pub(crate) struct Keys {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Makes a key, and prints its public half, which auditors pin.
    New {
        /// Name of the log, its origin: a host and path without scheme, such as
        /// `evidence.example.com/prod`. No spaces, no `+`.
        name: String,
        /// File for the private key, mode 0600; it must not exist. Its folder is made where it is missing.
        #[arg(long, default_value = "posture.key")]
        file: PathBuf,
    },
    /// Prints the public half of a key: give it to auditors, for `posture-verify --key`.
    Show {
        /// File of the private key.
        #[arg(long, default_value = "posture.key")]
        file: PathBuf,
    },
    /// Puts another key in the place of a log's: makes it, and records it in the log under both keys'
    /// signatures.
    Rotate {
        /// The log: its folder, or `s3://BUCKET/PREFIX`.
        log: String,
        /// File of the key that signs now.
        #[arg(long, default_value = "posture.key")]
        file: PathBuf,
        /// File for the new private key. One that exists is used: a rotation that was interrupted is
        /// run again.
        #[arg(long)]
        new: PathBuf,
    },
}

impl Keys {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let key = match self.verb {
            Verb::New { name, file } => KeyFile::new(file).create(&name)?,
            Verb::Show { file } => KeyFile::new(file).load()?,
            Verb::Rotate { log, file, new } => {
                let current = KeyFile::new(file).load()?;
                let new = KeyFile::new(new);
                if !new.path().exists() {
                    new.create(current.name())?;
                }
                let now = crate::clock::now();
                let storage = LogPlace::named(&log)?.storage(now)?;
                Log::open(storage, current)?.rotate(new.load()?, now)?;
                new.load()?
            }
        };
        let mut out = Sink::new(None)?;
        writeln!(out, "{}", key.verifier_key())?;
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
