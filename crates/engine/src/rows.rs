//! Verdicts with their reasons: items are read and judged again, in order, in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt as _;

use jiff::Timestamp;
use posture_model::tree::Bump;
use posture_model::{ConfigurationItem, Source};
use posture_rules::{Context, Severity};

use crate::accounts::unseen_account;
use crate::disposition::Disposition;
use crate::exceptions::Exceptions;
use crate::input::item_of;
use crate::inventory::{Place, Reference};
use crate::judge::{Judge, Judged};
use crate::neighbours::Nearby;
use crate::parallel::try_in_order;
use crate::report::RuleResult;
use crate::row::{Facts, Outline, Row};
use crate::scan::{Scan, ScanError};

/// Resources judged with one arena: few enough to keep memory flat, enough to find neighbours of
/// one place parsed already.
pub(crate) const BATCH: usize = 512;

type Select<'s> = dyn Fn(&Outline<'_>) -> bool + Sync + 's;
/// Resources to judge together, with the number of the first verdict on them.
type Numbered<'s> = (u64, &'s [Reference]);
type Render<'s> = dyn Fn(&Row<'_>, &mut Vec<u8>) + Sync + 's;

impl Scan<'_> {
    /// Every verdict, by account, Region, type, id, rule and parameters, without its reason.
    pub fn outlines(&self) -> impl Iterator<Item = Outline<'_>> {
        self.numbered()
            .flat_map(|(first, reference)| self.outlines_of(first, reference))
    }

    /// Reads and judges again what `select` asks for, and gives what `make` makes of it, in order.
    ///
    /// # Errors
    /// Where an input has changed.
    pub fn collect_rows<R: Send>(
        &self,
        select: &Select<'_>,
        make: &(dyn Fn(&Row<'_>) -> R + Sync),
    ) -> Result<Vec<R>, ScanError> {
        let mut all = Vec::new();
        self.stream_of(&self.batches(), select, make, &mut |made: Vec<R>| {
            all.extend(made);
            Ok::<(), ScanError>(())
        })?;
        Ok(all)
    }

    /// As [`Scan::collect_rows`], of the verdicts with these numbers.
    ///
    /// # Errors
    /// Where an input has changed.
    pub fn collect_numbered<R: Send>(
        &self,
        numbers: &BTreeSet<u64>,
        make: &(dyn Fn(&Row<'_>) -> R + Sync),
    ) -> Result<Vec<R>, ScanError> {
        let mut all = Vec::new();
        self.stream_numbered(numbers, make, &mut |made: Vec<R>| {
            all.extend(made);
            Ok::<(), ScanError>(())
        })?;
        Ok(all)
    }

    /// As [`Scan::collect_numbered`]; what was made is handed to `take` piece by piece, in order, and not held.
    ///
    /// # Errors
    /// Where an input has changed, and those of `take`, the first of which ends it.
    pub fn stream_numbered<R: Send, E: Send + From<ScanError>>(
        &self,
        numbers: &BTreeSet<u64>,
        make: &(dyn Fn(&Row<'_>) -> R + Sync),
        take: &mut dyn FnMut(Vec<R>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut batches = self.batches();
        batches.retain(|(first, batch)| {
            let pairs: u64 = batch.iter().map(|r| self.estate.pairs(*r)).sum();
            numbers.range(*first..first + pairs).next().is_some()
        });
        let is_wanted = |outline: &Outline<'_>| numbers.contains(&outline.number);
        self.stream_of(&batches, &is_wanted, make, take)
    }

    fn stream_of<R: Send, E: Send + From<ScanError>>(
        &self,
        batches: &[Numbered<'_>],
        select: &Select<'_>,
        make: &(dyn Fn(&Row<'_>) -> R + Sync),
        take: &mut dyn FnMut(Vec<R>) -> Result<(), E>,
    ) -> Result<(), E> {
        let judge = |(first, batch): &Numbered<'_>| {
            let mut made = Vec::new();
            self.judge_batch(*first, batch, select, &mut |row| made.push(make(row)))?;
            Ok(made)
        };
        try_in_order(batches, &judge, take)
    }

    /// Reads and judges again what `select` asks for, and writes what `render` makes of it, in
    /// order.
    ///
    /// # Errors
    /// Where an input has changed, or the output can't be written.
    pub fn write_rows(
        &self,
        select: &Select<'_>,
        render: &Render<'_>,
        out: &mut dyn Write,
    ) -> Result<(), ScanError> {
        let make = |(first, batch): &Numbered<'_>| {
            let mut text = Vec::new();
            self.judge_batch(*first, batch, select, &mut |row| render(row, &mut text))?;
            Ok(text)
        };
        try_in_order(&self.batches(), &make, &mut |text: Vec<u8>| {
            out.write_all(&text).map_err(ScanError::Output)
        })
    }

    fn judge_batch(
        &self,
        mut first: u64,
        batch: &[Reference],
        select: &Select<'_>,
        take: &mut dyn FnMut(&Row<'_>),
    ) -> Result<(), ScanError> {
        let arena = Bump::new();
        let nearby = &*arena.alloc(Nearby::new(&self.neighbours, &self.estate, &arena));
        let context = Context::new(self.options.now, nearby);
        let judge = self.judge();
        let mut reader = Reader::default();
        for reference in batch {
            let mut item = None;
            let outlines = self.outlines_of(first, *reference);
            first += self.estate.pairs(*reference);
            for outline in outlines {
                if !select(&outline) {
                    continue;
                }
                let item = match item {
                    Some(item) => item,
                    None => *item.insert(self.item(*reference, &mut reader, &arena)?),
                };
                if let Some(rule) = self.plan.rules.get(outline.rule_index as usize) {
                    let is_excluded = outline.disposition == Disposition::Excluded;
                    let judged = judge.judge(rule, item, is_excluded, &context);
                    take(&self.row(&outline, *reference, item, &judged));
                }
            }
        }
        Ok(())
    }

    fn row<'r>(
        &'r self,
        outline: &Outline<'r>,
        reference: Reference,
        item: &'r ConfigurationItem<'r>,
        judged: &Judged<'_, 'r>,
    ) -> Row<'r> {
        let place = self
            .estate
            .get(reference)
            .map_or(Place::NOWHERE, |(record, _, _)| record.place);
        let input = self.inputs.get(place.text as usize);
        Row {
            rule: outline.rule,
            item,
            compliance_type: judged.compliance_type(),
            disposition: judged.disposition(),
            exception: judged.found.exception,
            expired_exception: judged.found.expired,
            severity: outline.severity,
            number: outline.number,
            input: input.map_or("", |input| &input.name),
            offset: place.offset,
            length: place.length,
            reason: judged.reason(),
            facts: Facts::of(judged),
        }
    }

    pub(crate) fn judge(&self) -> Judge<'_> {
        Judge {
            exceptions: self.options.exceptions,
        }
    }

    /// The resources in pieces, each with the number of its first verdict.
    fn batches(&self) -> Vec<Numbered<'_>> {
        let mut next = 0;
        let number = |batch| {
            let first = next;
            next += Iterator::sum::<u64>(<[Reference]>::iter(batch).map(|r| self.estate.pairs(*r)));
            (first, batch)
        };
        self.estate.order.chunks(BATCH).map(number).collect()
    }

    fn numbered(&self) -> impl Iterator<Item = (u64, Reference)> {
        let mut next = 0;
        self.estate.order.iter().map(move |reference| {
            let first = next;
            next += self.estate.pairs(*reference);
            (first, *reference)
        })
    }

    fn outlines_of(
        &self,
        first: u64,
        reference: Reference,
    ) -> impl Iterator<Item = Outline<'_>> + use<'_> {
        let (group, id) = self
            .estate
            .get(reference)
            .map_or((None, ""), |(_, group, id)| (Some(group), id));
        let known = self.estate.marks(reference).filter_map(|(rule, mark)| {
            let compliance_type = mark.compliance_type()?;
            let severity = self.plan.rules.get(rule as usize)?.severity;
            let result = self.rules.get(rule as usize)?;
            Some((rule, result, severity, compliance_type, mark.disposition()))
        });
        (first..).zip(known).map(
            move |(number, (rule_index, rule, severity, compliance_type, disposition))| Outline {
                number,
                rule,
                rule_index,
                severity,
                compliance_type,
                disposition,
                account_id: group.map_or("", |group| &group.account_id),
                aws_region: group.map_or("", |group| &group.aws_region),
                resource_type: group.map_or("", |group| &group.type_name),
                resource_id: id,
            },
        )
    }

    pub(crate) fn item<'a>(
        &self,
        reference: Reference,
        reader: &mut Reader,
        arena: &'a Bump,
    ) -> Result<&'a ConfigurationItem<'a>, ScanError> {
        let changed = || ScanError::Again(io::ErrorKind::InvalidData.into());
        let (record, group, _) = self.estate.get(reference).ok_or_else(changed)?;
        let bytes = if record.place == Place::NOWHERE {
            let text = unseen_account(&group.account_id, &group.aws_region);
            arena.alloc_slice_copy(text.as_bytes())
        } else {
            let bytes = reader.read(self, record.place).map_err(ScanError::Again)?;
            arena.alloc_slice_copy(bytes)
        };
        let root = self.selections.parse(bytes, arena).map_err(|_| changed())?;
        let item = if record.source == Source::Seen {
            ConfigurationItem::from_node(root, Source::Seen, arena).ok()
        } else {
            item_of(root, record.source, arena).and_then(Result::ok)
        };
        Ok(arena.alloc(item.ok_or_else(changed)?))
    }
}

/// Reads items again, keeping open the file of the last one.
#[derive(Default)]
pub(crate) struct Reader {
    file: Option<(u32, File)>,
    bytes: Vec<u8>,
}

impl Reader {
    fn read(&mut self, scan: &Scan<'_>, place: Place) -> io::Result<&[u8]> {
        let length = place.length as usize;
        let path = scan.texts.path(place.text);
        match (&self.file, path) {
            (Some((text, file)), Some(_)) if *text == place.text => {
                self.bytes.resize(length, 0);
                file.read_exact_at(&mut self.bytes, place.offset)?;
            }
            (_, Some(path)) => {
                let file = File::open(path)?;
                self.bytes.resize(length, 0);
                file.read_exact_at(&mut self.bytes, place.offset)?;
                self.file = Some((place.text, file));
            }
            (_, None) => {
                scan.texts
                    .read_at(place.text, place.offset, length, &mut self.bytes)?;
            }
        }
        Ok(&self.bytes)
    }
}

impl Scan<'_> {
    /// The clock of the scan.
    pub fn now(&self) -> Timestamp {
        self.options.now
    }

    /// The accounts of which something was seen.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        let groups = self.estate.groups.iter();
        groups.map(|group| group.account_id.as_str())
    }

    /// The exceptions of the scan.
    pub fn exceptions(&self) -> &Exceptions {
        self.options.exceptions
    }

    /// The rules' results with their severities, by rule and parameters.
    pub fn rules_with_severity(&self) -> impl Iterator<Item = (&RuleResult, Severity)> {
        let severities = self.plan.rules.iter().map(|rule| rule.severity);
        self.rules.iter().zip(severities)
    }

    /// The severities of failures that count, with how many there are.
    pub fn failures_by_severity(&self) -> BTreeMap<Severity, usize> {
        let mut failures = BTreeMap::new();
        for (rule, result) in self.plan.rules.iter().zip(&self.rules) {
            if result.counts.non_compliant > 0 {
                *failures.entry(rule.severity).or_default() += result.counts.non_compliant;
            }
        }
        failures
    }
}
