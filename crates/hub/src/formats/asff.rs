//! AWS Security Finding Format.

use serde_json::Value;

use crate::finding::{Finding, Origin, apart};

/// A finding. One out of an answer of Security Hub's is its word, any other one a provider's.
pub(super) fn finding(value: Value, is_of_hub: bool) -> Result<Finding, String> {
    let Value::Object(asff) = value else {
        return Err("expected an object".to_owned());
    };
    Ok(Finding::new(asff, origin(is_of_hub)))
}

/// The same of a text; none where it is no such finding, or one that is to be read whole.
pub(super) fn of_text(document: &[u8], is_of_hub: bool) -> Result<Option<Finding>, String> {
    let found = apart(document).map_err(|error| error.to_string())?;
    Ok(found.map(|(asff, unread)| {
        let mut finding = Finding::new(asff, origin(is_of_hub));
        finding.unread = unread;
        finding
    }))
}

fn origin(is_of_hub: bool) -> Origin {
    if is_of_hub {
        Origin::SecurityHub
    } else {
        Origin::Provider
    }
}
