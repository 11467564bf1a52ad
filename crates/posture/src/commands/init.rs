//! `posture init`.

use std::io::Write as _;
use std::path::Path;

use super::CommandError;
use crate::config::FILE;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Writes a commented posture.yaml.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {}

pub(crate) const TEXT: &str = "\
# yaml-language-server: $schema=./posture.schema.json
# The schema: posture schema config > posture.schema.json

# The packs that `posture scan` runs: built-in ones (`posture packs list`) or templates' files.
packs:
  - nist-800-53-r5

# Single rules beside those of the packs (`posture rules list --implemented`).
rules: []
# - rule: s3-bucket-versioning-enabled
#   parameters: {isMfaDeleteEnabled: 'true'}
#   tagKey: Env
#   tagValue: prod

# Whose resources are left out of scores, and shown as left out: aws (service-linked roles,
# AWS-managed policies and keys), aws-default, control-tower, landing-zone-accelerator,
# cloudformation, terraform.
managedBy:
  exclude: [aws]

# Failures that somebody answers for, until a day. Every member of a selector that is given must
# match; texts are globs. `suppress`: not a failure. `accept-risk`: a failure, counted apart.
exceptions: []
# - name: public-website
#   effect: suppress
#   selector:
#     rules: [s3-bucket-public-read-prohibited]
#     accounts: ['111111111111']
#     resources: ['www-*']
#     tags:
#       any:
#         - {key: Website, value: public}
#         - not: {key: DataClass, value: confidential}
#   owner: web@example.com
#   reason: The website's files are public.
#   ticket: SEC-123
#   approver: ciso@example.com
#   expires: 2027-06-30
";

impl Init {
    #[expect(clippy::unused_self, reason = "every command has this shape")]
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        if Path::new(FILE).exists() {
            return Err(CommandError::Exists {
                path: FILE.to_owned(),
            });
        }
        let mut file = Sink::new(Some(Path::new(FILE)))?;
        file.write_all(TEXT.as_bytes())?;
        file.finish()?;
        let mut out = Sink::new(None)?;
        writeln!(out, "{FILE} is written; `posture scan PATH…` reads it.")?;
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    /// The examples in the comments are right: they parse once the `#` before them is gone.
    #[test]
    fn the_file_and_its_examples_are_right() {
        assert!(Config::read(super::TEXT, "posture.yaml").is_ok());
        let live: String = super::TEXT
            .lines()
            .filter(|line| !line.ends_with(": []"))
            .map(|line| match line.strip_prefix("# ") {
                Some(example) if example.starts_with(['-', ' ']) => {
                    format!("{example}\n")
                }
                _ => format!("{line}\n"),
            })
            .collect();
        let live = live
            .replace("- rule:", "rules:\n- rule:")
            .replace("- name:", "exceptions:\n- name:");
        let config = Config::read(&live, "posture.yaml").unwrap();
        assert_eq!(config.exceptions.len(), 1, "{live}");
        assert_eq!(config.rules.len(), 1);
        assert!(config.exceptions().is_ok());
    }
}
