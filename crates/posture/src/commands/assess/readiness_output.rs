//! `posture.readiness/v1`, its table and its list of work.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

use jiff::Timestamp;
use posture_audit::{
    Assessment, ControlReadiness, Outcome as Judged, Readiness as Stands, Work, csv_record,
};
use posture_content::frameworks::Framework;
use serde::Serialize;

use crate::output::terminal::plain;

/// What is said of one moment, and of an earlier one.
pub(super) struct Told {
    pub(super) framework: Cow<'static, Framework>,
    pub(super) assessment: Option<Assessment>,
    pub(super) now: Stands,
    pub(super) before: Option<Stands>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReadinessV1<'a> {
    schema: &'static str,
    framework: &'a str,
    framework_version: &'a str,
    assessment: Option<&'a str>,
    as_of: Timestamp,
    run: Option<i64>,
    looked_at: Option<Timestamp>,
    results: BTreeMap<&'static str, usize>,
    controls: Vec<ControlV1<'a>>,
    work: Vec<WorkV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<SinceV1<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ControlV1<'a> {
    control: &'a str,
    title: &'a str,
    result: &'static str,
    pass: usize,
    fail: usize,
    unknown: usize,
    excepted: usize,
    not_evaluated: &'a [String],
    lacks_document: bool,
    owner: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WorkV1<'a> {
    kind: &'static str,
    severity: Option<&'static str>,
    name: &'a str,
    parameters: &'a [String],
    controls: &'a [String],
    resources: usize,
    what: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SinceV1<'a> {
    as_of: Timestamp,
    run: Option<i64>,
    looked_at: Option<Timestamp>,
    controls: Vec<ChangedV1<'a>>,
    changed_work: Vec<ChangedWorkV1<'a>>,
    new_work: Vec<WorkV1<'a>>,
    done_work: Vec<WorkV1<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangedWorkV1<'a> {
    #[serde(flatten)]
    work: WorkV1<'a>,
    resources_before: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangedV1<'a> {
    control: &'a str,
    from: &'static str,
    to: &'static str,
}

const COLUMNS: [&str; 7] = [
    "order",
    "kind",
    "severity",
    "name",
    "controls",
    "resources",
    "what",
];

fn word(control: &ControlReadiness) -> &'static str {
    control.outcome.map_or("inactive", Judged::as_str)
}

fn work_v1(work: &Work) -> WorkV1<'_> {
    WorkV1 {
        kind: work.kind.as_str(),
        severity: work.severity.map(posture_rules::Severity::as_str),
        name: &work.name,
        parameters: &work.parameters,
        controls: &work.controls,
        resources: work.resources,
        what: &work.what,
    }
}

/// Work of `all` that `others` do not have.
fn only<'a>(all: &'a Stands, others: &Stands) -> Vec<&'a Work> {
    let is_new = |work: &&Work| !others.work.iter().any(|other| other.key() == work.key());
    all.work.iter().filter(is_new).collect()
}

/// Work that was there before and is about another number of resources, with the number then.
fn grown<'a>(now: &'a Stands, before: &Stands) -> Vec<(&'a Work, usize)> {
    let pair = |work: &'a Work| {
        let same = before.work.iter().find(|other| other.key() == work.key())?;
        (same.resources != work.resources).then_some((work, same.resources))
    };
    now.work.iter().filter_map(pair).collect()
}

