//! Acts in the state: each is written with its records for the evidence log, or not at all.

use jiff::Timestamp;
use posture_content::frameworks::Framework;
use posture_store::{Store, sql};

use crate::act::{Act, Acted};
use crate::assessment::Assessment;
use crate::error::AuditError;
use crate::person::Person;
use crate::queued::queue;
use crate::requests::is_request;
use crate::schema::{args, time};

/// Makes an assessment.
///
/// # Errors
/// Where there is one of this name, or the state fails.
pub async fn create(store: &Store, name: &str, by: Person, act: Act) -> Result<(), AuditError> {
    if !is_name(name) {
        return Err(AuditError::Name {
            name: name.to_owned(),
        });
    }
    let number = store.take_ids("assessment", 1).await?.start;
    let entries = store.take_ids("audit-entry", 2).await?;
    let mut transaction = store.database().begin().await?;
    let sql = "INSERT INTO audit_assessments (assessment, name) VALUES ($1, $2) \
               ON CONFLICT DO NOTHING";
    if transaction.execute(sql, args![number, name]).await? != 1 {
        return Err(AuditError::AssessmentExists {
            name: name.to_owned(),
        });
    }
    let acted = Acted {
        by,
        at: time(store.now()),
        act,
    };
    write(&mut transaction, number, 0, &acted, entries).await?;
    transaction.commit().await?;
    Ok(())
}

/// Does something to an assessment.
///
/// # Errors
/// Where it is closed, has no such control, or somebody did something to it meanwhile; then nothing
/// was done.
pub async fn act(
    store: &Store,
    framework: &Framework,
    assessment: &Assessment,
    by: Person,
    act: Act,
) -> Result<(), AuditError> {
    if assessment.status != "ACTIVE" {
        return Err(AuditError::Closed {
            name: assessment.name.clone(),
        });
    }
    check(framework, assessment, &act)?;
    add(store, assessment, by, act).await
}

/// Adds an act to those that an assessment was loaded with.
pub(crate) async fn add(
    store: &Store,
    assessment: &Assessment,
    by: Person,
    act: Act,
) -> Result<(), AuditError> {
    let entries = store.take_ids("audit-entry", 2).await?;
    let mut transaction = store.database().begin().await?;
    let acted = Acted {
        by,
        at: time(store.now()),
        act,
    };
    let (number, place) = (assessment.number, assessment.acts);
    if !write(&mut transaction, number, place, &acted, entries).await? {
        return Err(AuditError::Overtaken {
            name: assessment.name.clone(),
        });
    }
    transaction.commit().await?;
    Ok(())
}

/// Whether it can be the name of an assessment or the id of a request: letters, digits, `.`, `_` and
/// `-`, at most 64.
pub(crate) fn is_name(name: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    !name.is_empty() && name.len() <= 64 && !name.starts_with('.') && name.chars().all(is_plain)
}

/// Whether what an act is about is there.
fn check(framework: &Framework, assessment: &Assessment, act: &Act) -> Result<(), AuditError> {
    check_place(framework, assessment, (act.control(), act.request()))?;
    let is_known = |id: &&str| framework.sets.iter().any(|set| set.id == *id);
    if let Some(set) = act.control_set().filter(|id| !is_known(id)) {
        return Err(AuditError::NoControl {
            control: set.to_owned(),
            framework: framework.name.clone(),
        });
    }
    Ok(())
}

/// Whether an assessment has a control and a request, of those that are named.
///
/// # Errors
/// Where it has one of them not.
pub fn check_place(
    framework: &Framework,
    assessment: &Assessment,
    (control, request): (Option<&str>, Option<&str>),
) -> Result<(), AuditError> {
    if let Some(control) = control.filter(|id| framework.control(id).is_none()) {
        return Err(AuditError::NoControl {
            control: control.to_owned(),
            framework: framework.name.clone(),
        });
    }
    if let Some(request) = request.filter(|id| !is_request(assessment, id)) {
        return Err(AuditError::NoRequest {
            request: request.to_owned(),
            assessment: assessment.name.clone(),
        });
    }
    Ok(())
}

