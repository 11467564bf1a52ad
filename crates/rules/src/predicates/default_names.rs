//! Names that everybody knows, since a service gives them where nobody chose one.

use posture_model::{ConfigurationItem, Path};

use super::lists;
use crate::{Evaluation, Verdict};

/// Whether the name at a place is none of the service's own, and one of `valid` where any are asked for.
///
/// # Errors
/// Where the place was not read.
pub fn own_name<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
    defaults: &[&str],
    valid: &[String],
) -> Verdict<'a> {
    let name = item.text(place)?;
    let is_default = |name: &str| {
        let mut known = defaults.iter();
        known.any(|known| name.eq_ignore_ascii_case(known))
    };
    if name.is_none_or(is_default) {
        let expected = format!("a name other than {}", defaults.join(" and "));
        return Ok(Evaluation::non_compliant(place, name, expected));
    }
    if !valid.is_empty() && !lists::names(valid, name) {
        return Ok(Evaluation::non_compliant(place, name, valid.join(" or ")));
    }
    Ok(Evaluation::compliant(place, name))
}
