//! IAM and resource policies: statements, principals, actions, conditions.
//!
//! Source: IAM user guide, policy grammar.

use posture_model::tree::Node;

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
    pub fn texts(self, element: &str) -> Vec<&'a str> {
        match self.0.get(element) {
            Some(Node::Text(text)) => vec![text],
            Some(Node::Array(texts)) => texts.iter().filter_map(|text| text.as_text()).collect(),
            _ => Vec::new(),
        }
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
        if self
            .texts("Action")
            .into_iter()
            .any(|pattern| matches(pattern, action))
        {
            return true;
        }
        let not = self.texts("NotAction");
        !not.is_empty() && !not.into_iter().any(|pattern| matches(pattern, action))
    }

    /// The value of a condition key under an operator; neither minds case.
    pub fn condition(self, operator: &str, key: &str) -> Option<Node<'a>> {
        self.0
            .get("Condition")?
            .get_any_case(operator)?
            .get_any_case(key)
    }
}

/// Whether a pattern with `*` and `?` matches a text, case aside, as IAM matches actions.
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<u8> = pattern
        .bytes()
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    let text: Vec<u8> = text.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(byte) if *byte == b'?' || text.get(t) == Some(byte) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    p = at + 1;
                    t = from + 1;
                    star = Some((at, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_as_iam_matches_actions() {
        assert!(matches("*", "s3:GetObject"));
        assert!(matches("s3:Get*", "S3:getobject"));
        assert!(matches("s3:*Obj?ct", "s3:GetObject"));
        assert!(!matches("s3:Get", "s3:GetObject"));
        assert!(!matches("kms:*", "s3:GetObject"));
    }
}
