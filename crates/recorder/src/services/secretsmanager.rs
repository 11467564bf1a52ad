//! Secrets Manager's secrets, never their values.
//!
//! Shapes: AWS Config's schema of `AWS::SecretsManager::Secret`. The listing gives what
//! `DescribeSecret` does.

use jiff::Timestamp;

use crate::declare::prelude::*;
use crate::shape::{add, pick};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "secretsmanager",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[SECRET],
    account: &[],
};

const SECRET: Collector = Collector {
    name: Some("Name"),
    arn: Some("ARN"),
    created: Some("CreatedDate"),
    shape: Some(secret),
    at: Some(is_on_schedule),
    tags: Tags::Listed("Tags"),
    details: &[
        detail("ListSecrets", "supplementaryConfiguration.DescribeSecret")
            .in_entry()
            .shape(dates),
    ],
    ..Collector::of(
        ResourceType::SecretsManagerSecret,
        call("ListSecrets").with(&[("MaxResults", Param::Json("100"))]),
        "SecretList[]",
        "ARN",
    )
};

fn secret(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("ARN", "ARN"),
            ("Description", "Description"),
            ("KMSKeyId", "KmsKeyId"),
            ("Name", "Name"),
            ("RotationEnabled", "RotationEnabled"),
            ("RotationLambdaARN", "RotationLambdaARN"),
        ],
    );
    if let Some(rules) = entry.get("RotationRules").filter(|rules| rules.is_object()) {
        let mut shaped = pick(
            rules,
            &[
                ("AutomaticallyAfterDays", "AutomaticallyAfterDays"),
                ("RotationDuration", "Duration"),
                ("RotationScheduleExpression", "ScheduleExpression"),
            ],
        );
        let schedule = rules.get("ScheduleExpression").and_then(Value::as_str);
        let hours = schedule.and_then(hours).map(|hours| json!(hours));
        add(&mut shaped, "AutomaticallyAfterHours", hours);
        add(configuration, "RotationRules", Some(shaped));
    }
}

/// The hours of a schedule such as `rate(12 hours)`.
/// Source: Secrets Manager user guide, schedule expressions.
fn hours(schedule: &str) -> Option<i64> {
    let rate = schedule.strip_prefix("rate(")?.strip_suffix(')')?;
    let (number, unit) = rate.trim().split_once(' ')?;
    let is_hours = matches!(unit.trim(), "hour" | "hours");
    number.parse().ok().filter(|_| is_hours)
}

/// A rotation is due on `NextRotationDate` at the latest; it is behind once that has passed.
/// Source: Secrets Manager API reference, `SecretListEntry`; AWS Config developer guide,
/// `secretsmanager-scheduled-rotation-success-check`.
fn is_on_schedule(configuration: &mut Value, entry: &Value, listed_at: Timestamp) {
    let due = value("NextRotationDate", entry).and_then(Value::as_str);
    let due = due.and_then(|text| text.parse::<Timestamp>().ok());
    let is_due = due.map(|due| json!(due >= listed_at));
    add(configuration, "RotationOccurringAsScheduled", is_due);
}

fn dates(entry: &Value) -> Value {
    pick(
        entry,
        &[
            ("CreatedDate", "CreatedDate"),
            ("LastAccessedDate", "LastAccessedDate"),
            ("LastRotatedDate", "LastRotatedDate"),
        ],
    )
}
