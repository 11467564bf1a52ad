//! Timestamps of the golden log, as `posture-verify` finds and tells them.
//!
//! Oracle: the golden package (`golden/README.md`), and openssl, which is the authority.

#![expect(clippy::unwrap_used, reason = "a test")]

mod tsa;

use std::fs;
use std::path::Path;

use posture_verify::{Authorities, Options, ProblemKind, Report, verify};
use sha2::{Digest as _, Sha256};
use tsa::{P256, Tsa};

fn trusting(pem: &str) -> Authorities {
    let mut authorities = Authorities::default();
    authorities.add_pem(pem).unwrap();
    authorities
}

/// The golden log in a folder, with a timestamp of its newest checkpoint.
fn stamped_log(tsa: &Tsa, folder: &Path) -> std::path::PathBuf {
    let zip = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/package.zip");
    let status = std::process::Command::new("unzip")
        .args(["-q", "-d"])
        .arg(folder)
        .arg(zip)
        .status()
        .unwrap();
    assert!(status.success());
    let checkpoint = fs::read_to_string(folder.join("checkpoint")).unwrap();
    let text: String = checkpoint.split_inclusive('\n').take(3).collect();
    let reply = tsa.answer(&tsa.request(text.as_bytes()), "tsa", &[]);
    let digest = Sha256::digest(&reply);
    let name = digest
        .iter()
        .fold(String::new(), |name, byte| name + &format!("{byte:02x}"));
    let place = folder.join("timestamps/013");
    fs::create_dir_all(&place).unwrap();
    let file = place.join(format!("{name}.tsr"));
    fs::write(&file, reply).unwrap();
    file
}

fn judged(log: &Path, authorities: Authorities) -> Report {
    let options = Options {
        authorities,
        ..Options::default()
    };
    verify(log, &options).unwrap()
}

#[test]
fn a_stamped_log_holds_and_the_report_says_whose_word_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tsa) = Tsa::new(&folder.path().join("tsa"), P256) else {
        return;
    };
    let log = folder.path().join("log");
    let file = stamped_log(&tsa, &log);

    let report = judged(&log, trusting(&tsa.pem("ca")));
    assert_eq!(report.problems, []);
    let text = posture_verify::text(&report);
    assert!(
        text.contains("  stamped the first 13 records were there at 20"),
        "{text}"
    );
    assert!(
        text.contains("says CN=tsa,O=Example (authority pinned)\n"),
        "{text}"
    );

    let report = judged(&log, Authorities::default());
    assert_eq!(report.problems, []);
    let text = posture_verify::text(&report);
    assert!(
        text.contains("  stamped timestamp present, authority not pinned: "),
        "{text}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&posture_verify::json_v1(&report).unwrap()).unwrap();
    assert_eq!(json["timestamps"][0]["size"], 13);
    assert_eq!(json["timestamps"][0]["authorityPinned"], false);

    let other = Tsa::new(&folder.path().join("other"), P256).unwrap();
    let report = judged(&log, trusting(&other.pem("ca")));
    let [problem] = report.problems.as_slice() else {
        unreachable!("{:?}", report.problems)
    };
    assert_eq!(problem.kind, ProblemKind::Timestamp);
    assert!(problem.what.contains("no checkpoint has a timestamp"));

    let bytes = fs::read(&file).unwrap();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        fs::write(&file, changed).unwrap();
        let report = judged(&log, Authorities::default());
        assert!(!report.holds(), "byte {place}");
    }
    fs::write(&file, &bytes).unwrap();
    // Of another checkpoint, or of one that is not there.
    for size in ["003", "007"] {
        let place = log.join("timestamps").join(size);
        fs::create_dir_all(&place).unwrap();
        let moved = place.join(file.file_name().unwrap());
        fs::rename(&file, &moved).unwrap();
        let report = judged(&log, Authorities::default());
        assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
        fs::rename(&moved, &file).unwrap();
    }
}
