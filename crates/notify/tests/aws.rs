//! AWS's targets. Oracle: moto, as boto3 sees it; for what moto has not, the request by AWS's API
//! reference, which the client's model has checked.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
mod support;

use moto::Moto;
use serde_json::{Value, json};
use support::{Fake, Office, everything, finding};

/// Runs Python with boto3's clients, in the Region of the findings.
fn python(moto: &Moto, lines: &str) -> String {
    let clients = "import boto3, json, sys\n\
        def client(name):\n    \
            return boto3.client(name, endpoint_url=sys.argv[1], region_name='eu-west-1', \
            aws_access_key_id='x', aws_secret_access_key='x')\n";
    moto.run(&format!("{clients}{lines}"), &[])
}

async fn deliver(folder: &tempfile::TempDir, url: &str, targets: &[Value]) -> Office {
    let office = Office::before(folder.path(), &everything(targets), url).await;
    let arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders";
    let events = vec![finding("f1", arn, "FAILED"), finding("f1", arn, "PASSED")];
    office.tell(events).await;
    let count = u64::try_from(targets.len()).unwrap();
    for _ in 0..2 {
        let round = office.round().await;
        let letters = office.queue.dead_letters().await.unwrap();
        assert_eq!((round.sent, round.put_off), (count, 0), "{letters:?}");
    }
    office
}

const MAKE: &str = "
sqs, sns, events = client('sqs'), client('sns'), client('events')
url = sqs.create_queue(QueueName='q.fifo', Attributes={'FifoQueue': 'true'})['QueueUrl']
for name in ('of-sns', 'of-bus'):
    sqs.create_queue(QueueName=name)
arn = lambda name: 'arn:aws:sqs:eu-west-1:123456789012:' + name
topic = sns.create_topic(Name='t')['TopicArn']
sns.subscribe(TopicArn=topic, Protocol='sqs', Endpoint=arn('of-sns'))
events.create_event_bus(Name='bus')
events.put_rule(Name='r', EventBusName='bus', EventPattern=json.dumps({'source': ['posture.securityhub']}))
events.put_targets(Rule='r', EventBusName='bus', Targets=[{'Id': '1', 'Arn': arn('of-bus')}])
iam = 'arn:aws:iam::123456789012:role/r'
machine = client('stepfunctions').create_state_machine(name='m', roleArn=iam,
    definition=json.dumps({'StartAt': 'P', 'States': {'P': {'Type': 'Pass', 'End': True}}}))
print(json.dumps([url, topic, machine['stateMachineArn']]))
";

const READ: &str = "
sqs = client('sqs')
def bodies(name):
    url, found = sqs.get_queue_url(QueueName=name)['QueueUrl'], []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get('Messages'):
        found.append(json.loads(messages[0]['Body']))
        sqs.delete_message(QueueUrl=url, ReceiptHandle=messages[0]['ReceiptHandle'])
    return found
steps = client('stepfunctions')
machine = steps.list_state_machines()['stateMachines'][0]['stateMachineArn']
runs = [run['name'] for run in steps.list_executions(stateMachineArn=machine)['executions']]
print(json.dumps([bodies('q.fifo'), bodies('of-sns'), bodies('of-bus'), runs]))
";

