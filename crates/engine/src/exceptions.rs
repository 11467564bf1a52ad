//! Exceptions: failures that somebody answers for, until a day.

use globset::{GlobBuilder, GlobMatcher};
use jiff::civil::Date;
use jiff::{Timestamp, tz::Offset};
use posture_model::{ConfigurationItem, ManagedBy};
use posture_rules::ComplianceType;
use serde::{Deserialize, Serialize};

use crate::disposition::Disposition;
use crate::plan::Deployed;

/// What becomes of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It is not a failure, and isn't counted.
    Suppress,
    /// It is a failure whose risk somebody bears: counted on its own.
    AcceptRisk,
}

/// An exception, as it is written in `posture.yaml`.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exception {
    /// What reports call it.
    pub name: String,
    /// What becomes of the failures that it selects.
    pub effect: Effect,
    /// Which failures it selects: those that match every member given.
    pub selector: Selector,
    /// Who answers for it.
    pub owner: String,
    /// Why it is justified.
    pub reason: String,
    /// Where it was discussed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Who agreed to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver: Option<String>,
    /// The last day, in UTC, on which it holds.
    #[schemars(with = "String", extend("format" = "date"))]
    pub expires: Date,
}

/// Which failures. Texts are globs: `*` any text, `?` one character, `[ab]` one of these; all other
/// characters stand for themselves, and a text without them matches exactly.
#[derive(Debug, Clone, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Selector {
    /// Account ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// Regions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Rules, by name or AWS identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// Controls that packs map rules to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// Resource types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// Resources, by id, name or ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<TagExpression>,
}

/// A statement about a resource's tags.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", untagged)]
pub enum TagExpression {
    /// All of these hold.
    All {
        /// The statements.
        all: Vec<TagExpression>,
    },
    /// At least one of these holds.
    Any {
        /// The statements.
        any: Vec<TagExpression>,
    },
    /// This doesn't hold.
    Not {
        /// The statement.
        not: Box<TagExpression>,
    },
    /// There is a tag with this key, and a value that matches this glob.
    Tag {
        /// The key, exactly.
        key: String,
        /// The value; any, where it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
}

/// Why an exception can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExceptionError {
    /// It would select every failure there is.
    #[error("exception {name:?} selects everything; give its selector at least one member")]
    SelectsEverything {
        /// The exception.
        name: String,
    },
    /// A text is no glob.
    #[error("exception {name:?} has the pattern {pattern:?}, which is not a glob: {message}")]
    Glob {
        /// The exception.
        name: String,
        /// The text.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
    /// Two have one name.
    #[error("two exceptions are named {name:?}")]
    Twice {
        /// The name.
        name: String,
    },
    /// Nobody answers for it, or nothing justifies it.
    #[error("exception {name:?} has no {member}")]
    Empty {
        /// The exception.
        name: String,
        /// The member.
        member: &'static str,
    },
}

/// Exceptions, ready to be asked, and whose resources are left out altogether.
#[derive(Debug, Default)]
pub struct Exceptions {
    exclude: Vec<ManagedBy>,
    compiled: Vec<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    exception: Exception,
    accounts: Vec<GlobMatcher>,
    regions: Vec<GlobMatcher>,
    rules: Vec<GlobMatcher>,
    controls: Vec<GlobMatcher>,
    types: Vec<GlobMatcher>,
    resources: Vec<GlobMatcher>,
    tags: Option<CompiledTags>,
}

#[derive(Debug)]
enum CompiledTags {
    All(Vec<CompiledTags>),
    Any(Vec<CompiledTags>),
    Not(Box<CompiledTags>),
    Tag(String, Option<GlobMatcher>),
}

/// What the exceptions say of a verdict.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'e> {
    pub(crate) disposition: Disposition,
    /// The exception that decided.
    pub(crate) exception: Option<&'e Exception>,
    /// An exception that would have decided, had it not expired.
    pub(crate) expired: Option<&'e Exception>,
}

impl Found<'_> {
    /// Of a resource that is left out, no exception is asked.
    pub(crate) const EXCLUDED: Found<'static> = Found {
        disposition: Disposition::Excluded,
        exception: None,
        expired: None,
    };
}

