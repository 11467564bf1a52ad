//! Rows of `findings`.

use jiff::Timestamp;
use posture_store::sql::{Row, Value};
use serde_json::json;

use super::content::decompressed;
use super::{args, clock_row};
use crate::HubError;
use crate::finding::{
    ComplianceStatus, Hash, Head, Layers, Object, Origin, RecordState, SeverityLabel, Shown,
    Standing, WorkflowStatus, shown,
};
use crate::people::{Clock, Seen, go_on};

/// The columns, in the order of [`FindingRow::values`].
pub(crate) const COLUMNS: &str = "finding, identity, product_arn, id, generator_id, account_id, \
    aws_region, title, severity, compliance, record_state, workflow, control, resource_type, \
    resource_id, fact, updated_at, recorded_at, created_at, origin, layers, content, \
    began_at, opened_at, acknowledged_at, closed_at, closed_as";

/// What happens to a row that is there.
pub(crate) const REPLACE: &str = "ON CONFLICT (identity) DO UPDATE SET \
    generator_id = excluded.generator_id, account_id = excluded.account_id, \
    aws_region = excluded.aws_region, title = excluded.title, severity = excluded.severity, \
    compliance = excluded.compliance, record_state = excluded.record_state, \
    workflow = excluded.workflow, control = excluded.control, \
    resource_type = excluded.resource_type, resource_id = excluded.resource_id, \
    fact = excluded.fact, updated_at = excluded.updated_at, recorded_at = excluded.recorded_at, \
    origin = excluded.origin, layers = excluded.layers, content = excluded.content, \
    began_at = excluded.began_at, opened_at = excluded.opened_at, \
    acknowledged_at = excluded.acknowledged_at, closed_at = excluded.closed_at, \
    closed_as = excluded.closed_as";

/// A finding to be written.
pub(crate) struct FindingRow {
    pub(crate) finding: i64,
    /// It is in no row yet.
    pub(crate) is_new: bool,
    pub(crate) head: Head,
    pub(crate) severity: SeverityLabel,
    pub(crate) workflow: WorkflowStatus,
    pub(crate) origin: &'static str,
    /// As they are stored.
    pub(crate) layers: String,
    pub(crate) content: Vec<u8>,
    pub(crate) clock: Clock,
}

impl FindingRow {
    pub(crate) fn values(self, recorded_at: i64) -> Vec<Value> {
        let head = self.head;
        let mut values = args![
            self.finding,
            head.identity,
            head.product_arn,
            head.id,
            head.generator_id,
            head.account_id,
            head.aws_region,
            head.title,
            self.severity.rank(),
            ComplianceStatus::stored(head.compliance),
            head.record_state.as_str(),
            self.workflow.as_str(),
            head.control,
            head.resource_type,
            head.resource_id,
            head.fact,
            head.updated_at,
            recorded_at,
            head.updated_at,
            self.origin,
            self.layers,
            self.content,
        ];
        values.extend(clock_row::values(&self.clock));
        values
    }
}

/// What is known of a finding that is there, without its content.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) finding: i64,
    pub(crate) compliance: Option<ComplianceStatus>,
    pub(crate) record_state: RecordState,
    pub(crate) workflow: WorkflowStatus,
    pub(crate) control: String,
    pub(crate) account_id: String,
    pub(crate) aws_region: String,
    pub(crate) updated_at: i64,
    pub(crate) layers: Layers,
    pub(crate) clock: Clock,
    /// Whether a scan of ours made it.
    pub(crate) is_of_scan: bool,
}

impl Known {
    /// The columns of [`Known::read`].
    pub(crate) const SELECT: &'static str = "SELECT identity, finding, compliance, record_state, \
        workflow, control, account_id, aws_region, updated_at, layers, began_at, opened_at, \
        acknowledged_at, closed_at, closed_as, origin FROM findings";

    pub(crate) fn read(row: &Row) -> Result<(Hash, Known), HubError> {
        let layers = Layers::from_stored(&row.text(9)?).map_err(HubError::Setting)?;
        let known = Known {
            finding: row.int(1)?,
            compliance: ComplianceStatus::from_word(&row.text(2)?),
            record_state: RecordState::from_word(&row.text(3)?).unwrap_or(RecordState::Active),
            workflow: WorkflowStatus::from_word(&row.text(4)?).unwrap_or(WorkflowStatus::New),
            control: row.text(5)?,
            account_id: row.text(6)?,
            aws_region: row.text(7)?,
            updated_at: row.int(8)?,
            layers,
            clock: clock_row::read(row, 10)?,
            is_of_scan: row.text(15)? == Origin::Scan.as_str(),
        };
        Ok((row.array(0)?, known))
    }

    /// Lets its clock go on to how it stands now. Returns the clock that ended where another began.
    pub(crate) fn tick(&mut self, is_said: bool, began_at: i64, now: i64) -> Option<Clock> {
        let seen = Seen {
            record_state: self.record_state,
            compliance: self.compliance,
            workflow: self.workflow,
            is_said,
        };
        let (began, now) = (clock_row::time(began_at), clock_row::time(now));
        let (clock, ended) = go_on(self.clock, seen, began, now);
        self.clock = clock;
        ended
    }

    /// As the life cycle sees it: without what rules and exceptions make of it.
    pub(crate) fn standing(&self) -> Standing {
        Standing {
            record_state: self.record_state,
            compliance: self.compliance,
            workflow: self.layers.workflow(),
        }
    }
}

/// A whole finding that is there.
pub(crate) struct Stored {
    pub(crate) finding: i64,
    pub(crate) layers: Layers,
    pub(crate) asff: Object,
    pub(crate) control: String,
    pub(crate) severity: i64,
    pub(crate) clock: Clock,
}

impl Stored {
    /// The columns of [`Stored::read`].
    pub(crate) const SELECT: &'static str = "SELECT finding, layers, content, control, severity, origin, created_at, began_at, \
         opened_at, acknowledged_at, closed_at, closed_as FROM findings";

    /// How many columns that are.
    pub(crate) const WIDTH: usize = 12;

    pub(crate) fn read(row: &Row) -> Result<Stored, HubError> {
        let finding = row.int(0)?;
        let mut asff = decompressed(finding, &row.bytes(2)?)?;
        // A scan doesn't know when an earlier one first found it.
        if row.text(5)? == Origin::Scan.as_str() {
            asff.insert("CreatedAt".to_owned(), json!(time(row.int(6)?)));
        }
        Ok(Stored {
            finding,
            layers: Layers::from_stored(&row.text(1)?).map_err(HubError::Setting)?,
            asff,
            control: row.text(3)?,
            severity: row.int(4)?,
            clock: clock_row::read(row, 7)?,
        })
    }

    pub(crate) fn shown(self) -> Shown {
        Shown {
            number: self.finding,
            asff: shown(self.asff, &self.layers),
            control: self.control,
            rule_names: self.layers.rule_names,
            exception: self.layers.exception,
            of_same_fact: 0,
            clock: self.clock,
        }
    }
}

/// A time as ASFF writes it.
pub(crate) fn time(microseconds: i64) -> String {
    Timestamp::from_microsecond(microseconds)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        .to_string()
}
