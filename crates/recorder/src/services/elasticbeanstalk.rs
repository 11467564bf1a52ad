//! Elastic Beanstalk's environments.
//!
//! Shapes: AWS Config's item of `AWS::ElasticBeanstalk::Environment`.

use serde_json::Map;

use crate::declare::prelude::*;
use crate::shape::remove;
use crate::text::{value, values};

pub(crate) static SERVICE: Service = Service {
    model: "elasticbeanstalk",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[ENVIRONMENT],
    account: &[],
};

const ENVIRONMENT: Collector = Collector {
    keep: Some(is_there),
    name: Some("EnvironmentName"),
    arn: Some("EnvironmentArn"),
    created: Some("DateCreated"),
    casing: Casing::First,
    shape: Some(environment),
    tags: Tags::Bulk("elasticbeanstalk:environment"),
    details: &[detail(
        "DescribeConfigurationSettings",
        "configuration.optionSettings",
    )
    .with(&[
        ("ApplicationName", Param::Item("ApplicationName")),
        ("EnvironmentName", Param::Item("EnvironmentName")),
    ])
    .shape(option_settings)],
    ..Collector::of(
        ResourceType::ElasticBeanstalkEnvironment,
        call("DescribeEnvironments").with(&[("IncludeDeleted", Param::Json("false"))]),
        "Environments[]",
        // moto leaves the id out.
        "EnvironmentId|EnvironmentArn",
    )
};

fn is_there(environment: &Value) -> bool {
    value("Status", environment) != Some(&json!("Terminated"))
}

fn environment(configuration: &mut Value, _: &Value) {
    // How it fares, and no configuration.
    remove(
        configuration,
        &[
            "abortableOperationInProgress",
            "health",
            "healthStatus",
            "resources",
        ],
    );
}

/// The API has a list, AWS Config an object by namespace and option. A draft that is not deployed
/// yet, or never was, is a set of its own in the reply, and no configuration.
fn option_settings(reply: &Value) -> Value {
    let mut namespaces: Map<String, Value> = Map::new();
    let sets = values("ConfigurationSettings[]", reply).into_iter();
    let deployed = sets.filter(|set| {
        let status = value("DeploymentStatus", set).and_then(Value::as_str);
        status.is_none_or(|status| status == "deployed")
    });
    for setting in deployed.flat_map(|set| values("OptionSettings[]", set)) {
        let text = |path| value(path, setting).and_then(Value::as_str);
        let (Some(namespace), Some(option)) = (text("Namespace"), text("OptionName")) else {
            continue;
        };
        // An option without a value has nothing to say, as in AWS Config's items.
        let Some(found) = text("Value") else { continue };
        let namespace = namespaces.entry(namespace).or_insert_with(|| json!({}));
        if let Some(options) = namespace.as_object_mut() {
            options.insert(option.to_owned(), json!({ "value": found }));
        }
    }
    Value::Object(namespaces)
}
