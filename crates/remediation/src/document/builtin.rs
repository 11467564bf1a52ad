//! Actions that stand for calls of APIs and waiting.
//!
//! Source: the actions' pages, <https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html>.

#![expect(
    clippy::unnecessary_wraps,
    reason = "one type for all actions, of which some refuse inputs"
)]

use serde_json::{Map, Value, json};

use super::action::{Call, Primitive};

type Inputs = Map<String, Value>;

/// What an action does, or why its inputs don't fit.
type Expansion = Result<Vec<Primitive>, String>;

/// An action: its inputs, those that have to be given, what it tells, and what it does.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    pub(super) inputs: &'static [&'static str],
    pub(super) needed: &'static [&'static str],
    /// Outputs with their selectors in the answer of the first call.
    pub(super) outputs: &'static [(&'static str, &'static str)],
    pub(super) expand: fn(&Inputs) -> Expansion,
}

const STACK_INPUTS: &[&str] = &[
    "StackName",
    "TemplateBody",
    "TemplateURL",
    "Parameters",
    "Capabilities",
    "ClientRequestToken",
    "DisableRollback",
    "NotificationARNs",
    "OnStackFailure",
    "ResourceTypes",
    "RoleARN",
    "StackPolicyBody",
    "StackPolicyURL",
    "Tags",
    "TimeoutInMinutes",
];

const IMAGE_STATES: &[&str] = &["failed", "error", "invalid", "deregistered"];

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "aws:createTags",
        inputs: &["ResourceType", "ResourceIds", "Tags"],
        needed: &["ResourceIds", "Tags"],
        outputs: &[],
        expand: create_tags,
    },
    Builtin {
        name: "aws:changeInstanceState",
        inputs: &[
            "InstanceIds",
            "DesiredState",
            "CheckStateOnly",
            "Force",
            "AdditionalInfo",
        ],
        needed: &["InstanceIds", "DesiredState"],
        outputs: &[],
        expand: change_instance_state,
    },
    Builtin {
        name: "aws:runInstances",
        inputs: &[
            "ImageId",
            "InstanceType",
            "MinInstanceCount",
            "MaxInstanceCount",
            "KeyName",
            "SecurityGroupIds",
            "SubnetId",
            "UserData",
            "IamInstanceProfileArn",
            "IamInstanceProfileName",
            "ClientToken",
            "TagSpecifications",
            "EbsOptimized",
            "Monitoring",
        ],
        needed: &["ImageId"],
        outputs: &[("InstanceIds", "$.Instances[*].InstanceId")],
        expand: run_instances,
    },
    Builtin {
        name: "aws:createStack",
        inputs: STACK_INPUTS,
        needed: &["StackName"],
        outputs: &[("StackId", "$.StackId")],
        expand: create_stack,
    },
    Builtin {
        name: "aws:deleteStack",
        inputs: &[
            "StackName",
            "ClientRequestToken",
            "RetainResources",
            "RoleARN",
        ],
        needed: &["StackName"],
        outputs: &[],
        expand: delete_stack,
    },
    Builtin {
        name: "aws:createImage",
        inputs: &[
            "InstanceId",
            "ImageName",
            "ImageDescription",
            "NoReboot",
            "BlockDeviceMappings",
        ],
        needed: &["InstanceId", "ImageName"],
        outputs: &[("ImageId", "$.ImageId")],
        expand: create_image,
    },
    Builtin {
        name: "aws:copyImage",
        inputs: &[
            "SourceImageId",
            "SourceRegion",
            "ImageName",
            "ImageDescription",
            "Encrypted",
            "KmsKeyId",
            "ClientToken",
        ],
        needed: &["SourceImageId", "SourceRegion", "ImageName"],
        outputs: &[("ImageId", "$.ImageId")],
        expand: copy_image,
    },
    Builtin {
        name: "aws:deleteImage",
        inputs: &["ImageId"],
        needed: &["ImageId"],
        outputs: &[],
        expand: delete_image,
    },
    Builtin {
        name: "aws:invokeLambdaFunction",
        inputs: &[
            "FunctionName",
            "Qualifier",
            "InvocationType",
            "LogType",
            "ClientContext",
            "Payload",
        ],
        needed: &["FunctionName"],
        outputs: &[
            ("StatusCode", "$.StatusCode"),
            ("FunctionError", "$.FunctionError"),
        ],
        expand: invoke_lambda,
    },
    Builtin {
        name: "aws:executeStateMachine",
        inputs: &["stateMachineArn", "name", "input"],
        needed: &["stateMachineArn"],
        outputs: &[("executionArn", "$.executionArn")],
        expand: execute_state_machine,
    },
    Builtin {
        name: "aws:runCommand",
        inputs: &[
            "DocumentName",
            "Parameters",
            "InstanceIds",
            "Targets",
            "Comment",
            "DocumentHash",
            "DocumentHashType",
            "OutputS3BucketName",
            "OutputS3KeyPrefix",
            "ServiceRoleArn",
            "TimeoutSeconds",
            "MaxConcurrency",
            "MaxErrors",
        ],
        needed: &["DocumentName"],
        outputs: &[("CommandId", "$.Command.CommandId")],
        expand: run_command,
    },
];

