//! The edges of a control: names of rules, or mappings of several with origin and strength.

use posture_rules::catalogue;

use super::reader::{Loader, NAME, TEXT};
use crate::frameworks::mapping::{Origin, RuleMapping, Strength};
use crate::yaml::{Place, Problem, Value};

const EDGES: [&str; 4] = ["from", "names", "strength", "stricter"];

impl Loader {
    /// The edges, sorted by rule, and the place of each.
    pub(super) fn rules(&mut self, control: &Value, what: &str) -> (Vec<RuleMapping>, Vec<Place>) {
        let mut edges: Vec<(RuleMapping, Place)> = Vec::new();
        for value in self.elements(control, "rules") {
            let found = match value.text() {
                Some(_) => {
                    let name = self.text(value, "a rule", NAME);
                    let direct = |name| edge(name, Strength::Direct, vec![Origin::Own], None);
                    name.map(|name| (direct(name), value.place))
                        .into_iter()
                        .collect()
                }
                None => self.edges(value),
            };
            for (mut edge, place) in found {
                let Some(listing) = catalogue::listing_of(&edge.rule) else {
                    let known = catalogue::listings()
                        .iter()
                        .map(|listing| listing.name.as_str());
                    let what = "AWS Config has no managed rule";
                    self.problems
                        .push(Problem::unknown(place, what, &edge.rule, known));
                    continue;
                };
                edge.rule.clone_from(&listing.name);
                if edges.iter().any(|(known, _)| known.rule == edge.rule) {
                    self.say(place, format!("{what} names the rule {} twice", edge.rule));
                    continue;
                }
                edges.push((edge, place));
            }
        }
        edges.sort_by(|(a, _), (b, _)| a.rule.cmp(&b.rule));
        edges.into_iter().unzip()
    }

    fn edges(&mut self, value: &Value) -> Vec<(RuleMapping, Place)> {
        if self.members(value, "a mapping of rules", &EDGES).is_none() {
            return Vec::new();
        }
        if value.get("names").is_none() {
            self.say(value.place, "a mapping of rules has no names");
        }
        let strength = self.strength(value);
        let from = self.origins(value);
        let stricter = self.optional(value, "stricter", TEXT);
        let names = self.texts(value, "names", NAME);
        let Some(strength) = strength else {
            return Vec::new();
        };
        names
            .into_iter()
            .map(|(place, name)| (edge(name, strength, from.clone(), stricter.clone()), place))
            .collect()
    }

    fn strength(&mut self, edges: &Value) -> Option<Strength> {
        let Some(member) = edges.get("strength") else {
            return Some(Strength::Direct);
        };
        let text = self.text(member, "strength", NAME)?;
        let known = Strength::ALL
            .into_iter()
            .find(|strength| strength.as_str() == text);
        if known.is_none() {
            let names = Strength::ALL.map(Strength::as_str);
            let what = format!("strength is one of {}, not", names.join(", "));
            self.problems
                .push(Problem::unknown(member.place, &what, &text, names));
        }
        known
    }

    fn origins(&mut self, edges: &Value) -> Vec<Origin> {
        let mut from = Vec::new();
        for (place, text) in self.texts(edges, "from", NAME) {
            let known = Origin::ALL
                .into_iter()
                .find(|origin| origin.as_str() == text);
            if known.is_none() {
                let names = Origin::ALL.map(Origin::as_str);
                let what = format!("from is of {}, not", names.join(", "));
                self.problems
                    .push(Problem::unknown(place, &what, &text, names));
            }
            from.extend(known);
        }
        from.sort_unstable();
        if from.is_empty() {
            from.push(Origin::Own);
        }
        from
    }
}

fn edge(
    rule: String,
    strength: Strength,
    from: Vec<Origin>,
    stricter: Option<String>,
) -> RuleMapping {
    RuleMapping {
        rule,
        from,
        strength,
        stricter,
    }
}
