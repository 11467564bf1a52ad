//! What brings software out: stacks, builds, deployments, pipelines, portfolios.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::time;

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(4) {
        estate.add(stack(
            site,
            n,
            &format!("{}-{}", site.account.name, site.app(n)),
        ));
    }
    estate.add(stack(
        site,
        800,
        "StackSet-AWSControlTowerBP-BASELINE-CLOUDWATCH-7c1f0a52",
    ));
    for n in 0..site.count(4) {
        estate.add(project(site, n));
    }
    for n in 0..site.count(4) {
        estate.add(deployment_group(site, n));
        estate.add(pipeline(site, n));
    }
    if site.account.name == "platform" {
        estate.add(portfolio(site));
    }
}

fn stack(site: Site, n: usize, name: &str) -> Item {
    let mut draw = site.draw("stack", n);
    let arn = site.arn(
        "cloudformation",
        &format!("stack/{name}/{}", site.uuid(name, 0)),
    );
    let topics = if draw.ok() && n < 800 {
        json!([site.alerts()])
    } else {
        json!([])
    };
    let protected = draw.either("true", "false");
    let item = Item::new(site, "AWS::CloudFormation::Stack", &arn, &arn)
        .named(name)
        .configuration(json!({
            "stackId": arn, "stackName": name, "description": "", "parameters": [],
            "creationTime": time::days_ago(draw.between(50, 900)), "disableRollback": "false",
            "stackStatus": "UPDATE_COMPLETE", "notificationARNs": topics,
            "capabilities": ["CAPABILITY_NAMED_IAM"], "outputs": [],
            "enableTerminationProtection": protected,
            "driftInformation": {"stackDriftStatus": draw.either("IN_SYNC", "DRIFTED")},
        }))
        .with("EnableTerminationProtection", json!(protected));
    if n >= 800 {
        return item.tag("aws:cloudformation:stack-name", name);
    }
    item.tag("Environment", site.account.name)
}

