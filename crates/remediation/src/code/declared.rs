//! What code has to say, as a document's safety file declares it, and of which resource of the code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::template::bare;
use crate::document::{Lookup, Unresolved, resolve};

/// What the code of the resource has to say: `code` of a safety file. Values are templates.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Code {
    /// The properties of the resource in a CloudFormation template.
    pub cloudformation: Option<Map<String, Value>>,
    /// The arguments of the resource in Terraform.
    pub terraform: Option<TerraformCode>,
    /// What it has to say no more.
    #[serde(default)]
    pub without: Vec<Without>,
    /// A statement that the resource's policy has to have.
    pub statement: Option<PolicyStatement>,
}

/// What Terraform has to say.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TerraformCode {
    /// The provider's type of the resource.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The argument that names the resource.
    pub name: String,
    /// The resource that has the arguments, where it is another one.
    pub beside: Option<Companion>,
    /// The arguments: a mapping is a block.
    #[serde(default)]
    pub arguments: Map<String, Value>,
}

/// What is to be said no more, of each of a list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Without {
    /// A template that stands for the list: `{{ each }}` is one of it.
    pub each: String,
    /// The ways in which a CloudFormation template says it.
    pub cloudformation: Vec<Saying>,
    /// The ways in which Terraform says it.
    pub terraform: Vec<Saying>,
}

/// A way to say a thing: an element of a list or a block of the resource, or a resource of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Saying {
    /// The property that is a list of mappings, or the kind of the blocks, in the resource itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The resource that says it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Companion>,
    /// What it says. A number that is -1 stands for any, which code may leave out.
    pub says: Map<String, Value>,
    /// The list of texts in it that the thing is one of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<Among>,
}

/// One of a list of texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Among {
    /// The argument that is the list.
    pub list: String,
    /// The text: a template.
    pub element: Value,
}

/// The version of the language of policies that a new one is written in.
pub(super) const POLICY_VERSION: &str = "2012-10-17";

/// A statement that a policy has to have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyStatement {
    /// The statement, as IAM's JSON has it.
    pub says: Map<String, Value>,
    /// A template that stands for the policy that the resource has; null where it has none, and code may say a new one.
    pub policy: Value,
    /// The resource of CloudFormation that is the policy, with the property that is its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloudformation: Option<PolicyPlace>,
    /// The resource of Terraform that is the policy, with the argument that is its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terraform: Option<PolicyPlace>,
}

/// A resource that is the policy of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyPlace {
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its property or argument that names the other one.
    pub of: String,
    /// The property or argument that is the document.
    pub document: String,
}

/// A resource that is about another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Companion {
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its property or argument that names the other one.
    pub of: String,
}

/// What is to be changed in the code that manages a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "tool", rename_all = "lowercase")]
pub enum CodeChange {
    /// A CloudFormation template.
    CloudFormation(InTemplate),
    /// A Terraform configuration.
    Terraform(InTerraform),
}

/// A change of a CloudFormation template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InTemplate {
    /// The stack.
    pub stack_name: String,
    /// The resource's logical id.
    pub logical_resource_id: String,
    /// Its type.
    pub resource_type: String,
    /// The names under which it is known to AWS.
    #[serde(default)]
    pub identifiers: Vec<String>,
    /// What its properties have to say.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub properties: Map<String, Value>,
    /// What is to be said no more: each thing with the ways to say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Vec<Saying>>,
    /// A statement that the resource's policy has to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<PolicyStatement>,
}

/// A change of a Terraform configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InTerraform {
    /// The provider's type of the resource.
    pub resource_type: String,
    /// The argument that names it.
    pub name: String,
    /// The names under which it is known to AWS.
    pub identifiers: Vec<String>,
    /// The resource that has the arguments, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Companion>,
    /// What the arguments have to say: a mapping is a block.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub arguments: Map<String, Value>,
    /// What is to be said no more: each thing with the ways to say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Vec<Saying>>,
    /// A statement that the resource's policy has to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<PolicyStatement>,
}

/// A resource's tags.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tags(pub(crate) BTreeMap<String, String>);

impl Code {
    /// The change for a resource that this tool manages; nothing where none is declared, or its tags don't say where
    /// in the code it is. `of_each` resolves a value for one of a list.
    pub(crate) fn change(
        &self,
        tool: &str,
        resource_type: &str,
        tags: &Tags,
        identifiers: Vec<String>,
        scope: &(impl Lookup + ForEach),
    ) -> Result<Option<CodeChange>, Unresolved> {
        // CloudFormation user guide, Resource tag: every resource of a stack has these.
        let tag = |name: &str| tags.0.get(&format!("aws:cloudformation:{name}")).cloned();
        let place = tag("stack-name").zip(tag("logical-id"));
        let is_template = tool == "cloudformation";
        let statement = self.statement.as_ref().filter(|statement| match tool {
            "cloudformation" => statement.cloudformation.is_some(),
            _ => statement.terraform.is_some(),
        });
        let statement = statement.map(|statement| statement.filled(scope));
        let statement = statement.transpose()?;
        let mut without = Vec::new();
        for gone in &self.without {
            let ways = if is_template {
                &gone.cloudformation
            } else {
                &gone.terraform
            };
            without.extend(gone.of_each(ways, scope)?);
        }
        Ok(match (tool, &self.terraform, place) {
            ("cloudformation", _, Some((stack_name, logical_resource_id))) => {
                let properties = filled(self.cloudformation.as_ref(), scope)?;
                let says = !properties.is_empty() || !without.is_empty() || statement.is_some();
                says.then_some(CodeChange::CloudFormation(InTemplate {
                    stack_name,
                    logical_resource_id,
                    resource_type: resource_type.to_owned(),
                    identifiers,
                    properties,
                    without,
                    statement,
                }))
            }
            ("terraform", Some(code), _) => {
                let arguments = filled(Some(&code.arguments), scope)?;
                let says = !arguments.is_empty() || !without.is_empty() || statement.is_some();
                says.then(|| {
                    CodeChange::Terraform(InTerraform {
                        resource_type: code.resource_type.clone(),
                        name: code.name.clone(),
                        identifiers,
                        beside: code.beside.clone(),
                        arguments,
                        without,
                        statement,
                    })
                })
            }
            _ => None,
        })
    }
}

