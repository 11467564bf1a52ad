//! The scan: inputs to one byte a verdict, in two passes.
//!
//! The first pass streams: the calling thread cuts the inputs into documents, and workers parse,
//! judge and forget them. The second judges what needs other resources, once all are known.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use jiff::Timestamp;
use posture_content::packs::Pack;
use posture_model::tree::{Bump, parse};
use posture_model::{ConfigurationItem, Reason, ResourceType, Source};
use posture_rules::{Context, NoRelated, Severity};

use crate::disposition::Mark;
use crate::exceptions::Exceptions;
use crate::input::{Block, Input, InputError, InputReport, Texts, item_of, read};
use crate::inventory::{Estate, Group, Inventory, Place, Reading};
use crate::judge::Judge;
use crate::neighbours::{Joined, Neighbours, project};
use crate::plan::{Deployed, Plan, home_region};
use crate::report::{Counts, PackResult, RuleResult};

/// What narrows a scan. An empty list narrows nothing.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    /// Account ids.
    pub accounts: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Rules, by name.
    pub rules: Vec<String>,
    /// Resource types.
    pub types: Vec<String>,
    /// The least severity of rules.
    pub severity: Option<Severity>,
    /// What belongs to no Region is kept whichever Regions are named; of an account's item in the
    /// home Region only what is global, where that Region is not named.
    pub keeps_global: bool,
}

/// What a source says of a listing: of the resources of one type at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The account's 12 digits.
    pub account_id: String,
    /// The Region; `global` for types that have none.
    pub aws_region: String,
    /// The type, as AWS Config spells it.
    pub resource_type: String,
    /// Why it is not complete, where it isn't: then nothing can be said to be missing.
    pub gap: Option<Reason>,
}

/// How to scan.
pub struct Options<'o> {
    /// The clock.
    pub now: Timestamp,
    /// What narrows the scan.
    pub filter: Filter,
    /// Which failures don't count.
    pub exceptions: &'o Exceptions,
    /// The listings that the inputs come from, where their source says. A type that was listed is
    /// recorded, be there none of it.
    pub listed: &'o [Listed],
    /// Told now and then how many bytes have been read.
    pub progress: Option<&'o (dyn Fn(u64) + Sync)>,
}

/// The result of a scan. Verdicts are kept as a byte each; [`Scan::write_rows`] makes them again.
pub struct Scan<'o> {
    pub(crate) options: Options<'o>,
    pub(crate) plan: Plan,
    pub(crate) estate: Estate,
    pub(crate) neighbours: Neighbours,
    pub(crate) texts: Texts,
    /// The packs, in the order they were asked for.
    pub packs: Vec<PackResult>,
    /// The rules, by name and parameters.
    pub rules: Vec<RuleResult>,
    /// What was read.
    pub inputs: Vec<InputReport>,
    /// How many resources there are.
    pub resources: usize,
}

/// Why a scan could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// An item could not be read a second time.
    #[error("an item that was read before could not be read again; did the file change?")]
    Again(#[source] std::io::Error),
    /// The output could not be written.
    #[error("the output could not be written")]
    Output(#[source] std::io::Error),
}

/// Evaluates the packs' rules on what the inputs hold.
///
/// # Errors
/// Where an input changes while it is read. Inputs that can't be read are in the result.
pub fn scan<'o>(
    inputs: &[Input],
    packs: &[Pack],
    options: Options<'o>,
) -> Result<Scan<'o>, ScanError> {
    let filter = &options.filter;
    let plan = Plan::new(packs, &|rule, severity| {
        keeps(&filter.rules, rule) && filter.severity.is_none_or(|least| severity >= least)
    });
    let mut texts = Texts::new();
    let inventory = Inventory::new(&plan);
    let joined = plan.joined();
    let reports = stream(inputs, &mut texts, &inventory, &plan, &joined, &options);
    add_unseen_accounts(&inventory, &plan, &joined, &options);
    let estate = inventory.sorted();
    let neighbours = Neighbours::new(&estate, &plan, options.listed);
    let mut scan = Scan {
        options,
        neighbours,
        estate,
        texts,
        packs: Vec::new(),
        rules: Vec::new(),
        inputs: reports,
        resources: 0,
        plan,
    };
    scan.judge_pending()?;
    scan.add_up(packs);
    Ok(scan)
}

impl Filter {
    fn keeps_place(&self, account_id: &str, aws_region: &str, type_name: &str) -> bool {
        let is_global = self.keeps_global
            && (aws_region == "global"
                || type_name == ResourceType::Account.as_str()
                    && aws_region == home_region(aws_region));
        keeps(&self.accounts, account_id)
            && (is_global || keeps(&self.regions, aws_region))
            && keeps(&self.types, type_name)
    }

    /// Whether only what is global is kept of what is there.
    fn keeps_only_global(&self, aws_region: &str) -> bool {
        self.keeps_global && aws_region != "global" && !keeps(&self.regions, aws_region)
    }
}

