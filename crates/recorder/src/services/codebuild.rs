//! CodeBuild's projects and report groups.
//!
//! Shapes: AWS Config's item of `AWS::CodeBuild::Project`, and its schema of
//! `AWS::CodeBuild::ReportGroup`.

use crate::declare::prelude::*;
use crate::shape::{add, remove, rename, under};

pub(crate) static SERVICE: Service = Service {
    model: "codebuild",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[PROJECT, REPORT_GROUP],
    account: &[],
};

const PROJECT: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("BatchGetProjects"),
        member: "names",
        id: "",
        size: 100,
        entries: "projects[]",
    }),
    name: Some("name"),
    arn: Some("arn"),
    created: Some("created"),
    shape: Some(project),
    tags: Tags::Listed("tags"),
    ..Collector::of(
        ResourceType::CodeBuildProject,
        call("ListProjects"),
        "projects[]",
        "arn",
    )
};

const REPORT_GROUP: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("BatchGetReportGroups"),
        member: "reportGroupArns",
        id: "",
        size: 100,
        entries: "reportGroups[]",
    }),
    name: Some("name"),
    arn: Some("arn"),
    created: Some("created"),
    casing: Casing::Large,
    shape: Some(report_group),
    tags: Tags::Listed("tags"),
    ..Collector::of(
        ResourceType::CodeBuildReportGroup,
        call("ListReportGroups"),
        "reportGroups[]",
        "arn",
    )
};

/// CloudFormation's names: the ARN is the `Id` too. States are no configuration.
fn report_group(configuration: &mut Value, entry: &Value) {
    remove(
        configuration,
        &["Created", "LastModified", "Status", "Tags"],
    );
    add(configuration, "Id", entry.get("arn").cloned());
}

/// AWS Config has one source and one artifact as lists of one, and two members' names otherwise.
fn project(configuration: &mut Value, _: &Value) {
    remove(configuration, &["arn", "badge", "created", "lastModified"]);
    rename(
        configuration,
        &[("queuedTimeoutInMinutes", "queuedtimeoutInMinutes")],
    );
    subnets(configuration);
    for member in ["source", "artifacts"] {
        if let Some(found) = configuration.get_mut(member) {
            *found = Value::Array(vec![found.take()]);
        }
    }
    for member in ["source", "secondarySources"] {
        let sources = configuration.get_mut(member).and_then(Value::as_array_mut);
        for source in sources.into_iter().flatten() {
            rename(source, &[("buildspec", "buildSpec")]);
            if let Some(Value::String(location)) = source.get_mut("location") {
                *location = without_password(location);
            }
        }
    }
}

/// AWS Config tells of subnets where in AWS they are, of which the API says nothing.
fn subnets(configuration: &mut Value) {
    if let Some(Value::Array(subnets)) = configuration.pointer_mut("/vpcConfig/subnets") {
        for subnet in subnets {
            *subnet = under("subnet", subnet);
        }
    }
}

/// A URL whose password is replaced, so that it still shows that there was one.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    match authority.rsplit_once('@') {
        Some((_, host)) => {
            let redacted = posture_model::canonical::redaction::REDACTED;
            format!("{scheme}://{redacted}@{host}{path}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_replaced() {
        for (url, shown) in [
            (
                "https://ada:secret@bitbucket.org/a/b.git",
                "https://***@bitbucket.org/a/b.git",
            ),
            ("https://x-token@host", "https://***@host"),
            (
                "https://bitbucket.org/a/b@2.git",
                "https://bitbucket.org/a/b@2.git",
            ),
            ("bucket/key", "bucket/key"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
