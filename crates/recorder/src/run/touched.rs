//! Which resources of a listing an event may be about.

use std::collections::BTreeSet;

/// Names that events gave: ids, names, ARNs, and their parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Touched {
    names: BTreeSet<String>,
}

/// Shorter parts name nothing by themselves.
const SHORTEST: usize = 3;

impl Touched {
    pub(crate) fn of(names: &BTreeSet<String>) -> Touched {
        let mut all = BTreeSet::new();
        for name in names {
            all.extend(parts(name));
        }
        Touched { names: all }
    }

    /// Whether a resource with this id, name and ARN may be meant: where it, or a part of it, is what
    /// the event names, or a part of that. One too many costs calls.
    pub(crate) fn may_be(&self, identifiers: &[Option<String>]) -> bool {
        let known = identifiers.iter().flatten();
        known
            .flat_map(|identifier| parts(identifier))
            .any(|part| self.names.contains(&part))
    }
}

/// A name whole, and in parts: `arn:aws:iam::1:role/path/name` is a `name` too. What an ARN says of
/// partition, service, Region and account names no resource.
fn parts(name: &str) -> BTreeSet<String> {
    let resource = match name.strip_prefix("arn:") {
        Some(arn) => arn.splitn(5, ':').last().unwrap_or_default(),
        None => name,
    };
    let inner = resource
        .split([':', '/', '|'])
        .filter(|part| part.len() >= SHORTEST);
    std::iter::once(name)
        .chain(std::iter::once(resource))
        .chain(inner)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_meant_by_its_id_its_name_or_its_arn() {
        let touched = |name: &str| Touched::of(&BTreeSet::from([name.to_owned()]));
        let role = [
            Some("AROAEXAMPLE".to_owned()),
            Some("deploy".to_owned()),
            Some("arn:aws:iam::111122223333:role/ci/deploy".to_owned()),
        ];
        for name in [
            "deploy",
            "AROAEXAMPLE",
            "arn:aws:iam::111122223333:role/ci/deploy",
        ] {
            assert!(touched(name).may_be(&role), "{name}");
        }
        for name in [
            "111122223333",
            "iam",
            "other",
            "arn:aws:iam::111122223333:user/anna",
        ] {
            assert!(!touched(name).may_be(&role), "{name}");
        }
        let stage = [Some(
            "arn:aws:apigateway:eu-west-1::/restapis/abc123/stages/live".to_owned(),
        )];
        assert!(touched("abc123").may_be(&stage));
    }
}
