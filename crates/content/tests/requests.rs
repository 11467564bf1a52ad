//! The auditor's request list: everything that it names is there, and every request says on purpose
//! how it is covered.
//!
//! Oracle: the catalogue of rules, the frameworks and the list of resource types; that calls exist is
//! proved in `crates/audit/src/retrieval/input.rs`, against AWS's models.

use std::collections::BTreeSet;

use posture_content::requests::{RequestKind, embedded, load};
use posture_model::ResourceType;

#[test]
fn the_list_is_whole_and_names_what_there_is() {
    let requests = embedded().unwrap();
    assert_eq!(requests.len(), 43);
    let ids: BTreeSet<&str> = requests.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), 43);
    for request in requests {
        for name in &request.types {
            assert!(ResourceType::from_name(name).is_some(), "{name}");
        }
        assert!(!request.controls_of("soc2").is_empty(), "{}", request.id);
        assert!(request.rules.is_sorted() && request.types.is_sorted());
    }
    for kind in RequestKind::ALL {
        assert!(requests.iter().any(|one| one.kind == kind), "{kind:?}");
    }
}

const REQUEST: &str = "\
requests:
  - id: keys
    title: Keys
    kind: population
    coverage: partial
    because: people
    rules: [access-keys-rotated]
    evidence: [list]
    controls: { soc2: [CC6.1] }
";

#[test]
fn mistakes_are_named_with_their_places() {
    assert!(load(REQUEST).is_ok());
    for (from, to, said) in [
        (
            "access-keys-rotated",
            "access-keys",
            "7:13: no rule is named",
        ),
        ("CC6.1", "CC66", "9:24: soc2 has no control"),
        ("soc2", "soc3", "9:17: no framework is named"),
        (
            "partial",
            "full",
            "2:5: request keys is covered in full, and wants evidence",
        ),
        (
            "partial",
            "manual",
            "2:5: request keys is answered by people, and does not",
        ),
        (
            "    because: people\n",
            "",
            "2:5: request keys does not say why",
        ),
        ("population", "list", "2:5: kind is one of"),
        ("evidence:", "evidences:", "8:5: a request has no member"),
        (
            "rules: [access-keys-rotated]",
            "records: [findigs]",
            "7:15: there are no records",
        ),
    ] {
        assert!(REQUEST.contains(from));
        let problems = load(&REQUEST.replacen(from, to, 1)).unwrap_err();
        let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(texts.iter().any(|text| text.starts_with(said)), "{texts:?}");
    }
}