/// False where the place is taken.
async fn write(
    transaction: &mut sql::Transaction,
    assessment: i64,
    number: i64,
    acted: &Acted,
    entries: std::ops::Range<i64>,
) -> Result<bool, AuditError> {
    let at = acted.at.as_microsecond();
    let sql = "INSERT INTO audit_acts (assessment, number, recorded_at, act, entry) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let text = serde_json::to_string(acted)?;
    let values = args![assessment, number, at, text, entries.start];
    if transaction.execute(sql, values).await? != 1 {
        return Ok(false);
    }
    for (entry, record) in entries.zip(acted.records(assessment)?) {
        let (sql, values) = queue(entry, at, record)?;
        transaction.execute(&sql, values).await?;
    }
    Ok(true)
}

/// The assessment of this name.
///
/// # Errors
/// Where there is none, or the state fails.
pub async fn assessment(store: &Store, name: &str) -> Result<Assessment, AuditError> {
    let sql = "SELECT assessment FROM audit_assessments WHERE name = $1";
    let rows = store.database().rows(sql, args![name]).await?;
    let Some(row) = rows.first() else {
        let known = assessments(store).await?;
        return Err(AuditError::NoAssessment {
            name: name.to_owned(),
            known: known.into_iter().map(|one| one.name).collect(),
        });
    };
    load(store, row.int(0)?, name).await
}

/// Every assessment, sorted by name.
///
/// # Errors
/// Where the state fails.
pub async fn assessments(store: &Store) -> Result<Vec<Assessment>, AuditError> {
    let sql = "SELECT assessment, name FROM audit_assessments ORDER BY name";
    let mut all = Vec::new();
    for row in store.database().rows(sql, args![]).await? {
        all.push(load(store, row.int(0)?, &row.text(1)?).await?);
    }
    Ok(all)
}

/// The newest assessment of a framework that there was at a time, as it stood then; none where there
/// was none.
///
/// # Errors
/// Where the state fails.
pub async fn assessment_as_of(
    store: &Store,
    framework: &Framework,
    at: Timestamp,
) -> Result<Option<Assessment>, AuditError> {
    let sql = "SELECT assessment, name FROM audit_assessments ORDER BY assessment";
    let mut newest: Option<Assessment> = None;
    for row in store.database().rows(sql, args![]).await? {
        let (number, name) = (row.int(0)?, row.text(1)?);
        let mut acts = acts(store, number, &name).await?;
        acts.retain(|acted| acted.at <= at);
        let found = Assessment::of(number, &name, &acts).filter(|one| {
            let is_newer = newest
                .as_ref()
                .is_none_or(|last| last.created_at <= one.created_at);
            let scope = &one.scope;
            is_newer
                && scope.framework == framework.name
                && scope.framework_version == framework.version
        });
        newest = found.or(newest);
    }
    Ok(newest)
}

async fn load(store: &Store, number: i64, name: &str) -> Result<Assessment, AuditError> {
    let acts = acts(store, number, name).await?;
    Assessment::of(number, name, &acts).ok_or_else(|| damaged(name))
}

fn damaged(name: &str) -> AuditError {
    AuditError::Damaged {
        what: format!("the assessment {name}"),
    }
}

async fn acts(store: &Store, number: i64, name: &str) -> Result<Vec<Acted>, AuditError> {
    let sql = "SELECT act FROM audit_acts WHERE assessment = $1 ORDER BY number";
    let mut acts: Vec<Acted> = Vec::new();
    for row in store.database().rows(sql, args![number]).await? {
        acts.push(serde_json::from_str(&row.text(0)?).map_err(|_| damaged(name))?);
    }
    Ok(acts)
}

/// The time now, by the state's clock.
pub fn now(store: &Store) -> Timestamp {
    time(store.now())
}
