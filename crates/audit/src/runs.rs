//! The runs of a period, and what each of them speaks for.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use posture_store::Store;

use crate::error::AuditError;
use crate::history::{Resource, Rule};
use crate::period::day;
use crate::run_document::{ExceptionInForce, RunDocument};
use crate::schema::{args, time};

/// An evaluation: of everything, or of the rules that read what changed.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its number.
    pub run: i64,
    /// Its clock.
    pub evaluated_at: Timestamp,
    /// The root over all its verdicts.
    pub verdict_root: String,
    /// How many verdicts.
    pub verdicts: i64,
    /// Its record in the evidence log, where there is one.
    pub leaf: Option<i64>,
    /// Its document, by its place.
    document: usize,
    /// Of a run that was not of everything: the document of the last one that was, on the same day or
    /// the day before. What it evaluated and this one didn't is still as it said.
    base: Option<usize>,
}

/// The rule by its place in the document; account, Region, type and id.
type Pair = (u32, String, String, String, String);

/// A document and its verdicts that do not count, by rule and resource.
struct Document {
    text: RunDocument,
    rules: HashMap<(String, BTreeMap<String, String>), u32>,
    uncounted: HashMap<Pair, (String, Option<ExceptionInForce>)>,
}

/// The documents of runs.
#[derive(Default)]
pub(crate) struct Documents(Vec<Document>);

/// The runs of a time, and their documents.
pub(crate) async fn runs(
    store: &Store,
    from: Timestamp,
    until: Timestamp,
) -> Result<(Vec<Run>, Documents), AuditError> {
    let sql = "SELECT r.run, r.evaluated_at, r.document, r.verdict_root, r.verdicts, q.leaf \
               FROM audit_runs r LEFT JOIN audit_queue q ON q.entry = r.entry \
               WHERE r.evaluated_at >= $1 AND r.evaluated_at < $2 ORDER BY r.evaluated_at, r.run";
    let values = args![from.as_microsecond(), until.as_microsecond()];
    let (mut runs, mut documents) = (Vec::new(), Vec::new());
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut whole: Option<(Timestamp, usize)> = None;
    for row in store.database().rows(sql, values).await? {
        let sha256 = row.text(2)?;
        let place = if let Some(place) = places.get(&sha256) {
            *place
        } else {
            documents.push(Document::new(RunDocument::load(store, &sha256).await?));
            places.insert(sha256, documents.len() - 1);
            documents.len() - 1
        };
        let evaluated_at = time(row.int(1)?);
        let is_whole = documents
            .get(place)
            .is_some_and(|document| document.text.limited_to.is_empty());
        if is_whole {
            whole = Some((evaluated_at, place));
        }
        let base = whole.filter(|(at, _)| !is_whole && is_spoken_for(*at, evaluated_at));
        runs.push(Run {
            run: row.int(0)?,
            evaluated_at,
            verdict_root: row.text(3)?,
            verdicts: row.int(4)?,
            leaf: row.int_or_null(5)?,
            document: place,
            base: base.map(|(_, place)| place),
        });
    }
    Ok((runs, Documents(documents)))
}

/// Whether a run of one time speaks for another: until the end of the next day, as between two runs.
fn is_spoken_for(at: Timestamp, later: Timestamp) -> bool {
    Some(day(later)) <= day(at).tomorrow().ok()
}

impl Run {
    /// Whether it was of everything.
    pub(crate) fn is_whole(&self, documents: &Documents) -> bool {
        documents
            .of(self)
            .is_some_and(|document| document.limited_to.is_empty())
    }
}

impl Documents {
    pub(crate) fn of(&self, run: &Run) -> Option<&RunDocument> {
        self.0.get(run.document).map(|document| &document.text)
    }

    /// The document that says what was evaluated of a rule when a run looked, and the rule's place in it.
    fn evaluating(&self, run: &Run, rule: &Rule) -> Option<(&Document, u32)> {
        let places = std::iter::once(run.document).chain(run.base);
        let mut documents = places.filter_map(|place| self.0.get(place));
        documents.find_map(|document| Some((document, document.place_of(rule)?)))
    }

    /// Whether a run evaluated a rule with these parameters itself.
    pub(crate) fn has_run(&self, run: &Run, rule: &Rule) -> bool {
        let document = self.0.get(run.document);
        document.is_some_and(|document| document.place_of(rule).is_some())
    }

    /// Whether a rule with these parameters was evaluated when a run looked.
    pub(crate) fn has_evaluated(&self, run: &Run, rule: &Rule) -> bool {
        self.evaluating(run, rule).is_some()
    }

    /// Why a verdict of a run does not count; none where it does.
    pub(crate) fn uncounted(
        &self,
        run: &Run,
        rule: &Rule,
        resource: &Resource,
    ) -> Option<&(String, Option<ExceptionInForce>)> {
        let (document, place) = self.evaluating(run, rule)?;
        document.uncounted.get(&(
            place,
            resource.account_id.clone(),
            resource.aws_region.clone(),
            resource.resource_type.clone(),
            resource.resource_id.clone(),
        ))
    }
}

impl Document {
    fn place_of(&self, rule: &Rule) -> Option<u32> {
        let key = (rule.source_identifier.clone(), rule.parameters.clone());
        self.rules.get(&key).copied()
    }

