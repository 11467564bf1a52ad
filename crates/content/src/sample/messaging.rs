//! SNS, SQS, Kinesis, Amazon MQ and MSK.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::{policies, time};

pub(super) fn add(site: Site, estate: &mut Estate) {
    estate.add(topic(site, 0, "ops-alerts"));
    for n in 0..site.count(6) {
        estate.add(topic(site, n + 1, &format!("{}-events", site.app(n))));
        estate.add(queue(site, n));
    }
    for n in 0..site.count(3) {
        estate.add(stream(site, n));
    }
    estate.add(broker(site));
    estate.add(kafka(site));
}

fn topic(site: Site, n: usize, name: &str) -> Item {
    let mut draw = site.draw("sns", n);
    let arn = site.arn("sns", name);
    let policy = policies::allow_service("events.amazonaws.com", "sns:Publish", &arn, site);
    let mut configuration = json!({
        "TopicArn": arn, "Owner": site.account.id, "DisplayName": name,
        "Policy": policy.to_string(),
    });
    if let Some(members) = configuration.as_object_mut() {
        if draw.ok() {
            members.insert("KmsMasterKeyId".to_owned(), json!(site.key("messages")));
        }
        if draw.ok() {
            let role = site.role("sns-delivery-status");
            members.insert("SQSFailureFeedbackRoleArn".to_owned(), json!(role));
            members.insert("SQSSuccessFeedbackSampleRate".to_owned(), json!(100));
        }
    }
    Item::new(site, "AWS::SNS::Topic", &arn, &arn)
        .named(name)
        .tagged(&mut draw, name, site.app(n))
        .configuration(configuration)
}

fn queue(site: Site, n: usize) -> Item {
    let mut draw = site.draw("sqs", n);
    let name = format!("{}-jobs", site.app(n));
    let arn = site.arn("sqs", &name);
    let (host, account) = (site.region.name, site.account.id);
    let mut configuration = json!({
        "QueueArn": arn, "QueueName": name,
        "QueueUrl": format!("https://sqs.{host}.amazonaws.com/{account}/{name}"),
        "DelaySeconds": 0, "MaximumMessageSize": 262_144, "MessageRetentionPeriod": 345_600,
        "ReceiveMessageWaitTimeSeconds": 20, "VisibilityTimeout": 60, "FifoQueue": false,
        "RedrivePolicy": {"deadLetterTargetArn": format!("{arn}-dead"), "maxReceiveCount": 5},
    });
    if let Some(members) = configuration.as_object_mut() {
        let is_encrypted = draw.ok();
        if is_encrypted {
            members.insert("KmsMasterKeyId".to_owned(), json!(site.key("messages")));
        }
        members.insert(
            "SqsManagedSseEnabled".to_owned(),
            json!(!is_encrypted && draw.ok()),
        );
    }
    Item::new(site, "AWS::SQS::Queue", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(configuration)
}

fn stream(site: Site, n: usize) -> Item {
    let mut draw = site.draw("kinesis", n);
    let name = format!("{}-clicks", site.app(n));
    let arn = site.arn("kinesis", &format!("stream/{name}"));
    let encryption = if draw.ok() {
        json!({"EncryptionType": "KMS", "KeyId": site.key("messages")})
    } else {
        Value::Null
    };
    Item::new(site, "AWS::Kinesis::Stream", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(json!({
            "Arn": arn, "Name": name, "RetentionPeriodHours": draw.either(168, 24),
            "ShardCount": draw.between(1, 8), "StreamEncryption": encryption,
        }))
}

fn broker(site: Site) -> Item {
    let mut draw = site.draw("mq", 0);
    let id = format!("b-{}", site.uuid("mq", 0));
    let name = "warehouse-broker";
    let arn = site.arn("mq", &format!("broker:{name}:{id}"));
    Item::new(site, "AWS::AmazonMQ::Broker", &id, &arn)
        .named(name)
        .tagged(&mut draw, name, "shipping")
        .configuration(json!({
            "Id": id, "Arn": arn, "BrokerName": name, "EngineType": "ACTIVEMQ",
            "EngineVersion": "5.18", "HostInstanceType": "mq.m5.large",
            "DeploymentMode": draw.either("ACTIVE_STANDBY_MULTI_AZ", "SINGLE_INSTANCE"),
            "PubliclyAccessible": !draw.ok(), "AutoMinorVersionUpgrade": draw.ok(),
            "AuthenticationStrategy": "SIMPLE", "StorageType": "EFS",
            "EncryptionOptions": {"UseAwsOwnedKey": false, "KmsKeyId": site.key("messages")},
            "Logs": {"General": draw.ok(), "Audit": draw.ok()},
            "SecurityGroups": [site.security_group(0)], "SubnetIds": [site.subnet(0)],
            "MaintenanceWindowStartTime": {"DayOfWeek": "SUNDAY", "TimeOfDay": "03:00",
                "TimeZone": "UTC"},
        }))
}

fn kafka(site: Site) -> Item {
    let mut draw = site.draw("msk", 0);
    let name = "order-stream";
    let arn = site.arn("kafka", &format!("cluster/{name}/{}", site.uuid("msk", 0)));
    let group = format!("/msk/{name}");
    Item::new(site, "AWS::MSK::Cluster", &arn, &arn)
        .named(name)
        .tagged(&mut draw, name, "orders")
        .configuration(json!({
            "Arn": arn, "ClusterName": name, "KafkaVersion": "3.8.x", "NumberOfBrokerNodes": 3,
            "EnhancedMonitoring": draw.either("PER_TOPIC_PER_BROKER", "DEFAULT"),
            "CurrentVersion": "K3AEGXETSR30VB",
            "BrokerNodeGroupInfo": {"InstanceType": "kafka.m7g.large",
                "ClientSubnets": [site.subnet(0), site.subnet(2)],
                "SecurityGroups": [site.security_group(0)],
                "ConnectivityInfo": {"PublicAccess": {"Type":
                    draw.either("DISABLED", "SERVICE_PROVIDED_EIPS")}},
                "StorageInfo": {"EBSStorageInfo": {"VolumeSize": 500}}},
            "EncryptionInfo": {
                "EncryptionAtRest": {"DataVolumeKMSKeyId": site.key("messages")},
                "EncryptionInTransit": {"InCluster": draw.ok(),
                    "ClientBroker": draw.either("TLS", "TLS_PLAINTEXT")}},
            "ClientAuthentication": {"Unauthenticated": {"Enabled": !draw.ok()},
                "Sasl": {"Iam": {"Enabled": true}}},
            "LoggingInfo": {"BrokerLogs": {"CloudWatchLogs":
                {"Enabled": draw.ok(), "LogGroup": group}}},
        }))
        .tag("CreatedOn", &time::days_ago(420))
}
