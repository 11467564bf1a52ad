//! What is missing where AWS documents that there is always something.

use posture_model::{InsufficientData, Path, Reason};

/// The answer lacks a place that AWS always fills, such as a table's name: nothing can be decided.
pub fn not_collected(place: Path) -> InsufficientData {
    InsufficientData {
        path: place.to_string(),
        reason: Reason::NotCollected,
    }
}

#[cfg(test)]
mod tests {
    use posture_model::path;

    use super::*;

    #[test]
    fn the_reason_names_the_place() {
        let error = not_collected(path("configuration.tableName"));
        assert!(error.to_string().contains("configuration.tableName"));
    }
}
