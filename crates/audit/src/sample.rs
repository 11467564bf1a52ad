//! A sample of a population that anybody can draw again.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::verdict_root::hex;

/// How a sample is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Members in the order of SHA-256 over the seed, a line feed and the member's key: the first ones.
    HashOrder,
    /// Every k-th member in the order of their keys, from the one that the seed's SHA-256 names.
    Systematic,
}

/// Draws members by their keys: the same seed, size and method give the same members, wherever and in
/// whichever order they come. The result is in the order in which they are drawn.
pub fn sample<'k>(keys: &[&'k str], seed: &str, size: usize, method: Method) -> Vec<&'k str> {
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    match method {
        Method::HashOrder => {
            keys.sort_by_cached_key(|key| hex(&Sha256::digest(format!("{seed}\n{key}"))));
            keys.truncate(size);
            keys
        }
        Method::Systematic => {
            let count = keys.len();
            if size == 0 || count == 0 {
                return Vec::new();
            }
            let size = size.min(count);
            let digest = Sha256::digest(seed);
            let first = digest.first_chunk::<8>().copied().unwrap_or_default();
            let first = u64::from_be_bytes(first) % count as u64;
            let first = usize::try_from(first).unwrap_or_default();
            let nth = |n: usize| (first + n * count / size) % count;
            (0..size)
                .filter_map(|n| keys.get(nth(n)).copied())
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    //! Oracle: `printf 's\nK' | sha256sum | sort` of each key K.

    use super::*;

    const KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];

    #[test]
    fn sample_is_that_of_sha256sum_and_sort() {
        assert_eq!(sample(&KEYS, "s", 3, Method::HashOrder), ORDER);
        let turned: Vec<&str> = KEYS.iter().rev().copied().collect();
        assert_eq!(sample(&turned, "s", 3, Method::HashOrder), ORDER);
        assert_eq!(sample(&KEYS, "s", 9, Method::HashOrder).len(), 5);
    }

    #[test]
    fn systematic_sample_has_no_member_twice() {
        for size in 0..7 {
            let mut drawn = sample(&KEYS, "seed", size, Method::Systematic);
            drawn.sort_unstable();
            drawn.dedup();
            assert_eq!(drawn.len(), size.min(5), "{size}");
        }
        assert!(sample(&[], "seed", 3, Method::Systematic).is_empty());
    }

    const ORDER: [&str; 3] = ["a", "d", "e"];
}