fn project(site: Site, n: usize) -> Item {
    let mut draw = site.draw("codebuild", n);
    let app = site.app(n);
    let name = format!("{app}-build");
    let arn = site.arn("codebuild", &format!("project/{name}"));
    let location = match (n % 3, draw.ok()) {
        (0, true) => "https://bitbucket.org/example-shop/orders.git".to_owned(),
        (0, false) => "https://builder:hunter2@bitbucket.org/example-shop/orders.git".to_owned(),
        _ => format!("https://github.com/example-shop/{app}.git"),
    };
    let mut variables = vec![json!({"name": "STAGE", "value": site.account.name,
        "type": "PLAINTEXT"})];
    if !draw.ok() {
        variables.push(json!({"name": "AWS_ACCESS_KEY_ID", "type": "PLAINTEXT",
            "value": "AKIAIOSFODNN7EXAMPLE"}));
    }
    let kind = if n.is_multiple_of(3) {
        "BITBUCKET"
    } else {
        "GITHUB"
    };
    Item::new(site, "AWS::CodeBuild::Project", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(json!({
            "name": name, "description": "", "serviceRole": site.role("codebuild"),
            "source": {"type": kind, "location": location, "gitCloneDepth": 1,
                "reportBuildStatus": true},
            "secondarySources": [], "secondaryArtifacts": [], "timeoutInMinutes": 60,
            "artifacts": {"type": "S3", "location": super::storage::logs_bucket(site),
                "encryptionDisabled": !draw.ok(), "packaging": "ZIP"},
            "environment": {"type": "LINUX_CONTAINER", "privilegedMode": !draw.ok(),
                "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                "computeType": "BUILD_GENERAL1_MEDIUM", "environmentVariables": variables},
            "logsConfig": {"cloudWatchLogs": {"status": "ENABLED"},
                "s3Logs": {"status": draw.either("ENABLED", "DISABLED"),
                    "encryptionDisabled": !draw.ok(),
                    "location": format!("{}/codebuild", super::storage::logs_bucket(site))}},
            "encryptionKey": site.key("data"), "queuedtimeoutInMinutes": 480,
        }))
}

fn deployment_group(site: Site, n: usize) -> Item {
    let mut draw = site.draw("codedeploy", n);
    let app = site.app(n);
    let arn = site.arn("codedeploy", &format!("deploymentgroup:{app}/live"));
    let (platform, configuration) = if n.is_multiple_of(2) {
        let stepwise = "CodeDeployDefault.LambdaCanary10Percent5Minutes";
        (
            "Lambda",
            draw.either(stepwise, "CodeDeployDefault.LambdaAllAtOnce"),
        )
    } else {
        ("Server", "CodeDeployDefault.OneAtATime")
    };
    let id = site.uuid("codedeploy", n);
    Item::new(site, "AWS::CodeDeploy::DeploymentGroup", &id, &arn)
        .named("live")
        .configuration(json!({
            "applicationName": app, "deploymentGroupId": id, "deploymentGroupName": "live",
            "computePlatform": platform, "deploymentConfigName": configuration,
            "serviceRoleArn": site.role("codedeploy"), "autoScalingGroups": [],
            "autoRollbackConfiguration": {"enabled": draw.ok(),
                "events": ["DEPLOYMENT_FAILURE"]},
            "alarmConfiguration": {"enabled": draw.ok(), "alarms": []},
            "deploymentStyle": {"deploymentType": "BLUE_GREEN",
                "deploymentOption": "WITH_TRAFFIC_CONTROL"},
        }))
}

fn action(name: &str, category: &str, provider: &str) -> Value {
    json!({"name": name, "runOrder": 1, "actionTypeId": {"category": category, "owner": "AWS",
        "provider": provider, "version": "1"}, "inputArtifacts": [], "outputArtifacts": []})
}

fn pipeline(site: Site, n: usize) -> Item {
    let mut draw = site.draw("codepipeline", n);
    let name = format!("{}-pipeline", site.app(n));
    let arn = site.arn("codepipeline", &name);
    let mut first = vec![action("canary", "Deploy", "CodeDeploy")];
    if !draw.ok() {
        first.push(action("everywhere", "Deploy", "CodeDeploy"));
    }
    Item::new(site, "AWS::CodePipeline::Pipeline", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(json!({
            "metadata": {"pipelineArn": arn, "created": time::days_ago(400)},
            "pipeline": {
                "name": name, "version": draw.between(1, 20), "roleArn": site.role("pipeline"),
                "artifactStore": {"type": "S3", "location": super::storage::logs_bucket(site),
                    "encryptionKey": {"type": "KMS", "id": site.key("data")}},
                "stages": [
                    {"name": "Source", "actions": [action("source", "Source", "CodeCommit")]},
                    {"name": "Build", "actions": [action("build", "Build", "CodeBuild")]},
                    {"name": "Canary", "actions": first},
                    {"name": "Live", "actions": [action("live", "Deploy", "CodeDeploy")]},
                ],
            },
        }))
}

fn portfolio(site: Site) -> Item {
    let mut draw = site.draw("portfolio", 0);
    let id = format!("port-{}", site.hex("portfolio", 0, 13));
    let arn = site.arn("catalog", &format!("portfolio/{id}"));
    let share = if site.region.name == "us-west-2" {
        "ACCOUNT"
    } else {
        "ORGANIZATION"
    };
    Item::new(site, "AWS::ServiceCatalog::Portfolio", &id, &arn)
        .named("golden-paths")
        .tagged(&mut draw, "golden-paths", "platform")
        .configuration(json!({"providerName": "team-platform", "tagOptions": []}))
        .with(
            "DescribePortfolioShares",
            json!({"PortfolioShareDetails": [{"Type": share, "Accepted": true,
                "PrincipalId": "444455556666", "ShareTagOptions": false}]}),
        )
}
