//! What the state knows of a period: runs, resources, verdicts, listings.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use posture_model::ResourceType;
use posture_store::{Store, sql};

use crate::error::AuditError;
use crate::period::Period;
use crate::run_document::{ExceptionInForce, RunDocument};
use crate::runs::{Documents, Run, runs};
use crate::schema::{args, time};
use crate::scope::Scope;

/// How far before the period a run may lie that still speaks for its beginning.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(48);

/// Resources whose versions are read at once: all rows of an answer are held.
const AT_ONCE: usize = 200;

/// A resource that the state knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The account.
    pub account_id: String,
    /// The Region; `global` for what has none.
    pub aws_region: String,
    /// The type.
    pub resource_type: String,
    /// The id.
    pub resource_id: String,
    /// The name.
    pub resource_name: Option<String>,
    /// The ARN.
    pub arn: Option<String>,
    pub(crate) scope: i64,
    /// Since when it is there, or isn't, by time.
    pub(crate) existence: Vec<(Timestamp, bool)>,
    /// When its configuration became another one, or it went.
    pub changes: Vec<Timestamp>,
}

/// A rule with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub rule_name: String,
    /// AWS's identifier.
    pub source_identifier: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
}

/// A verdict that is another one than before.
#[derive(Debug, Clone)]
pub struct Transition {
    /// Since which evaluation.
    pub at: Timestamp,
    /// The verdict.
    pub compliance_type: Arc<str>,
    /// Why. Resources share it: a rule has few reasons.
    pub reason: Arc<str>,
}

/// A listing of a scope.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) at: Timestamp,
    pub(crate) state: String,
    pub(crate) items: i64,
}

/// A scope that is listed: account, Region and type.
type Listable = (String, String, String);

/// What the state knows of a period.
pub struct History {
    /// Runs of the period, and the last one before it, by time.
    pub runs: Vec<Run>,
    /// Rules of which there are verdicts, by their number.
    pub rules: BTreeMap<i64, Rule>,
    /// Resources in scope, by their number.
    pub resources: BTreeMap<i64, Resource>,
    /// Verdicts by rule and resource, by time.
    pub verdicts: BTreeMap<i64, BTreeMap<i64, Vec<Transition>>>,
    runs_documents: Documents,
    pub(crate) listings: HashMap<i64, Vec<Listing>>,
    scopes: BTreeMap<i64, Listable>,
    /// Resources that are left out for their tags: listings count them all the same.
    untagged: Vec<Resource>,
}

impl History {
    /// Loads what is in scope. `identifiers` are those of the rules that are wanted.
    ///
    /// # Errors
    /// Where the state fails, or is damaged.
    pub async fn load(
        store: &Store,
        scope: &Scope,
        identifiers: &HashSet<String>,
    ) -> Result<History, AuditError> {
        let from = scope.period.from.saturating_sub(LOOK_BACK);
        let from = from.unwrap_or(Timestamp::MIN);
        let until = scope.period.until;
        let (runs, runs_documents) = runs(store, from, until).await?;
        let mut resources = resources(store, scope, until).await?;
        let untagged = take_untagged(store, scope, &mut resources).await?;
        let rules = rules(store, identifiers).await?;
        let verdicts = verdicts(store, &rules, &resources, from, until).await?;
        let listings = listings(store, from, until).await?;
        let scopes = scopes(store, scope).await?;
        Ok(History {
            runs,
            rules,
            resources,
            verdicts,
            runs_documents,
            listings,
            scopes,
            untagged,
        })
    }

    /// Every resource of the accounts and Regions in scope, whatever its tags.
    pub(crate) fn every_resource(&self) -> impl Iterator<Item = &Resource> {
        self.resources.values().chain(&self.untagged)
    }

    /// The listings of a type, with account and Region; by time.
    pub(crate) fn listings_of(&self, name: &str) -> impl Iterator<Item = (&str, &str, &[Listing])> {
        let of_type = self.scopes.iter().filter(move |(_, scope)| scope.2 == name);
        of_type.filter_map(|(scope, (account_id, aws_region, _))| {
            let listings = self.listings.get(scope)?;
            Some((
                account_id.as_str(),
                aws_region.as_str(),
                listings.as_slice(),
            ))
        })
    }

    /// Whether a rule with these parameters was evaluated when a run looked.
    pub fn evaluated(&self, run: &Run, rule: &Rule) -> bool {
        self.runs_documents.has_evaluated(run, rule)
    }

