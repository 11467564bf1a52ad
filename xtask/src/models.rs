//! Makes the AWS client's models from botocore's public wheel: `cargo xtask models [--check]`.
//!
//! The wheel's version and digest are pinned here. What is written is committed, so that building Posture needs
//! neither PyPI nor Python; only raising the version does.

mod compact;

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::generate::Mode;

/// The version of botocore that the models are made from, and its wheel's SHA-256. It is the version whose own tests
/// are in `crates/aws/tests/fixtures/botocore`: raise both together.
const VERSION: &str = "1.43.67";
const WHEEL_SHA256: &str = "48ab8e9fac26fbc2a700d57010251003e6a5f731cf74d8540fb796bc8f3fc0ef";
/// Level 22 costs a minute once and saves 3 % for ever.
const LEVEL: i32 = 22;
/// Services share most of their endpoint rules and many member names; beyond this size the gain is small.
const DICTIONARY_BYTES: usize = 192 * 1024;

/// Writes `crates/aws/models/` and `crates/aws/src/model/embedded.rs`, or checks them.
///
/// # Errors
/// When the wheel cannot be had or is not the pinned one, when a service cannot be compacted, or, when checking,
/// when a file is out of date.
pub(crate) fn run(mode: Mode) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the workspace")?;
    let work = root.join("target/botocore");
    let data = unpack(&work)?.join("botocore/data");
    let mut models = Vec::new();
    for folder in folders(&data)? {
        let name = file_name(&folder)?;
        let text = serde_json::to_vec(&service(&name, &folder)?)?;
        models.push((name, text));
    }
    let samples: Vec<&[u8]> = models.iter().map(|(_, text)| text.as_slice()).collect();
    let dictionary = zstd::dict::from_samples(&samples, DICTIONARY_BYTES)?;
    let folder = root.join("crates/aws/models");
    let mut files = vec![
        (folder.join("dictionary"), dictionary.clone()),
        (folder.join("partitions.json"), partitions(&data)?),
        (
            folder.join("VERSION"),
            format!("botocore {VERSION}\n").into(),
        ),
    ];
    let mut compressor = zstd::bulk::Compressor::with_dictionary(LEVEL, &dictionary)?;
    let mut raw = 0;
    let mut packed = dictionary.len();
    for (name, text) in &models {
        let bytes = compressor.compress(text)?;
        raw += text.len();
        packed += bytes.len();
        files.push((folder.join(format!("{name}.zst")), bytes));
    }
    files.push((
        root.join("crates/aws/src/model/embedded.rs"),
        embedded(&models)?.into_bytes(),
    ));
    settle(mode, &folder, files)?;
    let count = models.len();
    writeln!(
        std::io::stderr(),
        "{count} services of botocore {VERSION}: {raw} bytes, {packed} compressed"
    )?;
    Ok(())
}

/// The folder in which the pinned wheel lies unpacked.
fn unpack(work: &Path) -> Result<PathBuf> {
    let unpacked = work.join(VERSION);
    if unpacked.join("botocore/data").is_dir() {
        return Ok(unpacked);
    }
    fs::create_dir_all(work)?;
    let wheel = work.join(format!("botocore-{VERSION}-py3-none-any.whl"));
    let pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest"];
    python(
        Command::new("python3")
            .args(pip)
            .arg(work)
            .arg(format!("botocore=={VERSION}")),
    )?;
    let digest = Sha256::digest(fs::read(&wheel)?);
    let mut hex = String::new();
    for byte in digest {
        write!(hex, "{byte:02x}")?;
    }
    if hex != WHEEL_SHA256 {
        bail!("{} has SHA-256 {hex}, not {WHEEL_SHA256}", wheel.display());
    }
    let unzip = ["-m", "zipfile", "-e"];
    python(
        Command::new("python3")
            .args(unzip)
            .arg(&wheel)
            .arg(&unpacked),
    )?;
    Ok(unpacked)
}

fn python(command: &mut Command) -> Result<()> {
    let status = command.status().context("python3")?;
    if !status.success() {
        bail!("{command:?}: {status}");
    }
    Ok(())
}