    fn new(document: RunDocument) -> Document {
        let rules = (0..)
            .zip(&document.rules)
            .map(|(place, rule)| {
                let key = (rule.source_identifier.clone(), rule.parameters.clone());
                (key, place)
            })
            .collect();
        let uncounted = document
            .exceptions
            .iter()
            .map(|one| {
                let key = (
                    one.rule,
                    one.account_id.clone(),
                    one.aws_region.clone(),
                    one.resource_type.clone(),
                    one.resource_id.clone(),
                );
                (key, (one.disposition.clone(), one.exception.clone()))
            })
            .collect();
        Document {
            text: document,
            rules,
            uncounted,
        }
    }
}

#[cfg(test)]
impl Run {
    pub(crate) fn at(evaluated_at: Timestamp) -> Run {
        Run {
            run: 0,
            evaluated_at,
            verdict_root: String::new(),
            verdicts: 0,
            leaf: None,
            document: 0,
            base: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use posture_store::Location;

    use super::*;
    use crate::run_document::{RuleVersion, Uncounted, keep};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn document(rules: &[&str], limited_to: &[&str]) -> RunDocument {
        let of_rule = |name: &&str| RuleVersion {
            rule_name: (*name).to_owned(),
            source_identifier: (*name).to_owned(),
            ..RuleVersion::default()
        };
        RunDocument {
            posture: String::new(),
            packs: Vec::new(),
            rules: rules.iter().map(of_rule).collect(),
            accounts: Vec::new(),
            gaps: Vec::new(),
            exceptions: vec![Uncounted {
                rule: 0,
                account_id: "1".to_owned(),
                aws_region: "eu-west-1".to_owned(),
                resource_type: "AWS::S3::Bucket".to_owned(),
                resource_id: "b".to_owned(),
                disposition: "suppressed".to_owned(),
                exception: None,
            }],
            limited_to: limited_to.iter().map(|one| (*one).to_owned()).collect(),
        }
    }

    async fn run(store: &Store, number: i64, evaluated_at: &str, document: &RunDocument) {
        let (text, sha256) = document.to_text().unwrap();
        let mut transaction = store.database().begin().await.unwrap();
        let (sql, values) = keep(&text, &sha256).unwrap();
        transaction.execute(&sql, values).await.unwrap();
        let evaluated_at = at(evaluated_at).as_microsecond();
        let sql = "INSERT INTO audit_runs (run, evaluated_at, recorded_at, document, verdict_root, \
                   verdicts) VALUES ($1, $2, $2, $3, '', 0)";
        let values = args![number, evaluated_at, sha256];
        transaction.execute(sql, values).await.unwrap();
        transaction.commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_run_of_what_changed_leaves_the_rest_as_the_last_whole_one_said() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::File(folder.path().join("state.db"));
        let clock = Arc::new(|| at("2026-04-09T00:00:00Z"));
        let store = Store::open(&location, clock).await.unwrap();
        crate::migrate(&store).await.unwrap();
        let whole = document(&["a", "b"], &[]);
        let limited = document(&["b"], &["AWS::S3::Bucket"]);
        run(&store, 1, "2026-04-01T06:00:00Z", &limited).await;
        run(&store, 2, "2026-04-02T06:00:00Z", &whole).await;
        run(&store, 3, "2026-04-02T09:00:00Z", &limited).await;
        run(&store, 4, "2026-04-03T23:00:00Z", &limited).await;
        run(&store, 5, "2026-04-04T00:00:00Z", &limited).await;
        let (from, until) = (at("2026-04-01T00:00:00Z"), at("2026-04-09T00:00:00Z"));
        let (runs, documents) = runs(&store, from, until).await.unwrap();
        let rule = |name: &str| Rule {
            rule_name: name.to_owned(),
            source_identifier: name.to_owned(),
            parameters: BTreeMap::new(),
        };
        let told = |name: &str, told: fn(&Documents, &Run, &Rule) -> bool| -> Vec<bool> {
            runs.iter()
                .map(|run| told(&documents, run, &rule(name)))
                .collect()
        };
        // Nobody vouches for a before the first whole run, nor two days after it.
        assert_eq!(
            told("a", Documents::has_evaluated),
            [false, true, true, true, false]
        );
        assert_eq!(told("b", Documents::has_evaluated), [true; 5]);
        assert_eq!(
            told("a", Documents::has_run),
            [false, true, false, false, false]
        );
        let bucket = Resource {
            account_id: "1".to_owned(),
            aws_region: "eu-west-1".to_owned(),
            resource_type: "AWS::S3::Bucket".to_owned(),
            resource_id: "b".to_owned(),
            resource_name: None,
            arn: None,
            scope: 0,
            existence: Vec::new(),
            changes: Vec::new(),
        };
        // An exception is that of the run that evaluated the rule: of b only the limited ones say so.
        let excepted = |run: &Run, name| documents.uncounted(run, &rule(name), &bucket).is_some();
        assert!(excepted(&runs[1], "a") && !excepted(&runs[1], "b"));
        assert!(excepted(&runs[2], "a") && excepted(&runs[2], "b"));
        assert_eq!(
            runs.iter()
                .map(|run| run.is_whole(&documents))
                .collect::<Vec<_>>(),
            [false, true, false, false, false]
        );
    }
}
