//! `posture packs import`: the rules that are deployed in AWS Config, as a template.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;

use posture_aws::{CallError, Client};
use posture_content::template::load;
use serde_json::{Map, Value, json};

use super::super::CommandError;
use super::{IMPLEMENTED, state};
use crate::exit::Outcome;
use crate::live::AwsArguments;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Reads the rules that are deployed in AWS Config, in one account and Region, with their parameters,
/// scopes and remediation configurations, and writes them as a conformance pack template, which
/// scan --pack takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// Only the rules of this conformance pack.
    #[arg(long, value_name = "NAME")]
    conformance_pack: Option<String>,
    /// The Region. Default: as AWS's tools find it.
    #[arg(long)]
    region: Option<String>,
    /// The profile of `~/.aws/config`. Default: `AWS_PROFILE`, or `default`.
    #[arg(long)]
    profile: Option<String>,
    /// Write there instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Names in one call of `DescribeRemediationConfigurations`, at most (its API reference).
const NAMES: usize = 25;

/// What is deployed.
#[derive(Debug, Default)]
struct Deployed {
    /// By name.
    rules: BTreeMap<String, Value>,
    /// In the order of the answers.
    remediations: Vec<Value>,
    /// What could not be read.
    unread: Vec<String>,
}

impl Import {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let deployed = runtime.block_on(self.read())?;
        let template = template(&deployed);
        let text = serde_saphyr::to_string(&template)
            .map_err(|error| CommandError::Yaml(error.to_string()))?;
        let mut out = Sink::new(self.output.as_deref())?;
        out.write_all(text.as_bytes())?;
        out.finish()?;
        say(&deployed, &text)?;
        Ok(if deployed.unread.is_empty() {
            Outcome::Clean
        } else {
            Outcome::Incomplete
        })
    }

    async fn read(&self) -> Result<Deployed, CommandError> {
        let client = AwsArguments::of_profile(self.profile.clone())
            .client()
            .await;
        let client = match &self.region {
            Some(region) => client.in_region(region),
            None => client,
        };
        let mut deployed = Deployed::default();
        let of_pack = match &self.conformance_pack {
            Some(pack) => Some(rules_of_pack(&client, pack).await?),
            None => None,
        };
        let answers = all(&client, "DescribeConfigRules", &json!({}), "ConfigRules").await?;
        for mut rule in answers {
            let name = text(&rule, "ConfigRuleName").to_owned();
            if of_pack.as_ref().is_some_and(|names| !names.contains(&name)) {
                continue;
            }
            if rule.pointer("/Source/Owner") == Some(&json!("CUSTOM_POLICY"))
                && let Err(error) = add_policy(&client, &name, &mut rule).await
            {
                deployed
                    .unread
                    .push(format!("the policy of {name}: {error}"));
            }
            deployed.rules.insert(name, rule);
        }
        let names: Vec<&String> = deployed.rules.keys().collect();
        let mut remediations = Vec::new();
        for names in names.chunks(NAMES) {
            let operation = "DescribeRemediationConfigurations";
            let input = json!({ "ConfigRuleNames": names });
            match client.call("config", operation, &input).await {
                Ok(reply) => {
                    let found = reply.get("RemediationConfigurations");
                    let found = found.and_then(Value::as_array).cloned();
                    remediations.extend(found.unwrap_or_default());
                }
                Err(error) => {
                    let what = format!("the remediation configurations: {error}");
                    deployed.unread.push(what);
                    break;
                }
            }
        }
        deployed.remediations = remediations;
        Ok(deployed)
    }
}

/// The names of the rules that a conformance pack deployed.
async fn rules_of_pack(client: &Client, pack: &str) -> Result<BTreeSet<String>, CallError> {
    let input = json!({ "ConformancePackName": pack });
    let operation = "DescribeConformancePackCompliance";
    let list = "ConformancePackRuleComplianceList";
    let rules = all(client, operation, &input, list).await?;
    let names = rules
        .iter()
        .map(|rule| text(rule, "ConfigRuleName").to_owned());
    Ok(names.collect())
}