fn call(service: &str, api: &str, input: Value) -> Call {
    let Value::Object(mut input) = input else {
        return Call {
            service: service.to_owned(),
            api: api.to_owned(),
            input: Map::new(),
        };
    };
    input.retain(|_, value| !value.is_null());
    Call {
        service: service.to_owned(),
        api: api.to_owned(),
        input,
    }
}

fn get(inputs: &Inputs, name: &str) -> Value {
    inputs.get(name).cloned().unwrap_or_default()
}

/// The inputs of these names, under other names.
fn renamed(inputs: &Inputs, names: &[(&str, &str)]) -> Value {
    let mut input = inputs.clone();
    for (from, to) in names {
        if let Some(value) = input.remove(*from) {
            input.insert((*to).to_owned(), value);
        }
    }
    Value::Object(input)
}

fn create_tags(inputs: &Inputs) -> Expansion {
    match inputs.get("ResourceType").and_then(Value::as_str) {
        None | Some("EC2") => Ok(vec![Primitive::Call(call(
            "ec2",
            "CreateTags",
            json!({ "Resources": get(inputs, "ResourceIds"), "Tags": get(inputs, "Tags") }),
        ))]),
        Some(kind @ ("ManagedInstance" | "MaintenanceWindow" | "Parameter")) => {
            let ids = get(inputs, "ResourceIds");
            let ids = ids.as_array().ok_or("ResourceIds is a list")?;
            let one = |id: &Value| {
                Primitive::Call(call(
                    "ssm",
                    "AddTagsToResource",
                    json!({ "ResourceType": kind, "ResourceId": id, "Tags": get(inputs, "Tags") }),
                ))
            };
            Ok(ids.iter().map(one).collect())
        }
        Some(other) => Err(format!(
            "ResourceType is {other:?}, expected EC2, ManagedInstance, MaintenanceWindow or Parameter"
        )),
    }
}

fn change_instance_state(inputs: &Inputs) -> Expansion {
    let ids = get(inputs, "InstanceIds");
    let state = get(inputs, "DesiredState");
    let (api, force) = match state.as_str() {
        Some("running") => ("StartInstances", Value::Null),
        Some("stopped") => ("StopInstances", get(inputs, "Force")),
        Some("terminated") => ("TerminateInstances", Value::Null),
        _ => return Err("DesiredState is running, stopped or terminated".to_owned()),
    };
    let mut primitives = Vec::new();
    if get(inputs, "CheckStateOnly") != Value::Bool(true) {
        let input = json!({ "InstanceIds": ids, "Force": force });
        primitives.push(Primitive::Call(call("ec2", api, input)));
    }
    primitives.push(Primitive::Wait {
        call: call("ec2", "DescribeInstances", json!({ "InstanceIds": ids })),
        selector: "$.Reservations[*].Instances[*].State.Name".to_owned(),
        desired: json!([state]),
        hopeless: &[],
    });
    Ok(primitives)
}

fn run_instances(inputs: &Inputs) -> Expansion {
    let mut input = inputs.clone();
    let count = |name: &str| inputs.get(name).cloned().unwrap_or_else(|| json!(1));
    let (least, most) = (count("MinInstanceCount"), count("MaxInstanceCount"));
    input.remove("MinInstanceCount");
    input.remove("MaxInstanceCount");
    input.insert("MinCount".to_owned(), least);
    input.insert("MaxCount".to_owned(), most);
    for (from, to) in [
        ("IamInstanceProfileArn", "Arn"),
        ("IamInstanceProfileName", "Name"),
    ] {
        if let Some(value) = input.remove(from) {
            input.insert("IamInstanceProfile".to_owned(), json!({ to: value }));
        }
    }
    Ok(vec![Primitive::Call(call(
        "ec2",
        "RunInstances",
        Value::Object(input),
    ))])
}