/// An empty list keeps everything.
fn keeps(list: &[String], text: &str) -> bool {
    list.is_empty() || list.iter().any(|kept| kept == text)
}

/// The first pass.
fn stream(
    inputs: &[Input],
    texts: &mut Texts,
    inventory: &Inventory<'_>,
    plan: &Plan,
    joined: &Joined,
    options: &Options<'_>,
) -> Vec<InputReport> {
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
                    let mut worker = Worker::new(inventory, plan, joined, options);
                    while let Some(block) = next(work) {
                        worker.block(&block);
                        // Nobody recycles any more once reading has ended.
                        drop(used.send(block.bytes));
                    }
                    worker.reports
                })
            })
            .collect();
        let failures = feed(inputs, texts, &blocks, &recycled, options);
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

fn next(work: &Mutex<Receiver<Block>>) -> Option<Block> {
    work.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .recv()
        .ok()
}

fn feed(
    inputs: &[Input],
    texts: &mut Texts,
    blocks: &SyncSender<Block>,
    recycled: &Receiver<Vec<u8>>,
    options: &Options<'_>,
) -> Vec<(u32, InputError)> {
    let mut failures = Vec::new();
    let mut bytes = 0u64;
    for (text, input) in (0u32..).zip(inputs) {
        let failed = match texts.open(input) {
            Ok(mut stream) => {
                let hand_out = |block: Block| {
                    bytes += block.bytes.len() as u64;
                    if let Some(progress) = options.progress {
                        progress(bytes);
                    }
                    // The workers are gone only after a panic, which `stream` passes on.
                    drop(blocks.send(block));
                };
                read(&mut stream, text, || recycled.try_recv().ok(), hand_out).err()
            }
            Err(cause) => Some(InputError::at(0, cause.to_string())),
        };
        failures.extend(failed.map(|error| (text, error)));
    }
    failures
}

/// Groups by account, Region and type.
type KnownGroups = HashMap<String, HashMap<String, HashMap<String, (u32, Arc<Group>)>>>;

struct Worker<'w> {
    inventory: &'w Inventory<'w>,
    plan: &'w Plan,
    joined: &'w Joined,
    options: &'w Options<'w>,
    judge: Judge<'w>,
    arena: Bump,
    marks: Vec<u8>,
    groups: KnownGroups,
    reports: BTreeMap<u32, InputReport>,
}

impl<'w> Worker<'w> {
    fn new(
        inventory: &'w Inventory<'w>,
        plan: &'w Plan,
        joined: &'w Joined,
        options: &'w Options<'w>,
    ) -> Worker<'w> {
        Worker {
            inventory,
            plan,
            joined,
            options,
            judge: Judge {
                exceptions: options.exceptions,
            },
            arena: Bump::new(),
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
            let read = self.document(bytes, document.source, place, &arena);
            arena.reset();
            self.arena = arena;
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
    fn document(
        &mut self,
        bytes: &[u8],
        source: Source,
        place: Place,
        arena: &Bump,
    ) -> Result<bool, InputError> {
        let root =
            parse(bytes, arena).map_err(|error| InputError::at(error.offset, error.message))?;
        match item_of(root, source, arena) {
            None => Ok(false),
            Some(Err(error)) => Err(InputError::at(0, error.to_string())),
            Some(Ok(item)) => {
                self.item(&item, source, place);
                Ok(true)
            }
        }
    }

    fn item(&mut self, item: &ConfigurationItem<'_>, source: Source, place: Place) {
        let time = item.capture_time();
        let is_later = time.is_some_and(|time| time > self.options.now);
        let filter = &self.options.filter;
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
        if !self.inventory.is_newer(&reading) {
            return;
        }
        let mut marks = std::mem::take(&mut self.marks);
        marks.clear();
        marks.resize(group.1.rules.len(), Mark::OUT_OF_SCOPE.byte());
        if reading.exists {
            let context = Context::new(self.options.now, &NoRelated);
            let is_excluded = self.options.exceptions.excludes(item);
            for (index, mark) in group.1.rules.iter().zip(&mut marks) {
                if let Some(rule) = self.plan.rules.get(*index as usize)
                    && rule.is_in_scope(item)
                    && (rule.is_global() || !filter.keeps_only_global(item.aws_region()))
                {
                    *mark = first_mark(self.judge, rule, item, is_excluded, &context).byte();
                }
            }
        }
        let projection = item
            .resource_type()
            .and_then(|resource_type| self.joined.get(&resource_type))
            .map(|paths| project(item, paths));
        self.inventory.keep(&reading, &marks, projection);
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
        let group = self
            .inventory
            .group(item.account_id(), item.aws_region(), item.type_name());
        self.groups
            .entry(item.account_id().to_owned())
            .or_default()
            .entry(item.aws_region().to_owned())
            .or_default()
            .insert(item.type_name().to_owned(), group.clone());
        group
    }
}

fn first_mark<'a>(
    judge: Judge<'_>,
    rule: &Deployed,
    item: &ConfigurationItem<'a>,
    is_excluded: bool,
    context: &Context<'a>,
) -> Mark {
    if rule.has_joins() {
        Mark::PENDING
    } else {
        judge.judge(rule, item, is_excluded, context).mark()
    }
}

