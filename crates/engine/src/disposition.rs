//! A verdict, and whether it counts.

use posture_rules::ComplianceType;

/// Whether a verdict counts in scores, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// It counts.
    Counted,
    /// The resource is made by somebody whose resources are left out, such as AWS itself.
    Excluded,
    /// An exception says that it is not a failure.
    Suppressed,
    /// An exception says that somebody bears the risk.
    RiskAccepted,
}

impl Disposition {
    /// The word for outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Disposition::Counted => "counted",
            Disposition::Excluded => "excluded",
            Disposition::Suppressed => "suppressed",
            Disposition::RiskAccepted => "risk-accepted",
        }
    }
}

/// A verdict and its disposition in one byte: what is kept of each (rule, resource).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u8);

impl Mark {
    /// The rule's scope leaves the resource out.
    pub(crate) const OUT_OF_SCOPE: Mark = Mark(0);
    /// The bit that says: so unless a type that the rule asked for turns out to be recorded.
    const PROVISIONAL: u8 = 1 << 5;

    pub(crate) fn new(compliance_type: ComplianceType, disposition: Disposition) -> Mark {
        let verdict = match compliance_type {
            ComplianceType::Compliant => 1,
            ComplianceType::NonCompliant => 2,
            ComplianceType::NotApplicable => 3,
            ComplianceType::InsufficientData => 4,
        };
        let disposition = match disposition {
            Disposition::Counted => 0,
            Disposition::Excluded => 1,
            Disposition::Suppressed => 2,
            Disposition::RiskAccepted => 3,
        };
        Mark(verdict | (disposition << 3))
    }

    /// The same, for as long as no type that the rule asked for is known to be recorded. What is
    /// known of other resources is known only when all input is read.
    pub(crate) fn provisional(self) -> Mark {
        Mark(self.0 | Mark::PROVISIONAL)
    }

    pub(crate) fn is_provisional(self) -> bool {
        self.0 & Mark::PROVISIONAL != 0
    }

    pub(crate) fn byte(self) -> u8 {
        self.0
    }

    pub(crate) fn from_byte(byte: u8) -> Mark {
        Mark(byte)
    }

    pub(crate) fn compliance_type(self) -> Option<ComplianceType> {
        match self.0 & 7 {
            1 => Some(ComplianceType::Compliant),
            2 => Some(ComplianceType::NonCompliant),
            3 => Some(ComplianceType::NotApplicable),
            4 => Some(ComplianceType::InsufficientData),
            _ => None,
        }
    }

    pub(crate) fn disposition(self) -> Disposition {
        match (self.0 >> 3) & 3 {
            1 => Disposition::Excluded,
            2 => Disposition::Suppressed,
            3 => Disposition::RiskAccepted,
            _ => Disposition::Counted,
        }
    }
}
