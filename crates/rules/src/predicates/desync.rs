//! How load balancers treat requests that servers may split differently.
//!
//! Source: AWS Config developer guide, managed rules `alb-desync-mode-check` and
//! `clb-desync-mode-check`.

use posture_model::tree::Node;
use posture_model::{InsufficientData, Path};

use super::{load_balancers, parameter};
use crate::evaluation::{Evaluation, Verdict};
use crate::parameters::{Kind, Parameter, Params};

/// The modes that are as good as any.
pub const MODE: Parameter = Parameter {
    name: NAME,
    kind: Kind::List,
    default: None,
};

const NAME: &str = "desyncMode";

/// Judges the mode that is the attribute `key` of the list at `place`.
///
/// # Errors
/// Where the parameter is not given, or holds something other than one or two of the modes.
pub fn judge<'a>(place: Path, attributes: &[Node<'a>], key: &str, params: &Params) -> Verdict<'a> {
    let wanted = wanted(params)?;
    let mode = load_balancers::attribute(attributes, key);
    let found = mode.map(|mode| format!("{key} {mode}"));
    let is_wanted = |mode: &str| wanted.iter().any(|one| one.eq_ignore_ascii_case(mode));
    if !mode.is_some_and(is_wanted) {
        let expected = format!("{key} {}", wanted.join(" or "));
        return Ok(Evaluation::non_compliant(place, found, expected));
    }
    Ok(Evaluation::compliant(place, found))
}

/// AWS's pages write the modes small and large.
fn wanted(params: &Params) -> Result<&[String], InsufficientData> {
    let wanted = params.required_list(NAME)?;
    let is_mode = |text: &String| {
        ["monitor", "defensive", "strictest"]
            .iter()
            .any(|mode| mode.eq_ignore_ascii_case(text))
    };
    if wanted.len() > 2 || !wanted.iter().all(is_mode) {
        let message = format!(
            "is {:?}, expected one or two of monitor, defensive and strictest",
            wanted.join(",")
        );
        return Err(parameter::invalid(NAME, message));
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::{MODE, wanted};
    use crate::parameters::Params;

    fn is_valid(modes: &str) -> bool {
        wanted(&Params::resolve(&[MODE], [("desyncMode", modes)]).unwrap()).is_ok()
    }

    #[test]
    fn one_or_two_modes_are_wanted() {
        assert!(is_valid("strictest") && is_valid("Defensive, Strictest"));
        assert!(!is_valid("") && !is_valid("strict") && !is_valid("defensive,strict"));
        assert!(!is_valid("monitor,defensive,strictest"));
    }
}
