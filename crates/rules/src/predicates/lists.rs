//! Parameters that list what is allowed, and what a resource has instead.

use posture_model::{InsufficientData, Reason};

use crate::Params;

/// Whether a list names a text. A parameter that was not given is a list without texts, and allows
/// everything.
pub fn allows(allowed: &[String], text: &str) -> bool {
    allowed.is_empty() || allowed.iter().any(|one| one == text)
}

/// The texts of a list that the rule can't do without.
///
/// # Errors
/// Where it is not given.
pub fn required<'p>(
    params: &'p Params,
    name: &'static str,
) -> Result<&'p [String], InsufficientData> {
    let texts = params.list(name);
    if texts.is_empty() {
        return Err(InsufficientData {
            path: String::new(),
            reason: Reason::InvalidParameter {
                name: name.to_owned(),
                message: "is required and has no value".to_owned(),
            },
        });
    }
    Ok(texts)
}

/// What is expected and isn't there: only texts that are allowed, and at least one; `anything`
/// says what, where the list allows everything. None where the texts are as expected.
pub fn unmet(texts: &[&str], allowed: &[String], anything: &str) -> Option<String> {
    if !texts.is_empty() && texts.iter().all(|text| allows(allowed, text)) {
        return None;
    }
    if allowed.is_empty() {
        return Some(anything.to_owned());
    }
    Some(allowed.join(", "))
}

/// The texts in one line; none where there are none.
pub fn shown(texts: &[&str]) -> Option<String> {
    (!texts.is_empty()).then(|| texts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{required, shown, unmet};
    use crate::{Kind, Parameter, Params};

    static DECLARED: [Parameter; 1] = [Parameter {
        name: "names",
        kind: Kind::List,
        default: None,
    }];

    fn allowed(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn one_text_that_is_not_allowed_is_enough() {
        let list = allowed(&["a", "b"]);
        assert_eq!(unmet(&["a", "b"], &list, "a name"), None);
        assert_eq!(unmet(&["a", "c"], &list, "a name"), Some("a, b".to_owned()));
    }

    #[test]
    fn nothing_meets_no_list() {
        assert_eq!(unmet(&["c"], &[], "a name"), None);
        assert_eq!(unmet(&[], &[], "a name"), Some("a name".to_owned()));
        assert_eq!(unmet(&[], &allowed(&["a"]), "a name"), Some("a".to_owned()));
    }

    #[test]
    fn a_required_list_without_texts_is_an_error() {
        let given = Params::resolve(&DECLARED, [("names", "a, b")]).unwrap();
        assert_eq!(required(&given, "names"), Ok(&allowed(&["a", "b"])[..]));
        let missing = Params::resolve(&DECLARED, []).unwrap();
        assert!(required(&missing, "names").is_err());
    }

    #[test]
    fn no_texts_are_shown_as_nothing() {
        assert_eq!(shown(&[]), None);
        assert_eq!(shown(&["a", "b"]), Some("a, b".to_owned()));
    }
}
