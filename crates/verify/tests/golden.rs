//! The golden package (`golden/README.md`): it holds, and every change of it is found.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

use posture_verify::{LogVerifier, Options, VerifyError, WitnessVerifier, verify};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name)
}

fn options() -> Options {
    let text = |name| fs::read_to_string(golden(name)).unwrap();
    Options {
        keys: vec![LogVerifier::parse(&text("key.txt")).unwrap()],
        witnesses: vec![WitnessVerifier::parse(&text("witness.txt")).unwrap()],
        pins: vec![fs::read(golden("pinned-checkpoint")).unwrap()],
        threads: 1,
        ..Options::default()
    }
}

/// Name, and place of the content, of each file in the zip.
fn members(zip: &[u8]) -> Vec<(String, std::ops::Range<usize>)> {
    let number = |at: usize, length: usize| {
        let bytes = zip[at..at + length].iter().rev();
        bytes.fold(0, |value, byte| value << 8 | usize::from(*byte))
    };
    let mut at = 0;
    let mut members = Vec::new();
    while zip[at..].starts_with(b"PK\x03\x04") {
        let (size, name) = (number(at + 18, 4), number(at + 26, 2));
        let content = at + 30 + name;
        let name = String::from_utf8(zip[at + 30..content].to_vec()).unwrap();
        members.push((name, content..content + size));
        at = content + size;
    }
    members
}

fn unpack(to: &Path) -> Vec<PathBuf> {
    let zip = fs::read(golden("package.zip")).unwrap();
    let mut files = Vec::new();
    for (name, content) in members(&zip) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &zip[content]).unwrap();
        files.push(path);
    }
    files
}

/// Whether a change was noticed: something does not hold, or nothing could be checked.
fn is_found(path: &Path, options: &Options) -> bool {
    verify(path, options).map_or(true, |report| !report.holds())
}

/// In memory where the system has such a folder: thousands of files are written and read.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// Runs the check for every place, on all processors; returns the places where it said no.
fn unfound(count: usize, check: impl Fn(usize, &Path) -> bool + Sync) -> Vec<usize> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let work: Vec<_> = (0..threads)
            .map(|thread| {
                let check = &check;
                scope.spawn(move || {
                    let folder = scratch();
                    (thread..count)
                        .step_by(threads)
                        .filter(|place| !check(*place, folder.path()))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        work.into_iter()
            .flat_map(|work| work.join().unwrap())
            .collect()
    })
}

#[test]
fn package_holds() {
    let report = verify(&golden("package.zip"), &options()).unwrap();
    assert_eq!(report.problems, []);
    assert!(report.is_key_pinned);
    let folder = tempfile::tempdir().unwrap();
    unpack(folder.path());
    assert_eq!(verify(folder.path(), &options()).unwrap(), report);
}

#[test]
fn every_flipped_byte_of_the_zip_file_is_found() {
    let zip = fs::read(golden("package.zip")).unwrap();
    let options = options();
    let missed = unfound(zip.len(), |place, folder| {
        let mut changed = zip.clone();
        changed[place] ^= 1 << (place % 8);
        let path = folder.join("package.zip");
        fs::write(&path, changed).unwrap();
        is_found(&path, &options)
    });
    assert_eq!(missed, Vec::<usize>::new());
}

#[test]
fn every_flipped_byte_of_the_folder_is_found() {
    let zip = fs::read(golden("package.zip")).unwrap();
    let places: Vec<(String, usize)> = members(&zip)
        .into_iter()
        .flat_map(|(name, content)| (0..content.len()).map(move |place| (name.clone(), place)))
        .collect();
    let options = options();
    let missed = unfound(places.len(), |number, folder| {
        if !folder.join("checkpoint").exists() {
            unpack(folder);
        }
        let (name, place) = &places[number];
        let path = folder.join(name);
        let bytes = fs::read(&path).unwrap();
        let mut changed = bytes.clone();
        changed[*place] ^= 1 << (number % 8);
        fs::write(&path, changed).unwrap();
        let is_found = is_found(folder, &options);
        fs::write(&path, bytes).unwrap();
        is_found
    });
    assert_eq!(missed, Vec::<usize>::new());
}

#[test]
fn every_dropped_cut_grown_or_added_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let files = unpack(folder.path());
    let options = options();
    for path in &files {
        let bytes = fs::read(path).unwrap();
        fs::remove_file(path).unwrap();
        // Earlier checkpoints may be left out, but not the one that the witness signed, nor the one
        // in which both keys sign.
        let is_kept = path.starts_with(folder.path().join("checkpoints"));
        let may_be_absent = is_kept && !["003", "009"].iter().any(|size| path.ends_with(size));
        assert_eq!(
            is_found(folder.path(), &options),
            !may_be_absent,
            "{}",
            path.display()
        );
        fs::write(path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(is_found(folder.path(), &options), "{} cut", path.display());
        fs::write(path, [bytes.as_slice(), b"\n"].concat()).unwrap();
        assert!(
            is_found(folder.path(), &options),
            "{} grown",
            path.display()
        );
        fs::write(path, bytes).unwrap();
    }
    fs::write(folder.path().join("index2.html"), "<p>passed</p>").unwrap();
    assert!(is_found(folder.path(), &options));
}

#[test]
fn exchanged_files_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let files = unpack(folder.path());
    let options = options();
    for pair in files.windows(2) {
        let [one, other] = [&pair[0], &pair[1]];
        let (a, b) = (fs::read(one).unwrap(), fs::read(other).unwrap());
        fs::write(one, &b).unwrap();
        fs::write(other, &a).unwrap();
        assert!(is_found(folder.path(), &options), "{}", one.display());
        fs::write(one, a).unwrap();
        fs::write(other, b).unwrap();
    }
}