/// What resolves templates for one of a list, too.
pub(crate) trait ForEach {
    /// The same, in which `each` is this.
    fn of(&self, each: &Value, template: &Value) -> Result<Value, Unresolved>;
}

fn filled(
    map: Option<&Map<String, Value>>,
    scope: &impl Lookup,
) -> Result<Map<String, Value>, Unresolved> {
    let Some(map) = map else {
        return Ok(Map::new());
    };
    let filled = resolve(&Value::Object(map.clone()), scope)?;
    Ok(filled.as_object().cloned().unwrap_or_default())
}

impl PolicyStatement {
    fn filled(&self, scope: &impl Lookup) -> Result<PolicyStatement, Unresolved> {
        Ok(PolicyStatement {
            says: filled(Some(&self.says), scope)?,
            policy: resolve(&self.policy, scope)?,
            ..self.clone()
        })
    }
}

impl Without {
    /// The ways to say each of the list.
    fn of_each(
        &self,
        ways: &[Saying],
        scope: &(impl Lookup + ForEach),
    ) -> Result<Vec<Vec<Saying>>, Unresolved> {
        let list = resolve(&Value::from(self.each.as_str()), scope)?;
        let elements = list.as_array().into_iter().flatten();
        let of_one = |each: &Value| {
            let said = |saying: &Saying| {
                let says = scope.of(each, &Value::Object(saying.says.clone()))?;
                let mut says = says.as_object().cloned().unwrap_or_default();
                says.retain(|_, value| !value.is_null());
                let among = saying.among.as_ref().map(|among| {
                    let element = scope.of(each, &among.element)?;
                    let list = among.list.clone();
                    Ok(Among { list, element })
                });
                Ok(Saying {
                    says,
                    among: among.transpose()?,
                    ..saying.clone()
                })
            };
            ways.iter().map(said).collect()
        };
        elements.map(of_one).collect()
    }
}

impl Saying {
    /// What code has to say to say the thing.
    pub(super) fn asked(&self) -> impl Iterator<Item = (&String, &Value)> {
        let says = self.says.iter();
        says.filter(|(_, value)| value.as_i64() != Some(-1))
    }

    /// The thing in words: `ingress of cidr_blocks 0.0.0.0/0, from_port 22`.
    pub(super) fn words(&self) -> String {
        let among = self.among.iter();
        let among = among.map(|among| format!("{} {}", among.list, bare(&among.element)));
        let says = self.asked();
        let says = says.map(|(name, value)| format!("{name} {}", bare(value)));
        let parts: Vec<String> = among.chain(says).collect();
        let what = self.within.as_deref();
        let what = what.or_else(|| Some(self.beside.as_ref()?.resource_type.as_str()));
        format!("{} of {}", what.unwrap_or_default(), parts.join(", "))
    }
}

impl CodeChange {
    /// Where, and what it has to say there, each on a line of its own.
    pub fn lines(&self) -> Vec<String> {
        let (place, said, without, policy) = match self {
            CodeChange::CloudFormation(change) => (
                format!(
                    "{} ({}) of stack {}, Properties:",
                    change.logical_resource_id, change.resource_type, change.stack_name
                ),
                &change.properties,
                &change.without,
                change.statement.as_ref().map(|it| (it, &it.cloudformation)),
            ),
            CodeChange::Terraform(change) => {
                let resource = format!(
                    "{} with {} {}",
                    change.resource_type,
                    change.name,
                    change.identifiers.join(" or ")
                );
                let place = match &change.beside {
                    None => format!("{resource}:"),
                    Some(beside) => format!("{} of {resource}:", beside.resource_type),
                };
                let policy = change.statement.as_ref().map(|it| (it, &it.terraform));
                (place, &change.arguments, &change.without, policy)
            }
        };
        let said = said.iter().flat_map(|(name, value)| said_at(name, value));
        let without = without.iter().filter_map(|ways| ways.first());
        let without = without.map(|saying| format!("no {}", saying.words()));
        let policy = policy.map(|(statement, place)| {
            let beside = place.as_ref().map(|place| &place.resource_type);
            let beside = beside.map_or("", String::as_str);
            let says = Value::Object(statement.says.clone());
            format!("{beside} of it, a statement: {says}")
        });
        std::iter::once(place)
            .chain(
                said.chain(without)
                    .chain(policy)
                    .map(|line| format!("  {line}")),
            )
            .collect()
    }
}

/// `a.b = value`, for every value within.
fn said_at(path: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| said_at(&format!("{path}.{name}"), value))
            .collect(),
        value => vec![format!("{path} = {value}")],
    }
}
