//! Findings of our own scans.

use std::collections::{BTreeSet, HashMap, HashSet};

use posture_model::Partition;
use posture_store::sql::Value;

use super::rows::Known;
use super::{Hub, args};
use crate::HubError;
use crate::finding::{ComplianceStatus, Hash, RecordState, check_id, identity};

/// One check of one resource in a scan, before its reason is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its number in the scan.
    pub number: u64,
    /// `security-control/S3.1`, or the rule's name.
    pub generator: String,
    /// The resource's account.
    pub account_id: String,
    /// Its Region.
    pub aws_region: String,
    /// Its type, as AWS Config spells it.
    pub resource_type: String,
    /// Its id.
    pub resource_id: String,
    /// What the check came to.
    pub compliance: ComplianceStatus,
    /// Whether the check doesn't apply to the resource.
    pub is_archived: bool,
    /// The exception that suppresses it.
    pub exception: Option<String>,
}

/// What a scan changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScanChanges {
    /// Numbers of the checks whose findings are new or others than before.
    pub changed: BTreeSet<u64>,
    /// Findings whose resource is not there any more.
    gone: Vec<i64>,
}

impl Check {
    /// The finding's `ProductArn`: that of Security Hub's own customers' findings.
    pub fn product_arn(&self) -> String {
        let (region, account) = (self.region(), &self.account_id);
        let partition = Partition::of(region).id;
        format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default")
    }

    /// The Region that a finding is sent to: `us-east-1` for what has none.
    pub fn region(&self) -> &str {
        match self.aws_region.as_str() {
            "global" | "" => "us-east-1",
            region => region,
        }
    }

    /// The finding's id.
    pub fn id(&self) -> String {
        check_id(
            &self.generator,
            &self.account_id,
            &self.aws_region,
            &self.resource_type,
            &self.resource_id,
        )
    }
}

/// Checks compared at a time.
const PAGE: usize = 2000;

impl Hub {
    /// Compares a scan of everything that is recorded with the findings of earlier ones. `generators`
    /// are those that were evaluated: a finding of another one is left as it is, and one of these whose
    /// resource the scan did not come to is gone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn scan_changes(
        &self,
        checks: impl Iterator<Item = Check>,
        generators: &HashSet<String>,
    ) -> Result<ScanChanges, HubError> {
        let mut changes = ScanChanges::default();
        let mut seen: HashSet<Hash> = HashSet::new();
        let mut page = HashMap::with_capacity(PAGE);
        for check in checks {
            let identity = identity(&check.product_arn(), &check.id());
            seen.insert(identity);
            page.insert(identity, check);
            if page.len() == PAGE {
                self.compare(std::mem::take(&mut page), &mut changes)
                    .await?;
            }
        }
        self.compare(page, &mut changes).await?;
        self.find_gone(&seen, generators, &mut changes).await?;
        Ok(changes)
    }

    async fn compare(
        &self,
        page: HashMap<Hash, Check>,
        changes: &mut ScanChanges,
    ) -> Result<(), HubError> {
        let mut keys: Vec<Hash> = page.keys().copied().collect();
        keys.sort_unstable();
        let keys = keys.into_iter().map(Value::from).collect();
        let select = format!("{} WHERE identity IN", Known::SELECT);
        let mut known = HashMap::with_capacity(page.len());
        for row in self.store.database().rows_in(&select, keys).await? {
            let (identity, finding) = Known::read(&row)?;
            known.insert(identity, finding);
        }
        let changed = page.iter().filter(|(identity, check)| {
            known
                .get(*identity)
                .map_or(!check.is_archived, |finding| finding.differs(check))
        });
        changes
            .changed
            .extend(changed.map(|(_, check)| check.number));
        Ok(())
    }

    async fn find_gone(
        &self,
        seen: &HashSet<Hash>,
        generators: &HashSet<String>,
        changes: &mut ScanChanges,
    ) -> Result<(), HubError> {
        let mut after = 0;
        loop {
            let sql = "SELECT finding, identity, generator_id FROM findings \
                       WHERE finding > $1 AND origin = 'scan' AND record_state = 'ACTIVE' \
                       ORDER BY finding LIMIT 2000";
            let rows = self.store.database().rows(sql, args![after]).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.int(0)?;
            for row in &rows {
                let identity: Hash = row.array(1)?;
                if !seen.contains(&identity) && generators.contains(&row.text(2)?) {
                    changes.gone.push(row.int(0)?);
                }
            }
        }
    }

    /// Archives what a scan found gone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn archive_gone(&self, changes: &ScanChanges) -> Result<usize, HubError> {
        self.archive(&changes.gone).await?;
        Ok(changes.gone.len())
    }
}

impl Known {
    fn differs(&self, check: &Check) -> bool {
        let record_state = if check.is_archived {
            RecordState::Archived
        } else {
            RecordState::Active
        };
        let known = (self.compliance, self.record_state, &self.layers.exception);
        // Of the same name and another's, it is to become ours.
        !self.is_of_scan || known != (Some(check.compliance), record_state, &check.exception)
    }
}
