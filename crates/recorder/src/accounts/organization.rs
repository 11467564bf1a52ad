//! The accounts of an organization.
//!
//! Source: AWS Organizations API reference, `ListAccounts`, `ListAccountsForParent`,
//! `ListOrganizationalUnitsForParent` and `Account` (its `State`, and `Status` before September 2026).

use std::collections::BTreeSet;

use posture_aws::{CallError, Client};
use serde_json::{Value, json};

use super::{Account, Organization, RoleName};
use crate::coverage::Outcome;
use crate::text::{plain, value, values};

/// Accounts of an organization that were chosen.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// Those that can be entered.
    pub(super) active: Vec<Account>,
    /// Those that can't, and the state that they are in.
    pub(super) inactive: Vec<(String, String)>,
    /// Those that are chosen by their id and are none of the organization's.
    pub(super) unknown: Vec<String>,
}

/// Which units an account has to be in, or not.
#[derive(Debug, Default)]
struct Choice {
    included: Option<BTreeSet<String>>,
    excluded: BTreeSet<String>,
}

/// Lists them. `own_id` is the account of the client, which is entered without a role.
pub(super) async fn members(
    client: &Client,
    chosen: &Organization,
    own_id: &str,
) -> Result<Members, Outcome> {
    let choice = Choice {
        included: match &chosen.include {
            all if all.is_empty() => None,
            some => Some(accounts_of(client, some).await?),
        },
        excluded: accounts_of(client, &chosen.exclude).await?,
    };
    let mut members = Members::default();
    let entries = asked(client, "ListAccounts", &json!({}), "Accounts").await?;
    let known: BTreeSet<String> = entries
        .iter()
        .filter_map(|entry| plain(entry.get("Id")?))
        .collect();
    let named = chosen.include.iter().chain(&chosen.exclude);
    members.unknown = named
        .filter(|name| is_account(name) && !known.contains(*name))
        .cloned()
        .collect();
    for entry in &entries {
        let Some((account_id, state)) = member(entry, chosen, &choice) else {
            continue;
        };
        if state != "ACTIVE" {
            members.inactive.push((account_id, state));
            continue;
        }
        let role = RoleName::Name(chosen.role_name.clone());
        members.active.push(Account {
            role: (account_id != own_id).then_some(role),
            external_id: chosen.external_id.clone(),
            regions: chosen.regions.clone(),
            account_id,
        });
    }
    Ok(members)
}

/// The id and the state of an account, where it is chosen.
fn member(entry: &Value, chosen: &Organization, choice: &Choice) -> Option<(String, String)> {
    let text = |name| value(name, entry).and_then(plain);
    let account_id = text("Id")?;
    // As in arn:aws:organizations::MANAGEMENT:account/o-exampleorgid/555555555555.
    let arn = text("Arn").unwrap_or_default();
    let is_managing = arn.split(':').nth(4) == Some(&account_id);
    let is_included = choice
        .included
        .as_ref()
        .is_none_or(|included| included.contains(&account_id));
    let is_left_out =
        choice.excluded.contains(&account_id) || (is_managing && chosen.without_management_account);
    let state = text("State").or_else(|| text("Status"));
    let state = state.unwrap_or_else(|| "ACTIVE".to_owned());
    (is_included && !is_left_out).then_some((account_id, state))
}

/// The accounts among these names, and those anywhere below the units among them.
async fn accounts_of(
    client: &Client,
    names: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Outcome> {
    let mut accounts = BTreeSet::new();
    let mut units = Vec::new();
    for name in names {
        if is_account(name) {
            accounts.insert(name.clone());
        } else {
            units.push(name.clone());
        }
    }
    let mut seen: BTreeSet<String> = BTreeSet::new();
    while let Some(unit) = units.pop() {
        if !seen.insert(unit.clone()) {
            continue;
        }
        let input = json!({ "ParentId": unit });
        let below = asked(client, "ListAccountsForParent", &input, "Accounts").await?;
        accounts.extend(below.iter().filter_map(|entry| plain(entry.get("Id")?)));
        let operation = "ListOrganizationalUnitsForParent";
        let below = asked(client, operation, &input, "OrganizationalUnits").await?;
        units.extend(below.iter().filter_map(|entry| plain(entry.get("Id")?)));
    }
    Ok(accounts)
}

/// Whether this is the id of an account; others are those of roots (`r-…`) and units (`ou-…`).
fn is_account(name: &str) -> bool {
    name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// The entries of all pages.
async fn asked(
    client: &Client,
    operation: &str,
    input: &Value,
    entries: &str,
) -> Result<Vec<Value>, Outcome> {
    let failed =
        |error: &CallError| Outcome::of_error(error, format!("organizations:{operation}"), &[]);
    let pages = client.pages("organizations", operation, input);
    let mut pages = pages.map_err(|error| failed(&error))?;
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failed(&error))?;
        let path = format!("{entries}[]");
        found.extend(values(&path, &page).into_iter().cloned());
    }
    Ok(found)
}
