//! A test on both databases.

#[path = "../../../store/tests/support/postgres.rs"]
mod postgres;

use std::io::Write as _;

use crate::assessed::Scene;

/// On a state in a file.
pub(crate) fn on_sqlite(test: fn(&Scene)) {
    let folder = tempfile::tempdir().unwrap();
    test(&Scene::new(folder.path()));
}

/// On a state in PostgreSQL, where that is here.
pub(crate) fn on_postgresql(test: fn(&Scene)) {
    match postgres::server() {
        Ok(server) => {
            let folder = tempfile::tempdir().unwrap();
            test(&Scene::on(folder.path(), &server.new_database()));
        }
        Err(why) => {
            // Not `eprintln!`, which the test harness hides where the test passes.
            let mut stderr = std::io::stderr();
            writeln!(stderr, "SKIPPED: {why}").unwrap();
        }
    }
}
