//! Values that may be secrets. Names and types of values stay: rules read them.

use super::patterns::Places;

/// What stands for a redacted value. An empty value stays empty.
pub const REDACTED: &str = "***";

/// Where people put secrets, by type: environment variables, user data, parameters.
pub const PLACES: &[Places] = &[
    Places {
        resource_type: "AWS::Amplify::App",
        paths: &[
            "configuration.BuildSpec",
            "configuration.EnvironmentVariables[*].Value",
        ],
    },
    Places {
        resource_type: "AWS::Amplify::Branch",
        paths: &[
            "configuration.BuildSpec",
            "configuration.EnvironmentVariables[*].Value",
        ],
    },
    Places {
        resource_type: "AWS::ApiGateway::Stage",
        paths: &[
            "configuration.canarySettings.stageVariableOverrides.*",
            "configuration.variables.*",
        ],
    },
    Places {
        resource_type: "AWS::ApiGatewayV2::Stage",
        paths: &["configuration.stageVariables.*"],
    },
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
        paths: &[
            "configuration.outputs[*].outputValue",
            "configuration.parameters[*].parameterValue",
        ],
    },
    Places {
        resource_type: "AWS::CloudFront::Distribution",
        // Origins know CloudFront by a header that nobody else knows.
        paths: &[
            "configuration.distributionConfig.origins.items[*].customHeaders.items[*].headerValue",
        ],
    },
    Places {
        resource_type: "AWS::CodeBuild::Project",
        paths: &[
            "configuration.environment.environmentVariables[*].value",
            // A build specification may stand here as a whole.
            "configuration.secondarySources[*].buildSpec",
            "configuration.source[*].buildSpec",
        ],
    },
    Places {
        resource_type: "AWS::CodePipeline::Pipeline",
        paths: &[
            "configuration.pipeline.stages[*].actions[*].configuration.EnvironmentVariables",
            "configuration.pipeline.stages[*].actions[*].configuration.UserParameters",
            "configuration.pipeline.variables[*].defaultValue",
        ],
    },
    Places {
        resource_type: "AWS::DMS::Endpoint",
        paths: &[
            "configuration.ExtraConnectionAttributes",
            "configuration.KafkaSettings.SaslPassword",
            "configuration.OracleSettings.AsmPassword",
            "configuration.OracleSettings.SecurityDbEncryption",
            "configuration.RedisSettings.AuthPassword",
        ],
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
        paths: &[
            "configuration.containerDefinitions[*].environment[*].value",
            "configuration.containerDefinitions[*].firelensConfiguration.options.*",
            "configuration.containerDefinitions[*].logConfiguration.options.apikey",
            "configuration.containerDefinitions[*].logConfiguration.options.http_passwd",
            "configuration.containerDefinitions[*].logConfiguration.options.splunk-token",
        ],
    },
    Places {
        resource_type: "AWS::ElasticBeanstalk::Environment",
        paths: &[
            "configuration.optionSettings.aws:elasticbeanstalk:application:environment.*.value",
            "configuration.optionSettings.aws:rds:dbinstance.DBPassword.value",
        ],
    },
    Places {
        resource_type: "AWS::EMR::Cluster",
        paths: &[
            "configuration.Configurations[*].Configurations[*].Properties.*",
            "configuration.Configurations[*].Properties.*",
            "configuration.KerberosAttributes.ADDomainJoinPassword",
            "configuration.KerberosAttributes.CrossRealmTrustPrincipalPassword",
            "configuration.KerberosAttributes.KdcAdminPassword",
            "supplementaryConfiguration.ListInstanceFleets.InstanceFleets[*].InstanceTypeSpecifications[*].Configurations[*].Properties.*",
            "supplementaryConfiguration.ListInstanceGroups.InstanceGroups[*].Configurations[*].Properties.*",
        ],
    },
    Places {
        resource_type: "AWS::KinesisFirehose::DeliveryStream",
        paths: &[
            "configuration.HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey",
            "configuration.SplunkDestinationConfiguration.HECToken",
        ],
    },
    Places {
        resource_type: "AWS::Lambda::Function",
        paths: &["configuration.environment.variables.*"],
    },
    Places {
        resource_type: "AWS::SSM::Parameter",
        paths: &["configuration.value"],
    },
    Places {
        resource_type: "AWS::StepFunctions::StateMachine",
        // CloudFormation's names and the API's: AWS Config's own items leave definitions out.
        paths: &[
            "configuration.Definition",
            "configuration.DefinitionString",
            "configuration.DefinitionSubstitutions.*",
        ],
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
    // What a web ACL looks for in requests: often the header that tells CloudFront's from others.
    "searchString",
    "secretAccessKey",
    "secretString",
    "sessionToken",
];

/// Whether the member of this name is one of [`NAMES`].
pub(super) fn is_secret(name: &str) -> bool {
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}
