//! Cognito's user pools.
//!
//! Shapes: the API's, which are CloudFormation's; AWS Config publishes no schema of
//! `AWS::Cognito::UserPool`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::pick;

pub(crate) static SERVICE: Service = Service {
    model: "cognito-idp",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[USER_POOL],
    account: &[],
};

const USER_POOL: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeUserPool").absent_on(&["ResourceNotFoundException"]),
        member: "UserPoolId",
        id: "Id",
        size: 0,
        entries: "UserPool",
    }),
    name: Some("Name"),
    arn: Some("Arn"),
    created: Some("CreationDate"),
    shape: Some(user_pool),
    tags: Tags::Listed("UserPoolTags"),
    ..Collector::of(
        ResourceType::CognitoUserPool,
        // The listing can't be asked without.
        call("ListUserPools").with(&[("MaxResults", Param::Json("60"))]),
        "UserPools[]",
        "Id",
    )
};

/// CloudFormation's names. Without the messages to users, and the external id of the SMS role.
fn user_pool(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("Arn", "Arn"),
            ("AutoVerifiedAttributes", "AutoVerifiedAttributes"),
            ("DeletionProtection", "DeletionProtection"),
            ("MfaConfiguration", "MfaConfiguration"),
            ("Policies", "Policies"),
            ("UserPoolAddOns", "UserPoolAddOns"),
            ("UserPoolId", "Id"),
            ("UserPoolName", "Name"),
            ("UserPoolTier", "UserPoolTier"),
        ],
    );
}