impl Exceptions {
    /// Makes exceptions ready. `exclude` names the makers whose resources are left out.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn new(
        exclude: Vec<ManagedBy>,
        exceptions: Vec<Exception>,
    ) -> Result<Exceptions, Vec<ExceptionError>> {
        let mut compiled: Vec<Compiled> = Vec::new();
        let mut errors = Vec::new();
        for exception in exceptions {
            if compiled
                .iter()
                .any(|known| known.exception.name == exception.name)
            {
                let name = exception.name.clone();
                errors.push(ExceptionError::Twice { name });
            }
            match Compiled::new(exception) {
                Ok(ready) => compiled.push(ready),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            Ok(Exceptions { exclude, compiled })
        } else {
            Err(errors)
        }
    }

    /// The exceptions, in their order.
    pub fn list(&self) -> impl Iterator<Item = &Exception> {
        self.compiled.iter().map(|compiled| &compiled.exception)
    }

    /// Whether a resource is left out for who made it.
    pub(crate) fn excludes(&self, item: &ConfigurationItem<'_>) -> bool {
        !self.exclude.is_empty() && self.exclude.contains(&item.managed_by())
    }

    pub(crate) fn find(
        &self,
        rule: &Deployed,
        item: &ConfigurationItem<'_>,
        verdict: ComplianceType,
        now: Timestamp,
    ) -> Found<'_> {
        let mut found = Found {
            disposition: Disposition::Counted,
            exception: None,
            expired: None,
        };
        if verdict != ComplianceType::NonCompliant {
            return found;
        }
        for compiled in &self.compiled {
            if !compiled.selects(rule, item) {
                continue;
            }
            if !compiled.exception.holds(now) {
                found.expired = found.expired.or(Some(&compiled.exception));
                continue;
            }
            found.exception = Some(&compiled.exception);
            found.disposition = match compiled.exception.effect {
                Effect::Suppress => Disposition::Suppressed,
                Effect::AcceptRisk => Disposition::RiskAccepted,
            };
            return found;
        }
        found
    }
}

impl Exception {
    /// Whether it holds at this time.
    pub fn holds(&self, now: Timestamp) -> bool {
        Offset::UTC.to_datetime(now).date() <= self.expires
    }
}

impl Compiled {
    fn new(exception: Exception) -> Result<Compiled, ExceptionError> {
        let name = &exception.name;
        for (member, text) in [
            ("name", name),
            ("owner", &exception.owner),
            ("reason", &exception.reason),
        ] {
            if text.trim().is_empty() {
                let name = name.clone();
                return Err(ExceptionError::Empty { name, member });
            }
        }
        let selector = &exception.selector;
        let globs = |texts: &[String]| {
            texts
                .iter()
                .map(|text| glob(name, text))
                .collect::<Result<Vec<_>, _>>()
        };
        let compiled = Compiled {
            accounts: globs(&selector.accounts)?,
            regions: globs(&selector.regions)?,
            rules: globs(&selector.rules)?,
            controls: globs(&selector.controls)?,
            types: globs(&selector.types)?,
            resources: globs(&selector.resources)?,
            tags: match &selector.tags {
                Some(expression) => Some(CompiledTags::new(name, expression)?),
                None => None,
            },
            exception: exception.clone(),
        };
        let lists = [
            &compiled.accounts,
            &compiled.regions,
            &compiled.rules,
            &compiled.controls,
            &compiled.types,
            &compiled.resources,
        ];
        if lists.iter().all(|list| list.is_empty()) && compiled.tags.is_none() {
            let name = exception.name;
            return Err(ExceptionError::SelectsEverything { name });
        }
        Ok(compiled)
    }

    fn selects(&self, rule: &Deployed, item: &ConfigurationItem<'_>) -> bool {
        let any = |globs: &[GlobMatcher], texts: &[&str]| {
            globs.is_empty()
                || globs
                    .iter()
                    .any(|glob| texts.iter().any(|text| glob.is_match(text)))
        };
        let controls: Vec<&str> = rule.controls.iter().map(String::as_str).collect();
        let names = [
            item.resource_id(),
            item.resource_name().unwrap_or(item.resource_id()),
            item.arn().unwrap_or(item.resource_id()),
        ];
        any(&self.accounts, &[item.account_id()])
            && any(&self.regions, &[item.aws_region()])
            && any(&self.rules, &[&rule.name, &rule.identifier])
            && any(&self.controls, &controls)
            && any(&self.types, &[item.type_name()])
            && any(&self.resources, &names)
            && self.tags.as_ref().is_none_or(|tags| tags.holds(item))
    }
}

impl CompiledTags {
    fn new(name: &str, expression: &TagExpression) -> Result<CompiledTags, ExceptionError> {
        let each = |list: &[TagExpression]| {
            list.iter()
                .map(|inner| CompiledTags::new(name, inner))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match expression {
            TagExpression::All { all } => CompiledTags::All(each(all)?),
            TagExpression::Any { any } => CompiledTags::Any(each(any)?),
            TagExpression::Not { not } => {
                CompiledTags::Not(Box::new(CompiledTags::new(name, not)?))
            }
            TagExpression::Tag { key, value } => CompiledTags::Tag(
                key.clone(),
                match value {
                    Some(value) => Some(glob(name, value)?),
                    None => None,
                },
            ),
        })
    }

    fn holds(&self, item: &ConfigurationItem<'_>) -> bool {
        match self {
            CompiledTags::All(all) => all.iter().all(|inner| inner.holds(item)),
            CompiledTags::Any(any) => any.iter().any(|inner| inner.holds(item)),
            CompiledTags::Not(not) => !not.holds(item),
            CompiledTags::Tag(key, value) => item
                .tag(key)
                .is_some_and(|tag| value.as_ref().is_none_or(|glob| glob.is_match(tag))),
        }
    }
}

fn glob(name: &str, pattern: &str) -> Result<GlobMatcher, ExceptionError> {
    GlobBuilder::new(pattern)
        .literal_separator(false)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| ExceptionError::Glob {
            name: name.to_owned(),
            pattern: pattern.to_owned(),
            message: error.kind().to_string(),
        })
}
