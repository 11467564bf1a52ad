//! Merkle tree hashes (RFC 6962, 2.1).

use sha2::{Digest as _, Sha256};

/// A SHA-256 value.
pub(crate) type Hash = [u8; 32];

/// Leaves of a full tile.
pub(crate) const WIDTH: usize = 256;

pub(crate) fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(leaf)
        .finalize()
        .into()
}

pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut message = [1; 65];
    let (_, hashes) = message.split_at_mut(1);
    let (first, second) = hashes.split_at_mut(32);
    first.copy_from_slice(left);
    second.copy_from_slice(right);
    Sha256::digest(message).into()
}

/// Root of a tree over these leaf hashes; of no leaves, the hash of nothing.
pub(crate) fn root(hashes: &[Hash]) -> Hash {
    Frontier::default().root_with(hashes)
}

/// Roots of the complete subtrees at a growing tree's edge, largest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frontier {
    /// With the number of leaves of each, powers of two that fall.
    subtrees: Vec<(u64, Hash)>,
}

impl Frontier {
    /// Adds a complete subtree of `leaves` leaves, a power of two that divides the tree's size.
    pub(crate) fn push(&mut self, mut leaves: u64, mut hash: Hash) {
        while let Some((left, left_hash)) = self.subtrees.last() {
            if *left != leaves {
                break;
            }
            hash = node_hash(left_hash, &hash);
            leaves *= 2;
            self.subtrees.pop();
        }
        self.subtrees.push((leaves, hash));
    }

    /// The root when these leaves follow.
    pub(crate) fn root_with(&self, hashes: &[Hash]) -> Hash {
        let mut frontier = self.clone();
        for hash in hashes {
            frontier.push(1, *hash);
        }
        let mut subtrees = frontier.subtrees.iter().rev();
        let Some((_, mut root)) = subtrees.next().copied() else {
            return Sha256::digest([]).into();
        };
        for (_, left) in subtrees {
            root = node_hash(left, &root);
        }
        root
    }
}

#[cfg(test)]
mod tests {
    //! Oracle: the test vectors of Certificate Transparency's reference implementation
    //! (google/certificate-transparency, `cpp/merkletree/merkle_tree_test.cc`).
    use super::*;

    const LEAVES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];

    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let hashes: Vec<Hash> = LEAVES.iter().map(|leaf| leaf_hash(leaf)).collect();
        for (size, expected) in ROOTS.iter().enumerate() {
            let text = crate::path::hex(&root(&hashes[..size]));
            assert_eq!(text, *expected, "{size} leaves");
        }
    }
}
