"""What the recorder's estates have no canary in: seed.py URL"""

import base64
import json

from seeding import clients

REGION = "eu-west-1"
client = clients(REGION)
CANARY = "canary-7f3a"
VISIBLE = "visible-7f3a"


ec2 = client("ec2")
image = ec2.describe_images()["Images"][0]["ImageId"]
ec2.run_instances(
    ImageId=image,
    MinCount=1,
    MaxCount=1,
    InstanceType="t3.micro",
    UserData=f"#!/bin/sh\nexport TOKEN={CANARY}",
    TagSpecifications=[
        {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": VISIBLE}]}
    ],
)
ec2.create_launch_template(
    LaunchTemplateName="template",
    LaunchTemplateData={"ImageId": image, "UserData": base64.b64encode(CANARY.encode()).decode()},
)
ssm = client("ssm")
for kind in ["String", "SecureString"]:
    ssm.put_parameter(Name=f"/app/{kind}", Value=CANARY, Type=kind)
client("ecs").register_task_definition(
    family="batch",
    containerDefinitions=[
        {
            "name": "log",
            "image": "fluent",
            "memory": 64,
            "environment": [{"name": "PASSWORD", "value": CANARY}],
            "firelensConfiguration": {"type": "fluentbit", "options": {"key": CANARY}},
        }
    ],
)
client("stepfunctions").create_state_machine(
    name="payments",
    definition=json.dumps(
        {
            "StartAt": "End",
            "States": {"End": {"Type": "Pass", "Result": CANARY, "End": True}},
        }
    ),
    roleArn="arn:aws:iam::123456789012:role/service",
)
iam = client("iam")
iam.create_user(UserName="somebody")
# A key's id is no secret; the key itself is answered once, to whoever makes it.
iam.create_access_key(UserName="somebody")
iam.create_login_profile(UserName="somebody", Password=f"Aa1!{CANARY}")
