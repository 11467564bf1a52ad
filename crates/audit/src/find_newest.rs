//! The way to the newest verdicts of those that are looked for: through time, or from the counts to
//! the days and rules that have any.

use posture_store::{ANY, CELL_DAYS, Store, day_of, start_of};

use crate::error::AuditError;
use crate::find_condition::{Cells, Wanted, Way};
use crate::schema::args;

/// Verdicts of an index that are gone through within a moment. Tests go both ways with few.
const MOMENT: i64 = if cfg!(test) { 40 } else { 200_000 };

/// Days of the longest cells.
const SPAN: i64 = CELL_DAYS[CELL_DAYS.len() - 1];

/// What follows `FROM` where `count` of the newest verdicts, `v`, are selected; none where there are
/// none.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn newest(
    store: &Store,
    wanted: &Wanted,
    count: i64,
) -> Result<Option<String>, AuditError> {
    if !wanted.is_counted() {
        let condition = wanted.of_verdicts(wanted.from, wanted.until, Way::Resource);
        return Ok(Some(format!("verdicts v WHERE {condition}")));
    }
    let Some(spans) = Spans::load(store, wanted, count).await? else {
        return Ok(None);
    };
    let from = wanted.from.max(Some(start_of(spans.first_day)));
    if spans.gone_through(count) <= MOMENT {
        let condition = wanted.of_verdicts(from, wanted.until, Way::Time);
        return Ok(Some(format!("verdicts v WHERE {condition}")));
    }
    let condition = wanted.of_verdicts(from, wanted.until, Way::Rule);
    let cells = wanted.of_cells(Cells {
        days: 1,
        begin: from.map(day_of),
        end: Some(spans.end_day),
        by_rule: true,
        by_scope: false,
    });
    let (day, next_day) = (start_of(1), start_of(1));
    // In this order: SQLite takes a CROSS JOIN's tables as they are written.
    Ok(Some(format!(
        "(SELECT DISTINCT c.first_day, c.rule FROM verdict_counts c WHERE {cells} AND {} > 0) c \
         CROSS JOIN verdicts v WHERE v.rule = c.rule AND v.valid_from >= c.first_day * {day} \
         AND v.valid_from < c.first_day * {day} + {next_day} AND {condition}",
        wanted.sum()
    )))
}

/// Where the newest verdicts are that are looked for.
struct Spans {
    first_day: i64,
    end_day: i64,
    /// How many there are that are looked for.
    matching: i64,
    /// How many there are of any kind.
    all: i64,
}

impl Spans {
    /// None where there are none.
    async fn load(store: &Store, wanted: &Wanted, count: i64) -> Result<Option<Spans>, AuditError> {
        let begin = wanted.from.map(|from| day_of(from).div_euclid(SPAN) * SPAN);
        let end = wanted.until.map(day_of);
        let sql = format!(
            "SELECT c.first_day, CAST(SUM({}) AS BIGINT) FROM verdict_counts c WHERE {} \
             GROUP BY c.first_day ORDER BY c.first_day DESC",
            wanted.sum(),
            wanted.of_cells(Cells {
                days: SPAN,
                begin,
                end: end.map(|end| end.saturating_add(1)),
                ..Cells::default()
            })
        );
        let mut spans: Option<Spans> = None;
        for row in store.database().rows(&sql, args![]).await? {
            let (first_day, matching) = (row.int(0)?, row.int(1)?);
            let end_day = first_day.saturating_add(SPAN);
            if matching == 0 {
                continue;
            }
            let spans = spans.get_or_insert(Spans {
                first_day,
                end_day,
                matching: 0,
                all: 0,
            });
            spans.first_day = first_day;
            // Of one that ends later, some may be too late.
            if end.is_none_or(|end| end_day <= end) {
                spans.matching += matching;
            }
            if spans.matching >= count {
                break;
            }
        }
        let Some(mut spans) = spans else {
            return Ok(None);
        };
        let sql = "SELECT CAST(SUM(compliant + non_compliant + not_applicable + insufficient_data) \
                   AS BIGINT) FROM verdict_counts WHERE days = $1 AND first_day >= $2 \
                   AND first_day < $3 AND scope = $4 AND rule = $5";
        let values = args![SPAN, spans.first_day, spans.end_day, ANY, ANY];
        for row in store.database().rows(sql, values).await? {
            spans.all = row.int_or_null(0)?.unwrap_or_default();
        }
        Ok(Some(spans))
    }

    /// About how many verdicts are gone through, in the order of time, until so many are found.
    fn gone_through(&self, count: i64) -> i64 {
        if self.matching < count {
            return self.all;
        }
        let share = i128::from(self.all) * i128::from(count) / i128::from(self.matching.max(1));
        i64::try_from(share).unwrap_or(i64::MAX)
    }
}
