//! `posture exceptions`.

use std::collections::BTreeMap;
use std::io::Write as _;

use jiff::civil::Date;
use posture_engine::{Effect, Exception, Selector, TagExpression};
use posture_rules::catalogue;
use serde::Deserialize;

use super::CommandError;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Brings other tools' exceptions here.
#[derive(Debug, clap::Args)]
pub(crate) struct ExceptionsCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Prints a Prowler mutelist as `exceptions` of posture.yaml.
    ImportProwler {
        /// The mutelist.
        file: String,
        /// The last day on which the exceptions hold; a mutelist has none.
        #[arg(long, value_name = "DATE")]
        expires: Date,
        /// Who answers for them; a mutelist doesn't say.
        #[arg(long)]
        owner: String,
    },
}

/// Prowler's mutelist (docs.prowler.com, "Mutelisting").
#[derive(Debug, Deserialize)]
struct Mutelist {
    #[serde(rename = "Mutelist")]
    mutelist: Accounts,
}

#[derive(Debug, Deserialize)]
struct Accounts {
    #[serde(rename = "Accounts")]
    accounts: BTreeMap<String, Checks>,
}

#[derive(Debug, Deserialize)]
struct Checks {
    #[serde(rename = "Checks")]
    checks: BTreeMap<String, Muted>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Muted {
    #[serde(default)]
    regions: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    exceptions: Option<serde_json::Value>,
}

/// An exception, or why a part of the mutelist could not become one.
type Imported = Result<Exception, String>;

impl ExceptionsCommand {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let Verb::ImportProwler {
            file,
            expires,
            owner,
        } = self.verb;
        let text = std::fs::read_to_string(&file).map_err(|cause| CommandError::Read {
            path: file.clone(),
            cause,
        })?;
        let mutelist: Mutelist = serde_saphyr::from_str(&text).map_err(|error| {
            let place = error.location().map_or(String::new(), |location| {
                format!("{}:{}: ", location.line(), location.column())
            });
            let message = error.without_snippet().to_string();
            CommandError::Mutelist {
                path: file.clone(),
                place,
                message: message.lines().next().unwrap_or_default().to_owned(),
            }
        })?;
        let imported = import(mutelist, expires, &owner);
        let is_whole = imported.iter().all(Result::is_ok);
        let mut out = Sink::new(None)?;
        writeln!(out, "exceptions:")?;
        for exception in &imported {
            match exception {
                Ok(exception) => writeln!(out, "  - {}", serde_json::to_string(exception)?)?,
                Err(why) => writeln!(out, "  # not imported: {}", why.replace('\n', " "))?,
            }
        }
        out.finish()?;
        Ok(if is_whole {
            Outcome::Clean
        } else {
            Outcome::Incomplete
        })
    }
}

fn import(mutelist: Mutelist, expires: Date, owner: &str) -> Vec<Imported> {
    let mut imported = Vec::new();
    for (account, checks) in mutelist.mutelist.accounts {
        for (check, muted) in checks.checks {
            imported.push(exception(&account, &check, muted, expires, owner));
        }
    }
    imported
}

fn exception(account: &str, check: &str, muted: Muted, expires: Date, owner: &str) -> Imported {
    let name = format!("prowler {account} {check}");
    if muted
        .exceptions
        .is_some_and(|value| value.as_object().is_some_and(|o| !o.is_empty()))
    {
        return Err(format!(
            "{name}: its Exceptions would mute less; write it by hand"
        ));
    }
    // Prowler's checks are named with underscores, and many are AWS's rules under another name.
    let rule = check.replace('_', "-");
    let is_pattern = check.contains('*');
    if !is_pattern && catalogue::listing_of(&rule).is_none() {
        return Err(format!("{name}: no rule has this name"));
    }
    let mut resources = Vec::new();
    for pattern in muted.resources {
        resources.push(glob(&pattern).ok_or_else(|| {
            format!("{name}: {pattern:?} is a regular expression that no glob can say")
        })?);
    }
    let mut tags = Vec::new();
    for tag in muted.tags {
        tags.push(tag_expression(&tag).ok_or_else(|| format!("{name}: tag {tag:?}"))?);
    }
    let listed = |values: Vec<String>| {
        let is_all = values.iter().any(|value| value == "*");
        if is_all { Vec::new() } else { values }
    };
    Ok(Exception {
        effect: Effect::Suppress,
        selector: Selector {
            accounts: listed(vec![account.to_owned()]),
            regions: listed(muted.regions),
            rules: vec![rule],
            resources: listed(resources),
            // Prowler mutes where all of them are there.
            tags: (!tags.is_empty()).then_some(TagExpression::All { all: tags }),
            ..Selector::default()
        },
        owner: owner.to_owned(),
        reason: muted
            .description
            .unwrap_or_else(|| "Muted in Prowler".to_owned()),
        ticket: None,
        approver: None,
        expires,
        name,
    })
}

/// Prowler's resources are regular expressions, matched from the beginning.
fn glob(pattern: &str) -> Option<String> {
    if pattern == "*" {
        return Some("*".to_owned());
    }
    let (pattern, is_whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let glob = pattern.replace(".*", "*").replace("\\.", ".");
    let says_more = glob.contains(['\\', '+', '(', ')', '[', ']', '{', '}', '|', '?', '^', '$']);
    if says_more {
        return None;
    }
    Some(if is_whole || glob.ends_with('*') {
        glob
    } else {
        format!("{glob}*")
    })
}

fn tag_expression(tag: &str) -> Option<TagExpression> {
    let (key, value) = tag.split_once('=')?;
    Some(TagExpression::Tag {
        key: key.to_owned(),
        value: Some(glob(value)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutelist_becomes_exceptions_or_says_why_not() {
        let text = "
Mutelist:
  Accounts:
    '111111111111':
      Checks:
        s3_bucket_versioning_enabled:
          Regions: ['us-east-1']
          Resources: ['logs-.*', 'exact$']
          Tags: ['Env=dev']
        no_such_check:
          Regions: ['*']
          Resources: ['*']
        s3_bucket_logging_enabled:
          Regions: ['*']
          Resources: ['a|b']
";
        let mutelist: Mutelist = serde_saphyr::from_str(text).unwrap();
        let imported = import(mutelist, Date::constant(2027, 1, 1), "o");
        let words: Vec<String> = imported
            .iter()
            .map(|one| match one {
                Ok(exception) => serde_json::to_string(&exception.selector).unwrap(),
                Err(why) => why.clone(),
            })
            .collect();
        assert_eq!(
            words[0],
            "prowler 111111111111 no_such_check: no rule has this name"
        );
        assert!(words[1].contains("regular expression"), "{words:?}");
        assert_eq!(
            words[2],
            r#"{"accounts":["111111111111"],"regions":["us-east-1"],"rules":["s3-bucket-versioning-enabled"],"resources":["logs-*","exact"],"tags":{"all":[{"key":"Env","value":"dev*"}]}}"#
        );
    }
}