#[tokio::test]
async fn sqs_sns_event_bridge_and_step_functions_get_the_event() {
    let Some(moto) = Moto::start() else { return };
    let made: Vec<String> = serde_json::from_str(&python(&moto, MAKE)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let bus = "arn:aws:events:eu-west-1:123456789012:event-bus/bus";
    let targets = [
        json!({"name": "queue", "type": "sqs", "queue": made[0], "region": "eu-west-1"}),
        json!({"name": "topic", "type": "sns", "topic": made[1]}),
        json!({"name": "bus", "type": "eventbridge", "bus": bus}),
        json!({"name": "machine", "type": "stepfunctions", "stateMachine": made[2]}),
    ];
    deliver(&folder, &moto.address(), &targets).await;
    let read: Vec<Vec<Value>> = serde_json::from_str(&python(&moto, READ)).unwrap();
    let [queue, topic, bus, runs] = read.as_slice() else {
        panic!("{read:?}");
    };
    let status = |event: &Value| event["detail"]["findings"][0]["Compliance"]["Status"].clone();
    assert_eq!(
        queue.iter().map(status).collect::<Vec<_>>(),
        ["FAILED", "PASSED"]
    );
    assert_eq!(queue[0]["source"], "aws.securityhub");
    let published: Value = serde_json::from_str(topic[0]["Message"].as_str().unwrap()).unwrap();
    assert_eq!(published, queue[0]);
    assert_eq!(topic[0]["Subject"], "S3 buckets should be encrypted");
    assert_eq!(bus[0]["source"], "posture.securityhub");
    assert_eq!(bus[0]["detail"], queue[0]["detail"]);
    assert_eq!(runs.len(), 2);
    assert!(
        runs.contains(&queue[0]["id"]),
        "an execution is named after its event"
    );
}

#[tokio::test]
async fn the_resource_of_a_finding_is_tagged() {
    let Some(moto) = Moto::start() else { return };
    let made = "client('dynamodb').create_table(TableName='orders', BillingMode='PAY_PER_REQUEST', \
        KeySchema=[{'AttributeName': 'k', 'KeyType': 'HASH'}], \
        AttributeDefinitions=[{'AttributeName': 'k', 'AttributeType': 'S'}])\n\
        print(client('dynamodb').describe_table(TableName='orders')['Table']['TableArn'])";
    let arn = python(&moto, made);
    assert_eq!(arn, "arn:aws:dynamodb:eu-west-1:123456789012:table/orders");
    let folder = tempfile::tempdir().unwrap();
    let target = json!({"name": "tags", "type": "tagging", "tags": {"compliance": "open"}});
    deliver(&folder, &moto.address(), &[target]).await;
    // moto's table keeps a tag twice that is set twice.
    let read = format!(
        "print(json.dumps(client('dynamodb').list_tags_of_resource(ResourceArn='{arn}')['Tags'][0]))"
    );
    assert_eq!(
        python(&moto, &read),
        r#"{"Key": "compliance", "Value": "open"}"#
    );
}

#[tokio::test]
async fn lambda_ssm_and_security_hub_are_asked_as_aws_documents_it() {
    let fake = Fake::of_aws().await;
    fake.answers("POST /2015-03-31/functions", 202, json!({}));
    fake.answers(
        "PATCH /findings/batchupdate",
        200,
        json!({"ProcessedFindings": [], "UnprocessedFindings": []}),
    );
    let folder = tempfile::tempdir().unwrap();
    let targets = [
        json!({"name": "f", "type": "lambda", "function": "arn:aws:lambda:eu-west-1:111122223333:function:f"}),
        json!({"name": "d", "type": "ssm", "document": "AWS-EnableS3BucketEncryption", "parameters": {"BucketName": ["b"]}}),
        json!({"name": "h", "type": "securityhub", "workflow": "NOTIFIED", "note": "told"}),
    ];
    deliver(&folder, &fake.url, &targets).await;
    let requests = fake.requests();
    let to = |begin: &str| {
        let found = requests
            .iter()
            .find(|request| request.path.starts_with(begin));
        found.unwrap_or_else(|| panic!("{begin} is not in {requests:?}"))
    };
    let invoked = to("/2015-03-31/functions/");
    assert_eq!(invoked.headers["x-amz-invocation-type"], "Event");
    assert_eq!(
        invoked.json()["detail-type"],
        "Security Hub Findings - Imported"
    );
    let updated = to("/findings/batchupdate").json();
    assert_eq!(updated["Workflow"]["Status"], "NOTIFIED");
    assert_eq!(
        updated["Note"],
        json!({"Text": "told", "UpdatedBy": "posture"})
    );
    assert_eq!(updated["FindingIdentifiers"][0]["Id"], "f1");
    let started = requests.iter().find(|request| {
        let target = request.headers.get("x-amz-target");
        target.is_some_and(|target| target == "AmazonSSM.StartAutomationExecution")
    });
    let started = started.unwrap().json();
    assert_eq!(started["DocumentName"], "AWS-EnableS3BucketEncryption");
    assert_eq!(started["Parameters"], json!({"BucketName": ["b"]}));
    assert_eq!(started["ClientToken"].as_str().unwrap().len(), 36);
}
