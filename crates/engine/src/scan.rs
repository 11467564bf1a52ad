//! The scan: inputs to one byte a verdict, in two passes.
//!
//! The first pass streams: the calling thread cuts the inputs into documents, and workers parse,
//! judge and forget them. The second judges what needs other resources, once all are known.

use jiff::Timestamp;
use posture_content::packs::Pack;
use posture_model::{Reason, ResourceType};
use posture_rules::Severity;

use crate::accounts::add_unseen_accounts;
use crate::exceptions::Exceptions;
use crate::first_pass::FirstPass;
use crate::input::{Input, InputReport, Texts};
use crate::inventory::{Estate, Inventory};
use crate::neighbours::Neighbours;
use crate::plan::{Deployed, Plan, is_home};
use crate::report::{Counts, PackResult, RuleResult};
use crate::selections::Selections;

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
    pub(crate) selections: Selections,
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
    /// An item of a store can't be made whole: nothing is said of the others, among which it would be missed.
    #[error("{input}: {what}")]
    Kept {
        /// What the input is called.
        input: String,
        /// Why, by which version.
        what: String,
    },
    /// The output could not be written.
    #[error("the output could not be written")]
    Output(#[source] std::io::Error),
}

/// Evaluates the packs' rules on what the inputs hold.
///
/// # Errors
/// Where an input changes while it is read, or a store's item can't be read. Other inputs that can't be read are in the
/// result.
pub fn scan<'o>(
    inputs: &[Input],
    packs: &[Pack],
    options: Options<'o>,
) -> Result<Scan<'o>, ScanError> {
    let filter = &options.filter;
    let plan = Plan::new(packs, &|rule, severity| {
        filter.keeps_rule(rule, severity, &[])
    });
    let mut texts = Texts::new();
    let inventory = Inventory::new(&plan);
    let joined = plan.joined();
    let selections = Selections::new(&plan);
    let first_pass = FirstPass {
        inventory: &inventory,
        plan: &plan,
        joined: &joined,
        selections: &selections,
        options: &options,
    };
    let reports = first_pass.stream(inputs, &mut texts);
    for (input, report) in inputs.iter().zip(&reports) {
        if let (Input::Packed(name, _), Some(error)) = (input, report.errors.first()) {
            return Err(ScanError::Kept {
                input: name.clone(),
                what: error.message.clone(),
            });
        }
    }
    add_unseen_accounts(first_pass);
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
        selections,
        plan,
    };
    scan.judge_provisional()?;
    scan.add_up(packs);
    Ok(scan)
}

impl Filter {
    /// Whether verdicts of a rule on resources of these types are kept; a rule without types is of any.
    pub fn keeps_rule(&self, rule: &str, severity: Severity, types: &[&str]) -> bool {
        keeps(&self.rules, rule)
            && self.severity.is_none_or(|least| severity >= least)
            && (types.is_empty() || types.iter().any(|name| keeps(&self.types, name)))
    }

    pub(crate) fn keeps_place(&self, account_id: &str, aws_region: &str, type_name: &str) -> bool {
        let is_global = self.keeps_global
            && (aws_region == "global"
                || type_name == ResourceType::Account.as_str() && is_home(aws_region));
        keeps(&self.accounts, account_id)
            && (is_global || keeps(&self.regions, aws_region))
            && keeps(&self.types, type_name)
    }

    /// Whether only what is global is kept of what is there.
    pub(crate) fn keeps_only_global(&self, aws_region: &str) -> bool {
        self.keeps_global && aws_region != "global" && !keeps(&self.regions, aws_region)
    }
}

/// An empty list keeps everything.
fn keeps(list: &[String], text: &str) -> bool {
    list.is_empty() || list.iter().any(|kept| kept == text)
}

impl Scan<'_> {
    fn add_up(&mut self, packs: &[Pack]) {
        let mut counts = vec![Counts::default(); self.plan.rules.len()];
        for (rule, mark) in self.estate.all_marks() {
            if let Some(counts) = counts.get_mut(rule as usize) {
                counts.add(mark);
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
        limits: rule.scope.clone(),
    }
}
