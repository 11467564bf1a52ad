//! JSON values that are nearly right.

use serde_json::{Value, json};

use crate::mutator::Random;

/// A value of another kind than is expected, or none.
fn other(random: &mut Random) -> Value {
    let deep = (0..60).fold(json!(1), |inside, _| json!([inside]));
    let values = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("*"),
        json!("{"),
        json!("%7B%"),
        json!("0001-01-01T00:00:00Z"),
        json!("é\u{202e}"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"": {}}),
        json!([[], {}, ""]),
        deep,
        json!("a".repeat(5_000)),
        json!("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[]}}}"),
        json!("999999999999999999999"),
        json!("-1"),
        json!("cron(x)"),
        json!("0.0.0.0/99"),
        json!("::/0"),
    ];
    random.one_of(&values).clone()
}

/// A value in which one to four places hold something else.
pub(crate) fn value(random: &mut Random, seed: &Value) -> Value {
    let mut value = seed.clone();
    for _ in 0..=random.below(4) {
        inside(random, &mut value);
    }
    value
}

/// Changes something inside a value; the value itself where there is nothing in it.
fn inside(random: &mut Random, value: &mut Value) {
    let part = match value {
        Value::Object(members) => {
            let place = random.below(members.len());
            members.values_mut().nth(place)
        }
        Value::Array(elements) => {
            let place = random.below(elements.len());
            elements.get_mut(place)
        }
        _ => None,
    };
    match part {
        None => *value = other(random),
        Some(part) if random.below(6) == 0 => *part = other(random),
        Some(part) => inside(random, part),
    }
}
