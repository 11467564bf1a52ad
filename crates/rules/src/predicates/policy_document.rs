//! Policy documents as AWS Config and IAM's API deliver them.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path, Reason};

use super::policy::{self, Statement};
use super::unread::not_collected;

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
    let is_policy = |node: &Node<'_>| node.get_any_case("Statement").is_some();
    if documents.is_empty() || !documents.iter().all(is_policy) {
        return Err(InsufficientData {
            path: place.to_string(),
            reason: Reason::Malformed {
                found: decoded.kind().to_owned(),
                expected: "a policy with statements",
            },
        });
    }
    Ok(documents
        .iter()
        .flat_map(|document| policy::statements(*document))
        .collect())
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
        assert_eq!(count(r#"{"Statement":[{},{}]}"#), Some(2));
        assert_eq!(count(r#"{"Statement":{}}"#), Some(1));
        assert_eq!(count(r#"[{"Statement":[{}]}]"#), Some(1));
        assert_eq!(count(r#""{\"Statement\":[{}]}""#), Some(1));
        assert_eq!(count(r#""%7B%22Statement%22%3A%5B%7B%7D%5D%7D""#), Some(1));
    }

    #[test]
    fn what_is_no_document_is_an_error() {
        for broken in ["[]", "{}", "null", r#""nonsense""#, "[{}]"] {
            assert_eq!(count(broken), None, "{broken}");
        }
    }
}
