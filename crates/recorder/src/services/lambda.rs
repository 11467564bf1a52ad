//! Lambda's functions.
//!
//! Shapes: AWS Config's item of `AWS::Lambda::Function`.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "lambda",
    scope: Scope::Regional,
    // A quarter of the 15 calls a second of `GetPolicy`, as many as of all others together.
    // <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
    calls_per_second: 3.75,
    collectors: &[FUNCTION],
    account: &[],
};

const FUNCTION: Collector = Collector {
    name: Some("FunctionName"),
    arn: Some("FunctionArn"),
    casing: Casing::Bean,
    tags: Tags::Bulk("lambda:function"),
    details: &[
        // A function without a reservation, and one that is gone.
        of_function(
            "GetFunctionConcurrency",
            "supplementaryConfiguration.Concurrency",
        )
        .casing(Casing::Bean),
        // Without a policy nobody but the account has the function.
        of_function("GetPolicy", "supplementaryConfiguration.Policy").take("Policy"),
    ],
    relationships: &[
        Relation::ids(
            "Is associated with SecurityGroup",
            ResourceType::Ec2SecurityGroup,
            "VpcConfig.SecurityGroupIds[]",
        ),
        Relation::ids(
            "Is contained in Subnet",
            ResourceType::Ec2Subnet,
            "VpcConfig.SubnetIds[]",
        ),
    ],
    ..Collector::of(
        ResourceType::LambdaFunction,
        call("ListFunctions"),
        "Functions[]",
        "FunctionName",
    )
};

const fn of_function(operation: &'static str, into: &'static str) -> Detail {
    detail(operation, into)
        .with(&[("FunctionName", Param::Item("FunctionName"))])
        .absent_on(&["ResourceNotFoundException"])
}
