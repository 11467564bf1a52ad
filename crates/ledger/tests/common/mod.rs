//! A small package with one of everything, and a witness.

use std::fs;
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signer as _, SigningKey};
use jiff::Timestamp;
use posture_ledger::{
    Body, Contents, Directory, KeyFile, Log, LogReader, Record, RecordType, ScanRun, Schedule,
    WitnessKey, write_folder, write_zip,
};
use serde_json::json;

pub(crate) const WITNESS_NAME: &str = "witness.example/w1";

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

/// A witness' private key, and the verifier key that it publishes (C2SP tlog-cosignature).
pub(crate) fn witness_key() -> (SigningKey, String) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = [&[4], key.verifying_key().as_bytes().as_slice()].concat();
    let id = signed_note::key_id(WITNESS_NAME, &public);
    let text = format!("{WITNESS_NAME}+{id:08x}+{}", BASE64_STANDARD.encode(public));
    (key, text)
}

/// What a witness answers to `add-checkpoint`.
pub(crate) fn cosign(note: &[u8], seconds: u64) -> String {
    let note = std::str::from_utf8(note).unwrap();
    let (text, _) = note.rsplit_once("\n\n").unwrap();
    let (key, verifier) = witness_key();
    let message = format!("cosignature/v1\ntime {seconds}\n{text}\n");
    let id = u32::from_str_radix(verifier.split('+').nth(1).unwrap(), 16).unwrap();
    let line = [
        id.to_be_bytes().as_slice(),
        &seconds.to_be_bytes(),
        &key.sign(message.as_bytes()).to_bytes(),
    ]
    .concat();
    format!("— {WITNESS_NAME} {}\n", BASE64_STANDARD.encode(line))
}

pub(crate) struct Made {
    pub(crate) log: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) zip: PathBuf,
    pub(crate) first_key: String,
    pub(crate) witness: String,
    pub(crate) early_checkpoint: Vec<u8>,
    pub(crate) size: u64,
    contents: Contents,
}

impl Made {
    pub(crate) fn write_again(&self, to: &Path) -> PathBuf {
        let storage = Directory::new(&self.log);
        let reader = LogReader::open_at(&storage, self.size).unwrap();
        write_zip(&reader, &self.contents, to).unwrap();
        to.to_owned()
    }
}

pub(crate) fn run(number: i64) -> Record {
    let day = 86_400;
    let mut record = Record::from(ScanRun {
        id: format!("run-{number}"),
        scope: json!({"accounts": ["123456789012"]})
            .as_object()
            .unwrap()
            .clone(),
        clock: at(number * day),
        coverage: json!({"complete": 12, "failed": []})
            .as_object()
            .unwrap()
            .clone(),
        rule_versions: [(
            "s3-bucket-versioning-enabled".to_owned(),
            "0.1.0".to_owned(),
        )]
        .into(),
        pack_versions: [("foundational".to_owned(), "1".to_owned())].into(),
        verdict_root: "ab".repeat(32),
        verdicts: 12,
        body: None,
        schedule: Some(Schedule {
            name: "daily".to_owned(),
            due: at(number * day),
            next: at((number + 1) * day),
        }),
    });
    record.times.collected = record.times.observed;
    record
}

/// A decision that explains why the runs due from one day until before another are absent.
pub(crate) fn explains(from: i64, until: i64) -> Record {
    let day = 86_400;
    let time = |number: i64| {
        at(number * day)
            .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
            .to_string()
    };
    let mut record = Record::new(RecordType::Decision, "outage-1");
    let detail = json!({ "schedule": "daily", "from": time(from), "until": time(until) });
    record.detail.insert("explains".to_owned(), detail);
    record
}

fn with_body(kind: RecordType, subject: &str, text: &str) -> Record {
    let mut record = Record::new(kind, subject);
    record.body = Some(Body::Bytes {
        media_type: "text/plain".to_owned(),
        bytes: text.as_bytes().to_vec(),
    });
    record
}

/// A log of four days with a rotation, a witness, an outage that is explained, a body that is
/// deleted and one that is left out; packed as folder and zip.
pub(crate) fn make_package(folder: &Path) -> Made {
    let day = 86_400;
    let path = folder.join("log");
    let key = KeyFile::new(folder.join("key"))
        .create("posture.example/log")
        .unwrap();
    let first_key = key.verifier_key().to_owned();
    let log = Log::create(Box::new(Directory::new(&path)), key, at(0)).unwrap();
    let (_, witness) = witness_key();
    log.add_witness(&WitnessKey::parse(&witness).unwrap(), at(10))
        .unwrap();
    let early = log.append(vec![run(0)], at(60)).unwrap().checkpoint;
    log.cosign(early.size, &cosign(&early.to_bytes(), 1_780_000_100))
        .unwrap();

    let configuration = with_body(RecordType::ConfigurationVersion, "arn:aws:s3:::b", "{}");
    let upload = with_body(RecordType::Upload, "upload-1", &"a policy. ".repeat(20));
    let deleted = with_body(RecordType::UserActivity, "event-1", "to be deleted");
    let omitted = with_body(RecordType::UserActivity, "event-2", "not for this auditor");
    let batch = vec![run(1), configuration, upload, deleted, omitted];
    log.append(batch, at(day + 60)).unwrap();

    let second = KeyFile::new(folder.join("key-2"))
        .create("posture.example/log")
        .unwrap();
    let log = log.rotate(second, at(day + 120)).unwrap();
    let removed = remove_body(&path, &log, "event-1");
    let mut decision = Record::new(RecordType::Decision, "retention");
    decision.removes = vec![removed];
    log.append(vec![run(3), decision, explains(2, 3)], at(3 * day + 60))
        .unwrap();

    let files = folder.join("files");
    fs::create_dir(&files).unwrap();
    fs::write(files.join("index.html"), "<p>CC6.1</p>\n").unwrap();
    fs::write(files.join("population.csv"), "arn,verdict\n").unwrap();
    let contents = Contents {
        files: [
            ("index.html".to_owned(), files.join("index.html")),
            (
                "populations/s3.csv".to_owned(),
                files.join("population.csv"),
            ),
        ]
        .into(),
        omits: [hash_of(&log, "event-2")].into(),
    };
    let manifest = contents.manifest("package-1").unwrap();
    let size = log
        .append(vec![manifest], at(3 * day + 120))
        .unwrap()
        .checkpoint
        .size;
    let made = Made {
        folder: folder.join("package"),
        zip: folder.join("package.zip"),
        log: path,
        first_key,
        witness,
        early_checkpoint: early.to_bytes(),
        size,
        contents,
    };
    let reader = log.reader().unwrap();
    write_folder(&reader, &made.contents, &made.folder).unwrap();
    write_zip(&reader, &made.contents, &made.zip).unwrap();
    made
}

fn hash_of(log: &Log, subject: &str) -> String {
    let reader = log.reader().unwrap();
    let leaves = reader.leaves(0, reader.size()).unwrap();
    let leaf = leaves
        .into_iter()
        .find(|leaf| leaf.subject == subject)
        .unwrap();
    leaf.body.unwrap().sha256
}

fn remove_body(path: &Path, log: &Log, subject: &str) -> String {
    let hash = hash_of(log, subject);
    let folder: String = hash.chars().take(2).collect();
    fs::remove_file(path.join(format!("blobs/{folder}/{hash}.zst"))).unwrap();
    hash
}
