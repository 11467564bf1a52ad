//! ECS, EKS and ECR.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;

pub(super) fn add(site: Site, estate: &mut Estate) {
    estate.add(ecs_cluster(site));
    for n in 0..site.count(6) {
        // A family keeps its older revisions; rules judge the newest.
        if n.is_multiple_of(3) {
            estate.add(task_definition(site, n, 11));
        }
        estate.add(task_definition(site, n, 12));
        estate.add(ecs_service(site, n));
    }
    for n in 0..site.count(2) {
        estate.add(eks_cluster(site, n));
    }
    for n in 0..site.count(6) {
        estate.add(repository(site, n));
    }
}

fn cluster_arn(site: Site) -> String {
    site.arn("ecs", &format!("cluster/{}", site.account.name))
}

fn ecs_cluster(site: Site) -> Item {
    let mut draw = site.draw("ecs-cluster", 0);
    let arn = cluster_arn(site);
    Item::new(site, "AWS::ECS::Cluster", &arn, &arn)
        .named(site.account.name)
        .tagged(&mut draw, site.account.name, "shop")
        .configuration(json!({
            "Arn": arn, "ClusterName": site.account.name,
            "ClusterSettings": [{"Name": "containerInsights",
                "Value": draw.either("enabled", "disabled")}],
            "CapacityProviders": ["FARGATE"], "DefaultCapacityProviderStrategy": [],
            "Configuration": {"ExecuteCommandConfiguration": {"Logging": "DEFAULT",
                "KmsKeyId": site.key("data")}},
        }))
}

fn task_definition(site: Site, n: usize, revision: u32) -> Item {
    let mut draw = site.draw("task", n * 100 + revision as usize);
    let app = site.app(n);
    let family = format!("{app}-api-{}", n + 1);
    let arn = site.arn("ecs", &format!("task-definition/{family}:{revision}"));
    let on_host = n % 5 == 4;
    let mut container = json!({
        "Name": "app", "Cpu": 0, "Essential": true, "Privileged": false,
        "Image": format!("{}.dkr.ecr.{}.amazonaws.com/{app}:{}", site.account.id,
            site.region.name, draw.between(100, 480)),
        "PortMappings": [{"ContainerPort": 8_080, "HostPort": 8_080, "Protocol": "tcp"}],
        "Environment": [{"Name": "STAGE", "Value": site.account.name}],
        "Secrets": [{"Name": "DB_PASSWORD", "ValueFrom": super::keys::secret_arn(site, n)}],
        "ReadonlyRootFilesystem": draw.ok(), "MountPoints": [], "VolumesFrom": [],
        "User": draw.either("1000", "root"),
    });
    if let (true, Some(members)) = (draw.ok(), container.as_object_mut()) {
        let options = json!({"awslogs-group": format!("/ecs/{family}"),
            "awslogs-region": site.region.name, "awslogs-stream-prefix": "app"});
        members.insert(
            "LogConfiguration".to_owned(),
            json!({"LogDriver": "awslogs", "Options": options}),
        );
    }
    let status = if revision == 12 { "ACTIVE" } else { "INACTIVE" };
    let (network, compatibility) = if on_host {
        ("host", "EC2")
    } else {
        ("awsvpc", "FARGATE")
    };
    let mut configuration = json!({
        "TaskDefinitionArn": arn, "Family": family, "Status": status, "NetworkMode": network,
        "RequiresCompatibilities": [compatibility], "Cpu": "512", "Memory": "1024",
        "ExecutionRoleArn": site.role("ecs-task-execution"),
        "TaskRoleArn": site.role(&format!("{app}-app")), "ContainerDefinitions": [container],
        "Volumes": [], "PlacementConstraints": [],
    });
    if let (false, true, Some(members)) = (draw.ok(), on_host, configuration.as_object_mut()) {
        members.insert("PidMode".to_owned(), json!("host"));
    }
    Item::new(site, "AWS::ECS::TaskDefinition", &arn, &arn)
        .named(&format!("{family}:{revision}"))
        .tagged(&mut draw, &family, app)
        .configuration(configuration)
}

