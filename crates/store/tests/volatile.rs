//! What is left out of history is nothing that a rule reads.
//!
//! Oracle: the rules' own declarations.

use posture_model::canonical::volatile::PLACES;
use posture_rules::{Read, catalogue};

/// A path without the marks of lists, in small letters: AWS writes one type in both cases.
fn plain(path: &str) -> String {
    path.replace("[*]", "").to_ascii_lowercase()
}

#[test]
fn no_rule_reads_what_is_left_out() {
    let mut read = 0;
    for entry in catalogue::listings()
        .iter()
        .filter_map(|listing| listing.entry)
    {
        let own = entry.rule.resource_types.iter().map(|known| known.as_str());
        let own: Vec<&str> = own.collect();
        for declared in entry.rule.reads {
            let pairs: Vec<(&str, String)> = match declared {
                Read::Own(path) => own.iter().map(|kind| (*kind, path.to_string())).collect(),
                Read::Other(other) => other
                    .all_paths()
                    .map(|path| (other.resource_type.as_str(), path.to_string()))
                    .collect(),
            };
            for (kind, path) in pairs {
                read += 1;
                let left_out = PLACES
                    .iter()
                    .filter(|places| places.resource_type == kind)
                    .flat_map(|places| places.paths)
                    .find(|volatile| {
                        let (volatile, path) = (plain(volatile), plain(&path));
                        path == volatile || path.starts_with(&format!("{volatile}."))
                    });
                assert_eq!(left_out, None, "{} reads {path} of {kind}", entry.rule.id);
            }
        }
    }
    assert!(read > 200, "{read}");
}
