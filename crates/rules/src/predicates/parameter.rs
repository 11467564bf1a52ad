//! Values of parameters that are of the right kind and still mean nothing.

use posture_model::{InsufficientData, Reason};

/// Says that a parameter's value can't be used: `message` follows its name.
pub fn invalid(name: &str, message: String) -> InsufficientData {
    InsufficientData {
        path: String::new(),
        reason: Reason::InvalidParameter {
            name: name.to_owned(),
            message,
        },
    }
}
