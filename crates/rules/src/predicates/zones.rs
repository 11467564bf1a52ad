//! How many Availability Zones a resource spans.
//!
//! Source: AWS Config developer guide, managed rules `autoscaling-multiple-az`, `clb-multiple-az`
//! and `elbv2-multiple-az`.

use posture_model::{ConfigurationItem, InsufficientData, Path};

use super::unread::{malformed, recorded_list};
use super::{lists, parameter};
use crate::evaluation::{Evaluation, Verdict};
use crate::parameters::{Kind, Parameter, Params};

/// How many zones there have to be.
pub const MINIMUM: Parameter = Parameter {
    name: NAME,
    kind: Kind::Integer,
    default: Some("2"),
};

const NAME: &str = "minAvailabilityZones";

/// The zones of a list of names.
///
/// # Errors
/// Where the list was not read, is missing, or holds something other than names.
pub fn names<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
) -> Result<Vec<&'a str>, InsufficientData> {
    let name = |zone: &posture_model::tree::Node<'a>| {
        zone.as_text()
            .ok_or_else(|| malformed(place, zone.kind(), "a list of names"))
    };
    recorded_list(item, place)?.iter().map(name).collect()
}

/// Judges the zones that stand at `place`; one that is named twice is one.
///
/// # Errors
/// Where the parameter asks for a number that AWS doesn't take.
pub fn judge<'a>(place: Path, mut zones: Vec<&'a str>, params: &Params) -> Verdict<'a> {
    let minimum = minimum(params)?;
    zones.sort_unstable();
    zones.dedup();
    let found = lists::shown(&zones);
    if zones.len() < minimum {
        let expected = format!("at least {minimum} Availability Zones");
        return Ok(Evaluation::non_compliant(place, found, expected));
    }
    Ok(Evaluation::compliant(place, found))
}

fn minimum(params: &Params) -> Result<usize, InsufficientData> {
    let given = params.integer(NAME)?;
    usize::try_from(given)
        .ok()
        .filter(|minimum| (2..=10).contains(minimum))
        .ok_or_else(|| {
            parameter::invalid(NAME, format!("is {given}, expected a number from 2 to 10"))
        })
}

#[cfg(test)]
mod tests {
    use posture_model::path;

    use super::{MINIMUM, judge};
    use crate::evaluation::ComplianceType;
    use crate::parameters::Params;

    fn with(minimum: &str) -> Params {
        Params::resolve(&[MINIMUM], [("minAvailabilityZones", minimum)]).unwrap()
    }

    #[test]
    fn zones_count_once() {
        let place = path("configuration.availabilityZones");
        let judged = judge(place, vec!["a", "a"], &with("2")).unwrap();
        assert_eq!(judged.compliance_type, ComplianceType::NonCompliant);
        let judged = judge(place, vec!["b", "a"], &with("2")).unwrap();
        assert_eq!(judged.compliance_type, ComplianceType::Compliant);
    }

    #[test]
    fn numbers_that_aws_does_not_take_are_no_minimum() {
        let place = path("configuration.availabilityZones");
        for minimum in ["-1", "0", "1", "11"] {
            let judged = judge(place, vec!["a", "b"], &with(minimum));
            assert!(judged.is_err(), "{minimum}");
        }
    }
}
