//! How far a listing, or a fact of it, could be read.

/// How far something could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoverageState {
    /// All of it.
    Complete,
    /// Some of it.
    Partial,
    /// A permission was missing.
    Denied,
    /// The service asked for fewer calls until the recorder gave up.
    Throttled,
    /// The service or the Region is not enabled.
    Disabled,
    /// The service didn't answer, or with an error of its own.
    Unreachable,
    /// The service has no such operation here.
    Unsupported,
}

impl CoverageState {
    /// Every state.
    pub const ALL: [CoverageState; 7] = [
        CoverageState::Complete,
        CoverageState::Partial,
        CoverageState::Denied,
        CoverageState::Throttled,
        CoverageState::Disabled,
        CoverageState::Unreachable,
        CoverageState::Unsupported,
    ];

    /// A stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            CoverageState::Complete => "complete",
            CoverageState::Partial => "partial",
            CoverageState::Denied => "denied",
            CoverageState::Throttled => "throttled",
            CoverageState::Disabled => "disabled",
            CoverageState::Unreachable => "unreachable",
            CoverageState::Unsupported => "unsupported",
        }
    }

    /// Reads the word back. A word that a later version may add still means: not all of it.
    pub fn from_word(word: &str) -> CoverageState {
        CoverageState::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .unwrap_or(CoverageState::Partial)
    }
}
