//! `cargo xtask bench evidence`: `evidence find` on ten million records, in both databases.

use anyhow::Result;

pub(crate) fn run(records: &str) -> Result<()> {
    println!("goal: every answer within 1 s of 10,000,000 records");
    for database in ["sqlite", "postgres"] {
        println!("{database}:");
        super::in_folder("evidence", |folder| {
            super::example("posture-audit", "find_bench", &[database, folder, records])
        })?;
    }
    Ok(())
}
