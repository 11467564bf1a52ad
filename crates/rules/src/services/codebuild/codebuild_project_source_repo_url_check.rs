//! A password in a URL is shown wherever the URL is.
//!
//! ## Result
//! - COMPLIANT: the URL of no Bitbucket source holds sign-in information, primary or secondary.
//! - NON_COMPLIANT: one does: anything stands before an `@` in front of the host. A user name
//!   alone counts, since the guide says any sign-in information.
//! - NOT_APPLICABLE: no source of the project is on Bitbucket.
//! - INSUFFICIENT_DATA: the project's sources were not read, or one on Bitbucket has no URL.
//!
//! ## What to do
//! Connect the project to Bitbucket with OAuth or a connection, take the credentials out of the
//! URL, and change them: they have been seen.
//!
//! ## Source
//! AWS Config developer guide, managed rule `codebuild-project-source-repo-url-check`.

use crate::predicates::unread::{not_collected, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "codebuild-project-source-repo-url-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "The Bitbucket URLs of CodeBuild projects hold no credentials",
    resource_types: &[ResourceType::CodeBuildProject],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(SOURCE), own(SECONDARY)],
    severity: Severity::Critical,
    category: Category::SecureDevelopment,
    remedy: Remedy::Steps,
    check,
};

const SOURCE: Path = path("configuration.source");
const SECONDARY: Path = path("configuration.secondarySources");

fn check<'a>(project: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mut judged = false;
    for place in [SOURCE, SECONDARY] {
        let Some(sources) = project.node(place)? else {
            continue;
        };
        for source in sources.one_or_many() {
            if source.text("type") != Some("BITBUCKET") {
                continue;
            }
            judged = true;
            // A Bitbucket source has a location: without it there is nothing to judge by.
            let location = text(place, *source, "location")?.ok_or_else(|| not_collected(place))?;
            if has_user_information(location) {
                // Without the URL: an explanation must not spread the password further.
                let found = "a URL with sign-in information";
                let expected = "a URL without sign-in information";
                return Ok(Evaluation::non_compliant(place, found, expected));
            }
        }
    }
    if !judged {
        let because = "the rule is for sources on Bitbucket";
        return Ok(Evaluation::not_applicable(SOURCE, "elsewhere", because));
    }
    Ok(Evaluation::compliant(SOURCE, "without sign-in information"))
}

/// Whether something stands before `@` in a URL's authority (RFC 3986, userinfo).
fn has_user_information(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next();
    authority.is_some_and(|authority| authority.contains('@'))
}
