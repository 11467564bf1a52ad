//! Parameters that list what is allowed, and what a resource has instead.

/// Whether a list names a text. A parameter that was not given is a list without texts, and allows
/// everything.
pub fn allows(allowed: &[String], text: &str) -> bool {
    allowed.is_empty() || names(allowed, Some(text))
}

/// Whether a list names a text that is there.
pub fn names(list: &[String], text: Option<&str>) -> bool {
    text.is_some_and(|text| list.iter().any(|one| one == text))
}

/// What is expected and isn't there: only texts that are allowed, and at least one; `anything`
/// says what, where the list allows everything. An empty text is AWS's word for nothing. None where
/// the texts are as expected.
pub fn unmet(texts: &[&str], allowed: &[String], anything: &str) -> Option<String> {
    let is_met = |text: &&str| !text.is_empty() && allows(allowed, text);
    if !texts.is_empty() && texts.iter().all(is_met) {
        return None;
    }
    if allowed.is_empty() {
        return Some(anything.to_owned());
    }
    Some(allowed.join(" or "))
}

/// The texts in one line; none where there are none.
pub fn shown(texts: &[&str]) -> Option<String> {
    (!texts.is_empty()).then(|| texts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{names, shown, unmet};

    fn allowed(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn one_text_that_is_not_allowed_is_enough() {
        let list = allowed(&["a", "b"]);
        assert_eq!(unmet(&["a", "b"], &list, "a name"), None);
        assert_eq!(
            unmet(&["a", "c"], &list, "a name"),
            Some("a or b".to_owned())
        );
    }

    #[test]
    fn a_list_names_what_is_there() {
        let list = allowed(&["a", "b"]);
        assert!(names(&list, Some("b")));
        assert!(!names(&list, Some("c")) && !names(&list, None) && !names(&[], Some("a")));
    }

    #[test]
    fn nothing_meets_no_list() {
        assert_eq!(unmet(&["c"], &[], "a name"), None);
        assert_eq!(unmet(&[], &[], "a name"), Some("a name".to_owned()));
        assert_eq!(unmet(&[""], &[], "a name"), Some("a name".to_owned()));
        assert_eq!(unmet(&[], &allowed(&["a"]), "a name"), Some("a".to_owned()));
    }

    #[test]
    fn no_texts_are_shown_as_nothing() {
        assert_eq!(shown(&[]), None);
        assert_eq!(shown(&["a", "b"]), Some("a, b".to_owned()));
    }
}
