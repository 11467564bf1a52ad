//! A statement of a policy that Terraform files say: by `jsonencode`, or by `data.aws_iam_policy_document`.

use hcl_edit::expr::{Array, Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Block, BlockLabel, Body};
use hcl_edit::{Decorate as _, Ident};
use serde_json::{Map, Value, json};

use super::super::declared::{Companion, POLICY_VERSION, PolicyPlace, PolicyStatement};
use super::super::patch::PatchError;
use super::{INDENT, Work, by_hand, find};

/// The data source that is a policy's document.
const DOCUMENT: &str = "aws_iam_policy_document";

impl Work<'_> {
    /// Adds the statement to the policy of the resource, or the policy where there is none at all.
    pub(super) fn has_statement(
        &mut self,
        statement: &PolicyStatement,
        place: &PolicyPlace,
    ) -> Result<(), PatchError> {
        let beside = Companion {
            resource_type: place.resource_type.clone(),
            of: place.of.clone(),
        };
        let (own, _) = self.place()?;
        let Some(found) = self.beside(&beside) else {
            // It has one that these files don't say: a new one would fight with it.
            if !statement.policy.is_null() {
                return Err(PatchError::Absent {
                    what: format!("the {} of {}", place.resource_type, self.resource),
                    place: "the Terraform files".to_owned(),
                });
            }
            let policy = json!({ "Version": POLICY_VERSION, "Statement": [statement.says] });
            let policy = format!("jsonencode({})", written(&policy, INDENT));
            let more = Some((place.document.as_str(), policy.as_str()));
            return self.append(own, &beside, &Map::new(), more);
        };
        let (source, block) = self.block_at(found)?;
        let unclear = || {
            by_hand(
                source,
                format!("{}.{}", place.resource_type, place.document),
            )
        };
        let mut document = block
            .body
            .get_attribute_mut(&place.document)
            .ok_or_else(unclear)?;
        if let Some(statements) = encoded(document.value_mut()) {
            return push(statements, statement).ok_or_else(unclear);
        }
        let name = document_name(document.value_mut()).ok_or_else(unclear)?;
        let is_it = |block: &Block| {
            let labels: Vec<&str> = block.labels.iter().map(BlockLabel::as_str).collect();
            block.has_ident("data") && labels == [DOCUMENT, name.as_str()]
        };
        let found = find(&self.bodies, is_it).ok_or_else(unclear)?;
        let (source, block) = self.block_at(found)?;
        let text = block_of(&statement.says);
        let new: Body = text
            .and_then(|text| text.parse().ok())
            .ok_or_else(unclear)?;
        let new = new.into_blocks().next().ok_or_else(unclear)?;
        let is_said = block
            .body
            .get_blocks("statement")
            .any(|one| says(&one.body, &new.body));
        if block.body.prefer_oneline() {
            return Err(by_hand(source, format!("data.{DOCUMENT}.{name}")));
        }
        if !is_said {
            block.body.push(new);
        }
        Ok(())
    }
}

/// The statements of `jsonencode({ Statement = [...] })`.
fn encoded(document: &mut Expression) -> Option<&mut Array> {
    let Expression::FuncCall(call) = document else {
        return None;
    };
    if call.name.is_namespaced() || call.name.name.as_str() != "jsonencode" {
        return None;
    }
    let policy = call.args.get_mut(0)?.as_object_mut()?;
    let statement = |key: &ObjectKey| match key {
        ObjectKey::Ident(name) => name.as_str() == "Statement",
        ObjectKey::Expression(key) => key.as_str() == Some("Statement"),
    };
    let (_, list) = policy.iter_mut().find(|(key, _)| statement(key))?;
    list.expr_mut().as_array_mut()
}

/// `x` of `data.aws_iam_policy_document.x.json`.
fn document_name(document: &Expression) -> Option<String> {
    let traversal = document.as_traversal()?;
    let names = traversal
        .operators
        .iter()
        .map(|operator| match operator.value() {
            TraversalOperator::GetAttr(name) => Some(name.as_str()),
            _ => None,
        });
    let names: Option<Vec<&str>> = names.collect();
    match (traversal.expr.as_variable()?.as_str(), names?.as_slice()) {
        ("data", [kind, name, "json"]) if *kind == DOCUMENT => Some((*name).to_owned()),
        _ => None,
    }
}

