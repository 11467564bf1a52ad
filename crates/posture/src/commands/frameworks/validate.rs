//! `posture frameworks validate`.

use std::io::Write as _;

use posture_content::frameworks::{Counts, load};

use crate::commands::{CommandError, template, templates};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Checks frameworks of your own: every mistake, with its line and column.
#[derive(Debug, clap::Args)]
pub(super) struct Validate {
    /// Files, or folders of them.
    #[arg(required = true)]
    paths: Vec<String>,
}

impl Validate {
    pub(super) fn run(self) -> Result<Outcome, CommandError> {
        let mut out = Sink::new(None)?;
        let files = templates(&self.paths)?;
        let mut broken = 0;
        for file in &files {
            match load(&template(file)?) {
                Ok(framework) => {
                    let counts = Counts::of(&framework);
                    writeln!(
                        out,
                        "{}: {} controls, {} rules",
                        plain(file),
                        counts.controls,
                        counts.rules
                    )?;
                }
                Err(problems) => {
                    broken += 1;
                    for problem in problems {
                        writeln!(out, "{}:{}", plain(file), plain(&problem.to_string()))?;
                    }
                }
            }
        }
        writeln!(out, "{} frameworks, {broken} with mistakes", files.len())?;
        out.finish()?;
        Ok(if broken > 0 || files.is_empty() {
            Outcome::BadInput
        } else {
            Outcome::Clean
        })
    }
}
