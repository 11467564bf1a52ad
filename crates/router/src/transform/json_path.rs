//! The JSON paths of targets: the syntax that EventBridge evaluates (eb-transform-target-input.html):
//! dots, dashes, underscores, letters and digits, slashes, array indices, wildcards.

use posture_model::tree::Node;

use super::TransformError;

/// A place in an event, such as `$.detail.findings[0].Id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
    /// `[*]` or `.*`.
    All,
}

/// AWS's limit on a path's length, in characters.
const MAXIMUM_LENGTH: usize = 256;

impl JsonPath {
    /// Reads a path.
    ///
    /// # Errors
    /// [`TransformError::Path`] where it is not one.
    pub fn parse(text: &str) -> Result<JsonPath, TransformError> {
        let error = |reason: &'static str| TransformError::Path {
            path: text.to_owned(),
            reason,
        };
        if text.chars().count() > MAXIMUM_LENGTH {
            return Err(error("it is longer than 256 characters"));
        }
        let mut rest = text
            .strip_prefix('$')
            .ok_or_else(|| error("it does not begin with $"))?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = step(rest).map_err(error)?;
            steps.push(step);
            rest = after;
        }
        Ok(JsonPath {
            text: text.to_owned(),
            steps,
        })
    }

    /// What is at this place of an event. With a wildcard: an array of all that is.
    pub fn find(&self, event: Node<'_>) -> Option<serde_json::Value> {
        let mut found = vec![event];
        for step in &self.steps {
            found = found
                .into_iter()
                .flat_map(|node| taken(node, step))
                .collect();
        }
        if self.steps.contains(&Step::All) {
            let values: Result<Vec<_>, _> = found.iter().map(serde_json::to_value).collect();
            return values.ok().map(serde_json::Value::Array);
        }
        found
            .first()
            .and_then(|node| serde_json::to_value(node).ok())
    }

    /// The path as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn taken<'e>(node: Node<'e>, step: &Step) -> Vec<Node<'e>> {
    match step {
        Step::Name(name) => node.get(name).into_iter().collect(),
        Step::Index(index) => node.elements().get(*index).copied().into_iter().collect(),
        Step::All => match node {
            Node::Array(elements) => elements.to_vec(),
            Node::Object(members) => members.iter().map(|(_, value)| *value).collect(),
            _ => Vec::new(),
        },
    }
}

/// The first step of a path, and what follows it.
fn step(rest: &str) -> Result<(Step, &str), &'static str> {
    if let Some(inside) = rest.strip_prefix('[') {
        let (index, after) = inside.split_once(']').ok_or("a [ is not closed")?;
        if index == "*" {
            return Ok((Step::All, after));
        }
        let index = index
            .parse()
            .map_err(|_| "between [ and ] it takes an index or *; names follow a dot")?;
        return Ok((Step::Index(index), after));
    }
    let name = rest.strip_prefix('.').ok_or("a name must follow a dot")?;
    let end = name.find(['.', '[', ']']).unwrap_or(name.len());
    let (name, after) = name.split_at_checked(end).ok_or("a name is missing")?;
    match name {
        "" => Err("a name is missing after a dot"),
        "*" => Ok((Step::All, after)),
        _ => Ok((Step::Name(name.to_owned()), after)),
    }
}
