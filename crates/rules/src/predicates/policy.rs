//! IAM and resource policies: statements, principals, actions, conditions.
//!
//! Source: IAM user guide, policy grammar.

use posture_model::tree::Node;

use super::patterns::matches;

/// One statement of a policy document.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a>(Node<'a>);

/// The statements of a decoded policy document.
pub fn statements(document: Node<'_>) -> Vec<Statement<'_>> {
    match document.get_any_case("Statement") {
        Some(Node::Array(statements)) => statements.iter().copied().map(Statement).collect(),
        Some(statement @ Node::Object(_)) => vec![Statement(statement)],
        _ => Vec::new(),
    }
}

impl<'a> Statement<'a> {
    /// The statement itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// Whether the effect is `Allow`.
    pub fn allows(self) -> bool {
        self.0.text("Effect") == Some("Allow")
    }

    /// Whether the effect is `Deny`.
    pub fn denies(self) -> bool {
        self.0.text("Effect") == Some("Deny")
    }

    /// Whether the statement has conditions.
    pub fn is_conditional(self) -> bool {
        self.0
            .get("Condition")
            .is_some_and(|condition| !condition.is_empty())
    }

    /// The texts of an element that is a text or a list of texts, such as `Action`.
    pub fn texts(self, element: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let node = self.0.get(element).unwrap_or(Node::Null);
        let many = node.elements().iter().filter_map(|text| text.as_text());
        node.as_text().into_iter().chain(many)
    }

    /// Whether an element of exceptions, such as `NotAction`, is there and excepts nothing like this.
    pub fn excepts_none(self, element: &str, is_it: impl FnMut(&'a str) -> bool) -> bool {
        let mut texts = self.texts(element).peekable();
        texts.peek().is_some() && !texts.any(is_it)
    }

    /// Whether everybody is a principal: `*`, or `{"AWS": "*"}`. `NotPrincipal` with `Allow` means
    /// nearly everybody, and counts.
    pub fn is_for_everybody(self) -> bool {
        if self.allows() && self.0.get("NotPrincipal").is_some() {
            return true;
        }
        match self.0.get("Principal") {
            Some(Node::Text(text)) => text == "*",
            Some(principal) => principal.get("AWS").is_some_and(|aws| {
                aws.one_or_many()
                    .iter()
                    .any(|one| one.as_text() == Some("*"))
            }),
            None => false,
        }
    }

    /// Whether an action is named, wildcards in the statement's own patterns counted.
    pub fn covers_action(self, action: &str) -> bool {
        let is_it = |pattern: &str| matches(pattern, action);
        self.texts("Action").any(is_it) || self.excepts_none("NotAction", is_it)
    }

    /// The value of a condition key under an operator; neither minds case.
    pub fn condition(self, operator: &str, key: &str) -> Option<Node<'a>> {
        self.0
            .get("Condition")?
            .get_any_case(operator)?
            .get_any_case(key)
    }
}

/// Who a statement is for: the kind of principal, such as `AWS` or `Service`, and its name. Nobody
/// where the statement says only who is not meant.
pub fn principals(statement: Statement<'_>) -> Vec<(&str, &str)> {
    match statement.node().get("Principal") {
        Some(Node::Text(name)) => vec![("AWS", name)],
        Some(Node::Object(kinds)) => kinds
            .iter()
            .flat_map(|(kind, names)| {
                let names = names.one_or_many().iter();
                names.filter_map(|name| name.as_text().map(|name| (*kind, name)))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The account that a principal belongs to, where its name says so.
pub fn account_of(name: &str) -> Option<&str> {
    if name.starts_with("arn:") {
        return name.split(':').nth(4);
    }
    let is_id = name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then_some(name)
}

/// Whether a value can mean one thing only: neither a pattern nor a policy variable is in it.
pub fn is_fixed(value: &str) -> bool {
    !value.is_empty() && !value.contains(['*', '?']) && !value.contains("${")
}

#[cfg(test)]
mod tests {
    use super::{account_of, is_fixed};

    #[test]
    fn accounts_are_told_by_number_and_by_arn() {
        assert_eq!(account_of("123456789012"), Some("123456789012"));
        assert_eq!(
            account_of("arn:aws:iam::123456789012:root"),
            Some("123456789012")
        );
        assert_eq!(account_of("AIDAEXAMPLE"), None);
    }

    #[test]
    fn patterns_and_variables_are_not_fixed() {
        assert!(is_fixed("123456789012"));
        for open in ["", "*", "o-?", "${aws:username}"] {
            assert!(!is_fixed(open), "{open}");
        }
    }
}