fn ecs_service(site: Site, n: usize) -> Item {
    let mut draw = site.draw("ecs-service", n);
    let app = site.app(n);
    let name = format!("{app}-api-{}", n + 1);
    let arn = site.arn("ecs", &format!("service/{}/{name}", site.account.name));
    let task = site.arn("ecs", &format!("task-definition/{name}:12"));
    Item::new(site, "AWS::ECS::Service", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .related("AWS::ECS::TaskDefinition", &task, "Is associated with ")
        .configuration(json!({
            "ServiceArn": arn, "ServiceName": name, "Cluster": cluster_arn(site),
            "TaskDefinition": task, "DesiredCount": draw.between(2, 6), "LaunchType": "FARGATE",
            "PlatformVersion": "LATEST", "SchedulingStrategy": "REPLICA",
            "EnableECSManagedTags": true, "EnableExecuteCommand": !draw.ok(),
            "NetworkConfiguration": {"AwsvpcConfiguration": {
                "AssignPublicIp": draw.either("DISABLED", "ENABLED"),
                "SecurityGroups": [site.security_group(n)], "Subnets": [site.subnet(n)]}},
            "DeploymentConfiguration": {"MaximumPercent": 200, "MinimumHealthyPercent": 100,
                "DeploymentCircuitBreaker": {"Enable": draw.ok(), "Rollback": true}},
            "LoadBalancers": [],
        }))
}

fn eks_cluster(site: Site, n: usize) -> Item {
    let mut draw = site.draw("eks", n);
    let name = format!("{}-{}", site.account.name, n + 1);
    let arn = site.arn("eks", &format!("cluster/{name}"));
    let types: Vec<Value> = [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    ]
    .into_iter()
    .filter(|_| draw.ok())
    .map(|kind| json!({"Type": kind}))
    .collect();
    let is_open = !draw.ok();
    let encryption = if draw.ok() {
        json!([{"Provider": {"KeyArn": site.key("data")}, "Resources": ["secrets"]}])
    } else {
        json!([])
    };
    let endpoint = format!("{}.gr7.{}", site.hex("eks", n, 32), site.region.name);
    Item::new(site, "AWS::EKS::Cluster", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, "shop")
        .configuration(json!({
            "Arn": arn, "Name": name, "Version": draw.either("1.34", "1.29"),
            "ClusterStatus": "ACTIVE", "RoleArn": site.role("eks-cluster"),
            "Endpoint": format!("https://{endpoint}.eks.amazonaws.com"),
            "OpenIdConnectIssuerUrl": format!("https://oidc.eks.{}.amazonaws.com/id/{}",
                site.region.name, site.hex("oidc", n, 32)),
            "ResourcesVpcConfig": {
                "EndpointPublicAccess": is_open, "EndpointPrivateAccess": true,
                "PublicAccessCidrs": if is_open { json!(["0.0.0.0/0"]) } else { json!([]) },
                "SecurityGroupIds": [site.security_group(n)],
                "SubnetIds": [site.subnet(n), site.subnet(n + 2)],
            },
            "KubernetesNetworkConfig": {"ServiceIpv4Cidr": "172.20.0.0/16", "IpFamily": "ipv4"},
            "Logging": {"ClusterLogging": {"EnabledTypes": types}},
            "EncryptionConfig": encryption,
        }))
}

fn repository(site: Site, n: usize) -> Item {
    let mut draw = site.draw("ecr", n);
    let app = site.app(n);
    let arn = site.arn("ecr", &format!("repository/{app}"));
    let lifecycle = if draw.ok() {
        json!({"RegistryId": site.account.id, "LifecyclePolicyText": json!({"rules": [{
            "rulePriority": 1, "description": "keep 50", "action": {"type": "expire"},
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan",
                "countNumber": 50}}]}).to_string()})
    } else {
        json!({})
    };
    Item::new(site, "AWS::ECR::Repository", app, &arn)
        .named(app)
        .tagged(&mut draw, app, app)
        .configuration(json!({
            "Arn": arn, "RepositoryName": app,
            "ImageTagMutability": draw.either("IMMUTABLE", "MUTABLE"),
            "ImageScanningConfiguration": {"ScanOnPush": draw.ok()},
            "LifecyclePolicy": lifecycle, "RepositoryPolicyText": {},
        }))
}
