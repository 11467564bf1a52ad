//! `accounts` of `posture.yaml`.

use std::collections::BTreeSet;

use posture_recorder::{Account, Accounts, Organization, RoleName};
use serde::{Deserialize, Serialize};

use super::ConfigError;

/// Which accounts are read. With nothing, the one of the credentials.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(crate) enum AccountsConfig {
    /// These accounts.
    Listed(Vec<AccountConfig>),
    /// All accounts of the organization, or some.
    Organization(OrganizationHolder),
}

impl Default for AccountsConfig {
    fn default() -> AccountsConfig {
        AccountsConfig::Listed(Vec::new())
    }
}

/// An account, and how it is entered.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AccountConfig {
    /// Its 12 digits, in quotes.
    id: String,
    /// The role to assume there. Without it, the credentials must be of this account.
    #[serde(default)]
    role_name: Option<String>,
    /// The same by its ARN.
    #[serde(default)]
    role_arn: Option<String>,
    /// What the role's trust policy asks for.
    #[serde(default)]
    external_id: Option<ExternalId>,
    /// Only these Regions. With none, all that are enabled.
    #[serde(default)]
    regions: Vec<String>,
}

/// The organization that the credentials' account belongs to.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationHolder {
    organization: OrganizationConfig,
}

/// How its accounts are chosen and entered. Accounts that are suspended or closed are left out.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OrganizationConfig {
    /// The role to assume in each account. That of the credentials is entered without it.
    role_name: String,
    /// What the roles' trust policies ask for.
    #[serde(default)]
    external_id: Option<ExternalId>,
    /// Only these accounts, and those anywhere below these organizational units (`ou-…`) or roots
    /// (`r-…`). With none, all.
    #[serde(default)]
    include: BTreeSet<String>,
    /// Not these accounts, nor those anywhere below these organizational units.
    #[serde(default)]
    exclude: BTreeSet<String>,
    /// Whether the account that manages the organization is read too.
    #[serde(default = "yes")]
    management_account: bool,
    /// Only these Regions. With none, all that are enabled.
    #[serde(default)]
    regions: Vec<String>,
}

/// A value that a role's trust policy asks for.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(crate) enum ExternalId {
    /// The value itself.
    Value(String),
    /// Where it is.
    Environment(EnvironmentVariable),
}

/// A reference to an environment variable.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvironmentVariable {
    /// Its name.
    env: String,
}

fn yes() -> bool {
    true
}

