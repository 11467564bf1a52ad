//! Makes a log with a rotation and several checkpoints, its verifier keys and proofs from it, for an
//! oracle to judge: `cargo run -p posture-ledger --example oracle_log -- FOLDER`.

#![expect(clippy::unwrap_used, reason = "a tool of the tests")]

use std::fs;
use std::path::PathBuf;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::Timestamp;
use posture_ledger::{Directory, KeyFile, Log, LogReader, Record, RecordType};
use serde_json::{Value, json};

fn encoded(path: Vec<[u8; 32]>) -> Vec<String> {
    path.into_iter()
        .map(|hash| BASE64_STANDARD.encode(hash))
        .collect()
}

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap());
    fs::create_dir_all(&folder).unwrap();
    let now = Timestamp::UNIX_EPOCH;
    let name = "posture.example/oracle";
    let first = KeyFile::new(folder.join("key")).create(name).unwrap();
    let second = KeyFile::new(folder.join("key-2")).create(name).unwrap();
    let keys = format!("{}\n{}\n", first.verifier_key(), second.verifier_key());
    fs::write(folder.join("keys"), keys).unwrap();
    let path = folder.join("log");
    let log = Log::create(Box::new(Directory::new(&path)), first, now).unwrap();
    let append = |log: &Log, count: u32| {
        let batch = (0..count)
            .map(|number| Record::new(RecordType::VerdictChange, format!("r-{number}")))
            .collect();
        log.append(batch, now).unwrap().checkpoint
    };
    let mut heads = Vec::new();
    for count in [1, 253, 1, 1, 43] {
        heads.push(append(&log, count));
    }
    let log = log.rotate(second, now).unwrap();
    for count in [1, 467, 7] {
        heads.push(append(&log, count));
    }
    let storage = Directory::new(&path);
    let reader = LogReader::open(&storage).unwrap();
    let records: Vec<Value> = (0..reader.size())
        .map(|index| {
            let proof = reader.inclusion_proof(index).unwrap();
            json!({ "Index": index, "Leaf": BASE64_STANDARD.encode(proof.leaf), "Path": encoded(proof.path) })
        })
        .collect();
    let trees: Vec<Value> = heads
        .iter()
        .map(|head| {
            let path = reader.consistency_proof(head.size, head.root).unwrap();
            json!({ "Size": head.size, "Root": BASE64_STANDARD.encode(head.root), "Path": encoded(path) })
        })
        .collect();
    let proofs = json!({ "Records": records, "Trees": trees });
    fs::write(folder.join("proofs.json"), proofs.to_string()).unwrap();
}
