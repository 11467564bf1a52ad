//! Which accounts are recorded, and as whom.

mod estate;
mod organization;
mod parts;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use estate::{Estate, Resolved};
pub use parts::{Entries, Part, Parts};

/// Which accounts are recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Accounts {
    /// That of the credentials.
    #[default]
    Own,
    /// These.
    Listed(Vec<Account>),
    /// Those of the organization that the credentials' account belongs to.
    Organization(Organization),
}

/// An account, and how it is entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Its 12 digits.
    pub account_id: String,
    /// The role to assume there. None where the credentials themselves are used.
    pub role: Option<RoleName>,
    /// What the role's trust policy asks for.
    pub external_id: Option<String>,
    /// Only these Regions; empty, all that are enabled.
    pub regions: Vec<String>,
}

/// A role, by name or by ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleName {
    /// Such as `PostureRecorder`, or with its path `audit/PostureRecorder`; in whichever account.
    Name(String),
    /// Such as `arn:aws:iam::123456789012:role/PostureRecorder`.
    Arn(String),
}

/// How the accounts of an organization are chosen and entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organization {
    /// The role to assume in each but the credentials' own.
    pub role_name: String,
    /// What the roles' trust policies ask for.
    pub external_id: Option<String>,
    /// Only these Regions; empty, all that are enabled.
    pub regions: Vec<String>,
    /// Only these accounts, and those anywhere below these organizational units or roots. Empty, all.
    pub include: BTreeSet<String>,
    /// Not these accounts, nor those anywhere below these organizational units.
    pub exclude: BTreeSet<String>,
    /// Not the account that manages the organization.
    pub without_management_account: bool,
}

impl RoleName {
    /// The ARN of the role in an account.
    fn arn(&self, partition: &str, account_id: &str) -> String {
        match self {
            RoleName::Name(name) => {
                let name = name.trim_start_matches('/');
                format!("arn:{partition}:iam::{account_id}:role/{name}")
            }
            RoleName::Arn(arn) => arn.clone(),
        }
    }
}
