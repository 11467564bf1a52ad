//! ASFF's words.

/// Makes an enum of ASFF's words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$inner])* $variant),*
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// The word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word),*
                }
            }

            /// From the word.
            pub fn from_word(word: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

words! {
    /// What a check came to (`Compliance.Status`).
    ComplianceStatus {
        /// The check passed.
        Passed = "PASSED",
        /// It failed.
        Failed = "FAILED",
        /// It could not decide.
        Warning = "WARNING",
        /// It could not run, or does not apply any more.
        NotAvailable = "NOT_AVAILABLE",
    }
}

words! {
    /// Where the work on a finding stands (`Workflow.Status`).
    WorkflowStatus {
        /// Nobody has looked.
        New = "NEW",
        /// The resource's owner was told.
        Notified = "NOTIFIED",
        /// Done with.
        Resolved = "RESOLVED",
        /// Looked at, and nothing is to be done.
        Suppressed = "SUPPRESSED",
    }
}

words! {
    /// Whether a finding is current (`RecordState`).
    RecordState {
        /// It is.
        Active = "ACTIVE",
        /// It is not.
        Archived = "ARCHIVED",
    }
}

words! {
    /// How bad it is (`Severity.Label`), the least first.
    SeverityLabel {
        /// No issue.
        Informational = "INFORMATIONAL",
        /// Needs no action of its own.
        Low = "LOW",
        /// To be dealt with, not urgently.
        Medium = "MEDIUM",
        /// To be dealt with soon.
        High = "HIGH",
        /// To be dealt with now.
        Critical = "CRITICAL",
    }
}

impl SeverityLabel {
    /// From 0 to 100 (API_Severity.html: 0, 1-39, 40-69, 70-89, 90-100).
    pub fn from_normalized(normalized: f64) -> SeverityLabel {
        match normalized {
            ..1.0 => SeverityLabel::Informational,
            ..40.0 => SeverityLabel::Low,
            ..70.0 => SeverityLabel::Medium,
            ..90.0 => SeverityLabel::High,
            _ => SeverityLabel::Critical,
        }
    }

    /// What Security Hub sets `Severity.Normalized` to where only the label is given.
    pub fn normalized(self) -> i64 {
        match self {
            SeverityLabel::Informational => 0,
            SeverityLabel::Low => 1,
            SeverityLabel::Medium => 40,
            SeverityLabel::High => 70,
            SeverityLabel::Critical => 90,
        }
    }

    /// From 0, the least, to 4.
    pub(crate) fn rank(self) -> i64 {
        match self {
            SeverityLabel::Informational => 0,
            SeverityLabel::Low => 1,
            SeverityLabel::Medium => 2,
            SeverityLabel::High => 3,
            SeverityLabel::Critical => 4,
        }
    }
}

impl ComplianceStatus {
    /// How a stored word reads; empty where the finding is no check.
    pub(crate) fn stored(status: Option<ComplianceStatus>) -> &'static str {
        status.map_or("", ComplianceStatus::as_str)
    }
}
