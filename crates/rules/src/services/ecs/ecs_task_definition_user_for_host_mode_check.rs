//! A container in its host's network that runs as root unnoticed has more rights there than
//! anybody meant to give; this rule wants them given openly, or not at all.
//!
//! ## Result
//! - COMPLIANT: the network is not the host's, or every container is privileged or runs as another
//!   user than root. All containers are asked; the guide speaks of the task definition as one.
//! - NON_COMPLIANT: in the host's network, a container is not privileged and runs as root, by name
//!   or by the id 0, or as nobody in particular, which is root too.
//! - NOT_APPLICABLE: a newer revision of the family is active; or the revision is inactive and
//!   `SkipInactiveTaskDefinitions` is `true`, or is being deleted.
//! - INSUFFICIENT_DATA: the revision's network or containers were not read, or nothing says which
//!   other revisions exist.
//!
//! ## What to do
//! Run the container as a user without rights, or give the task a network of its own: `awsvpc`.
//! Let the services use the new revision.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecs-task-definition-user-for-host-mode-check`.

use crate::evaluation::Place;
use crate::predicates::task_definitions::{self, ARN, CONTAINERS, FAMILY, REVISIONS, STATUS};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecs-task-definition-user-for-host-mode-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Containers in their host's network are not root unnoticed",
    resource_types: &[ResourceType::EcsTaskDefinition],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: SKIP_INACTIVE,
        kind: Kind::Boolean,
        default: None,
    }],
    reads: &[
        own(STATUS),
        own(FAMILY),
        own(ARN),
        Read::Other(REVISIONS),
        own(NETWORK),
        own(CONTAINERS),
    ],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const NETWORK: Path = path("configuration.NetworkMode");
const USER: Path = path("configuration.ContainerDefinitions[*].User");

/// The modes in which a container is in another network than its host's; not set is `bridge`.
const OWN_NETWORKS: [&str; 5] = ["", "awsvpc", "bridge", "default", "none"];
const SKIP_INACTIVE: &str = "SkipInactiveTaskDefinitions";

fn check<'a>(
    revision: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let judges_inactive = !params.is_true(SKIP_INACTIVE);
    if let Some(passed_over) = task_definitions::passed_over(revision, context, judges_inactive)? {
        return Ok(passed_over);
    }
    let network = revision.text(NETWORK)?;
    if network.is_none_or(|mode| OWN_NETWORKS.contains(&mode)) {
        return Ok(Evaluation::compliant(NETWORK, network));
    }
    let containers = task_definitions::containers(revision)?;
    for (index, container) in containers.iter().enumerate() {
        let user = container.text("User");
        if container.boolean("Privileged") != Some(true) && is_root(user) {
            let place = Place::element(USER, index);
            let expected = "another user than root, or a privileged container";
            return Ok(Evaluation::non_compliant(place, user, expected));
        }
    }
    Ok(Evaluation::compliant(USER, "not root, or privileged"))
}

/// Whether a container runs as root, by its definition's `user`: `user`, `uid`, or either with a
/// group behind a colon.
fn is_root(user: Option<&str>) -> bool {
    let name = user.and_then(|user| user.split(':').next());
    matches!(name, None | Some("" | "root" | "0"))
}
