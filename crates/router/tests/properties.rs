//! A set of rules gives what each of its patterns gives alone, whatever was added and removed.

use posture_model::tree::{self, Bump};
use posture_router::{Pattern, RuleSet};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

const TEXTS: &[&str] = &[
    "", "a", "ab", "abc", "ABC", "bc", "c", "ß", "SS", "K", "k", "\u{212a}", "10.0.0.1", "::1",
    "a*c",
];

fn text() -> impl Strategy<Value = Value> {
    select(TEXTS).prop_map(Value::from)
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text(),
        2 => (-3_i64..4).prop_map(Value::from),
        1 => select(vec![json!(null), json!(true), json!(false), json!(0.5), json!(1e2), json!(9_007_199_254_740_993_i64)]),
    ]
}

fn wildcard() -> impl Strategy<Value = Value> {
    vec(select(vec!["*", "a", "b", "ab", "c", "\\*"]), 0..5)
        .prop_map(|parts| parts.concat().replace("**", "*").replace("**", "*"))
        .prop_map(Value::from)
}

fn not_empty() -> impl Strategy<Value = Value> {
    text().prop_filter("empty", |text| text != "")
}

fn operator() -> impl Strategy<Value = Value> {
    let but = prop_oneof![
        vec(text(), 1..3).prop_map(|texts| json!(texts)),
        vec(-2_i64..3, 1..3).prop_map(|numbers| json!(numbers)),
        vec(not_empty(), 1..3).prop_map(|texts| json!({"prefix": texts})),
        vec(not_empty(), 1..3).prop_map(|texts| json!({"suffix": texts})),
        vec(text(), 1..3).prop_map(|texts| json!({"equals-ignore-case": texts})),
        vec(wildcard(), 1..3).prop_map(|texts| json!({"wildcard": texts})),
    ];
    prop_oneof![
        text().prop_map(|text| json!({"prefix": text})),
        text().prop_map(|text| json!({"suffix": text})),
        text().prop_map(|text| json!({"prefix": {"equals-ignore-case": text}})),
        text().prop_map(|text| json!({"suffix": {"equals-ignore-case": text}})),
        text().prop_map(|text| json!({"equals-ignore-case": text})),
        wildcard().prop_map(|text| json!({"wildcard": text})),
        any::<bool>().prop_map(|exists| json!({"exists": exists})),
        select(vec!["10.0.0.0/8", "10.0.0.1/31", "::/64"]).prop_map(|cidr| json!({"cidr": cidr})),
        (-3_i64..1, 1_i64..4).prop_map(|(low, high)| json!({"numeric": [">", low, "<=", high]})),
        (-3_i64..4).prop_map(|number| json!({"numeric": ["=", number]})),
        but.prop_map(|but| json!({"anything-but": but})),
    ]
}

fn name() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c", "a.b"]).prop_map(str::to_owned)
}

fn object(fields: Vec<(String, Value)>) -> Value {
    fields.into_iter().collect::<serde_json::Map<_, _>>().into()
}

fn pattern() -> impl Strategy<Value = Value> {
    let field = vec(prop_oneof![scalar(), operator()], 1..4).prop_map(|list| json!(list));
    let leaf = vec((name(), field), 1..3).prop_map(object);
    leaf.prop_recursive(2, 12, 3, |inner| {
        let branches = vec(inner.clone(), 2..4);
        prop_oneof![
            3 => vec((name(), inner.clone()), 1..3).prop_map(object),
            1 => (branches, inner).prop_map(|(branches, mut and)| {
                and["$or"] = json!(branches);
                and
            }),
        ]
    })
}

fn event() -> impl Strategy<Value = Value> {
    let any = scalar().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|list| json!(list)),
            vec((name(), inner), 0..4).prop_map(object),
        ]
    });
    vec((name(), any), 1..4).prop_map(object)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_set_agrees_with_its_patterns(
        patterns in vec((pattern(), any::<bool>()), 1..12),
        events in vec(event(), 1..8),
    ) {
        let mut rules = RuleSet::new();
        let mut kept = Vec::new();
        for (index, (pattern, _)) in patterns.iter().enumerate() {
            let name = format!("rule-{index:02}");
            let pattern = Pattern::parse(&pattern.to_string()).unwrap();
            prop_assert!(rules.add(&name, pattern.clone()).is_none());
            kept.push((name, pattern));
        }
        let all = rules.len();
        for ((name, _), _) in kept.iter().zip(&patterns).filter(|(_, (_, removed))| *removed) {
            prop_assert!(rules.remove(name).is_some());
        }
        let mut flags = patterns.iter().map(|(_, removed)| !removed);
        kept.retain(|_| flags.next().unwrap());
        prop_assert_eq!(rules.len(), kept.len());
        prop_assert!(all >= rules.len());
        let mut matcher = rules.matcher();
        for event in &events {
            let text = event.to_string();
            let arena = Bump::new();
            let node = tree::parse(text.as_bytes(), &arena).unwrap();
            let expected: Vec<&str> = kept
                .iter()
                .filter(|(_, pattern)| pattern.matches(node))
                .map(|(name, _)| name.as_str())
                .collect();
            prop_assert_eq!(matcher.matching(node), expected.as_slice(), "{}", text);
            prop_assert_eq!(matcher.matching_text(text.as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn no_text_is_read_as_a_pattern_with_a_panic(text in "[\\[\\]{}\":,a$or0-9.eE\\\\u*-]{0,40}") {
        if let Err(error) = Pattern::parse(&text) {
            prop_assert!(error.line >= 1 && error.column >= 1);
        }
    }
}
