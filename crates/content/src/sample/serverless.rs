//! Lambda functions, state machines, Elastic Beanstalk environments.

use serde_json::{Value, json};

use super::Estate;
use super::draw::Draw;
use super::item::Item;
use super::site::Site;
use super::{tags, time};

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(14) {
        estate.add(function(site, n));
    }
    estate.add(control_tower_function(site));
    for n in 0..site.count(3) {
        estate.add(state_machine(site, n));
    }
    for n in 0..site.count(2) {
        estate.add(environment(site, n));
    }
    let gone = function(site, 900);
    estate.add(gone.clone());
    estate.add(gone.deleted());
}

fn configuration(site: Site, n: usize, name: &str, arn: &str, draw: &mut Draw) -> Value {
    let dead_letters = if draw.ok() {
        json!({"targetArn": site.arn("sqs", "lambda-dead-letters")})
    } else {
        Value::Null
    };
    let network = if draw.ok() {
        json!({"subnetIds": [site.subnet(n), site.subnet(n + 2)],
            "securityGroupIds": [site.security_group(n)]})
    } else {
        json!({"subnetIds": [], "securityGroupIds": []})
    };
    // Most were left as the console makes them.
    let (timeout, memory) = if draw.percent(75) {
        (3, 128)
    } else {
        draw.pick(&[(15, 256), (30, 512), (60, 1_024)])
    };
    json!({
        "functionName": name, "functionArn": arn, "handler": "app.handler",
        "runtime": draw.of(&["python3.12", "nodejs20.x", "java21"], &["python3.8", "nodejs16.x", "go1.x"]),
        "role": site.role(&format!("{}-app", site.app(n))), "codeSize": draw.between(900, 8_000_000),
        "description": "", "timeout": timeout,
        "memorySize": memory, "version": "$LATEST",
        "lastModified": time::days_ago(draw.between(2, 400)), "packageType": "Zip",
        "codeSha256": format!("{}=", site.hex("code", n, 32)), "architectures": ["arm64"],
        "deadLetterConfig": dead_letters, "vpcConfig": network, "layers": [],
        "tracingConfig": {"mode": draw.either("Active", "PassThrough")},
        "ephemeralStorage": {"size": 512}, "revisionId": site.uuid("revision", n),
    })
}

fn function(site: Site, n: usize) -> Item {
    let mut draw = site.draw("lambda", n);
    let app = site.app(n);
    let task = match n % 4 {
        0 => "ingest",
        1 => "webhook",
        2 => "nightly",
        _ => "notify",
    };
    let name = format!("{app}-{task}-{}", n + 1);
    let arn = site.arn("lambda", &format!("function:{name}"));
    let configuration = configuration(site, n, &name, &arn, &mut draw);
    let item = Item::new(site, "AWS::Lambda::Function", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(configuration)
        .with("Concurrency", json!({"reservedConcurrentExecutions": 20}));
    let policy = if draw.ok() {
        super::policies::allow_service("s3.amazonaws.com", "lambda:InvokeFunction", &arn, site)
    } else {
        super::policies::allow_everybody("lambda:InvokeFunction", &arn)
    };
    item.with("Policy", json!(policy.to_string())).unread_in(
        3,
        &mut draw,
        "Policy",
        "lambda:GetPolicy",
    )
}

/// What AWS Control Tower puts into every account that it governs.
fn control_tower_function(site: Site) -> Item {
    let name = "aws-controltower-NotificationForwarder";
    let arn = site.arn("lambda", &format!("function:{name}"));
    let mut draw = site.draw("controltower", 0).with_care(100);
    let mut configuration = configuration(site, 0, name, &arn, &mut draw);
    if let Some(members) = configuration.as_object_mut() {
        members.insert("runtime".to_owned(), json!("python3.12"));
        members.insert("deadLetterConfig".to_owned(), Value::Null);
        members.insert(
            "vpcConfig".to_owned(),
            json!({"subnetIds": [], "securityGroupIds": []}),
        );
    }
    let policy =
        super::policies::allow_service("sns.amazonaws.com", "lambda:InvokeFunction", &arn, site);
    tags::control_tower(site, "ForwardSnsNotification")
        .iter()
        .fold(
            Item::new(site, "AWS::Lambda::Function", name, &arn),
            |item, (key, value)| item.tag(key, value.as_str().unwrap_or_default()),
        )
        .named(name)
        .configuration(configuration)
        .with("Policy", json!(policy.to_string()))
}

fn state_machine(site: Site, n: usize) -> Item {
    let mut draw = site.draw("states", n);
    let app = site.app(n);
    let name = format!("{app}-workflow");
    let arn = site.arn("states", &format!("stateMachine:{name}"));
    let group = site.arn(
        "logs",
        &format!("log-group:/aws/vendedlogs/states/{name}:*"),
    );
    let level = draw.either("ALL", "OFF");
    Item::new(site, "AWS::StepFunctions::StateMachine", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(json!({
            "Arn": arn, "StateMachineName": name, "StateMachineType": "STANDARD",
            "RoleArn": site.role(&format!("{app}-app")),
            "LoggingConfiguration": {"Level": level, "IncludeExecutionData": false,
                "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": group}}]},
            "TracingConfiguration": {"Enabled": draw.ok()},
        }))
}

fn environment(site: Site, n: usize) -> Item {
    let mut draw = site.draw("beanstalk", n);
    let app = site.app(n);
    let name = format!("{app}-web");
    let id = format!("e-{}", site.hex("beanstalk", n, 10));
    let arn = site.arn("elasticbeanstalk", &format!("environment/{app}/{name}"));
    let value = |text: &str| json!({"value": text});
    let settings = json!({
        "aws:elasticbeanstalk:healthreporting:system":
            {"SystemType": value(draw.either("enhanced", "basic"))},
        "aws:elasticbeanstalk:cloudwatch:logs": {
            "StreamLogs": value(draw.either("true", "false")),
            "RetentionInDays": value("365"), "DeleteOnTerminate": value("false")},
        "aws:elasticbeanstalk:managedactions":
            {"ManagedActionsEnabled": value(draw.either("true", "false"))},
        "aws:elasticbeanstalk:managedactions:platformupdate": {"UpdateLevel": value("minor")},
        "aws:autoscaling:launchconfiguration":
            {"DisableIMDSv1": value(draw.either("true", "false"))},
    });
    Item::new(site, "AWS::ElasticBeanstalk::Environment", &id, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(json!({
            "applicationName": app, "environmentName": name, "environmentId": id,
            "environmentArn": arn, "status": "Ready", "versionLabel": format!("v{}", n + 40),
            "cNAME": format!("{name}.{}.elasticbeanstalk.com", site.region.name),
            "solutionStackName": "64bit Amazon Linux 2023 v4.5.2 running Python 3.13",
            "dateCreated": time::days_ago(300), "dateUpdated": time::days_ago(draw.between(3, 90)),
            "tier": {"name": "WebServer", "type": "Standard", "version": "1.0"},
            "optionSettings": settings,
        }))
}
