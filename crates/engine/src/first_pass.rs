//! The first pass: the calling thread cuts the inputs into documents, and workers parse, judge and
//! forget them.

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use jiff::Timestamp;
use posture_model::tree::{Bump, Node, SyntaxError, parse};
use posture_model::{ConfigurationItem, Source};

use crate::disposition::Mark;
use crate::input::{Block, Document, Input, InputError, InputReport, Texts, item_of, read};
use crate::inventory::{Group, Inventory, Place, Reading};
use crate::judge::{Alone, Judge};
use crate::neighbours::{Joined, project};
use crate::plan::Plan;
use crate::scan::Options;
use crate::selections::Selections;

/// What the workers share.
#[derive(Clone, Copy)]
pub(crate) struct FirstPass<'w> {
    pub(crate) inventory: &'w Inventory<'w>,
    pub(crate) plan: &'w Plan,
    pub(crate) joined: &'w Joined,
    pub(crate) selections: &'w Selections,
    pub(crate) options: &'w Options<'w>,
}

impl FirstPass<'_> {
    pub(crate) fn stream(self, inputs: &[Input], texts: &mut Texts) -> Vec<InputReport> {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let (blocks, work) = sync_channel::<Block>(workers * 2);
        let work = Mutex::new(work);
        let (used, recycled) = channel::<Vec<u8>>();
        let mut reports: Vec<InputReport> = inputs
            .iter()
            .map(|input| InputReport {
                name: input.name(),
                ..InputReport::default()
            })
            .collect();
        thread::scope(|scope| {
            let handles: Vec<_> = (0..workers)
                .map(|_| {
                    let used = used.clone();
                    let work = &work;
                    scope.spawn(move || {
                        let mut worker = Worker::new(self);
                        while let Some(block) = next(work) {
                            worker.block(&block);
                            // Nobody recycles any more once reading has ended.
                            drop(used.send(block.bytes));
                        }
                        worker.reports
                    })
                })
                .collect();
            let failures = self.feed(inputs, texts, &blocks, &recycled);
            drop(blocks);
            for (text, error) in failures {
                if let Some(report) = reports.get_mut(text as usize) {
                    report.add_error(error);
                }
            }
            for handle in handles {
                // A panic in a worker is a bug of ours; it goes on here.
                let found = handle
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                for (text, found) in found {
                    if let Some(report) = reports.get_mut(text as usize) {
                        report.add(found);
                    }
                }
            }
        });
        reports
    }

    fn feed(
        self,
        inputs: &[Input],
        texts: &mut Texts,
        blocks: &SyncSender<Block>,
        recycled: &Receiver<Vec<u8>>,
    ) -> Vec<(u32, InputError)> {
        let mut failures = Vec::new();
        let mut bytes = 0u64;
        for (text, input) in (0u32..).zip(inputs) {
            let hand_out = |block: Block| {
                bytes += block.bytes.len() as u64;
                if let Some(progress) = self.options.progress {
                    progress(bytes);
                }
                // The workers are gone only after a panic, which `stream` passes on.
                drop(blocks.send(block));
            };
            let recycled = || recycled.try_recv().ok();
            let read = match input {
                Input::Packed(_, packed) => {
                    texts.packed(packed);
                    packed.read(text, recycled, hand_out)
                }
                input => match texts.open(input) {
                    Ok(mut stream) => read(&mut stream, text, recycled, hand_out),
                    Err(cause) => Err(InputError::at(0, cause.to_string())),
                },
            };
            let failed = read.err();
            failures.extend(failed.map(|error| (text, error)));
        }
        failures
    }
}

fn next(work: &Mutex<Receiver<Block>>) -> Option<Block> {
    work.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .recv()
        .ok()
}

/// Groups by account, Region and type.
type KnownGroups = HashMap<String, HashMap<String, HashMap<String, (u32, Arc<Group>)>>>;

struct Worker<'w> {
    pass: FirstPass<'w>,
    judge: Judge<'w>,
    arena: Bump,
    /// What is unpacked.
    text: Vec<u8>,
    marks: Vec<u8>,
    groups: KnownGroups,
    reports: BTreeMap<u32, InputReport>,
}