fn create_stack(inputs: &Inputs) -> Expansion {
    let has = |name| inputs.contains_key(name);
    if has("TemplateBody") == has("TemplateURL") {
        return Err("give one of TemplateBody and TemplateURL".to_owned());
    }
    let name = get(inputs, "StackName");
    Ok(vec![
        Primitive::Call(call(
            "cloudformation",
            "CreateStack",
            renamed(inputs, &[("OnStackFailure", "OnFailure")]),
        )),
        Primitive::Wait {
            call: call(
                "cloudformation",
                "DescribeStacks",
                json!({ "StackName": name }),
            ),
            selector: "$.Stacks[0].StackStatus".to_owned(),
            desired: json!(["CREATE_COMPLETE"]),
            hopeless: &[
                "CREATE_FAILED",
                "ROLLBACK_COMPLETE",
                "ROLLBACK_FAILED",
                "DELETE_COMPLETE",
            ],
        },
    ])
}

fn delete_stack(inputs: &Inputs) -> Expansion {
    let name = get(inputs, "StackName");
    // A stack that is gone can't be described by its name; it is listed, and the list is empty.
    Ok(vec![
        Primitive::Call(call(
            "cloudformation",
            "DeleteStack",
            Value::Object(inputs.clone()),
        )),
        Primitive::Wait {
            call: call(
                "cloudformation",
                "ListStacks",
                json!({ "StackStatusFilter": ["DELETE_IN_PROGRESS", "DELETE_FAILED"] }),
            ),
            selector: format!(
                "$.StackSummaries[?(@.StackName == '{}')].StackStatus",
                name.as_str().unwrap_or_default()
            ),
            desired: json!([]),
            hopeless: &["DELETE_FAILED"],
        },
    ])
}

fn wait_for_image(id: &str) -> Primitive {
    Primitive::Wait {
        call: call("ec2", "DescribeImages", json!({ "ImageIds": [id] })),
        selector: "$.Images[*].State".to_owned(),
        desired: json!(["available"]),
        hopeless: IMAGE_STATES,
    }
}

fn create_image(inputs: &Inputs) -> Expansion {
    let names = [("ImageName", "Name"), ("ImageDescription", "Description")];
    let input = renamed(inputs, &names);
    Ok(vec![
        Primitive::Call(call("ec2", "CreateImage", input)),
        wait_for_image("{{ this.ImageId }}"),
    ])
}

fn copy_image(inputs: &Inputs) -> Expansion {
    let names = [("ImageName", "Name"), ("ImageDescription", "Description")];
    let input = renamed(inputs, &names);
    Ok(vec![
        Primitive::Call(call("ec2", "CopyImage", input)),
        wait_for_image("{{ this.ImageId }}"),
    ])
}

fn delete_image(inputs: &Inputs) -> Expansion {
    let input = json!({ "ImageId": get(inputs, "ImageId"), "DeleteAssociatedSnapshots": true });
    Ok(vec![Primitive::Call(call("ec2", "DeregisterImage", input))])
}

fn invoke_lambda(inputs: &Inputs) -> Expansion {
    let input = Value::Object(inputs.clone());
    Ok(vec![Primitive::Call(call("lambda", "Invoke", input))])
}

fn execute_state_machine(inputs: &Inputs) -> Expansion {
    let input = Value::Object(inputs.clone());
    Ok(vec![
        Primitive::Call(call("stepfunctions", "StartExecution", input)),
        Primitive::Wait {
            call: call(
                "stepfunctions",
                "DescribeExecution",
                json!({ "executionArn": "{{ this.executionArn }}" }),
            ),
            selector: "$.status".to_owned(),
            desired: json!(["SUCCEEDED"]),
            hopeless: &["FAILED", "TIMED_OUT", "ABORTED"],
        },
    ])
}

fn run_command(inputs: &Inputs) -> Expansion {
    let input = Value::Object(inputs.clone());
    Ok(vec![
        Primitive::Call(call("ssm", "SendCommand", input)),
        Primitive::Wait {
            call: call(
                "ssm",
                "ListCommands",
                json!({ "CommandId": "{{ this.CommandId }}" }),
            ),
            selector: "$.Commands[0].Status".to_owned(),
            desired: json!(["Success"]),
            hopeless: &["Cancelled", "Failed", "TimedOut", "Cancelling"],
        },
    ])
}
