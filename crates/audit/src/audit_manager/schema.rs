//! The tables of what was imported.

use posture_store::sql;

/// Its tables.
pub(crate) const COMPONENT: sql::Component = sql::Component {
    table: "imported_migrations",
    migrations: &[include_str!("0001_audit_manager.sql")],
};
