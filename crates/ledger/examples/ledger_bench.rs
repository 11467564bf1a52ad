//! Measures appending and verifying, durability on:
//! `cargo run --profile dist -p posture-ledger --example ledger_bench -- FOLDER RECORDS BATCH [BODIES]`.
//! Every BODIES-th record has a body of its own (0: none).

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool of the benchmarks"
)]
#![expect(
    clippy::cast_precision_loss,
    reason = "rates are printed with one digit"
)]

use std::time::Instant;

use jiff::Timestamp;
use posture_ledger::{Body, Directory, KeyFile, Log, Record, RecordType};
use serde_json::json;

fn record(number: u64, bodies: u64) -> Record {
    let mut record = Record::new(
        RecordType::VerdictChange,
        format!("arn:aws:s3:::bucket-{number:08}/s3-bucket-versioning-enabled"),
    );
    record.times.observed = Some(Timestamp::UNIX_EPOCH);
    let detail = json!({
        "accountId": "123456789012", "awsRegion": "eu-central-1", "from": "COMPLIANT",
        "resourceType": "AWS::S3::Bucket", "rule": "s3-bucket-versioning-enabled",
        "ruleVersion": "0.1.0", "run": "run-1", "to": "NON_COMPLIANT",
    });
    record.detail.clone_from(detail.as_object().unwrap());
    if bodies > 0 && number.is_multiple_of(bodies) {
        record.body = Some(Body::Bytes {
            media_type: "application/json".to_owned(),
            bytes: format!("{{\"configuration\":{{\"number\":{number}}}}}")
                .repeat(20)
                .into_bytes(),
        });
    }
    record
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().unwrap());
    let mut number = || {
        arguments
            .next()
            .map_or(0, |text| text.parse::<u64>().unwrap())
    };
    let (records, batch, bodies) = (number(), number(), number());
    std::fs::create_dir_all(&folder).unwrap();
    let key = KeyFile::new(folder.join("key"))
        .create("posture.example/bench")
        .unwrap();
    let pinned = key.verifier_key().to_owned();
    let path = folder.join("log");
    let log = Log::create(Box::new(Directory::new(&path)), key, Timestamp::UNIX_EPOCH).unwrap();
    let started = Instant::now();
    for first in (0..records).step_by(usize::try_from(batch).unwrap()) {
        let end = (first + batch).min(records);
        let batch = (first..end).map(|number| record(number, bodies)).collect();
        log.append(batch, Timestamp::UNIX_EPOCH).unwrap();
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "appended {records} records in batches of {batch}: {seconds:.2} s, {:.0} records/s",
        records as f64 / seconds
    );
    let options = posture_verify::Options {
        keys: vec![posture_verify::LogVerifier::parse(&pinned).unwrap()],
        ..posture_verify::Options::default()
    };
    let started = Instant::now();
    let report = posture_verify::verify(&path, &options).unwrap();
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "verified {} records: {seconds:.2} s, holds: {}",
        report.size,
        report.holds()
    );
}
