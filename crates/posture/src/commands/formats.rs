//! The forms of what commands print.

/// The form of a list.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum ListFormat {
    /// For a person.
    Table,
    /// For machines.
    Json,
}

/// The form of a list that may be a table of a spreadsheet.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum RowsFormat {
    /// For a person.
    Table,
    /// For machines, one document.
    Json,
    /// For a spreadsheet, and safe to open in one.
    Csv,
}
