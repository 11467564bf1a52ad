//! Making a plan.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::dry::DryHost;
use super::facets::{self, Image, ReadError, Scope};
use super::guard::managed_by;
use super::library::Remedy;
use super::plan::{Change, Plan, PlannedCall, RuleFailure};
use super::{Journal, Remediation, Time};
use crate::api::Api;
use crate::code::Tags;
use crate::document::resolve;
use crate::error::RemediationError;
use crate::journal::Entry;
use crate::run::{End, Globals, Halt, Machine, ResolvedCall};
use crate::safety::Reversible;
use crate::subject::one;

impl<A: Api, J: Journal, T: Time> Remediation<A, J, T> {
    /// Makes a plan: reads the resource, says what would change and by which calls, and changes nothing. It is kept,
    /// but where there is nothing to do.
    ///
    /// # Errors
    /// Where there is no such document, what it is given doesn't fit, the resource can't be read, or the document
    /// would stop.
    pub async fn plan(
        &self,
        document: &str,
        resource: Option<&str>,
        given: &BTreeMap<String, Value>,
        requested_by: &str,
    ) -> Result<Plan, RemediationError> {
        self.plan_for(document, resource, given, requested_by, None)
            .await
    }

    /// The same, to end a rule's failure: the run is done when that rule is content.
    ///
    /// # Errors
    /// As [`Remediation::plan`].
    pub async fn plan_for(
        &self,
        document: &str,
        resource: Option<&str>,
        given: &BTreeMap<String, Value>,
        requested_by: &str,
        failure: Option<RuleFailure>,
    ) -> Result<Plan, RemediationError> {
        let remedy = self.content.remedy(document)?;
        self.content.check_actions(remedy)?;
        let arguments = arguments(remedy, resource, given)?;
        let now = self.time.now();
        let globals = self.globals("plan", now);
        let template = |error: &dyn ToString| RemediationError::Template {
            document: remedy.name.clone(),
            what: error.to_string(),
        };
        let image = facets::read(&self.api, &remedy.safety, &arguments, &globals).await;
        let image = image.map_err(|error| match error {
            ReadError::Api(error) => RemediationError::Unread {
                resource: self.resource_id(remedy, &arguments),
                what: error.message,
                denied: error.denied,
            },
            ReadError::Template(error) => template(&error),
        })?;
        let already_compliant = facets::is_compliant(&remedy.safety, &image, &arguments, &globals)
            .map_err(|error| template(&error))?;
        let mut calls = Vec::new();
        if !already_compliant {
            calls = self.dry_run(remedy, &arguments, &globals).await?;
        }
        let scope = Scope {
            safety: &remedy.safety,
            arguments: &arguments,
            globals: &globals,
            before: &image,
            each: None,
        };
        let wanted = facets::wanted(&remedy.safety, &scope).map_err(|error| template(&error))?;
        let mut undo = Vec::new();
        if !already_compliant && remedy.safety.reversible != Reversible::No {
            undo = facets::undo(&remedy.safety, &image, &arguments, &globals)
                .map_err(|error| template(&error))?;
        }
        let tags = self.tags(remedy, &scope, failure.as_ref()).await?;
        let managed_by = managed_by(tags.0.iter().map(|(k, v)| (k.as_str(), v.as_str())));
        let resource_id = self.resource_id(remedy, &arguments);
        let mut code_change = None;
        if let Some(tool) = managed_by.as_deref().filter(|_| !already_compliant) {
            let names = names(&resource_id, failure.as_ref());
            let kind = &remedy.safety.resource.resource_type;
            let change = remedy.safety.code.change(tool, kind, &tags, names, &scope);
            code_change = change.map_err(|error| template(&error))?;
        }
        let plan = Plan {
            plan_id: String::new(),
            document: remedy.name.clone(),
            document_hash: remedy.hash.clone(),
            account_id: self.place.account_id.clone(),
            aws_partition: self.place.aws_partition.clone(),
            aws_region: self.place.aws_region.clone(),
            resource_type: remedy.safety.resource.resource_type.clone(),
            resource_id,
            parameters: arguments.clone(),
            safety: remedy.safety.safety,
            effect: remedy.safety.effect,
            because: remedy.safety.because.clone(),
            reversible: remedy.safety.reversible,
            note: remedy.safety.note.clone(),
            blast_radius: remedy.safety.blast_radius,
            managed_by,
            code_change,
            already_compliant,
            changes: changes(&image, wanted),
            before: image,
            calls: calls.iter().map(PlannedCall::new).collect(),
            undo: facets::planned(&undo),
            actions: remedy.safety.actions.clone(),
            failure,
            requested_by: requested_by.to_owned(),
            created_at: now,
            expires_at: now + self.policy.expiry,
        }
        .with_id()?;
        self.kept(plan).await
    }

    /// Keeps a plan, but where there is nothing to do.
    async fn kept(&self, plan: Plan) -> Result<Plan, RemediationError> {
        if plan.already_compliant {
            return Ok(plan);
        }
        let entry = Entry::Planned {
            plan: Box::new(plan.clone()),
        };
        let (key, at) = (plan.key(), plan.created_at);
        self.journal.append(&key, 0, at, &entry, None).await?;
        Ok(plan)
    }

