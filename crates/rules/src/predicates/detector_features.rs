//! What a GuardDuty detector watches beside the logs that it always reads: its features, and the
//! agents that Runtime Monitoring installs by itself.
//!
//! Source: GuardDuty API reference, `GetDetector`, `ListMembers`, `GetMemberDetectors`.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path, path};

use super::unread::{list, not_collected, recorded_list, text};
use crate::evaluation::{ComplianceType, Evaluation, Verdict};

/// Whether the detector is on; a suspended one watches nothing, whatever its features say.
pub const ENABLE: Path = path("configuration.Enable");
/// The detector's features.
pub const FEATURES: Path = path("supplementaryConfiguration.GetDetector.Features");
/// The accounts that this one administers.
pub const MEMBERS: Path = path("supplementaryConfiguration.ListMembers.Members");
/// What the detectors of those accounts watch.
pub const MEMBER_FEATURES: Path =
    path("supplementaryConfiguration.GetMemberDetectors.MemberDataSourceConfigurations");

/// A feature that is to be on.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    feature: &'static str,
    agent: Option<&'static str>,
}

impl Wanted {
    /// A feature by itself.
    pub const fn of(feature: &'static str) -> Wanted {
        Wanted {
            feature,
            agent: None,
        }
    }

    /// A feature whose agent GuardDuty is to manage.
    pub const fn with_agent(feature: &'static str, agent: &'static str) -> Wanted {
        Wanted {
            feature,
            agent: Some(agent),
        }
    }

    fn expected(self) -> String {
        self.worded("ENABLED", "ENABLED")
    }

    fn worded(self, feature: &str, agent: &str) -> String {
        match self.agent {
            None => format!("{} {feature}", self.feature),
            Some(name) => format!("{} {feature} with {name} {agent}", self.feature),
        }
    }

    /// What the features say of it.
    fn found(self, place: Path, features: &[Node<'_>]) -> Result<String, InsufficientData> {
        let (status, feature) = status_of(place, features, self.feature)?;
        let agents = match feature {
            Some(feature) => list(place, feature, "AdditionalConfiguration")?,
            None => &[],
        };
        let agent = match self.agent {
            Some(agent) => status_of(place, agents, agent)?.0,
            None => "",
        };
        Ok(self.worded(status, agent))
    }
}

/// The status of the thing of this name, and the thing itself.
fn status_of<'a>(
    place: Path,
    things: &[Node<'a>],
    name: &str,
) -> Result<(&'a str, Option<Node<'a>>), InsufficientData> {
    for thing in things {
        if text(place, *thing, "Name")? == Some(name) {
            let status = text(place, *thing, "Status")?;
            return Ok((status.unwrap_or("not set"), Some(*thing)));
        }
    }
    Ok(("not set", None))
}

/// What the features say where they meet none of what is wanted.
fn unmet(
    place: Path,
    features: &[Node<'_>],
    wanted: &[Wanted],
) -> Result<Option<String>, InsufficientData> {
    let mut found = Vec::new();
    for one in wanted {
        let words = one.found(place, features)?;
        if words == one.expected() {
            return Ok(None);
        }
        found.push(words);
    }
    Ok(Some(found.join(", ")))
}

fn expected(wanted: &[Wanted]) -> String {
    let words: Vec<String> = wanted.iter().map(|one| one.expected()).collect();
    words.join(" or ")
}

/// Judges a detector by whether it is on, with one of the features that are wanted.
///
/// # Errors
/// Where the detector or its features were not read, or can't be understood.
pub fn judge<'a>(detector: &ConfigurationItem<'a>, wanted: &[Wanted]) -> Verdict<'a> {
    let enable = detector.boolean(ENABLE)?;
    if enable != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLE, enable, true));
    }
    let features = recorded_list(detector, FEATURES)?;
    Ok(match unmet(FEATURES, features, wanted)? {
        Some(found) => Evaluation::non_compliant(FEATURES, found, expected(wanted)),
        None => Evaluation::compliant(FEATURES, expected(wanted)),
    })
}

/// The same, and every account that this one administers has such a feature, too.
///
/// # Errors
/// As [`judge`], and where the members, or what the detector of one watches, were not read.
pub fn judge_with_members<'a>(detector: &ConfigurationItem<'a>, wanted: &[Wanted]) -> Verdict<'a> {
    let own = judge(detector, wanted)?;
    if own.compliance_type != ComplianceType::Compliant {
        return Ok(own);
    }
    let configurations = detector.list(MEMBER_FEATURES)?;
    for member in recorded_list(detector, MEMBERS)? {
        let id = text(MEMBERS, *member, "AccountId")?.ok_or_else(|| not_collected(MEMBERS))?;
        // GuardDuty leaves out those whose detector it can't ask.
        let configuration = configurations
            .iter()
            .find(|configuration| configuration.text("AccountId") == Some(id))
            .filter(|configuration| configuration.get("Features").is_some())
            .ok_or_else(|| not_collected(MEMBER_FEATURES))?;
        let features = list(MEMBER_FEATURES, *configuration, "Features")?;
        if let Some(found) = unmet(MEMBER_FEATURES, features, wanted)? {
            let found = format!("{id}: {found}");
            let expected = expected(wanted);
            return Ok(Evaluation::non_compliant(MEMBER_FEATURES, found, expected));
        }
    }
    Ok(own)
}

#[cfg(test)]
mod tests {
    use posture_model::path;
    use posture_model::tree::{Bump, Node, parse};

    use super::{Wanted, unmet};

    const EITHER: &[Wanted] = &[
        Wanted::with_agent("RUNTIME_MONITORING", "EKS_ADDON_MANAGEMENT"),
        Wanted::of("S3_DATA_EVENTS"),
    ];

    fn found(features: &str) -> Option<String> {
        let arena = Bump::new();
        let features = parse(features.as_bytes(), &arena).unwrap();
        let Node::Array(features) = features else {
            return None;
        };
        unmet(path("configuration.Features"), features, EITHER).unwrap()
    }

    #[test]
    fn one_of_several_is_enough() {
        assert_eq!(
            found(r#"[{"Name":"S3_DATA_EVENTS","Status":"ENABLED"}]"#),
            None
        );
        assert_eq!(
            found(
                r#"[{"Name":"RUNTIME_MONITORING","Status":"ENABLED","AdditionalConfiguration":
                [{"Name":"EKS_ADDON_MANAGEMENT","Status":"ENABLED"}]}]"#
            ),
            None
        );
    }

    #[test]
    fn what_is_found_is_said_in_words() {
        assert_eq!(
            found(
                r#"[{"Name":"RUNTIME_MONITORING","Status":"ENABLED","AdditionalConfiguration":
                [{"Name":"EKS_ADDON_MANAGEMENT","Status":"DISABLED"}]}]"#
            )
            .unwrap(),
            "RUNTIME_MONITORING ENABLED with EKS_ADDON_MANAGEMENT DISABLED, S3_DATA_EVENTS not set"
        );
    }
}
