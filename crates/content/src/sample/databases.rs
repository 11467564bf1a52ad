//! RDS, Aurora, Neptune and DocumentDB, and their snapshots.

use serde_json::{Map, Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::time;

/// An engine, its version, port and exported logs.
type Engine = (&'static str, &'static str, u16, &'static [&'static str]);

const ENGINES: [Engine; 4] = [
    ("postgres", "16.8", 5_432, &["postgresql", "upgrade"]),
    (
        "mysql",
        "8.0.41",
        3_306,
        &["audit", "error", "general", "slowquery"],
    ),
    (
        "mariadb",
        "10.11.11",
        3_306,
        &["audit", "error", "general", "slowquery"],
    ),
    ("postgres", "15.12", 5_432, &["postgresql", "upgrade"]),
];

const CLUSTER_ENGINES: [Engine; 4] = [
    ("aurora-postgresql", "16.6", 5_432, &["postgresql"]),
    (
        "aurora-mysql",
        "8.0.mysql_aurora.3.08.2",
        3_306,
        &["audit", "error", "slowquery"],
    ),
    ("docdb", "5.0.0", 27_017, &["audit", "profiler"]),
    ("neptune", "1.4.5.1", 8_182, &["audit"]),
];

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(9) {
        estate.add(instance(site, n));
        if n.is_multiple_of(2) {
            estate.add(snapshot(site, n));
        }
    }
    let clusters = if site.account.name == "production" {
        6
    } else {
        4
    };
    for n in 0..site.count(clusters).max(2) {
        estate.add(cluster(site, n));
        estate.add(cluster_snapshot(site, n));
    }
    estate.add(subnet_group(site));
    if site.is_home() {
        estate.add(security_group(site, "default"));
        if site.account.name == "sandbox" {
            estate.add(security_group(site, "classic-import"));
        }
    }
    let gone = instance(site, 900);
    estate.add(gone.clone());
    estate.add(gone.deleted());
}

fn engine(of: &[Engine], n: usize) -> Engine {
    of.get(n % of.len().max(1))
        .copied()
        .unwrap_or(("postgres", "16.8", 5_432, &[]))
}