async fn add_policy(client: &Client, name: &str, rule: &mut Value) -> Result<(), CallError> {
    let input = json!({ "ConfigRuleName": name });
    let reply = client.call("config", "GetCustomRulePolicy", &input).await?;
    let policy = reply.get("PolicyText").cloned().unwrap_or_default();
    if let Some(details) = rule.pointer_mut("/Source/CustomPolicyDetails") {
        merge(details, "PolicyText", policy);
    } else if let Some(source) = rule.get_mut("Source") {
        let details = json!({"PolicyRuntime": "guard-2.x.x", "PolicyText": policy});
        merge(source, "CustomPolicyDetails", details);
    }
    Ok(())
}

fn merge(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

/// The entries of all pages.
async fn all(
    client: &Client,
    operation: &str,
    input: &Value,
    list: &str,
) -> Result<Vec<Value>, CallError> {
    let mut found = Vec::new();
    let mut pages = client.pages("config", operation, input)?;
    while let Some(page) = pages.next().await {
        let page = page?;
        let entries = page.get(list).and_then(Value::as_array);
        found.extend(entries.into_iter().flatten().cloned());
    }
    Ok(found)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A template with a resource for each rule, and one for each remediation configuration.
fn template(deployed: &Deployed) -> Value {
    let mut resources = Map::new();
    for (name, rule) in &deployed.rules {
        let resource = json!({
            "Type": "AWS::Config::ConfigRule",
            "Properties": rule_properties(rule),
        });
        resources.insert(free(&resources, name, "Rule"), resource);
    }
    for remediation in &deployed.remediations {
        let name = text(remediation, "ConfigRuleName");
        let resource = json!({
            "Type": "AWS::Config::RemediationConfiguration",
            "Properties": kept(remediation, &[
                "ConfigRuleName", "TargetType", "TargetId", "TargetVersion", "Parameters",
                "ResourceType", "Automatic", "ExecutionControls", "MaximumAutomaticAttempts",
                "RetryAttemptSeconds",
            ]),
        });
        resources.insert(free(&resources, name, "Remediation"), resource);
    }
    json!({ "Resources": resources })
}

fn rule_properties(rule: &Value) -> Map<String, Value> {
    let mut properties = kept(
        rule,
        &[
            "ConfigRuleName",
            "Description",
            "Scope",
            "Source",
            "MaximumExecutionFrequency",
        ],
    );
    // In the API a text that holds JSON, in templates an object.
    let parameters = text(rule, "InputParameters");
    if let Ok(Value::Object(parameters)) = serde_json::from_str(parameters)
        && !parameters.is_empty()
    {
        properties.insert("InputParameters".to_owned(), Value::Object(parameters));
    }
    properties
}

fn kept(value: &Value, names: &[&str]) -> Map<String, Value> {
    let given = names.iter().filter_map(|name| {
        let member = value.get(*name).filter(|member| !member.is_null())?;
        Some(((*name).to_owned(), member.clone()))
    });
    given.collect()
}

/// A logical id: letters and digits, and one that nothing has.
fn free(resources: &Map<String, Value>, name: &str, kind: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut id = String::new();
    for word in words {
        let (first, rest) = word.split_at(word.len().min(1));
        id.extend([&first.to_ascii_uppercase(), rest]);
    }
    id.push_str(kind);
    let mut number = 1;
    let mut free = id.clone();
    while resources.contains_key(&free) {
        number += 1;
        free = format!("{id}{number}");
    }
    free
}

/// What was found and what of it can be evaluated, on stderr.
fn say(deployed: &Deployed, text: &str) -> Result<(), CommandError> {
    let mut stderr = std::io::stderr().lock();
    let (rules, remediations) = (deployed.rules.len(), deployed.remediations.len());
    writeln!(
        stderr,
        "{rules} rules, {remediations} remediation configurations"
    )?;
    for what in &deployed.unread {
        writeln!(stderr, "not read: {}", plain(what))?;
    }
    match load(text, "the template", &[]) {
        Ok(pack) => {
            for rule in pack.rules.iter().filter(|rule| state(rule) != IMPLEMENTED) {
                writeln!(stderr, "{}: {}", plain(&rule.name), state(rule))?;
            }
        }
        Err(problems) => {
            for problem in problems {
                writeln!(stderr, "the template:{}", plain(&problem.to_string()))?;
            }
        }
    }
    Ok(())
}