impl Told {
    fn results(&self) -> BTreeMap<&'static str, usize> {
        let mut results = BTreeMap::new();
        for control in &self.now.controls {
            *results.entry(word(control)).or_default() += 1;
        }
        results
    }

    fn changed<'a>(&'a self, before: &Stands) -> Vec<ChangedV1<'a>> {
        let pairs = before.controls.iter().zip(&self.now.controls);
        pairs
            .filter(|(from, to)| from.outcome != to.outcome)
            .map(|(from, to)| ChangedV1 {
                control: &to.control,
                from: word(from),
                to: word(to),
            })
            .collect()
    }

    pub(super) fn document(&self) -> ReadinessV1<'_> {
        let controls = self.now.controls.iter().map(|one| ControlV1 {
            control: &one.control,
            title: &one.title,
            result: word(one),
            pass: one.counts.pass,
            fail: one.counts.fail,
            unknown: one.counts.unknown,
            excepted: one.counts.excepted,
            not_evaluated: &one.not_evaluated,
            lacks_document: one.lacks_document,
            owner: one.owner.as_deref(),
        });
        ReadinessV1 {
            schema: "posture.readiness/v1",
            framework: &self.framework.name,
            framework_version: &self.framework.version,
            assessment: self.assessment.as_ref().map(|one| one.name.as_str()),
            as_of: self.now.as_of,
            run: self.now.run.map(|(run, _)| run),
            looked_at: self.now.run.map(|(_, at)| at),
            results: self.results(),
            controls: controls.collect(),
            work: self.now.work.iter().map(work_v1).collect(),
            since: self.before.as_ref().map(|before| SinceV1 {
                as_of: before.as_of,
                run: before.run.map(|(run, _)| run),
                looked_at: before.run.map(|(_, at)| at),
                controls: self.changed(before),
                changed_work: grown(&self.now, before)
                    .into_iter()
                    .map(|(work, resources_before)| ChangedWorkV1 {
                        work: work_v1(work),
                        resources_before,
                    })
                    .collect(),
                new_work: only(&self.now, before).into_iter().map(work_v1).collect(),
                done_work: only(before, &self.now).into_iter().map(work_v1).collect(),
            }),
        }
    }

    pub(super) fn csv(&self, out: &mut impl Write) -> std::io::Result<()> {
        out.write_all(&csv_record(&COLUMNS.map(str::to_owned)))?;
        for (place, work) in (1..).zip(&self.now.work) {
            let place: usize = place;
            let cells = [
                place.to_string(),
                work.kind.as_str().to_owned(),
                work.severity
                    .map_or("", posture_rules::Severity::as_str)
                    .to_owned(),
                name_of(work),
                work.controls.join("; "),
                work.resources.to_string(),
                work.what.clone(),
            ];
            out.write_all(&csv_record(&cells))?;
        }
        Ok(())
    }

    pub(super) fn table(&self, out: &mut impl Write) -> std::io::Result<()> {
        let looked = |stands: &Stands| match stands.run {
            Some((run, at)) => format!("run {run} of {at}"),
            None => "no run in the 48 hours before: nothing is known".to_owned(),
        };
        writeln!(
            out,
            "{} as of {} ({})",
            plain(&self.framework.title),
            self.now.as_of,
            looked(&self.now)
        )?;
        match &self.assessment {
            Some(one) => writeln!(out, "Owners and documents of the assessment {}", one.name)?,
            None => writeln!(out, "No assessment of it then: no owners, no documents")?,
        }
        let results: Vec<String> = self
            .results()
            .iter()
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        writeln!(
            out,
            "{} controls: {}\n",
            self.now.controls.len(),
            results.join(", ")
        )?;
        for one in &self.now.controls {
            writeln!(out, "{}", control_line(one))?;
        }
        writeln!(
            out,
            "\nTo do, the first thing first: {}",
            self.now.work.len()
        )?;
        for (place, work) in (1..).zip(&self.now.work) {
            let place: usize = place;
            writeln!(out, "{place:>4}  {}", work_line(work))?;
        }
        if let Some(before) = &self.before {
            writeln!(out, "\nSince {} ({})", before.as_of, looked(before))?;
            for one in self.changed(before) {
                writeln!(
                    out,
                    "  {:<16} {} -> {}",
                    plain(one.control),
                    one.from,
                    one.to
                )?;
            }
            for (work, count) in grown(&self.now, before) {
                writeln!(out, "  {} ({count} then)", work_line(work))?;
            }
            for (title, work) in [
                ("New work", only(&self.now, before)),
                ("Work that is done", only(before, &self.now)),
            ] {
                writeln!(out, "{title}: {}", work.len())?;
                for work in work {
                    writeln!(out, "  {}", work_line(work))?;
                }
            }
        }
        Ok(())
    }
}

fn name_of(work: &Work) -> String {
    if work.parameters.is_empty() {
        return work.name.clone();
    }
    format!("{} ({})", work.name, work.parameters.join(", "))
}

fn control_line(one: &ControlReadiness) -> String {
    let mut lacks = Vec::new();
    if one.counts.fail > 0 {
        lacks.push(format!("{} fail", one.counts.fail));
    }
    if one.counts.unknown > 0 {
        lacks.push(format!("{} unknown", one.counts.unknown));
    }
    if !one.not_evaluated.is_empty() {
        lacks.push(format!("{} rules not evaluated", one.not_evaluated.len()));
    }
    if one.lacks_document {
        lacks.push("no document".to_owned());
    }
    if one.owner.is_none() {
        lacks.push("no owner".to_owned());
    }
    format!(
        "{:<16} {:<14} {:<44} {}",
        plain(&one.control),
        word(one),
        plain(&lacks.join(", ")),
        plain(&one.title)
    )
}

/// Controls that are named in a line; the rest is counted.
const NAMED: usize = 6;

fn work_line(work: &Work) -> String {
    let mut controls = work
        .controls
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if let Some(more @ 1..) = work.controls.len().checked_sub(NAMED) {
        controls.extend([" and ", &more.to_string(), " more"]);
    }
    format!(
        "{:<12} {:<8} {}: {} [{}]",
        work.kind.as_str(),
        work.severity.map_or("-", posture_rules::Severity::as_str),
        plain(&name_of(work)),
        plain(&work.what),
        plain(&controls)
    )
}