/// The compact form of the newest version of the service in `folder`.
fn service(name: &str, folder: &Path) -> Result<Value> {
    let versions = folders(folder)?;
    let newest = versions
        .last()
        .with_context(|| format!("{name} has no version"))?;
    let mut model = read(&newest.join("service-2.json.gz"))?.context("no description")?;
    let extras = read(&newest.join("service-2.sdk-extras.json"))?;
    if let Some(merge) = extras.as_ref().and_then(|extras| extras.get("merge")) {
        merge_into(&mut model, merge);
    }
    let paginators = read(&newest.join("paginators-1.json"))?.unwrap_or_default();
    let rules = read(&newest.join("endpoint-rule-set-1.json.gz"))?.unwrap_or_default();
    let compact = compact::service(name, &model, &paginators, &rules)?;
    let speaks_json = compact
        .get("protocol")
        .is_some_and(|protocol| protocol == "json");
    if speaks_json && (compact.get("target").is_none() || compact.get("json").is_none()) {
        bail!("{name} speaks JSON without a target prefix or a version");
    }
    Ok(compact)
}

fn merge_into(target: &mut Value, from: &Value) {
    match (target, from) {
        (Value::Object(target), Value::Object(from)) => {
            for (key, value) in from {
                merge_into(target.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (target, from) => target.clone_from(from),
    }
}

fn read(path: &Path) -> Result<Option<Value>> {
    if !path.exists() {
        return Ok(None);
    }
    let mut bytes = fs::read(path)?;
    if path.extension().is_some_and(|end| end == "gz") {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain)?;
        bytes = plain;
    }
    serde_json::from_slice(&bytes)
        .with_context(|| path.display().to_string())
        .map(Some)
}

/// The partitions with their Regions' names, without the Regions' titles.
fn partitions(data: &Path) -> Result<Vec<u8>> {
    let from = read(&data.join("partitions.json"))?.context("no partitions")?;
    let mut kept = Vec::new();
    for partition in from
        .get("partitions")
        .and_then(Value::as_array)
        .context("no partitions")?
    {
        let regions: Vec<&String> = partition
            .get("regions")
            .and_then(Value::as_object)
            .map(Map::keys)
            .into_iter()
            .flatten()
            .collect();
        kept.push(json!({
            "id": partition.get("id"),
            "regex": partition.get("regionRegex"),
            "regions": regions,
            "outputs": partition.get("outputs"),
        }));
    }
    let mut text = serde_json::to_vec_pretty(&kept)?;
    text.push(b'\n');
    Ok(text)
}

fn embedded(models: &[(String, Vec<u8>)]) -> Result<String> {
    let mut text = String::from(
        "//! Every service's model. Generated by `cargo xtask models`.\n\n\
         /// A service's name, the size of its model in bytes, and the model compressed; sorted by name.\n\
         #[rustfmt::skip]\npub(super) static MODELS: &[(&str, usize, &[u8])] = &[\n",
    );
    for (name, raw) in models {
        writeln!(
            text,
            "    (\"{name}\", {}, include_bytes!(\"../../models/{name}.zst\")),",
            grouped(raw.len())
        )?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// `1_234_567`, as clippy wants literals.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

fn settle(mode: Mode, folder: &Path, files: Vec<(PathBuf, Vec<u8>)>) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut stale = Vec::new();
    for path in paths(folder)? {
        let is_model = path.extension().is_some_and(|end| end == "zst");
        if is_model && !files.iter().any(|(kept, _)| *kept == path) {
            stale.push(path);
        }
    }
    if mode == Mode::Write {
        for path in stale.drain(..) {
            fs::remove_file(path)?;
        }
    }
    for (path, bytes) in files {
        if fs::read(&path).unwrap_or_default() == bytes {
            continue;
        }
        match mode {
            Mode::Write => fs::write(&path, bytes)?,
            Mode::Check => stale.push(path),
        }
    }
    if !stale.is_empty() {
        bail!("out of date, run `cargo xtask models`: {stale:?}");
    }
    Ok(())
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(paths(folder)?
        .into_iter()
        .filter(|path| path.is_dir() && !path.ends_with("__pycache__"))
        .collect())
}

fn paths(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().context("a name")?;
    Ok(name.to_string_lossy().into_owned())
}
