//! event-ruler's own benchmark (`Benchmarks.java: CL2Benchmark`): five rules of each kind, over records
//! of San Francisco's lots. Its 213,068 records are not in the shared folder; these have their shape,
//! size and alphabet, and come from a fixed seed.

use serde_json::{Value, json};

use crate::aws::Dice;

/// Kinds of rules, as event-ruler has them: of each rule, its field and what is tested there.
const KINDS: &[(&str, &[(&str, &str)])] = &[
    (
        "exact",
        &[
            ("properties.MAPBLKLOT", r#""1430022""#),
            ("properties.MAPBLKLOT", r#""2607117""#),
            ("properties.MAPBLKLOT", r#""2607218""#),
            ("properties.MAPBLKLOT", r#""3745012""#),
            ("properties.MAPBLKLOT", r#""VACSTWIL""#),
        ],
    ),
    (
        "wildcard",
        &[
            ("properties.MAPBLKLOT", r#"{"wildcard": "143*"}"#),
            ("properties.MAPBLKLOT", r#"{"wildcard": "2*0*1*7"}"#),
            ("properties.MAPBLKLOT", r#"{"wildcard": "*218"}"#),
            ("properties.MAPBLKLOT", r#"{"wildcard": "3*5*2"}"#),
            ("properties.MAPBLKLOT", r#"{"wildcard": "VA*IL"}"#),
        ],
    ),
    (
        "prefix",
        &[
            ("properties.STREET", r#"{"prefix": "AC"}"#),
            ("properties.STREET", r#"{"prefix": "BL"}"#),
            ("properties.STREET", r#"{"prefix": "DR"}"#),
            ("properties.STREET", r#"{"prefix": "FU"}"#),
            ("properties.STREET", r#"{"prefix": "RH"}"#),
        ],
    ),
    (
        "suffix",
        &[
            ("properties.STREET", r#"{"suffix": "ON"}"#),
            ("properties.STREET", r#"{"suffix": "KE"}"#),
            ("properties.STREET", r#"{"suffix": "MM"}"#),
            ("properties.STREET", r#"{"suffix": "ING"}"#),
            ("properties.STREET", r#"{"suffix": "GO"}"#),
        ],
    ),
    (
        "equals-ignore-case",
        &[
            (
                "properties.STREET",
                r#"{"equals-ignore-case": "jefferson"}"#,
            ),
            ("properties.STREET", r#"{"equals-ignore-case": "bEaCh"}"#),
            ("properties.STREET", r#"{"equals-ignore-case": "HyDe"}"#),
            ("properties.STREET", r#"{"equals-ignore-case": "CHESTNUT"}"#),
            ("properties.STREET", r#"{"equals-ignore-case": "st"}"#),
        ],
    ),
    (
        "numeric",
        &[
            (
                "geometry.firstCoordinates.x",
                r#"{"numeric": ["=", -122.42916360922355]}"#,
            ),
            ("geometry.firstCoordinates.x", r#"{"numeric": ["=", 0]}"#),
            (
                "geometry.firstCoordinates.x",
                r#"{"numeric": ["<", -122.41600944012424]}"#,
            ),
            (
                "geometry.firstCoordinates.x",
                r#"{"numeric": [">", -122.41600944012424]}"#,
            ),
            (
                "geometry.firstCoordinates.x",
                r#"{"numeric": [">", -122.46471267081272, "<", -122.4063085128395]}"#,
            ),
        ],
    ),
    (
        "anything-but",
        &[
            ("properties.STREET", r#"{"anything-but": ["FULTON"]}"#),
            ("properties.STREET", r#"{"anything-but": ["MASON"]}"#),
            ("properties.ST_TYPE", r#"{"anything-but": ["ST"]}"#),
            ("geometry.type", r#"{"anything-but": ["Polygon"]}"#),
            ("properties.FROM_ST", r#"{"anything-but": ["441"]}"#),
        ],
    ),
    (
        "anything-but wildcard",
        &[
            (
                "properties.MAPBLKLOT",
                r#"{"anything-but": {"wildcard": "143*"}}"#,
            ),
            (
                "properties.MAPBLKLOT",
                r#"{"anything-but": {"wildcard": "2*0*1*7"}}"#,
            ),
            (
                "properties.MAPBLKLOT",
                r#"{"anything-but": {"wildcard": "*218"}}"#,
            ),
            (
                "properties.MAPBLKLOT",
                r#"{"anything-but": {"wildcard": "3*5*2"}}"#,
            ),
            (
                "properties.MAPBLKLOT",
                r#"{"anything-but": {"wildcard": "VA*IL"}}"#,
            ),
        ],
    ),
    (
        "arrays",
        &[
            (
                "geometry.coordinates.x",
                r#"{"numeric": ["=", -122.42916360922355]}"#,
            ),
            (
                "geometry.coordinates.x",
                r#"{"numeric": ["<", -122.41600944012424]}"#,
            ),
            (
                "geometry.coordinates.x",
                r#"{"numeric": [">", -122.41600944012424]}"#,
            ),
            (
                "geometry.coordinates.x",
                r#"{"numeric": [">", -122.46471267081272, "<", -122.4063085128395]}"#,
            ),
        ],
    ),
];

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

/// The rules of each kind, and all of them.
///
/// # Errors
/// Where one above is no JSON.
pub(crate) fn rules() -> serde_json::Result<Vec<(&'static str, Vec<Value>)>> {
    let mut named = Vec::new();
    for (name, tests) in KINDS {
        let mut rules = Vec::new();
        for (path, test) in *tests {
            let test: Value = serde_json::from_str(test)?;
            let around = |inner: Value, part: &str| json!({part: inner});
            rules.push(path.rsplit('.').fold(json!([test]), around));
        }
        named.push((*name, rules));
    }
    let all = named.iter().flat_map(|(_, rules)| rules.clone()).collect();
    named.push(("all of them", all));
    Ok(named)
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
