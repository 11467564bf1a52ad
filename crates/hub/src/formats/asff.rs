//! AWS Security Finding Format.

use serde_json::Value;

use crate::finding::{Finding, Origin};

/// A finding. One out of an answer of Security Hub's is its word, any other one a provider's.
pub(super) fn finding(value: Value, is_of_hub: bool) -> Result<Finding, String> {
    let Value::Object(asff) = value else {
        return Err("expected an object".to_owned());
    };
    let origin = if is_of_hub {
        Origin::SecurityHub
    } else {
        Origin::Provider
    };
    Ok(Finding {
        asff,
        origin,
        exception: None,
    })
}