    /// Whether a run evaluated a rule with these parameters itself.
    pub(crate) fn has_run(&self, run: &Run, rule: &Rule) -> bool {
        self.runs_documents.has_run(run, rule)
    }

    /// Whether a run was of everything, and not of what had changed.
    pub fn is_whole(&self, run: &Run) -> bool {
        run.is_whole(&self.runs_documents)
    }

    /// What a run evaluated.
    pub fn document(&self, run: &Run) -> Option<&RunDocument> {
        self.runs_documents.of(run)
    }

    /// Why a verdict of a run does not count; none where it does.
    pub fn uncounted(
        &self,
        run: &Run,
        rule: &Rule,
        resource: &Resource,
    ) -> Option<&(String, Option<ExceptionInForce>)> {
        self.runs_documents.uncounted(run, rule, resource)
    }

    /// Why what is known of a resource was too old when a run looked; none where it was not. Scopes
    /// that were never listed come from AWS Config, which delivers changes when they happen.
    pub fn stale(&self, run: &Run, resource: &Resource) -> Option<String> {
        let listings = self.listings.get(&resource.scope)?;
        let before = |listing: &&Listing| listing.at <= run.evaluated_at;
        let last = listings.iter().rev().find(before)?;
        if last.state != "complete" {
            return Some(format!(
                "{} in {} could not be listed: {}",
                resource.resource_type, resource.aws_region, last.state
            ));
        }
        let oldest = run.evaluated_at.saturating_sub(LOOK_BACK).ok()?;
        (last.at < oldest).then(|| format!("not listed since {}", last.at))
    }
}

impl Resource {
    /// Whether it was there.
    pub fn exists_at(&self, at: Timestamp) -> bool {
        let before = self.existence.iter().rev().find(|(since, _)| *since <= at);
        before.is_some_and(|(_, exists)| *exists)
    }

    /// When it was seen first, and since when it is gone, where it is.
    pub fn life(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        let first = self.existence.first().map(|(since, _)| *since);
        let last = self.existence.last().filter(|(_, exists)| !exists);
        (first, last.map(|(since, _)| *since))
    }

    /// What names it, for a person.
    pub fn label(&self) -> &str {
        self.arn.as_deref().unwrap_or(&self.resource_id)
    }
}

async fn resources(
    store: &Store,
    scope: &Scope,
    until: Timestamp,
) -> Result<BTreeMap<i64, Resource>, AuditError> {
    let sql = "SELECT r.resource, s.account_id, s.aws_region, s.resource_type, r.resource_id, \
               r.resource_name, r.arn, r.scope FROM resources r JOIN scopes s ON s.scope = r.scope";
    let mut resources = BTreeMap::new();
    for row in store.database().rows(sql, args![]).await? {
        let (account_id, aws_region) = (row.text(1)?, row.text(2)?);
        if !scope.has(&account_id, &aws_region) {
            continue;
        }
        let resource = Resource {
            account_id,
            aws_region,
            resource_type: row.text(3)?,
            resource_id: row.text(4)?,
            resource_name: row.text_or_null(5)?,
            arn: row.text_or_null(6)?,
            scope: row.int(7)?,
            existence: Vec::new(),
            changes: Vec::new(),
        };
        resources.insert(row.int(0)?, resource);
    }
    let sql = "SELECT resource, valid_from, CAST(CASE WHEN hash IS NULL THEN 0 ELSE 1 END AS BIGINT) \
               FROM versions WHERE resource >= $1 AND resource <= $2 AND valid_from < $3 \
               ORDER BY resource, valid_from, recorded_at, version";
    let numbers: Vec<i64> = resources.keys().copied().collect();
    for part in numbers.chunks(AT_ONCE) {
        let (Some(first), Some(last)) = (part.first(), part.last()) else {
            continue;
        };
        let values = args![*first, *last, until.as_microsecond()];
        for row in store.database().rows(sql, values).await? {
            let Some(resource) = resources.get_mut(&row.int(0)?) else {
                continue;
            };
            resource.changes.push(time(row.int(1)?));
            let exists = row.int(2)? != 0;
            if resource.existence.last().map(|(_, exists)| *exists) != Some(exists) {
                resource.existence.push((time(row.int(1)?), exists));
            }
        }
    }
    Ok(resources)
}