    /// The resource, as the document names it.
    fn resource_id(&self, remedy: &Remedy, arguments: &BTreeMap<String, Value>) -> String {
        match &remedy.safety.resource.parameter {
            Some(name) => text(arguments.get(name).unwrap_or(&Value::Null)),
            None => self.place.account_id.clone(),
        }
    }

    /// The calls that a run would make.
    async fn dry_run(
        &self,
        remedy: &Remedy,
        arguments: &BTreeMap<String, Value>,
        globals: &Globals,
    ) -> Result<Vec<ResolvedCall>, RemediationError> {
        let mut host = DryHost {
            api: &self.api,
            now: globals.started_at,
            may_run_scripts: remedy.is_trusted || self.policy.scripts,
            calls: Vec::new(),
        };
        let document = &remedy.document;
        let mut machine = Machine::new(
            &mut host,
            &self.content,
            globals,
            document,
            arguments.clone(),
        );
        let stops = |step: String, message: String| RemediationError::WouldFail {
            document: remedy.name.clone(),
            step,
            message,
        };
        match machine.run(&document.steps, "").await {
            Ok(End::Success) if host.calls.is_empty() => Err(stops(
                "its end".to_owned(),
                "it changes nothing, though the resource is not as it should be".to_owned(),
            )),
            Ok(End::Success) => Ok(host.calls),
            Ok(End::Failed { step, message }) => Err(stops(step, message)),
            Err(Halt::Undecidable { step }) => Err(RemediationError::Undecidable {
                document: remedy.name.clone(),
                step,
            }),
            Err(halt) => Err(stops("a step".to_owned(), format!("{halt:?}"))),
        }
    }

    /// The resource's tags; none where no ARN of it is known.
    async fn tags(
        &self,
        remedy: &Remedy,
        scope: &Scope<'_>,
        failure: Option<&RuleFailure>,
    ) -> Result<Tags, RemediationError> {
        let arn = match &remedy.safety.resource.arn {
            Some(arn) => {
                resolve(&json!(arn), scope).map_err(|error| RemediationError::Template {
                    document: remedy.name.clone(),
                    what: error.to_string(),
                })?
            }
            // What the document takes may be no part of an ARN; what is recorded has it.
            None => match failure.and_then(|failure| failure.arn.as_ref()) {
                Some(arn) if remedy.safety.resource.parameter.is_some() => json!(arn),
                _ => return Ok(Tags::default()),
            },
        };
        let input = json!({ "ResourceARNList": [arn] });
        let read = self
            .api
            .read("resourcegroupstaggingapi", "GetResources", &input);
        let answer = read.await.map_err(|error| RemediationError::Unread {
            resource: text(&arn),
            what: error.message,
            denied: error.denied,
        })?;
        // An emulator may answer others', too.
        let found = answer
            .get("ResourceTagMappingList")
            .and_then(Value::as_array);
        let mut found = found.into_iter().flatten();
        let own = found.find(|one| one.get("ResourceARN") == Some(&arn));
        let tags = own
            .and_then(|one| one.get("Tags"))
            .and_then(Value::as_array);
        let tags = tags.into_iter().flatten().filter_map(|tag| {
            let part = |name| tag.get(name).and_then(Value::as_str);
            Some((part("Key")?.to_owned(), part("Value")?.to_owned()))
        });
        Ok(Tags(tags.collect()))
    }
}

/// What the document is given: the resource under the name that the safety file says.
fn arguments(
    remedy: &Remedy,
    resource: Option<&str>,
    given: &BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, RemediationError> {
    let wrong = |problems| RemediationError::Parameters {
        document: remedy.name.clone(),
        problems,
    };
    let mut given = given.clone();
    match (&remedy.safety.resource.parameter, resource) {
        (Some(name), Some(resource)) => {
            let before = given.insert(name.clone(), json!(resource));
            if before.is_some_and(|before| before != json!(resource)) {
                return Err(wrong(vec![format!(
                    "{name} and the resource are different"
                )]));
            }
        }
        (None, Some(_)) => {
            return Err(wrong(vec![
                "it is about the account or Region, and takes no resource".to_owned(),
            ]));
        }
        (_, None) => {}
    }
    remedy.document.arguments(&given).map_err(wrong)
}

/// The names under which a resource may be known to its code.
fn names(resource_id: &str, failure: Option<&RuleFailure>) -> Vec<String> {
    let mut names = vec![resource_id.to_owned()];
    if let Some(failure) = failure {
        names.push(failure.resource_id.clone());
        let last = |arn: &String| arn.rsplit([':', '/']).next().map(str::to_owned);
        names.extend(failure.arn.iter().filter_map(last));
        names.extend(failure.arn.clone());
    }
    names.sort();
    names.dedup();
    names
}

fn changes(before: &Image, after: Image) -> Vec<Change> {
    after
        .into_iter()
        .filter_map(|(name, after)| {
            let before = before.get(&name).cloned().unwrap_or_default();
            (!facets::fits(&after, &before)).then_some(Change {
                name,
                before,
                after,
            })
        })
        .collect()
}

fn text(value: &Value) -> String {
    one(value).map_or_else(|| value.to_string(), str::to_owned)
}
