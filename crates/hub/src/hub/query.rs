//! Findings out of the hub.

use std::collections::{HashMap, HashSet};

use posture_store::sql::Value;

use super::rows::{Stored, time};
use super::{Hub, args};
use crate::HubError;
use crate::filter::Filters;
use crate::finding::{Hash, SeverityLabel, Shown};
use crate::people::People;

/// Findings read at a time.
const PAGE: i64 = 500;

/// What is listed.
#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    /// Which findings.
    pub filters: Filters,
    /// How many at most.
    pub limit: usize,
    /// Whether findings that tell of one fact are one.
    pub is_joined: bool,
    /// Whose they are, or how late.
    pub people: Option<PeopleFilter>,
}

/// Findings by where they stand with people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleFilter {
    /// Who answers for what.
    pub people: People,
    /// Only what this person answers for; an empty text is nobody.
    pub owner: Option<String>,
    /// Only what is open and was to be fixed before now.
    pub is_overdue: bool,
}

/// Findings listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The worst first, of these the newest.
    pub findings: Vec<Shown>,
    /// Whether there are more.
    pub has_more: bool,
}

/// Columns that narrow a search before findings are read, by the filter whose words they hold.
const COLUMNS: [(&str, &str); 9] = [
    ("AwsAccountId", "account_id"),
    ("Region", "aws_region"),
    ("ComplianceStatus", "compliance"),
    ("WorkflowStatus", "workflow"),
    ("RecordState", "record_state"),
    ("ComplianceSecurityControlId", "control"),
    ("GeneratorId", "generator_id"),
    ("ProductArn", "product_arn"),
    ("Id", "id"),
];

impl Hub {
    /// Lists findings.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, options: &ListOptions) -> Result<Found, HubError> {
        let mut findings = Vec::new();
        let mut facts: HashSet<Hash> = HashSet::new();
        let mut place = (i64::MAX, i64::MAX);
        loop {
            let page = self.page(&options.filters, Order::Worst, place).await?;
            let Some((_, last)) = page.last() else {
                break;
            };
            place = (last.severity, last.finding);
            for (fact, stored) in page {
                if options.is_joined && facts.contains(&fact) {
                    continue;
                }
                let shown = stored.shown();
                if !options.filters.accept(&shown.asff, self.now()) {
                    continue;
                }
                if !self.accepts(options.people.as_ref(), &shown) {
                    continue;
                }
                if findings.len() == options.limit {
                    self.count_facts(&mut findings).await?;
                    let findings = findings.into_iter().map(|(_, shown)| shown).collect();
                    return Ok(Found {
                        findings,
                        has_more: true,
                    });
                }
                facts.insert(fact);
                findings.push((fact, shown));
            }
        }
        self.count_facts(&mut findings).await?;
        Ok(Found {
            findings: findings.into_iter().map(|(_, shown)| shown).collect(),
            has_more: false,
        })
    }

    /// The next findings that pass, in the order in which they came, after the one numbered `after`;
    /// and up to which number was looked. None where there are no more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn next_page(
        &self,
        filters: &Filters,
        after: i64,
    ) -> Result<Option<(Vec<Shown>, i64)>, HubError> {
        let page = self.page(filters, Order::Number, (0, after)).await?;
        let Some(last) = page.last().map(|(_, stored)| stored.finding) else {
            return Ok(None);
        };
        let shown = page.into_iter().map(|(_, stored)| stored.shown());
        let passing = shown.filter(|shown| filters.accept(&shown.asff, self.now()));
        Ok(Some((passing.collect(), last)))
    }

    /// The findings of this number or id; several products may use one id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn named(&self, name: &str) -> Result<Vec<Shown>, HubError> {
        let number: i64 = name.parse().unwrap_or(-1);
        let sql = format!(
            "{} WHERE finding = $1 OR id = $2 ORDER BY finding",
            Stored::SELECT
        );
        let rows = self
            .store
            .database()
            .rows(&sql, args![number, name])
            .await?;
        rows.iter()
            .map(|row| Ok(Stored::read(row)?.shown()))
            .collect()
    }

    pub(super) fn now(&self) -> jiff::Timestamp {
        time(self.store.now())
            .parse()
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    async fn page(
        &self,
        filters: &Filters,
        order: Order,
        (severity, finding): (i64, i64),
    ) -> Result<Vec<(Hash, Stored)>, HubError> {
        let mut values = args![finding];
        let (begin, order) = match order {
            Order::Number => ("finding > $1", "finding"),
            Order::Worst => {
                values.push(severity.into());
                (
                    "(severity < $2 OR (severity = $2 AND finding < $1))",
                    "severity DESC, finding DESC",
                )
            }
        };
        let mut conditions = vec![begin.to_owned()];
        for (name, column) in COLUMNS {
            if let Some(words) = filters.one_of(name) {
                let words = words
                    .into_iter()
                    .map(|word| Value::from(self.column_word(name, word)));
                conditions.push(one_of(column, words.collect(), &mut values));
            }
        }
        if let Some(labels) = filters.one_of("SeverityLabel") {
            let ranks = labels.into_iter().filter_map(SeverityLabel::from_word);
            let ranks = ranks.map(|label| Value::from(label.rank()));
            conditions.push(one_of("severity", ranks.collect(), &mut values));
        }
        let select = Stored::SELECT.replace(" FROM", ", fact FROM");
        let conditions = conditions.join(" AND ");
        let sql = format!("{select} WHERE {conditions} ORDER BY {order} LIMIT {PAGE}");
        let rows = self.store.database().rows(&sql, values).await?;
        rows.iter()
            .map(|row| Ok((row.array(Stored::WIDTH)?, Stored::read(row)?)))
            .collect()
    }

    /// Controls are stored under one spelling.
    fn column_word(&self, name: &str, word: &str) -> String {
        let control = (name == "ComplianceSecurityControlId")
            .then(|| self.standards.control(word))
            .flatten();
        control.map_or_else(|| word.to_owned(), |control| control.id.clone())
    }

    fn accepts(&self, filter: Option<&PeopleFilter>, shown: &Shown) -> bool {
        let Some(filter) = filter else { return true };
        let standing = self.standing(&filter.people, shown);
        let owner = standing.owner.unwrap_or_default();
        let is_theirs = filter.owner.as_ref().is_none_or(|wanted| *wanted == owner);
        is_theirs && (standing.is_overdue || !filter.is_overdue)
    }

    async fn count_facts(&self, findings: &mut [(Hash, Shown)]) -> Result<(), HubError> {
        let keys = findings
            .iter()
            .map(|(fact, _)| Value::from(*fact))
            .collect();
        let mut counts: HashMap<Hash, i64> = HashMap::new();
        for row in self
            .store
            .database()
            .rows_in("SELECT fact FROM findings WHERE fact IN", keys)
            .await?
        {
            *counts.entry(row.array(0)?).or_default() += 1;
        }
        for (fact, shown) in findings {
            shown.of_same_fact = counts.get(fact).copied().unwrap_or_default();
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy)]
enum Order {
    Number,
    Worst,
}

fn one_of(column: &str, words: Vec<Value>, values: &mut Vec<Value>) -> String {
    if words.is_empty() {
        return "1 = 0".to_owned();
    }
    let first = values.len() + 1;
    let places: Vec<String> = (first..first + words.len())
        .map(|n| format!("${n}"))
        .collect();
    values.extend(words);
    format!("{column} IN ({})", places.join(", "))
}