/// Adds the statement, where it isn't there by another name.
fn push(statements: &mut Array, statement: &PolicyStatement) -> Option<()> {
    let mut unnamed = statement.says.clone();
    unnamed.remove("Sid");
    let is_it = |one: &Expression| {
        let said = one.as_object().map(|object| {
            let is_said = |(name, wanted): (&String, &Value)| {
                let known = object.iter().find(|(key, _)| match key {
                    ObjectKey::Ident(key) => key.as_str() == name,
                    ObjectKey::Expression(key) => key.as_str() == Some(name),
                });
                known.is_some_and(|(_, value)| plain(value.expr()).as_ref() == Some(wanted))
            };
            unnamed.iter().all(is_said)
        });
        said == Some(true)
    };
    if statements.iter().any(is_it) {
        return Some(());
    }
    let last = statements.get(statements.len().checked_sub(1)?)?;
    let prefix = last.decor().prefix().map(|prefix| prefix.to_string());
    let prefix = prefix.unwrap_or_default();
    let indent = prefix.rsplit('\n').next().unwrap_or_default();
    let text = written(&Value::Object(statement.says.clone()), indent);
    let mut new: Expression = text.parse().ok()?;
    // A comment before the last one is not this one's.
    let own_line = prefix.contains('\n');
    let prefix = if own_line {
        format!("\n{indent}")
    } else {
        " ".to_owned()
    };
    new.decor_mut().set_prefix(prefix);
    statements.push(new);
    Some(())
}

/// The value of an expression that is one.
fn plain(value: &Expression) -> Option<Value> {
    Some(match value {
        Expression::String(text) => json!(text.as_str()),
        Expression::Bool(value) => json!(value.value()),
        Expression::Number(value) => json!(value.value().as_i64()?),
        Expression::Array(elements) => {
            let elements: Option<Vec<Value>> = elements.iter().map(plain).collect();
            Value::Array(elements?)
        }
        Expression::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let key = match key {
                    ObjectKey::Ident(key) => key.as_str(),
                    ObjectKey::Expression(key) => key.as_str()?,
                };
                Some((key.to_owned(), plain(value.expr())?))
            });
            Value::Object(members.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Whether a block of a document says what another one does, whatever it is called.
fn says(body: &Body, wanted: &Body) -> bool {
    wanted.iter().all(|one| {
        if let Some(attribute) = one.as_attribute() {
            let found = body.get_attribute(attribute.key.as_str());
            let said = found.and_then(|found| plain(&found.value));
            return attribute.has_key("sid") || said == plain(&attribute.value);
        }
        one.as_block().is_some_and(|block| {
            body.get_blocks(block.ident.as_str())
                .any(|other| says(&other.body, &block.body))
        })
    })
}

/// The value as Terraform's style has it, whose last line is at an indentation.
fn written(value: &Value, indent: &str) -> String {
    match value {
        Value::Object(members) => {
            let deeper = format!("{indent}{INDENT}");
            let width = members
                .keys()
                .map(|name| key(name).len())
                .max()
                .unwrap_or(0);
            let member = |(name, value): (&String, &Value)| {
                format!(
                    "{deeper}{:width$} = {}\n",
                    key(name),
                    written(value, &deeper)
                )
            };
            let members: String = members.iter().map(member).collect();
            format!("{{\n{members}{indent}}}")
        }
        Value::Array(elements) if elements.iter().any(Value::is_object) => {
            let deeper = format!("{indent}{INDENT}");
            let element = |value: &Value| format!("{deeper}{},\n", written(value, &deeper));
            let elements: String = elements.iter().map(element).collect();
            format!("[\n{elements}{indent}]")
        }
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(|one| written(one, indent)).collect();
            format!("[{}]", elements.join(", "))
        }
        Value::String(text) => Expression::from(text.as_str()).to_string(),
        value => value.to_string(),
    }
}

fn key(name: &str) -> String {
    match Ident::try_new(name) {
        Ok(_) => name.to_owned(),
        Err(_) => Expression::from(name).to_string(),
    }
}

/// The statement as a block of the data source; nothing where it says what is not followed here.
fn block_of(says: &Map<String, Value>) -> Option<String> {
    let list = |name: &str| match says.get(name)? {
        Value::String(one) => Some(json!([one])),
        list @ Value::Array(_) => Some(list.clone()),
        _ => None,
    };
    let mut lines = Vec::new();
    for (argument, value) in [
        ("sid", says.get("Sid").cloned()),
        ("effect", says.get("Effect").cloned()),
        ("actions", list("Action")),
        ("resources", list("Resource")),
    ] {
        lines.push(format!("{:9} = {}", argument, written(&value?, INDENT)));
    }
    if says.get("Principal")? != "*" {
        return None;
    }
    lines.extend(
        [
            "",
            "principals {",
            "  type        = \"*\"",
            "  identifiers = [\"*\"]",
            "}",
        ]
        .map(str::to_owned),
    );
    for (test, tested) in says.get("Condition")?.as_object()? {
        for (variable, values) in tested.as_object()? {
            let values = match values {
                Value::String(one) => json!([one]),
                list => list.clone(),
            };
            lines.extend([
                String::new(),
                "condition {".to_owned(),
                format!("  test     = {}", written(&json!(test), INDENT)),
                format!("  variable = {}", written(&json!(variable), INDENT)),
                format!("  values   = {}", written(&values, INDENT)),
                "}".to_owned(),
            ]);
        }
    }
    let lines = lines.iter().map(|line| match line.as_str() {
        "" => "\n".to_owned(),
        line => format!("{INDENT}{INDENT}{line}\n"),
    });
    let lines: String = lines.collect();
    Some(format!("\n{INDENT}statement {{\n{lines}{INDENT}}}\n"))
}