/// Takes out what has not the scope's tags, but for the account as a whole, which can have none.
async fn take_untagged(
    store: &Store,
    scope: &Scope,
    resources: &mut BTreeMap<i64, Resource>,
) -> Result<Vec<Resource>, AuditError> {
    if scope.tags.is_empty() {
        return Ok(Vec::new());
    }
    let tags: Vec<(&str, Option<&str>)> = scope
        .tags
        .iter()
        .map(|tag| (tag.key.as_str(), tag.value.as_deref()))
        .collect();
    let Period { from, until } = scope.period;
    let tagged = store.resources_tagged(&tags, from, until).await?;
    let is_untagged = |number: &i64, resource: &mut Resource| {
        !tagged.contains(number) && resource.resource_type != ResourceType::Account.as_str()
    };
    let untagged = resources.extract_if(.., is_untagged);
    Ok(untagged.map(|(_, resource)| resource).collect())
}

async fn scopes(store: &Store, scope: &Scope) -> Result<BTreeMap<i64, Listable>, AuditError> {
    let sql = "SELECT scope, account_id, aws_region, resource_type FROM scopes";
    let mut scopes = BTreeMap::new();
    for row in store.database().rows(sql, args![]).await? {
        let (account_id, aws_region) = (row.text(1)?, row.text(2)?);
        if scope.has(&account_id, &aws_region) {
            scopes.insert(row.int(0)?, (account_id, aws_region, row.text(3)?));
        }
    }
    Ok(scopes)
}

async fn rules(
    store: &Store,
    identifiers: &HashSet<String>,
) -> Result<BTreeMap<i64, Rule>, AuditError> {
    let sql = "SELECT rule, rule_name, source_identifier, parameters FROM rules";
    let mut rules = BTreeMap::new();
    for row in store.database().rows(sql, args![]).await? {
        let source_identifier = row.text(2)?;
        if !identifiers.contains(&source_identifier) {
            continue;
        }
        let rule = Rule {
            rule_name: row.text(1)?,
            source_identifier,
            parameters: serde_json::from_str(&row.text(3)?).map_err(|_| AuditError::Damaged {
                what: "a rule's parameters".to_owned(),
            })?,
        };
        rules.insert(row.int(0)?, rule);
    }
    Ok(rules)
}

/// Of each rule and resource: the verdict that stood when the time began, and those since.
async fn verdicts(
    store: &Store,
    rules: &BTreeMap<i64, Rule>,
    resources: &BTreeMap<i64, Resource>,
    from: Timestamp,
    until: Timestamp,
) -> Result<BTreeMap<i64, BTreeMap<i64, Vec<Transition>>>, AuditError> {
    let sql = "SELECT resource, valid_from, compliance_type, reason FROM verdicts \
               WHERE rule = $1 AND superseded_at > $2 AND valid_from < $3 \
               ORDER BY resource, valid_from, verdict";
    let mut verdicts: BTreeMap<i64, BTreeMap<i64, Vec<Transition>>> = BTreeMap::new();
    for rule in rules.keys() {
        let mut known: HashSet<Arc<str>> = HashSet::new();
        let mut shared = |text: String| {
            if let Some(text) = known.get(text.as_str()) {
                return Arc::clone(text);
            }
            let text: Arc<str> = text.into();
            known.insert(Arc::clone(&text));
            text
        };
        let values: Vec<sql::Value> = args![*rule, from.as_microsecond(), until.as_microsecond()];
        for row in store.database().rows(sql, values).await? {
            let resource = row.int(0)?;
            if !resources.contains_key(&resource) {
                continue;
            }
            let transition = Transition {
                at: time(row.int(1)?),
                compliance_type: shared(row.text(2)?),
                reason: shared(row.text(3)?),
            };
            let of_rule = verdicts.entry(*rule).or_default();
            of_rule.entry(resource).or_default().push(transition);
        }
    }
    Ok(verdicts)
}

async fn listings(
    store: &Store,
    from: Timestamp,
    until: Timestamp,
) -> Result<HashMap<i64, Vec<Listing>>, AuditError> {
    // The newest one before the time counts too: a scope that was listed once and never again is
    // stale, and not unlisted.
    let sql = "SELECT scope, listed_at, state, items FROM listings WHERE listed_at < $2 \
               AND (listed_at >= $1 OR listing IN (SELECT MAX(listing) FROM listings \
               WHERE listed_at < $1 GROUP BY scope)) ORDER BY scope, listed_at, listing";
    let values = args![from.as_microsecond(), until.as_microsecond()];
    let mut listings: HashMap<i64, Vec<Listing>> = HashMap::new();
    for row in store.database().rows(sql, values).await? {
        listings.entry(row.int(0)?).or_default().push(Listing {
            at: time(row.int(1)?),
            state: row.text(2)?,
            items: row.int(3)?,
        });
    }
    Ok(listings)
}