impl<'w> Worker<'w> {
    fn new(pass: FirstPass<'w>) -> Worker<'w> {
        Worker {
            pass,
            judge: Judge {
                exceptions: pass.options.exceptions,
            },
            arena: Bump::new(),
            text: Vec::new(),
            marks: Vec::new(),
            groups: HashMap::new(),
            reports: BTreeMap::new(),
        }
    }

    fn block(&mut self, block: &Block) {
        for document in &block.documents {
            let Some(bytes) = block.bytes.get(document.start..document.end) else {
                continue;
            };
            let offset = block.base + document.start as u64;
            let place = Place {
                text: block.text,
                offset,
                length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            };
            let mut arena = std::mem::take(&mut self.arena);
            let mut text = std::mem::take(&mut self.text);
            let unpacked = match block.unpack {
                None => Ok(bytes),
                Some(unpack) => unpack(bytes, &mut text).map(|()| text.as_slice()),
            };
            let read = match unpacked {
                Ok(bytes) => self.document(bytes, *document, place, &arena),
                Err(cause) => Err(InputError::at(0, cause.to_string())),
            };
            arena.reset();
            self.arena = arena;
            self.text = text;
            let report = self.reports.entry(block.text).or_default();
            match read {
                Ok(true) => report.items += 1,
                Ok(false) => {}
                Err(error) => report.add_error(InputError {
                    offset: offset + error.offset,
                    message: error.message,
                }),
            }
        }
    }

    /// Whether the document holds an item.
    fn document<'a>(
        &mut self,
        bytes: &'a [u8],
        document: Document,
        place: Place,
        arena: &'a Bump,
    ) -> Result<bool, InputError> {
        let root = self
            .parse(bytes, document, arena)
            .map_err(|error| InputError::at(error.offset, error.message))?;
        match item_of(root, document.source, arena) {
            None => Ok(false),
            Some(Err(error)) => Err(InputError::at(0, error.to_string())),
            Some(Ok(item)) => {
                self.item(&item, document.source, place, arena);
                Ok(true)
            }
        }
    }

    fn parse<'a>(
        &self,
        bytes: &'a [u8],
        document: Document,
        arena: &'a Bump,
    ) -> Result<Node<'a>, SyntaxError> {
        if document.may_be_deep {
            parse(bytes, arena)
        } else {
            self.pass.selections.parse(bytes, arena)
        }
    }

    fn item<'a>(
        &mut self,
        item: &ConfigurationItem<'a>,
        source: Source,
        place: Place,
        arena: &'a Bump,
    ) {
        let pass = self.pass;
        let time = item.capture_time();
        let is_later = time.is_some_and(|time| time > pass.options.now);
        let filter = &pass.options.filter;
        if is_later || !filter.keeps_place(item.account_id(), item.aws_region(), item.type_name()) {
            return;
        }
        let group = self.group(item);
        let reading = Reading {
            group: group.0,
            resource_id: item.resource_id(),
            time: time.map_or(i64::MIN, Timestamp::as_microsecond),
            place,
            source,
            exists: item.status().exists(),
        };
        if !pass.inventory.is_newer(&reading) {
            return;
        }
        let mut marks = std::mem::take(&mut self.marks);
        marks.clear();
        marks.resize(group.1.rules.len(), Mark::OUT_OF_SCOPE.byte());
        if reading.exists {
            let is_excluded = pass.options.exceptions.excludes(item);
            let alone = Alone::new(pass.options.now, arena);
            for (index, mark) in group.1.rules.iter().zip(&mut marks) {
                if let Some(rule) = pass.plan.rules.get(*index as usize)
                    && rule.is_in_scope(item)
                    && (rule.is_global() || !filter.keeps_only_global(item.aws_region()))
                {
                    *mark = self
                        .judge
                        .first_mark(rule, item, is_excluded, &alone)
                        .byte();
                }
            }
        }
        let projection = item
            .resource_type()
            .and_then(|resource_type| pass.joined.get(&resource_type))
            .map(|paths| project(item, paths));
        pass.inventory.keep(&reading, &marks, projection);
        self.marks = marks;
    }

    /// The item's group, asked of the inventory once.
    fn group(&mut self, item: &ConfigurationItem<'_>) -> (u32, Arc<Group>) {
        let known = self
            .groups
            .get(item.account_id())
            .and_then(|regions| regions.get(item.aws_region()))
            .and_then(|types| types.get(item.type_name()));
        if let Some(known) = known {
            return known.clone();
        }
        let inventory = self.pass.inventory;
        let group = inventory.group(item.account_id(), item.aws_region(), item.type_name());
        self.groups
            .entry(item.account_id().to_owned())
            .or_default()
            .entry(item.aws_region().to_owned())
            .or_default()
            .insert(item.type_name().to_owned(), group.clone());
        group
    }
}
