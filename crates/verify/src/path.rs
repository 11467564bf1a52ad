//! What a path in a log or package is.

/// What lies under a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The newest checkpoint.
    Checkpoint,
    /// An earlier checkpoint, by the number of records that its path says.
    Kept(u64),
    /// A hash tile.
    Tile { level: u8, number: u64, width: u64 },
    /// An entry bundle.
    Bundle { number: u64, width: u64 },
    /// A body, by the hash that its path says.
    Blob([u8; 32]),
    /// A timestamp of the checkpoint of this size, by the hash that its path says.
    Timestamp { size: u64, hash: [u8; 32] },
    /// Something else, which a manifest has to vouch for.
    Other,
}

impl Place {
    pub(crate) fn of(path: &str) -> Place {
        if path == "checkpoint" {
            return Place::Checkpoint;
        }
        kept(path)
            .or_else(|| tile(path))
            .or_else(|| blob(path))
            .or_else(|| timestamp(path))
            .unwrap_or(Place::Other)
    }

    /// The one spelling of the path.
    pub(crate) fn path(&self) -> String {
        match self {
            Place::Checkpoint => "checkpoint".to_owned(),
            Place::Kept(size) => format!("checkpoints/{}", index(*size)),
            Place::Tile {
                level,
                number,
                width,
            } => format!("tile/{level}/{}{}", index(*number), partial(*width)),
            Place::Bundle { number, width } => {
                format!("tile/entries/{}{}", index(*number), partial(*width))
            }
            Place::Blob(hash) => {
                let hash = hex(hash);
                let folder: String = hash.chars().take(2).collect();
                format!("blobs/{folder}/{hash}.zst")
            }
            Place::Timestamp { size, hash } => {
                format!("timestamps/{}/{}.tsr", index(*size), hex(hash))
            }
            Place::Other => String::new(),
        }
    }
}

/// Whether a name can be that of a file in a log or package: no way out of the folder, nothing that
/// another system reads otherwise.
pub(crate) fn is_allowed(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    path.len() <= 512
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// A SHA-256 in lower-case hex.
pub(crate) fn parse_hex(text: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(hash)
}

fn kept(path: &str) -> Option<Place> {
    let place = Place::Kept(parse_index(path.strip_prefix("checkpoints/")?)?);
    (place.path() == path).then_some(place)
}

fn tile(path: &str) -> Option<Place> {
    let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) => (number, width.parse().ok().filter(|width| *width > 0)?),
        None => (rest, 256),
    };
    let number = parse_index(number)?;
    let place = match level {
        "entries" => Place::Bundle { number, width },
        level => Place::Tile {
            level: level.parse().ok().filter(|level| *level < 64)?,
            number,
            width,
        },
    };
    (place.path() == path).then_some(place)
}

fn blob(path: &str) -> Option<Place> {
    let (_, name) = path.strip_prefix("blobs/")?.split_once('/')?;
    let place = Place::Blob(parse_hex(name.strip_suffix(".zst")?)?);
    (place.path() == path).then_some(place)
}

fn timestamp(path: &str) -> Option<Place> {
    let (size, name) = path.strip_prefix("timestamps/")?.rsplit_once('/')?;
    let place = Place::Timestamp {
        size: parse_index(size)?,
        hash: parse_hex(name.strip_suffix(".tsr")?)?,
    };
    (place.path() == path).then_some(place)
}

fn parse_index(text: &str) -> Option<u64> {
    text.split('/').try_fold(0_u64, |value, part| {
        let part = part.strip_prefix('x').unwrap_or(part);
        let digits: u16 = part.parse().ok()?;
        value.checked_mul(1000)?.checked_add(digits.into())
    })
}

fn index(number: u64) -> String {
    let mut parts = vec![format!("{:03}", number % 1000)];
    let mut rest = number / 1000;
    while rest > 0 {
        parts.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    parts.reverse();
    parts.join("/")
}

fn partial(width: u64) -> String {
    if width == 256 {
        String::new()
    } else {
        format!(".p/{width}")
    }
}

#[cfg(test)]
mod tests {
    //! Oracle: the examples of https://c2sp.org/tlog-tiles.
    use super::*;

    #[test]
    fn paths_of_the_specification_are_known() {
        let tile = Place::Tile {
            level: 3,
            number: 1_234_067,
            width: 256,
        };
        assert_eq!(Place::of("tile/3/x001/x234/067"), tile);
        let bundle = Place::Bundle {
            number: 273,
            width: 112,
        };
        assert_eq!(Place::of("tile/entries/273.p/112"), bundle);
        assert_eq!(Place::of("checkpoints/x001/000"), Place::Kept(1000));
        let hash = [0xab; 32];
        let stamp = Place::Timestamp { size: 1000, hash };
        let path = format!("timestamps/x001/000/{}.tsr", "ab".repeat(32));
        assert_eq!(Place::of(&path), stamp);
    }

    #[test]
    fn other_spellings_are_other_files() {
        for path in [
            "tile/0/0",
            "tile/00/000",
            "tile/0/x000/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/64/000",
            "blobs/00/zz.zst",
            "checkpoints/01",
            "timestamps/001/ab.tsr",
            "index.html",
        ] {
            assert_eq!(Place::of(path), Place::Other, "{path}");
        }
    }

    #[test]
    fn names_that_leave_the_folder_are_not_allowed() {
        for name in [
            "../x", "/x", "a/../b", "a//b", "a\\b", "C:x", "", "a/", ".x", "a\u{0}", "a b",
        ] {
            assert!(!is_allowed(name), "{name:?}");
        }
        assert!(is_allowed("controls/CC6.1/index.html"));
    }
}
