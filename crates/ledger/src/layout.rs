//! Where things are in a log. Paths are those of C2SP tlog-tiles; `checkpoints/` and `blobs/` are ours.

/// Hashes in a full tile, and leaves in a full entry bundle.
pub(crate) const TILE_WIDTH: u64 = 256;
/// Height of a tile, log₂ of [`TILE_WIDTH`].
pub(crate) const TILE_HEIGHT: u8 = 8;
/// The newest checkpoint.
pub(crate) const CHECKPOINT: &str = "checkpoint";
/// Folder of all hash tiles and entry bundles.
pub(crate) const TILES: &str = "tile/";

/// Folder of the earlier checkpoints.
pub(crate) const KEPT: &str = "checkpoints/";

/// Folder of the timestamps of checkpoints.
pub(crate) const TIMESTAMPS: &str = "timestamps/";

/// Folder of what was decided to follow a tree, in a bucket.
pub(crate) const NEXT: &str = ".next/";

/// `<L>/<N>[.p/<W>]` of a hash tile that holds `width` hashes.
pub(crate) fn tile(level: u8, number: u64, width: u64) -> String {
    format!("tile/{level}/{}{}", index(number), partial(width))
}

/// The entry bundle beside level 0's tile of the same number and width.
pub(crate) fn bundle(number: u64, width: u64) -> String {
    format!("tile/entries/{}{}", index(number), partial(width))
}

/// The folder of the partial tiles or bundles in the place of a full one.
pub(crate) fn partials(full: &str) -> String {
    format!("{full}.p/")
}

/// An earlier checkpoint, by the number of records that it covers.
pub(crate) fn kept_checkpoint(size: u64) -> String {
    format!("{KEPT}{}", index(size))
}

/// A timestamp of the checkpoint of this size, by the SHA-256 (hex) of its bytes.
pub(crate) fn timestamp(size: u64, sha256: &str) -> String {
    format!("{TIMESTAMPS}{}/{sha256}.tsr", index(size))
}

/// What was decided to follow the tree of this many records.
pub(crate) fn next(size: u64) -> String {
    format!("{NEXT}{}", index(size))
}

/// A body, by the SHA-256 (hex) of its plain bytes.
pub(crate) fn blob(sha256: &str) -> String {
    let folder: String = sha256.chars().take(2).collect();
    format!("blobs/{folder}/{sha256}.zst")
}

/// How many hashes the tile has in a tree of `size` records.
pub(crate) fn width(level: u8, number: u64, size: u64) -> u64 {
    let hashes = size
        .checked_shr(u32::from(level) * u32::from(TILE_HEIGHT))
        .unwrap_or(0);
    hashes
        .saturating_sub(number.saturating_mul(TILE_WIDTH))
        .min(TILE_WIDTH)
}

/// Reads a path under `tile/` back: level (none for a bundle), number, width.
pub(crate) fn parse_tile(path: &str) -> Option<(Option<u8>, u64, u64)> {
    let (level, rest) = path.strip_prefix(TILES)?.split_once('/')?;
    let level = match level {
        "entries" => None,
        digits => Some(digits.parse::<u8>().ok().filter(|level| *level < 64)?),
    };
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) => (number, width.parse().ok()?),
        None => (rest, TILE_WIDTH),
    };
    let value = parse_index(number)?;
    let known = level.map_or_else(|| bundle(value, width), |level| tile(level, value, width));
    (known == path).then_some((level, value, width))
}

/// Reads the path of an earlier checkpoint back: its size.
pub(crate) fn parse_kept_checkpoint(path: &str) -> Option<u64> {
    let size = parse_index(path.strip_prefix(KEPT)?)?;
    (kept_checkpoint(size) == path).then_some(size)
}

/// Reads the path of a timestamp back: the size of its checkpoint.
pub(crate) fn parse_timestamp(path: &str) -> Option<u64> {
    let (number, name) = path.strip_prefix(TIMESTAMPS)?.rsplit_once('/')?;
    let size = parse_index(number)?;
    let sha256 = name.strip_suffix(".tsr")?;
    (timestamp(size, sha256) == path).then_some(size)
}

fn parse_index(text: &str) -> Option<u64> {
    text.split('/').try_fold(0_u64, |value, part| {
        let digits = part.strip_prefix('x').unwrap_or(part);
        value
            .checked_mul(1000)?
            .checked_add(digits.parse::<u16>().ok()?.into())
    })
}

fn index(number: u64) -> String {
    let mut rest = number / 1000;
    let mut text = format!("{:03}", number % 1000);
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    text
}

fn partial(width: u64) -> String {
    if width == TILE_WIDTH {
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
    fn index_is_split_as_the_specification_shows() {
        assert_eq!(tile(3, 1_234_067, 256), "tile/3/x001/x234/067");
        assert_eq!(bundle(5, 112), "tile/entries/005.p/112");
    }

    #[test]
    fn widths_of_a_tree_of_70000_are_the_specification_s() {
        assert_eq!(width(0, 272, 70_000), 256);
        assert_eq!(width(0, 273, 70_000), 112);
        assert_eq!(width(1, 0, 70_000), 256);
        assert_eq!(width(1, 1, 70_000), 17);
        assert_eq!(width(2, 0, 70_000), 1);
        assert_eq!(width(3, 0, 70_000), 0);
        assert_eq!(width(60, 0, 70_000), 0);
    }

    #[test]
    fn paths_are_read_back_and_other_spellings_are_not() {
        for path in [
            "tile/3/x001/x234/067",
            "tile/entries/005.p/112",
            "tile/0/000.p/1",
        ] {
            let (level, number, width) = parse_tile(path).unwrap();
            let again =
                level.map_or_else(|| bundle(number, width), |level| tile(level, number, width));
            assert_eq!(again, path);
        }
        for path in [
            "tile/03/000",
            "tile/0/0",
            "tile/0/x000/001",
            "tile/0/001.p/0256",
            "tile/0/001.p/",
            "tile/64/000",
            "tile/data/000",
        ] {
            assert_eq!(parse_tile(path), None, "{path}");
        }
    }
}
