//! `cargo xtask bench ledger`: appending, verifying, and what a day costs on which nothing changed.

use anyhow::Result;

pub(crate) fn run() -> Result<()> {
    println!("goal: 20,000 records/s with durability on; 1,000,000 records verified within 5 s");
    for (records, batch) in [("20000", "512"), ("1000000", "8192")] {
        super::in_folder("ledger", |folder| {
            super::example("posture-ledger", "ledger_bench", &[folder, records, batch])
        })?;
    }
    println!("goal: the same rate out of the state's queue, in both databases");
    for database in ["sqlite", "postgres"] {
        super::in_folder("queue", |folder| {
            super::example(
                "posture-audit",
                "publish_bench",
                &[database, folder, "100000"],
            )
        })?;
    }
    Ok(())
}