/// Rules on accounts are asked of every account of which anything was seen: an account whose facts
/// nobody collected is one whose checks could not run, not one without checks.
fn add_unseen_accounts(
    inventory: &Inventory<'_>,
    plan: &Plan,
    joined: &Joined,
    options: &Options<'_>,
) {
    let account = ResourceType::Account.as_str();
    let filter = &options.filter;
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut recorded: BTreeSet<(String, String)> = BTreeSet::new();
    for group in inventory.groups() {
        let place = (group.account_id.clone(), group.aws_region.clone());
        if group.type_name == account {
            recorded.insert(place.clone());
        }
        if is_account_id(&group.account_id) {
            seen.insert(place);
        }
    }
    let homes: BTreeSet<(String, String)> = seen
        .iter()
        .map(|(account_id, region)| (account_id.clone(), home_region(region).to_owned()))
        .collect();
    for place in seen.union(&homes) {
        let (account_id, aws_region) = place;
        let is_region = aws_region.contains('-');
        if recorded.contains(place)
            || !is_region
            || !filter.keeps_place(account_id, aws_region, account)
        {
            continue;
        }
        let text = unseen_account(account_id, aws_region);
        let arena = Bump::new();
        let item = parse(text.as_bytes(), &arena)
            .ok()
            .and_then(|root| ConfigurationItem::from_node(root, Source::Seen, &arena).ok());
        let Some(item) = item else { continue };
        let (index, group) = inventory.group(account_id, aws_region, account);
        let judge = Judge {
            exceptions: options.exceptions,
        };
        let context = Context::new(options.now, &NoRelated);
        let is_seen = seen.contains(place);
        let marks: Vec<u8> = group
            .rules
            .iter()
            .map(|index| match plan.rules.get(*index as usize) {
                // Of a home Region in which nothing was seen, only global facts are asked.
                Some(rule)
                    if (is_seen && !filter.keeps_only_global(aws_region) || rule.is_global())
                        && rule.is_in_scope(&item) =>
                {
                    first_mark(judge, rule, &item, false, &context).byte()
                }
                _ => Mark::OUT_OF_SCOPE.byte(),
            })
            .collect();
        let reading = Reading {
            group: index,
            resource_id: account_id,
            time: i64::MIN,
            place: Place::NOWHERE,
            source: Source::Seen,
            exists: true,
        };
        let projection = joined
            .get(&ResourceType::Account)
            .map(|paths| project(&item, paths));
        inventory.keep(&reading, &marks, projection);
    }
}

/// The item of an account of which only resources were seen.
pub(crate) fn unseen_account(account_id: &str, aws_region: &str) -> String {
    serde_json::json!({
        "accountId": account_id,
        "awsRegion": aws_region,
        "resourceType": ResourceType::Account.as_str(),
        "resourceId": account_id,
        "arn": format!("arn:{}:iam::{account_id}:root", partition(aws_region)),
    })
    .to_string()
}

fn partition(aws_region: &str) -> &'static str {
    match home_region(aws_region) {
        "us-gov-west-1" => "aws-us-gov",
        "cn-north-1" => "aws-cn",
        _ => "aws",
    }
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Scan<'_> {
    fn add_up(&mut self, packs: &[Pack]) {
        let mut counts = vec![Counts::default(); self.plan.rules.len()];
        for reference in &self.estate.order {
            for (rule, mark) in self.estate.marks(*reference) {
                if let Some(counts) = counts.get_mut(rule as usize) {
                    counts.add(mark);
                }
            }
        }
        self.resources = self.estate.order.len();
        self.packs = self.plan.score(&counts);
        self.rules = self
            .plan
            .rules
            .iter()
            .zip(&counts)
            .map(|(rule, counts)| rule_result(rule, *counts, packs))
            .collect();
    }
}

fn rule_result(rule: &Deployed, counts: Counts, packs: &[Pack]) -> RuleResult {
    let named = |index: &usize| packs.get(*index).map(|pack| pack.name.clone());
    RuleResult {
        rule_name: rule.name.clone(),
        source_identifier: rule.identifier.clone(),
        title: rule.title().to_owned(),
        parameters: rule
            .params
            .texts()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        packs: rule.packs.iter().filter_map(named).collect(),
        controls: rule.controls.iter().cloned().collect(),
        severity: rule.severity.as_str(),
        compliance_type: counts.compliance_type().as_str(),
        counts,
    }
}
