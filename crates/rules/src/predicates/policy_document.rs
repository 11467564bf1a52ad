//! Policy documents as AWS Config and IAM's API deliver them.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path};

use super::policy::{self, Statement};
use super::unread::{malformed, not_collected};

/// The statements of a document at `place`: an object, JSON in a string, percent-encoded or not,
/// or a list of documents, as some exports of AWS Config write it.
///
/// # Errors
/// Where there is no document, or something that is none: a policy that can't be read is never
/// one that allows nothing.
pub fn statements<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
    document: Option<Node<'a>>,
) -> Result<Vec<Statement<'a>>, InsufficientData> {
    let document = document.ok_or_else(|| not_collected(place))?;
    let decoded = item.decoded(place, document)?;
    let documents = decoded.one_or_many();
    if documents.is_empty() || !documents.iter().all(|document| is_policy(*document)) {
        let found = format!("{} without a policy in it", decoded.kind());
        return Err(malformed(place, found, "a policy as IAM's grammar has it"));
    }
    Ok(documents
        .iter()
        .flat_map(|document| policy::statements(*document))
        .collect())
}

/// Whether each statement says what it does and to what: one that can't be understood might allow
/// anything.
fn is_policy(document: Node<'_>) -> bool {
    document
        .get_any_case("Statement")
        .is_some_and(|statements| statements.one_or_many().iter().all(is_statement))
}

fn is_statement(statement: &Node<'_>) -> bool {
    let Node::Object(members) = statement else {
        return false;
    };
    let are_texts = |node: Node<'_>| {
        let mut texts = node.one_or_many().iter();
        texts.all(|text| matches!(text, Node::Text(_)))
    };
    let has_effect = matches!(statement.text("Effect"), Some("Allow" | "Deny"));
    has_effect
        && members.iter().all(|(name, node)| match *name {
            "Action" | "NotAction" | "Resource" | "NotResource" => are_texts(*node),
            "Principal" | "NotPrincipal" => match node {
                Node::Object(kinds) => kinds.iter().all(|(_, names)| are_texts(*names)),
                node => matches!(node, Node::Text(_)),
            },
            "Condition" => match node {
                Node::Object(operators) => operators
                    .iter()
                    .all(|(_, keys)| matches!(keys, Node::Object(_))),
                node => *node == Node::Null,
            },
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use posture_model::tree::{Bump, parse};
    use posture_model::{ConfigurationItem, Source, path};

    use super::statements;

    fn count(document: &str) -> Option<usize> {
        let arena = Bump::new();
        let text = format!(
            r#"{{"resourceType":"AWS::IAM::Policy","resourceId":"1","configuration":{{"document":{document}}}}}"#
        );
        let node = parse(text.as_bytes(), &arena).unwrap();
        let item = ConfigurationItem::from_node(node, Source::AwsConfig, &arena).unwrap();
        let place = path("configuration.document");
        let document = item.configuration().get("document");
        statements(&item, place, document)
            .ok()
            .map(|found| found.len())
    }

    #[test]
    fn every_spelling_of_a_document_is_read() {
        let deny = r#"{"Effect":"Deny","Action":"*"}"#;
        assert_eq!(
            count(&format!(r#"{{"Statement":[{deny},{deny}]}}"#)),
            Some(2)
        );
        assert_eq!(count(&format!(r#"{{"Statement":{deny}}}"#)), Some(1));
        assert_eq!(count(&format!(r#"[{{"Statement":[{deny}]}}]"#)), Some(1));
        assert_eq!(
            count(r#""{\"Statement\":[{\"Effect\":\"Deny\"}]}""#),
            Some(1)
        );
        let encoded = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Deny%22%7D%7D";
        assert_eq!(count(&format!(r#""{encoded}""#)), Some(1));
    }

    #[test]
    fn what_is_no_document_is_an_error() {
        for broken in [
            "[]",
            "{}",
            "null",
            r#""nonsense""#,
            "[{}]",
            r#"{"Statement":"allow"}"#,
            r#"{"Statement":[{}]}"#,
            r#"{"Statement":[{"Effect":"allow"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Action":{"s3":"*"}}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Principal":["*"]}]}"#,
            r#"{"Statement":[{"Effect":"Deny","Condition":{"Bool":"true"}}]}"#,
        ] {
            assert_eq!(count(broken), None, "{broken}");
        }
    }
}
