//! The limit that `cargo xtask bench` measures against: `parse_limit FILE` parses each line of a
//! JSON Lines file into sonic-rs' own tree on every processor, keeps nothing, and prints seconds.

#![expect(clippy::print_stdout, reason = "its result")]

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::thread;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: parse_limit FILE")?;
    let length = std::fs::metadata(&path)?.len();
    let threads = thread::available_parallelism()?.get() as u64;
    let start = Instant::now();
    thread::scope(|scope| {
        let path = &path;
        let handles: Vec<_> = (0..threads)
            .map(|thread| {
                let range = (length * thread / threads, length * (thread + 1) / threads);
                scope.spawn(move || part(path, range.0, range.1).map_err(|error| error.to_string()))
            })
            .collect();
        for handle in handles {
            handle.join().map_err(|_| "a thread panicked")??;
        }
        Ok::<(), Box<dyn Error>>(())
    })?;
    println!("{:.3}", start.elapsed().as_secs_f64());
    Ok(())
}

/// The lines that begin in a range of bytes.
fn part(path: &str, start: u64, end: u64) -> Result<(), Box<dyn Error>> {
    let mut file = File::open(path)?;
    let mut at = start.saturating_sub(1);
    file.seek(SeekFrom::Start(at))?;
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let mut line = Vec::new();
    if start > 0 {
        at += reader.read_until(b'\n', &mut line)? as u64;
    }
    while at < end {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        at += read as u64;
        let value: sonic_rs::Value = sonic_rs::from_slice(&line)?;
        black_box(&value);
    }
    Ok(())
}
