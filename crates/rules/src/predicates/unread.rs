//! What a source doesn't hold, and what can't be understood: neither is ever a pass.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path, Reason};

/// Why a rule can't decide without this place, which AWS always fills.
pub fn not_collected(place: Path) -> InsufficientData {
    InsufficientData {
        path: place.to_string(),
        reason: Reason::NotCollected,
    }
}

/// Why a rule can't decide by what stands at this place: `found` is neither what AWS documents nor
/// absent.
pub fn malformed(
    place: Path,
    found: impl Into<String>,
    expected: &'static str,
) -> InsufficientData {
    InsufficientData {
        path: place.to_string(),
        reason: Reason::Malformed {
            found: found.into(),
            expected,
        },
    }
}

/// The elements of a list that AWS always records, be it empty.
///
/// # Errors
/// Where the list was not read, is missing, or is something other than a list.
pub fn recorded_list<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
) -> Result<&'a [Node<'a>], InsufficientData> {
    match item.node(place)? {
        None => Err(not_collected(place)),
        Some(_) => item.list(place),
    }
}

/// The boolean that AWS always records.
///
/// # Errors
/// Where it was not read, is missing, or is something other than a boolean.
pub fn recorded_boolean(
    item: &ConfigurationItem<'_>,
    place: Path,
) -> Result<bool, InsufficientData> {
    item.boolean(place)?.ok_or_else(|| not_collected(place))
}

/// A member of an element of the list at `place`: none where it is not set.
///
/// # Errors
/// Where the element is no object, or `convert` can't read the member.
fn member<'a, T>(
    place: Path,
    element: Node<'a>,
    name: &str,
    expected: &'static str,
    convert: impl Fn(Node<'a>) -> Option<T>,
) -> Result<Option<T>, InsufficientData> {
    let Node::Object(_) = element else {
        return Err(malformed(place, element.kind(), "a list of objects"));
    };
    match element.get(name) {
        None | Some(Node::Null) => Ok(None),
        Some(node) => convert(node).map(Some).ok_or_else(|| InsufficientData {
            path: format!("{place}[*].{name}"),
            reason: Reason::Malformed {
                found: node.kind().to_owned(),
                expected,
            },
        }),
    }
}

/// The text of a member of an element of the list at `place`.
///
/// # Errors
/// Where the element is no object, or the member no text.
pub fn text<'a>(
    place: Path,
    element: Node<'a>,
    name: &str,
) -> Result<Option<&'a str>, InsufficientData> {
    member(place, element, name, "a string", Node::as_text)
}

/// The boolean of a member of an element of the list at `place`.
///
/// # Errors
/// Where the element is no object, or the member no boolean.
pub fn boolean(
    place: Path,
    element: Node<'_>,
    name: &str,
) -> Result<Option<bool>, InsufficientData> {
    member(place, element, name, "a boolean", Node::as_boolean)
}

/// The whole number of a member of an element of the list at `place`.
///
/// # Errors
/// Where the element is no object, or the member no whole number.
pub fn integer(
    place: Path,
    element: Node<'_>,
    name: &str,
) -> Result<Option<i64>, InsufficientData> {
    member(place, element, name, "a whole number", Node::as_integer)
}

/// The list of a member of an element of the list at `place`; empty where it is not set.
///
/// # Errors
/// Where the element is no object, or the member no list.
pub fn list<'a>(
    place: Path,
    element: Node<'a>,
    name: &str,
) -> Result<&'a [Node<'a>], InsufficientData> {
    let elements = |node| match node {
        Node::Array(elements) => Some(elements),
        _ => None,
    };
    Ok(member(place, element, name, "an array", elements)?.unwrap_or(&[]))
}

#[cfg(test)]
mod tests {
    use posture_model::path;
    use posture_model::tree::Node;

    use super::{boolean, list, not_collected, text};

    #[test]
    fn the_place_is_named() {
        let error = not_collected(path("configuration.name"));
        assert_eq!(error.path, "configuration.name");
    }

    #[test]
    fn a_member_is_set_or_not_or_malformed() {
        let place = path("configuration.rules");
        let rule = Node::Object(&[("on", Node::Bool(true)), ("off", Node::Null)]);
        assert_eq!(boolean(place, rule, "on"), Ok(Some(true)));
        assert_eq!(boolean(place, rule, "off"), Ok(None));
        assert_eq!(list(place, rule, "other"), Ok(&[][..]));
        assert_eq!(
            text(place, rule, "on").unwrap_err().to_string(),
            "configuration.rules[*].on is a boolean, where a string was expected"
        );
        assert_eq!(
            text(place, Node::Text("rule"), "on")
                .unwrap_err()
                .to_string(),
            "configuration.rules is a string, where a list of objects was expected"
        );
    }
}
