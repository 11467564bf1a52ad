//! What code has to say, as a document's safety file declares it, and of which resource of the code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::document::{Lookup, Unresolved, resolve};

/// What the code of the resource has to say: `code` of a safety file. Values are templates.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Code {
    /// The properties of the resource in a CloudFormation template.
    pub cloudformation: Option<Map<String, Value>>,
    /// The arguments of the resource in Terraform.
    pub terraform: Option<TerraformCode>,
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
    pub arguments: Map<String, Value>,
}

/// A resource of Terraform that is about another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Companion {
    /// The provider's type of it.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its argument that names the other one.
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
    /// What its properties have to say.
    pub properties: Map<String, Value>,
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
    pub arguments: Map<String, Value>,
}

/// A resource's tags.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tags(pub(crate) BTreeMap<String, String>);

impl Code {
    /// The change for a resource that this tool manages; nothing where none is declared, or its tags don't say where
    /// in the code it is.
    pub(crate) fn change(
        &self,
        tool: &str,
        resource_type: &str,
        tags: &Tags,
        identifiers: Vec<String>,
        scope: &impl Lookup,
    ) -> Result<Option<CodeChange>, Unresolved> {
        let filled = |map: &Map<String, Value>| {
            let filled = resolve(&Value::Object(map.clone()), scope)?;
            Ok(filled.as_object().cloned().unwrap_or_default())
        };
        // CloudFormation user guide, Resource tag: every resource of a stack has these.
        let tag = |name: &str| tags.0.get(&format!("aws:cloudformation:{name}")).cloned();
        Ok(match tool {
            "cloudformation" => {
                let place = tag("stack-name").zip(tag("logical-id"));
                let (Some(properties), Some((stack_name, logical_resource_id))) =
                    (&self.cloudformation, place)
                else {
                    return Ok(None);
                };
                Some(CodeChange::CloudFormation(InTemplate {
                    stack_name,
                    logical_resource_id,
                    resource_type: resource_type.to_owned(),
                    properties: filled(properties)?,
                }))
            }
            "terraform" => match &self.terraform {
                None => None,
                Some(code) => Some(CodeChange::Terraform(InTerraform {
                    resource_type: code.resource_type.clone(),
                    name: code.name.clone(),
                    identifiers,
                    beside: code.beside.clone(),
                    arguments: filled(&code.arguments)?,
                })),
            },
            _ => None,
        })
    }
}

impl CodeChange {
    /// Where, and what it has to say there, each on a line of its own.
    pub fn lines(&self) -> Vec<String> {
        let (place, said) = match self {
            CodeChange::CloudFormation(change) => (
                format!(
                    "{} ({}) of stack {}, Properties:",
                    change.logical_resource_id, change.resource_type, change.stack_name
                ),
                &change.properties,
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
                (place, &change.arguments)
            }
        };
        let said = said.iter().flat_map(|(name, value)| said_at(name, value));
        std::iter::once(place)
            .chain(said.map(|line| format!("  {line}")))
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
