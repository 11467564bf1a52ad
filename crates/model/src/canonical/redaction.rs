//! Values that may be secrets. Names and types of values stay: rules read them.

use super::patterns::Places;

/// What stands for a redacted value. An empty value stays empty.
pub const REDACTED: &str = "***";

/// Where people put secrets, by type: environment variables, user data, parameters.
pub const PLACES: &[Places] = &[
    Places {
        resource_type: "AWS::AppRunner::Service",
        paths: &[
            "configuration.sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues.runtimeEnvironmentVariables[*].value",
            "configuration.sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables[*].value",
        ],
    },
    Places {
        resource_type: "AWS::AutoScaling::LaunchConfiguration",
        paths: &["configuration.userData"],
    },
    Places {
        resource_type: "AWS::Batch::JobDefinition",
        paths: &["configuration.containerProperties.environment[*].value"],
    },
    Places {
        resource_type: "AWS::CloudFormation::Stack",
        paths: &["configuration.parameters[*].parameterValue"],
    },
    Places {
        resource_type: "AWS::CodeBuild::Project",
        paths: &["configuration.environment.environmentVariables[*].value"],
    },
    Places {
        resource_type: "AWS::EC2::Instance",
        paths: &[
            "configuration.userData",
            "supplementaryConfiguration.*.userData",
        ],
    },
    Places {
        resource_type: "AWS::EC2::LaunchTemplate",
        paths: &["configuration.launchTemplateData.userData"],
    },
    Places {
        resource_type: "AWS::EC2::VPNConnection",
        paths: &[
            "configuration.customerGatewayConfiguration",
            "configuration.options.tunnelOptions[*].preSharedKey",
        ],
    },
    Places {
        resource_type: "AWS::ECS::TaskDefinition",
        paths: &["configuration.containerDefinitions[*].environment[*].value"],
    },
    Places {
        resource_type: "AWS::Lambda::Function",
        paths: &["configuration.environment.variables.*"],
    },
    Places {
        resource_type: "AWS::SSM::Parameter",
        paths: &["configuration.value"],
    },
];

/// Members that hold a secret in items of any type, where they hold text.
pub const NAMES: &[&str] = &[
    "authToken",
    "clientSecret",
    "masterUserPassword",
    "oauthToken",
    "password",
    "privateKey",
    "secretAccessKey",
    "secretString",
    "sessionToken",
];

/// Whether the member of this name is one of [`NAMES`].
pub(super) fn is_secret(name: &str) -> bool {
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}
