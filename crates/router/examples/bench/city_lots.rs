//! event-ruler's own benchmark (`Benchmarks.java: CL2Benchmark`): five rules of each kind, over records
//! of San Francisco's lots. Its 213,068 records are not in the shared folder; these have their shape,
//! size and alphabet, and come from a fixed seed.

use serde_json::{Value, json};

use crate::aws::Dice;

/// A kind of rules: their field, and what is tested.
type Kind = (&'static str, Vec<(&'static str, Value)>);

const STREETS: &[&str] = &[
    "FULTON",
    "MASON",
    "JEFFERSON",
    "BEACH",
    "HYDE",
    "CHESTNUT",
    "DRUMM",
    "BLAKE",
    "ACTON",
    "RHODE ISLAND",
    "SAN DIEGO",
    "WAWONA",
    "BROADWAY",
    "LEAVENWORTH",
    "DIAMOND",
    "CHURCH",
    "ALABAMA",
];

/// The five rules of each kind, as event-ruler has them.
pub(crate) fn rules() -> Vec<(&'static str, Vec<Value>)> {
    let lot = "properties.MAPBLKLOT";
    let street = "properties.STREET";
    let first_x = "geometry.firstCoordinates.x";
    let x = "geometry.coordinates.x";
    let same = |field: &'static str, tests: Vec<Value>| {
        tests
            .into_iter()
            .map(|test| (field, test))
            .collect::<Vec<_>>()
    };
    let each = |test: &str, words: [&str; 5]| words.map(|word| json!({test: word})).to_vec();
    let wildcards = ["143*", "2*0*1*7", "*218", "3*5*2", "VA*IL"];
    let kinds: Vec<Kind> = vec![
        (
            "exact",
            same(
                lot,
                ["1430022", "2607117", "2607218", "3745012", "VACSTWIL"]
                    .map(Value::from)
                    .to_vec(),
            ),
        ),
        ("wildcard", same(lot, each("wildcard", wildcards))),
        (
            "prefix",
            same(street, each("prefix", ["AC", "BL", "DR", "FU", "RH"])),
        ),
        (
            "suffix",
            same(street, each("suffix", ["ON", "KE", "MM", "ING", "GO"])),
        ),
        (
            "equals-ignore-case",
            same(
                street,
                each(
                    "equals-ignore-case",
                    ["jefferson", "bEaCh", "HyDe", "CHESTNUT", "st"],
                ),
            ),
        ),
        (
            "numeric",
            same(
                first_x,
                vec![
                    json!({"numeric": ["=", -122.429_163_609_223_55]}),
                    json!({"numeric": ["=", 0]}),
                    json!({"numeric": ["<", -122.416_009_440_124_24]}),
                    json!({"numeric": [">", -122.416_009_440_124_24]}),
                    json!({"numeric": [">", -122.464_712_670_812_72, "<", -122.406_308_512_839_5]}),
                ],
            ),
        ),
        (
            "anything-but",
            vec![
                (street, json!({"anything-but": ["FULTON"]})),
                (street, json!({"anything-but": ["MASON"]})),
                ("properties.ST_TYPE", json!({"anything-but": ["ST"]})),
                ("geometry.type", json!({"anything-but": ["Polygon"]})),
                ("properties.FROM_ST", json!({"anything-but": ["441"]})),
            ],
        ),
        (
            "anything-but wildcard",
            same(
                lot,
                wildcards
                    .map(|word| json!({"anything-but": {"wildcard": word}}))
                    .to_vec(),
            ),
        ),
        (
            "arrays",
            same(
                x,
                vec![
                    json!({"numeric": ["=", -122.429_163_609_223_55]}),
                    json!({"numeric": ["<", -122.416_009_440_124_24]}),
                    json!({"numeric": [">", -122.416_009_440_124_24]}),
                    json!({"numeric": [">", -122.464_712_670_812_72, "<", -122.406_308_512_839_5]}),
                ],
            ),
        ),
    ];
    let mut named: Vec<(&'static str, Vec<Value>)> = Vec::new();
    for (name, tests) in kinds {
        let rules = tests.into_iter().map(|(path, test)| {
            path.rsplit('.')
                .fold(json!([test]), |inner, part| json!({part: inner}))
        });
        named.push((name, rules.collect()));
    }
    let all = named.iter().flat_map(|(_, rules)| rules.clone()).collect();
    named.push(("all of them", all));
    named
}

/// A record.
pub(crate) fn event(dice: &mut Dice) -> Value {
    let block = format!("{:04}", dice.below(9_000));
    let lot = format!("{:03}", dice.below(400));
    let mut corner = || {
        let near = |from: f64, step: u32| from + f64::from(step) / 1e7;
        let step = |dice: &mut Dice| u32::try_from(dice.below(1_400_000)).unwrap_or(0);
        let (x, y) = (near(-122.51, step(dice)), near(37.70, step(dice)));
        json!({"x": x, "y": y, "z": 0})
    };
    let corners: Vec<Value> = (0..7).map(|_| corner()).collect();
    json!({
        "type": "Feature",
        "properties": {
            "MAPBLKLOT": format!("{block}{lot}"), "BLKLOT": format!("{block}{lot}"),
            "BLOCK_NUM": block, "LOT_NUM": lot, "FROM_ST": dice.below(900).to_string(),
            "TO_ST": dice.below(900).to_string(), "STREET": dice.of(STREETS),
            "ST_TYPE": dice.of(&["ST", "AVE", "BLVD"]), "ODD_EVEN": dice.of(&["O", "E"]),
        },
        "geometry": {
            "type": dice.of(&["Polygon", "Polygon", "Polygon", "MultiPolygon"]),
            "firstCoordinates": corners[0], "coordinates": [corners],
        },
    })
}