#[test]
fn zip_files_in_other_forms_are_refused() {
    let zip = fs::read(golden("package.zip")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("package.zip");
    let refusal = |changed: &[u8]| {
        fs::write(&path, changed).unwrap();
        match verify(&path, &options()) {
            Err(VerifyError::Refused { why, .. }) => why,
            other => panic!("not refused: {other:?}"),
        }
    };
    let replaced = |from: &[u8], to: &[u8]| {
        let mut changed = zip.clone();
        for at in 0..changed.len() - from.len() {
            if changed[at..].starts_with(from) {
                changed[at..at + to.len()].copy_from_slice(to);
            }
        }
        changed
    };
    for name in [
        "../ex.html",
        "/ndex.html",
        "in\\ex.html",
        ".ndex.html",
        "a//ex.html",
    ] {
        let why = refusal(&replaced(b"index.html", name.as_bytes()));
        assert!(why.contains("which is not allowed"), "{why}");
    }
    // Method 8, deflate, in every header: what could be a bomb is not unpacked.
    let mut deflated = replaced(
        b"PK\x03\x04\x14\0\0\x08\0\0",
        b"PK\x03\x04\x14\0\0\x08\x08\0",
    );
    for at in 0..deflated.len() - 12 {
        if deflated[at..].starts_with(b"PK\x01\x02") {
            deflated[at + 10] = 8;
        }
    }
    assert!(refusal(&deflated).contains("is not listed as a package lists files"));
    let again = [zip.as_slice(), b"x"].concat();
    assert!(refusal(&again).contains("does not end as"));
    let before = [b"x", zip.as_slice()].concat();
    assert!(!refusal(&before).is_empty());
    assert!(refusal(b"").contains("does not end as"));
}

#[cfg(unix)]
#[test]
fn link_in_a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    unpack(folder.path());
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("link")).unwrap();
    assert!(matches!(
        verify(folder.path(), &options()),
        Err(VerifyError::Refused { .. })
    ));
}

#[test]
fn bodies_that_unpack_to_more_than_is_allowed_are_not_unpacked() {
    let limited = Options {
        max_bytes: 10,
        ..options()
    };
    let report = verify(&golden("package.zip"), &limited).unwrap();
    assert!(report.problems[0].what.contains("more than the 10 allowed"));
}
