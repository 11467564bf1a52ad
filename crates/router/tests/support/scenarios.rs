//! Events for event-ruler's `perf-scenarios.json`.

use serde_json::{Value, json};

/// The events that the scenarios' names and notes describe.
pub(crate) fn generated(generator: &str, n: u64) -> Value {
    let strings: Vec<String> = (0..n).map(|i| format!("t{i}")).collect();
    let pair = |i: u64| json!({"a": i.to_string(), "b": i.to_string()});
    let partial = |i: u64| match i % 2 {
        0 => json!({"a": i.to_string()}),
        _ => json!({"b": i.to_string()}),
    };
    let pairs: Vec<Value> = (0..n).map(pair).collect();
    let halves: Vec<Value> = (0..n).map(partial).collect();
    let xy = |i: u64| json!({"x": i, "y": i});
    match generator {
        "primArrayPlusScalar" => json!({"d": {"tags": strings, "type": "G"}}),
        "primArrayOnly" => json!({"d": {"tags": strings}}),
        "objArrayBothFields" => json!({"d": pairs}),
        "objArrayLastValid" => json!({"d": ([halves, vec![pair(n)]].concat())}),
        "objArrayAllPartial" => json!({"d": halves}),
        "customerLike" => json!({"detail": {
            "data": {"name": strings, "type": "G", "domains": {"email": "t@x"}},
            "context": {"companyId": "c", "userId": "u", "email": "a@b"},
        }}),
        "primInsideObjArray" => json!({"detail": [
            {"data": {"name": strings, "type": "G"}},
            {"data": {"name": strings, "type": "G"}},
        ]}),
        "noObjArrayLargePrim" => json!({"detail": {"data": {"name": strings, "type": "G"}}}),
        "nested2Level" => {
            let inner: Vec<Value> = (0..10).map(xy).collect();
            let outer: Vec<Value> = (0..n).map(|_| json!({"b": inner})).collect();
            json!({"a": outer})
        }
        "deepNestedPrim" => {
            let element = json!({"b": {"tags": strings, "type": "G"}});
            json!({"a": [element, element, element]})
        }
        "wideRulePrimArray" => json!({"d": {"a": strings, "b": strings, "c": strings}}),
        "twoPrimArrays" => json!({"tags": strings, "cats": strings, "v": "1"}),
        "controlScalar" => json!({"a": 1, "b": 2}),
        other => panic!("no generator for {other}"),
    }
}
