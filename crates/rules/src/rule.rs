//! What a managed rule declares.

use posture_model::{ConfigurationItem, InsufficientData, Path, Reason, ResourceType};

use crate::{Context, Parameter, Params, Verdict};

/// A managed rule: AWS's identifier, our declaration of what it reads, and its check.
#[derive(Debug)]
pub struct ManagedRule {
    /// The rule's name in kebab-case, AWS's own. The file's stem, with `-` for `_`.
    pub id: &'static str,
    /// AWS's identifier.
    pub identifier: Identifier,
    /// Bumped when a verdict can change.
    pub version: u32,
    /// What is true when the rule passes.
    pub title: &'static str,
    /// The types that it evaluates.
    pub resource_types: &'static [ResourceType],
    /// When AWS Config runs it.
    pub trigger: Trigger,
    /// Where it runs, for rules on `AWS::::Account`; other items are judged where they are.
    pub locality: Locality,
    /// Its parameters, as AWS names and defaults them.
    pub parameters: &'static [Parameter],
    /// Every place that `check` reads.
    pub reads: &'static [Read],
    /// How bad a failure is, as Security Hub has it where Security Hub has a control for the rule.
    pub severity: Severity,
    /// What the rule is about, in Security Hub's categories.
    pub category: Category,
    /// What to do about a failure.
    pub remedy: Remedy,
    /// The check itself: pure.
    pub check: for<'a> fn(&ConfigurationItem<'a>, &Params, &Context<'a>) -> Verdict<'a>,
}

impl ManagedRule {
    /// AWS's identifier, such as `S3_BUCKET_VERSIONING_ENABLED`.
    pub fn identifier(&self) -> String {
        match self.identifier {
            Identifier::FromId => self.id.to_ascii_uppercase().replace('-', "_"),
            Identifier::Named(name) => name.to_owned(),
        }
    }

    /// The other resources that it looks at.
    pub fn others(&self) -> impl Iterator<Item = &'static Other> {
        self.reads.iter().filter_map(|read| match read {
            Read::Other(other) => Some(other),
            Read::Own(_) => None,
        })
    }

    /// Every place that it reads, with the type of the items that have it; a type of which it asks
    /// only whether there is one is not among them.
    pub fn places(&self) -> impl Iterator<Item = (ResourceType, Path)> {
        let own = self.reads.iter().filter_map(|read| match read {
            Read::Own(path) => Some(*path),
            Read::Other(_) => None,
        });
        let own = own.flat_map(|path| self.resource_types.iter().map(move |of| (*of, path)));
        let others = self.others().flat_map(|other| {
            let paths = other.all_paths();
            paths.map(|path| (other.resource_type, path))
        });
        own.chain(others)
    }

    /// Judges one item.
    ///
    /// # Errors
    /// Where something that the rule needs was not read: never a pass.
    pub fn evaluate<'a>(
        &self,
        item: &ConfigurationItem<'a>,
        params: &Params,
        context: &Context<'a>,
    ) -> Verdict<'a> {
        (self.check)(item, params, context)
    }
}

/// How AWS's identifier follows from the rule's name.
#[derive(Debug, Clone, Copy)]
pub enum Identifier {
    /// The name in capitals, `_` for `-`.
    FromId,
    /// AWS's exceptions, such as `INCOMING_SSH_DISABLED` for `restricted-ssh`.
    Named(&'static str),
}

/// When AWS Config runs the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// When an item of its types changes.
    ConfigurationChange,
    /// At a frequency.
    Periodic,
    /// Both.
    ConfigurationChangeAndPeriodic,
}

impl Trigger {
    /// AWS's words.
    pub fn as_str(self) -> &'static str {
        match self {
            Trigger::ConfigurationChange => "Configuration changes",
            Trigger::Periodic => "Periodic",
            Trigger::ConfigurationChangeAndPeriodic => "Configuration changes and Periodic",
        }
    }
}

/// Where a rule on an account runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locality {
    /// In each Region: what it reads differs from Region to Region.
    Regional,
    /// Once, in the partition's home Region: IAM, Organizations and the like.
    Global,
}

/// How bad a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth planning.
    Medium,
    /// Worth interrupting.
    High,
    /// Worth waking somebody.
    Critical,
}

impl Severity {
    /// The word for outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// What a rule is about: the second level of Security Hub's categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are Security Hub's")]
pub enum Category {
    DataProtection,
    SecureAccessManagement,
    SecureNetworkConfiguration,
    SecureDevelopment,
    NetworkSecurity,
    ProtectiveServices,
    DetectionServices,
    Logging,
    Inventory,
    ResourceConfiguration,
    VulnerabilityPatchAndVersionManagement,
    Resilience,
}

/// What to do about a failure. The words are in the rule's page.
#[derive(Debug, Clone, Copy)]
pub enum Remedy {
    /// Steps for a person.
    Steps,
    /// An SSM Automation document, by AWS's name.
    Automation(&'static str),
}

/// A place that a rule reads.
#[derive(Debug, Clone, Copy)]
pub enum Read {
    /// Of the item that it judges.
    Own(Path),
    /// Of other items.
    Other(Other),
}

/// Other items that a rule looks at: those of one type in the same account and Region.
#[derive(Debug, Clone, Copy)]
pub struct Other {
    /// Their type.
    pub resource_type: ResourceType,
    /// How the rule finds them.
    pub by: By,
    /// What it reads of them.
    pub paths: &'static [Path],
}

impl Other {
    /// What is read of them, the place by which they are found among it.
    pub fn all_paths(&self) -> impl Iterator<Item = Path> {
        let by = match self.by {
            By::Type => None,
            By::Value(path) => Some(path),
        };
        self.paths.iter().copied().chain(by)
    }

    /// What a rule answers where nothing says whether such resources exist.
    pub fn not_recorded(&self) -> InsufficientData {
        InsufficientData {
            path: String::new(),
            reason: Reason::NotRecorded {
                resource_type: self.resource_type,
            },
        }
    }
}

/// How a rule finds other items.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// It looks at all of them.
    Type,
    /// It looks at those that hold a value at this place, which may have `[*]`.
    Value(Path),
}

/// Declares a place of the item itself.
pub const fn own(path: Path) -> Read {
    Read::Own(path)
}

/// Declares other items.
pub const fn other(resource_type: ResourceType, by: By, paths: &'static [Path]) -> Other {
    Other {
        resource_type,
        by,
        paths,
    }
}
