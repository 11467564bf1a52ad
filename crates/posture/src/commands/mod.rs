//! The commands, a file each.

mod assess;
mod aws;
mod changed;
mod completions;
mod controls;
mod demo;
mod deploy;
mod doctor;
mod error;
mod events;
mod evidence;
mod exceptions;
mod explain;
mod findings;
mod formats;
mod frameworks;
mod iam_policy;
mod init;
mod inventory;
mod judgement;
mod keys;
mod man;
mod notifications;
mod packs;
mod paths;
mod pipe;
mod record;
mod remediate;
mod reports;
mod retrievals;
mod rules;
mod scan;
mod schema;
mod selection;
mod serve;
mod state;
mod status;
mod timeline;
mod watch;

use crate::exit::Outcome;

pub(crate) use error::CommandError;
use error::nearest;
pub(crate) use formats::{ListFormat, RowsFormat};
use packs::named::{is_file, packs_named, template, templates};
pub(crate) use selection::Selection;
pub(crate) use state::StatePlace;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Assess(Box<assess::Assess>),
    Aws(aws::Aws),
    Completions(completions::Completions),
    Controls(controls::Controls),
    Demo(demo::Demo),
    Deploy(deploy::Deploy),
    Doctor(doctor::Doctor),
    Exceptions(exceptions::ExceptionsCommand),
    Explain(explain::Explain),
    Findings(Box<findings::Findings>),
    Init(init::Init),
    #[command(hide = true)]
    Man(man::Man),
    Events(events::Events),
    Frameworks(frameworks::Frameworks),
    IamPolicy(iam_policy::IamPolicy),
    Evidence(evidence::Evidence),
    Keys(keys::Keys),
    Inventory(inventory::Inventory),
    Packs(packs::Packs),
    Record(record::Record),
    Remediate(Box<remediate::Remediate>),
    Rules(rules::Rules),
    Scan(scan::Scan),
    Schema(schema::SchemaCommand),
    Serve(serve::Serve),
    Status(status::Status),
    Timeline(timeline::Timeline),
    Watch(watch::Watch),
    Worker(watch::WorkerCommand),
}

pub(crate) fn run(command: Command) -> Result<Outcome, CommandError> {
    match command {
        Command::Assess(assess) => assess.run(),
        Command::Aws(aws) => aws.run(),
        Command::Completions(completions) => completions.run(),
        Command::Demo(demo) => demo.run(),
        Command::Deploy(deploy) => deploy.run(),
        Command::Doctor(doctor) => doctor.run(),
        Command::Exceptions(exceptions) => exceptions.run(),
        Command::Controls(controls) => controls.run(),
        Command::Explain(explain) => explain.run(),
        Command::Findings(findings) => findings.run(),
        Command::Init(init) => init.run(),
        Command::Man(man) => man.run(),
        Command::Events(events) => events.run(),
        Command::Frameworks(frameworks) => frameworks.run(),
        Command::IamPolicy(policy) => policy.run(),
        Command::Evidence(evidence) => evidence.run(),
        Command::Keys(keys) => keys.run(),
        Command::Inventory(inventory) => inventory.run(),
        Command::Packs(packs) => packs.run(),
        Command::Record(record) => record.run(),
        Command::Remediate(remediate) => remediate.run(),
        Command::Rules(rules) => rules.run(),
        Command::Scan(scan) => scan.run(),
        Command::Schema(schema) => schema.run(),
        Command::Serve(serve) => serve.run(),
        Command::Status(status) => status.run(),
        Command::Timeline(timeline) => timeline.run(),
        Command::Watch(command) => command.run(),
        Command::Worker(command) => command.run(),
    }
}