impl AccountsConfig {
    /// The accounts, checked. `environment` says the value of a variable.
    pub(crate) fn accounts(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Accounts, ConfigError> {
        match self {
            AccountsConfig::Listed(accounts) if accounts.is_empty() => Ok(Accounts::Own),
            AccountsConfig::Listed(accounts) => {
                let mut seen = BTreeSet::new();
                let mut listed = Vec::new();
                for account in accounts {
                    if !seen.insert(&account.id) {
                        return Err(wrong(&account.id, "it is there twice"));
                    }
                    listed.push(account.account(environment)?);
                }
                Ok(Accounts::Listed(listed))
            }
            AccountsConfig::Organization(OrganizationHolder { organization }) => {
                Ok(Accounts::Organization(organization.chosen(environment)?))
            }
        }
    }
}

impl AccountConfig {
    fn account(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Account, ConfigError> {
        let id = &self.id;
        if !is_account(id) {
            return Err(wrong(id, "an account is 12 digits, in quotes"));
        }
        let role = match (&self.role_name, &self.role_arn) {
            (Some(_), Some(_)) => {
                return Err(wrong(id, "it has roleName and roleArn; one is enough"));
            }
            (Some(name), None) if name.trim().is_empty() || name.starts_with("arn:") => {
                return Err(wrong(id, "roleName is the name of a role, and no ARN"));
            }
            (Some(name), None) => Some(RoleName::Name(name.clone())),
            (None, Some(arn)) => {
                let parts: Vec<&str> = arn.split(':').collect();
                let is_role = matches!(
                    parts.as_slice(),
                    ["arn", _, "iam", "", account, role]
                        if account == id && role.starts_with("role/")
                );
                if !is_role {
                    return Err(wrong(
                        id,
                        "roleArn is not the ARN of a role of this account",
                    ));
                }
                Some(RoleName::Arn(arn.clone()))
            }
            (None, None) => None,
        };
        if role.is_none() && self.external_id.is_some() {
            return Err(wrong(id, "externalId says nothing without a role"));
        }
        Ok(Account {
            account_id: id.clone(),
            role,
            external_id: external_id(id, self.external_id.as_ref(), environment)?,
            regions: self.regions.clone(),
        })
    }
}

impl OrganizationConfig {
    fn chosen(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Organization, ConfigError> {
        let place = "organization";
        if self.role_name.trim().is_empty() || self.role_name.starts_with("arn:") {
            return Err(wrong(place, "roleName is the name of a role, and no ARN"));
        }
        let is_known =
            |name: &&String| is_account(name) || name.starts_with("ou-") || name.starts_with("r-");
        let mut chosen = self.include.iter().chain(&self.exclude);
        if let Some(name) = chosen.find(|name| !is_known(name)) {
            let what = format!("{name:?} is no account, organizational unit (ou-…) or root (r-…)");
            return Err(wrong(place, &what));
        }
        Ok(Organization {
            role_name: self.role_name.clone(),
            external_id: external_id(place, self.external_id.as_ref(), environment)?,
            regions: self.regions.clone(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            without_management_account: !self.management_account,
        })
    }
}

fn external_id(
    place: &str,
    id: Option<&ExternalId>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, ConfigError> {
    match id {
        None => Ok(None),
        Some(ExternalId::Value(value)) => Ok(Some(value.clone())),
        Some(ExternalId::Environment(EnvironmentVariable { env })) => {
            let value = environment(env).filter(|value| !value.is_empty());
            let unset = || {
                let what = format!("the environment variable {env} of its externalId is not set");
                wrong(place, &what)
            };
            value.map(Some).ok_or_else(unset)
        }
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn wrong(place: &str, what: &str) -> ConfigError {
    ConfigError::Accounts {
        place: place.to_owned(),
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(text: &str) -> Result<Accounts, ConfigError> {
        let config = Config::read(text, "posture.yaml")?;
        let environment = |name: &str| (name == "EXTERNAL_ID").then(|| "secret".to_owned());
        config.accounts.accounts(&environment)
    }

    #[test]
    fn nothing_is_the_credentials_own_account() {
        assert_eq!(read("packs: []").unwrap(), Accounts::Own);
    }

    #[test]
    fn a_list_says_how_each_is_entered() {
        let text = "accounts:\n\
                    - {id: '111122223333'}\n\
                    - {id: '444455556666', roleName: Reader, externalId: {env: EXTERNAL_ID}, regions: [eu-west-1]}\n\
                    - {id: '777788889999', roleArn: 'arn:aws-cn:iam::777788889999:role/a/b', externalId: plain}\n";
        let Accounts::Listed(accounts) = read(text).unwrap() else {
            panic!("not a list");
        };
        assert_eq!(accounts[0].role, None);
        assert_eq!(accounts[1].role, Some(RoleName::Name("Reader".to_owned())));
        assert_eq!(accounts[1].external_id.as_deref(), Some("secret"));
        assert_eq!(accounts[1].regions, ["eu-west-1"]);
        assert_eq!(accounts[2].external_id.as_deref(), Some("plain"));
    }

    #[test]
    fn an_organization_is_chosen_from() {
        let text = "accounts:\n  organization: {roleName: Reader, exclude: [ou-ab12-cdefghij], managementAccount: false}\n";
        let Accounts::Organization(chosen) = read(text).unwrap() else {
            panic!("no organization");
        };
        assert!(chosen.without_management_account);
        assert!(chosen.exclude.contains("ou-ab12-cdefghij"));
    }

    #[test]
    fn mistakes_name_the_account() {
        for (text, expected) in [
            ("accounts: [{id: '1'}]", "12 digits"),
            (
                "accounts: [{id: '111122223333', roleArn: 'arn:aws:iam::444455556666:role/a'}]",
                "not the ARN of a role of this account",
            ),
            (
                "accounts: [{id: '111122223333', roleName: a, externalId: {env: NONE}}]",
                "variable NONE",
            ),
            (
                "accounts: [{id: '111122223333'}, {id: '111122223333'}]",
                "twice",
            ),
            (
                "accounts: {organization: {roleName: a, include: [Sandbox]}}",
                "\"Sandbox\" is no account",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
