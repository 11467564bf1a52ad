//! The tags that the sample's owner gives, and those that tools leave.

use serde_json::{Map, Value, json};

use super::draw::{Draw, hash};
use super::site::Site;

/// Who owns an application.
const TEAMS: [&str; 5] = [
    "team-commerce",
    "team-fulfilment",
    "team-data",
    "team-platform",
    "team-growth",
];

/// The tags of a resource of an application. Careless owners leave theirs out; tools never do.
pub(super) fn of(site: Site, draw: &mut Draw, name: &str, app: &str) -> Map<String, Value> {
    let mut tags = Map::new();
    let mut add = |key: &str, value: String| {
        tags.insert(key.to_owned(), Value::String(value));
    };
    add("Name", name.to_owned());
    if draw.ok() {
        add("Environment", site.account.name.to_owned());
        add("Application", app.to_owned());
        let mut of_app = Draw::new(app, 0);
        add("Owner", of_app.pick(&TEAMS).to_owned());
        add("CostCenter", format!("CC-{}", 4_000 + hash(app) % 90));
    }
    if draw.ok() {
        add("Backup", "daily".to_owned());
    }
    match draw.below(100) {
        0..30 => {
            let stack = format!("{}-{app}", site.account.name);
            let id = site.uuid(&stack, 0);
            add(
                "aws:cloudformation:stack-id",
                site.arn("cloudformation", &format!("stack/{stack}/{id}")),
            );
            add("aws:cloudformation:stack-name", stack);
            add("aws:cloudformation:logical-id", logical(name));
        }
        30..70 => {
            add("ManagedBy", "terraform".to_owned());
            add("Repository", format!("infra-{app}"));
        }
        _ => {}
    }
    tags
}

/// Tags of what AWS Control Tower sets up through its stack set.
pub(super) fn control_tower(site: Site, logical_id: &str) -> Map<String, Value> {
    let stack = "StackSet-AWSControlTowerBP-BASELINE-CLOUDWATCH-7c1f0a52";
    let id = site.uuid(stack, 0);
    let value = json!({
        "aws:cloudformation:stack-name": stack,
        "aws:cloudformation:stack-id": site.arn("cloudformation", &format!("stack/{stack}/{id}")),
        "aws:cloudformation:logical-id": logical_id,
    });
    match value {
        Value::Object(tags) => tags,
        _ => Map::new(),
    }
}

/// A name as CloudFormation's logical ids are written: letters and digits only.
fn logical(name: &str) -> String {
    let mut starts = true;
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() {
            starts = true;
            continue;
        }
        text.push(if starts {
            letter.to_ascii_uppercase()
        } else {
            letter
        });
        starts = false;
    }
    text
}