fn extended(first: Value, second: Value) -> Value {
    let mut members = match first {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    if let Value::Object(more) = second {
        members.extend(more);
    }
    Value::Object(members)
}

fn instance(site: Site, n: usize) -> Item {
    let mut draw = site.draw("rds", n);
    let app = site.app(n);
    let name = format!("{app}-db-{}", n + 1);
    let id = site.capitals("db-", n, 26);
    let arn = site.arn("rds", &format!("db:{name}"));
    let (engine, version, port, logs) = engine(&ENGINES, n);
    let is_encrypted = draw.ok();
    let exported: Vec<&str> = logs.iter().copied().filter(|_| draw.ok()).collect();
    let first = json!({
        "dBInstanceIdentifier": name, "dBInstanceArn": arn, "dbiResourceId": id,
        "dBInstanceClass": draw.pick(&["db.m6g.large", "db.r6g.large", "db.t4g.medium"]),
        "engine": engine, "engineVersion": version, "dBInstanceStatus": "available",
        "masterUsername": draw.either("shopowner", "admin"), "dBName": app, "dbInstancePort": 0,
        "endpoint": {"address": format!("{name}.{}.{}.rds.amazonaws.com",
            site.hex("rds", n, 12), site.region.name), "port": port},
        "allocatedStorage": draw.pick(&[100, 200, 500]), "storageType": "gp3",
        "instanceCreateTime": time::days_ago(draw.between(60, 900)),
        "backupRetentionPeriod": draw.either(14, 0), "preferredBackupWindow": "03:10-03:40",
        "preferredMaintenanceWindow": "sun:04:10-sun:04:40", "availabilityZone": site.zone(n),
        "multiAZ": draw.ok(), "autoMinorVersionUpgrade": draw.ok(),
        "publiclyAccessible": !draw.ok(), "storageEncrypted": is_encrypted,
        "kmsKeyId": is_encrypted.then(|| site.key("data")),
    });
    let second = json!({
        "deletionProtection": draw.ok(), "copyTagsToSnapshot": draw.ok(),
        "iAMDatabaseAuthenticationEnabled": draw.ok(),
        "enabledCloudwatchLogsExports": exported,
        "monitoringInterval": draw.either(60, 0), "monitoringRoleArn": site.role("rds-monitoring"),
        "performanceInsightsEnabled": draw.ok(), "licenseModel": "general-public-license",
        "cACertificateIdentifier": "rds-ca-rsa2048-g1", "dBSecurityGroups": [],
        "vpcSecurityGroups": [{"vpcSecurityGroupId": site.security_group(n), "status": "active"}],
        "dBParameterGroups": [{"dBParameterGroupName": format!("{app}-params"),
            "parameterApplyStatus": "in-sync"}],
        "dBSubnetGroup": {"dBSubnetGroupName": "private", "vpcId": site.vpc(0),
            "dBSubnetGroupDescription": "private subnets", "subnetGroupStatus": "Complete"},
        "readReplicaDBInstanceIdentifiers": [], "associatedRoles": [], "domainMemberships": [],
    });
    Item::new(site, "AWS::RDS::DBInstance", &id, &arn)
        .named(&name)
        .in_zone(&site.zone(n))
        .tagged(&mut draw, &name, app)
        .related(
            "AWS::EC2::SecurityGroup",
            &site.security_group(n),
            "Is associated with SecurityGroup",
        )
        .related(
            "AWS::RDS::DBSubnetGroup",
            "private",
            "Is associated with DBSubnetGroup",
        )
        .configuration(extended(first, second))
}

fn cluster(site: Site, n: usize) -> Item {
    let mut draw = site.draw("rds-cluster", n);
    let app = site.app(n + 3);
    let (engine, version, port, logs) = engine(&CLUSTER_ENGINES, n);
    let name = format!(
        "{app}-{}-{}",
        engine.split('-').next().unwrap_or(engine),
        n + 1
    );
    let id = site.capitals("cluster-", n, 26);
    let arn = site.arn("rds", &format!("cluster:{name}"));
    let is_encrypted = draw.ok();
    let exported: Vec<&str> = logs.iter().copied().filter(|_| draw.ok()).collect();
    let first = json!({
        "dbclusterIdentifier": name, "dbclusterArn": arn, "dbClusterResourceId": id,
        "engine": engine, "engineVersion": version, "engineMode": "provisioned", "port": port,
        "status": "available", "masterUsername": draw.either("shopowner", "admin"),
        "databaseName": app, "allocatedStorage": 1, "backupRetentionPeriod": draw.either(14, 1),
        "endpoint": format!("{name}.cluster-{}.{}.rds.amazonaws.com",
            site.hex("rds", n, 12), site.region.name),
        "clusterCreateTime": time::days_ago(draw.between(60, 900)),
        "availabilityZones": [site.zone(0), site.zone(1), site.zone(2)],
        "multiAZ": draw.ok(), "storageEncrypted": is_encrypted,
        "kmsKeyId": is_encrypted.then(|| site.key("data")),
    });
    let second = json!({
        "deletionProtection": draw.ok(), "copyTagsToSnapshot": draw.ok(),
        "iamdatabaseAuthenticationEnabled": draw.ok(), "crossAccountClone": false,
        "enabledCloudwatchLogsExports": exported, "autoMinorVersionUpgrade": draw.ok(),
        "preferredBackupWindow": "04:48-05:18", "backtrackWindow": draw.either(86_400, 0),
        "preferredMaintenanceWindow": "fri:03:50-fri:04:20", "httpEndpointEnabled": false,
        "dbsubnetGroup": "private", "dbclusterParameterGroup": format!("{app}-cluster"),
        "dbclusterMembers": [
            {"isClusterWriter": true, "promotionTier": 1,
                "dbinstanceIdentifier": format!("{name}-1")},
            {"isClusterWriter": false, "promotionTier": 1,
                "dbinstanceIdentifier": format!("{name}-2")}],
        "vpcSecurityGroups": [{"vpcSecurityGroupId": site.security_group(n), "status": "active"}],
        "associatedRoles": [], "readReplicaIdentifiers": [], "activityStreamStatus": "stopped",
    });
    Item::new(site, "AWS::RDS::DBCluster", &id, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(extended(first, second))
}

/// Who may restore a snapshot: nobody else, a named account, or by mistake everybody.
fn restorable_by(site: Site, n: usize) -> Value {
    let mut draw = site.draw("restore", n);
    let by = match (draw.ok(), draw.percent(60)) {
        (true, _) => json!([]),
        (false, true) => json!(["444455556666"]),
        (false, false) => json!(["all"]),
    };
    json!([{"attributeName": "restore", "attributeValues": by}])
}

fn snapshot(site: Site, n: usize) -> Item {
    let mut draw = site.draw("rds-snapshot", n);
    let (engine, version, port, _) = engine(&ENGINES, n);
    let database = format!("{}-db-{}", site.app(n), n + 1);
    let name = format!("{database}-before-upgrade");
    let arn = site.arn("rds", &format!("snapshot:{name}"));
    let is_encrypted = draw.ok();
    Item::new(site, "AWS::RDS::DBSnapshot", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(json!({
            "dBSnapshotIdentifier": name, "dBSnapshotArn": arn, "dBInstanceIdentifier": database,
            "dbiResourceId": site.capitals("db-", n, 26), "engine": engine,
            "engineVersion": version, "port": port, "status": "available",
            "snapshotType": "manual", "percentProgress": 100, "allocatedStorage": 100,
            "encrypted": is_encrypted, "kmsKeyId": is_encrypted.then(|| site.key("data")),
            "snapshotCreateTime": time::days_ago(draw.between(20, 300)), "vpcId": site.vpc(0),
            "masterUsername": "shopowner", "availabilityZone": site.zone(n),
        }))
        .with("DBSnapshotAttributes", restorable_by(site, n))
        .unread_in(
            4,
            &mut draw,
            "DBSnapshotAttributes",
            "rds:DescribeDBSnapshotAttributes",
        )
}

fn cluster_snapshot(site: Site, n: usize) -> Item {
    let mut draw = site.draw("rds-cluster-snapshot", n);
    let (engine, version, port, _) = engine(&CLUSTER_ENGINES, n);
    let app = site.app(n + 3);
    let cluster = format!(
        "{app}-{}-{}",
        engine.split('-').next().unwrap_or(engine),
        n + 1
    );
    let name = format!("{cluster}-monthly");
    let arn = site.arn("rds", &format!("cluster-snapshot:{name}"));
    let is_encrypted = draw.ok();
    Item::new(site, "AWS::RDS::DBClusterSnapshot", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(json!({
            "dbclusterSnapshotIdentifier": name, "dbclusterSnapshotArn": arn,
            "dbclusterIdentifier": cluster, "engine": engine, "engineVersion": version,
            "port": port, "status": "available", "snapshotType": "manual",
            "percentProgress": 100, "allocatedStorage": 1, "storageEncrypted": is_encrypted,
            "kmsKeyId": is_encrypted.then(|| site.key("data")),
            "snapshotCreateTime": time::days_ago(draw.between(20, 60)), "vpcId": site.vpc(0),
            "availabilityZones": [site.zone(0), site.zone(1)], "masterUsername": "shopowner",
        }))
        .with("DBClusterSnapshotAttributes", restorable_by(site, 500 + n))
}

fn subnet_group(site: Site) -> Item {
    let arn = site.arn("rds", "subgrp:private");
    let subnets: Vec<Value> = (0..2)
        .map(|n| {
            json!({"subnetIdentifier": site.id("subnet", 2 + n), "subnetStatus": "Active",
                "subnetAvailabilityZone": {"name": site.zone(n)}})
        })
        .collect();
    Item::new(site, "AWS::RDS::DBSubnetGroup", "private", &arn)
        .named("private")
        .configuration(json!({
            "dBSubnetGroupName": "private", "dBSubnetGroupDescription": "private subnets",
            "vpcId": site.id("vpc", 0), "subnetGroupStatus": "Complete", "subnets": subnets,
            "dBSubnetGroupArn": arn,
        }))
}

/// What databases outside a VPC once had.
fn security_group(site: Site, name: &str) -> Item {
    let arn = site.arn("rds", &format!("secgrp:{name}"));
    Item::new(site, "AWS::RDS::DBSecurityGroup", name, &arn)
        .named(name)
        .configuration(json!({
            "dBSecurityGroupName": name, "dBSecurityGroupDescription": name,
            "dBSecurityGroupArn": arn, "ownerId": site.account.id, "iPRanges": [],
            "eC2SecurityGroups": [],
        }))
}
