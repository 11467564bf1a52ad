//! What a step does.

use serde_json::{Map, Value};

use super::condition::Condition;
use super::step::Step;

/// The names of all actions, sorted.
pub const ACTIONS: [&str; 23] = [
    "aws:approve",
    "aws:assertAwsResourceProperty",
    "aws:branch",
    "aws:changeInstanceState",
    "aws:copyImage",
    "aws:createImage",
    "aws:createStack",
    "aws:createTags",
    "aws:deleteImage",
    "aws:deleteStack",
    "aws:executeAutomation",
    "aws:executeAwsApi",
    "aws:executeScript",
    "aws:executeStateMachine",
    "aws:invokeLambdaFunction",
    "aws:invokeWebhook",
    "aws:loop",
    "aws:pause",
    "aws:runCommand",
    "aws:runInstances",
    "aws:sleep",
    "aws:updateVariable",
    "aws:waitForAwsResourceProperty",
];

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Calls and waits, one after the other: `aws:executeAwsApi`, `aws:assertAwsResourceProperty`,
    /// `aws:waitForAwsResourceProperty`, and every action that stands for such (`aws:createTags`, …).
    Calls(Vec<Primitive>),
    /// Goes to the step of the first condition that holds.
    Branch {
        /// Conditions and steps.
        choices: Vec<(Condition, String)>,
        /// Where none holds; else the next step follows.
        default: Option<String>,
    },
    /// Does steps again and again.
    Loop {
        /// How often.
        iteration: Iteration,
        /// At most so often.
        max_iterations: u32,
        /// Which steps.
        steps: Vec<Step>,
    },
    /// Waits for a time: `Duration` or `Timestamp`, a template.
    Sleep {
        /// ISO 8601.
        duration: Option<Value>,
        /// RFC 3339.
        timestamp: Option<Value>,
    },
    /// Waits for a person to say that it goes on.
    Pause,
    /// Waits for persons to agree.
    Approve {
        /// Who may.
        approvers: Value,
        /// How many have to.
        minimum: u32,
        /// What they are told.
        message: Option<Value>,
    },
    /// Changes variables, by name.
    UpdateVariable(Vec<(String, Value)>),
    /// Runs another document, of those that Posture has.
    ExecuteAutomation {
        /// Its name.
        document: String,
        /// What it is given.
        parameters: Value,
    },
    /// Runs Python.
    ExecuteScript {
        /// The function.
        handler: String,
        /// The program.
        script: String,
        /// What the function is given.
        payload: Value,
    },
    /// What only SSM can do, with what that is.
    OnlySsm(&'static str),
}

/// How often a loop's steps are done.
#[derive(Debug, Clone, PartialEq)]
pub enum Iteration {
    /// Once for each element.
    ForEach(Value),
    /// While the condition holds after the steps.
    While(Condition),
}

/// A call of an operation; the input is a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The service, as the AWS CLI calls it.
    pub service: String,
    /// The operation, as the API calls it.
    pub api: String,
    /// The input.
    pub input: Map<String, Value>,
}

/// A part of an action that the runner does.
#[derive(Debug, Clone, PartialEq)]
pub enum Primitive {
    /// A call.
    Call(Call),
    /// A call that reads, whose answer has to have a value.
    Assert {
        /// The call.
        call: Call,
        /// A JSONPath.
        selector: String,
        /// One of these.
        desired: Value,
    },
    /// A call that reads, repeated until everything that is selected has a value.
    Wait {
        /// The call.
        call: Call,
        /// A JSONPath.
        selector: String,
        /// One of these.
        desired: Value,
        /// Values with which it is no use waiting.
        hopeless: &'static [&'static str],
    },
}

impl Primitive {
    /// The call that is made.
    pub fn call(&self) -> &Call {
        match self {
            Primitive::Call(call)
            | Primitive::Assert { call, .. }
            | Primitive::Wait { call, .. } => call,
        }
    }
}

impl Action {
    /// The calls of this action itself.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        let primitives = match self {
            Action::Calls(primitives) => primitives.as_slice(),
            _ => &[],
        };
        primitives.iter().map(Primitive::call)
    }
}
