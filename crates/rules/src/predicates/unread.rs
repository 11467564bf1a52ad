//! Places that a source doesn't hold.

use posture_model::{InsufficientData, Path, Reason};

/// Why a rule can't decide without this place.
pub fn not_collected(place: Path) -> InsufficientData {
    InsufficientData {
        path: place.to_string(),
        reason: Reason::NotCollected,
    }
}

#[cfg(test)]
mod tests {
    use posture_model::path;

    use super::not_collected;

    #[test]
    fn the_place_is_named() {
        let error = not_collected(path("configuration.name"));
        assert_eq!(error.path, "configuration.name");
    }
}
