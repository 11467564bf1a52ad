//! The Merkle root over all verdicts of a run: RFC 6962's tree over scopes, each an own tree over the
//! verdicts in it. A run that changed one scope computes that one and the short list of scopes.

use sha2::{Digest as _, Sha256};

type Hash = [u8; 32];

/// The root over verdicts that come sorted by account, Region and type.
#[derive(Debug, Default)]
pub(crate) struct VerdictRoot {
    scope: Option<[String; 3]>,
    leaves: Vec<Hash>,
    scopes: Vec<Hash>,
    verdicts: u32,
}

impl VerdictRoot {
    /// Adds a verdict: `scope` is account, Region and type; `members` the id, the rule's name and
    /// parameters, the verdict and its disposition.
    pub(crate) fn add(&mut self, scope: [&str; 3], members: &[&str]) {
        let is_same = self
            .scope
            .as_ref()
            .is_some_and(|known| known.iter().zip(scope).all(|(known, one)| known == one));
        if !is_same {
            self.close();
            self.scope = Some(scope.map(str::to_owned));
        }
        self.leaves.push(leaf(members));
        self.verdicts = self.verdicts.saturating_add(1);
    }

    /// The root in hex, and how many verdicts it covers.
    pub(crate) fn finish(mut self) -> (String, u32) {
        self.close();
        (hex(&tree(&self.scopes)), self.verdicts)
    }

    fn close(&mut self) {
        let Some([account_id, aws_region, resource_type]) = self.scope.take() else {
            return;
        };
        let count = self.leaves.len().to_string();
        let root = hex(&tree(&self.leaves));
        self.leaves.clear();
        let members = [&account_id, &aws_region, &resource_type, &count, &root];
        self.scopes.push(leaf(&members.map(String::as_str)));
    }
}

/// A leaf is a JSON array of texts.
fn leaf(members: &[&str]) -> Hash {
    let text = serde_json::Value::from(members).to_string();
    Sha256::new()
        .chain_update([0])
        .chain_update(text)
        .finalize()
        .into()
}

/// RFC 6962, 2.1: the tree's hash over hashes of leaves.
fn tree(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        several => {
            let half = several.len().next_power_of_two() / 2;
            let (left, right) = several.split_at(half);
            Sha256::new()
                .chain_update([1])
                .chain_update(tree(left))
                .chain_update(tree(right))
                .finalize()
                .into()
        }
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

#[cfg(test)]
mod tests {
    //! Oracle: Python's hashlib and the recursion of RFC 6962, 2.1, written anew there.

    use super::*;

    fn root(verdicts: &[([&str; 3], [&str; 2])]) -> (String, u32) {
        let mut root = VerdictRoot::default();
        for (scope, members) in verdicts {
            root.add(*scope, members);
        }
        root.finish()
    }

    const ONE: [&str; 3] = ["1", "eu-west-1", "AWS::S3::Bucket"];
    const OTHER: [&str; 3] = ["1", "global", "AWS::IAM::User"];

    #[test]
    fn every_verdict_and_its_place_count() {
        let whole = root(&[(ONE, ["a", "x"]), (ONE, ["b", "x"]), (OTHER, ["c", "x"])]);
        assert_eq!(whole.1, 3);
        for other in [
            root(&[(ONE, ["a", "y"]), (ONE, ["b", "x"]), (OTHER, ["c", "x"])]),
            root(&[(ONE, ["a", "x"]), (OTHER, ["b", "x"]), (OTHER, ["c", "x"])]),
            root(&[(ONE, ["b", "x"]), (ONE, ["a", "x"]), (OTHER, ["c", "x"])]),
            root(&[(ONE, ["a", "x"]), (ONE, ["b", "x"])]),
        ] {
            assert_ne!(whole.0, other.0);
        }
    }

    #[test]
    fn root_is_that_of_another_implementation() {
        assert_eq!(
            root(&[
                (ONE, ["a", "x"]),
                (ONE, ["b", "x"]),
                (ONE, ["\"c", "x"]),
                (OTHER, ["c", "x"])
            ])
            .0,
            PYTHON
        );
        assert_eq!(
            root(&[]).0,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    const PYTHON: &str = "907e37ff21ebdb8255a9ef7e49be4764b89b54fa9fd2b6e0a92eb23762e72401";
}
