//! Patterns with `*` and `?`, as policies name actions and resources: matched with texts, where case
//! doesn't count, and compared with one another, where it does; lower it first where it doesn't.

const WILDCARDS: [char; 2] = ['*', '?'];

/// Whether two patterns may have a text in common, case aside, by what stands before their first
/// wildcards: quick, and right where it says no.
pub fn may_overlap(one: &str, other: &str) -> bool {
    let mut bytes = one.bytes().zip(other.bytes());
    let is_wild = |byte: u8| matches!(byte, b'*' | b'?');
    let parting = bytes
        .find(|(one, other)| is_wild(*one) || is_wild(*other) || !one.eq_ignore_ascii_case(other));
    parting.is_none_or(|(one, other)| is_wild(one) || is_wild(other))
}

/// Whether some text matches both patterns.
pub fn overlap(one: &str, other: &str) -> bool {
    if !may_overlap(one, other) {
        return false;
    }
    if !one.contains(WILDCARDS) && !other.contains(WILDCARDS) {
        return one == other;
    }
    // `row` says up to where in `other` one can be after each byte of `one`.
    let other = other.as_bytes();
    let mut row: Vec<bool> = (0..=other.len()).map(|at| at == 0).collect();
    for byte in one.bytes() {
        let mut next = vec![false];
        let mut along = false;
        for (at, reached) in row.into_iter().enumerate() {
            let here = reached || along;
            let facing = other.get(at).copied();
            let either_star = byte == b'*' || facing == Some(b'*');
            if let Some(stay) = next.last_mut() {
                *stay |= here && either_star;
            }
            along = here && either_star;
            if let Some(facing) = facing {
                next.push(here && (byte == facing || byte == b'?' || facing == b'?'));
            }
        }
        row = next;
    }
    // What is left of `other` has to match nothing at all.
    let stars = other.iter().rev().take_while(|byte| **byte == b'*').count();
    row.into_iter().rev().take(stars + 1).any(|reached| reached)
}

/// Whether `wide` matches every text that `narrow` matches.
pub fn covers(wide: &str, narrow: &str) -> bool {
    if !may_overlap(wide, narrow) {
        return false;
    }
    if !wide.contains(WILDCARDS) {
        return wide == narrow;
    }
    let wide = wide.as_bytes();
    let skip_stars = |row: &mut Vec<bool>| {
        let mut along = false;
        for (at, reached) in row.iter_mut().enumerate() {
            *reached |= along;
            along = *reached && wide.get(at) == Some(&b'*');
        }
    };
    let mut row: Vec<bool> = (0..=wide.len()).map(|at| at == 0).collect();
    skip_stars(&mut row);
    for byte in narrow.bytes() {
        let mut next = vec![false];
        for (at, reached) in row.into_iter().enumerate() {
            let Some(facing) = wide.get(at).copied() else {
                continue;
            };
            if let Some(stay) = next.last_mut() {
                *stay |= reached && facing == b'*';
            }
            // Only a star stands for what a star stands for.
            let one = byte != b'*' && (facing == byte || facing == b'?');
            next.push(reached && one);
        }
        row = next;
        skip_stars(&mut row);
    }
    row.last() == Some(&true)
}

/// Whether a pattern matches a text, case aside, as IAM matches actions.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(facing) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(byte) if *byte == b'?' || byte.eq_ignore_ascii_case(facing) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    p = at + 1;
                    t = from + 1;
                    star = Some((at, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::{covers, matches, may_overlap, overlap};

    #[test]
    fn patterns_match_as_iam_matches_actions() {
        assert!(matches("*", "s3:GetObject"));
        assert!(matches("s3:Get*", "S3:getobject"));
        assert!(matches("s3:*Obj?ct", "s3:GetObject"));
        assert!(!matches("s3:Get", "s3:GetObject"));
        assert!(!matches("kms:*", "s3:GetObject"));
        assert!(!matches("s3:GetObject?", "s3:GetObject"));
    }

    #[test]
    fn what_differs_before_a_wildcard_has_nothing_in_common() {
        for (one, other, may) in [
            ("s3:Get*", "kms:*", false),
            ("S3:Get*", "s3:g*", true),
            ("*", "s3:Get", true),
            ("s3", "s3:Get", true),
            ("s3:Get", "s3:Put", false),
            ("s?:Get", "s3:Put", true),
            ("", "", true),
        ] {
            assert_eq!(may_overlap(one, other), may, "{one} {other}");
        }
    }

    #[test]
    fn patterns_overlap_where_a_text_matches_both() {
        for (one, other) in [
            ("s3:Get*", "s3:GetObject"),
            ("s3:*", "s3:Get*"),
            ("*", "*"),
            ("*", ""),
            ("s3:*Object", "s3:Get*"),
            ("s3:G?tObject", "s3:Get*"),
            ("a*c", "ab*"),
            ("a**", "a"),
            ("*x*", "y*"),
        ] {
            assert!(overlap(one, other), "{one} {other}");
            assert!(overlap(other, one), "{other} {one}");
        }
        for (one, other) in [
            ("s3:Get*", "s3:PutObject"),
            ("s3:Get*", "s3:Put*"),
            ("*x", "*y"),
            ("a?", "a"),
            ("", "?"),
            ("s3:GetObject", "s3:GetObjectAcl"),
        ] {
            assert!(!overlap(one, other), "{one} {other}");
            assert!(!overlap(other, one), "{other} {one}");
        }
    }

    #[test]
    fn a_pattern_covers_what_matches_nothing_else() {
        assert!(covers("*", "*"));
        assert!(covers("*", ""));
        assert!(covers("s3:*", "s3:Get*"));
        assert!(covers("s3:Get*", "s3:GetObject"));
        assert!(covers("s3:*t*", "s3:Get*"));
        assert!(covers("b?", "b?"));
        assert!(covers("b**", "b*"));
        assert!(!covers("s3:Get*", "s3:*"));
        assert!(!covers("b?", "b*"));
        assert!(!covers("b/?", "b/*"));
        assert!(!covers("b", "b?"));
        assert!(!covers("b/*", "b"));
        assert!(!covers("B", "b"));
    }
}
