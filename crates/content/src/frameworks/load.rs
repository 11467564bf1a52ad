//! From a file to a framework, with every mistake in it.

use posture_rules::catalogue;

use super::framework::{Control, ControlSet, Coverage, Framework, Group};
use super::mapping::{Origin, RuleMapping, Strength};
use super::validate::{self, ControlPlaces, Places};
use crate::yaml::{Key, Kind, Place, Problem, Value, read};

const FRAMEWORK: [&str; 8] = [
    "controls",
    "framework",
    "groups",
    "sets",
    "source",
    "standard",
    "title",
    "version",
];
const TITLED: [&str; 2] = ["id", "title"];
const CONTROL: [&str; 14] = [
    "api-calls",
    "because",
    "cloudtrail",
    "coverage",
    "evidence",
    "groups",
    "guidance",
    "id",
    "parent",
    "rules",
    "security-hub",
    "set",
    "testing",
    "title",
];
const EDGES: [&str; 4] = ["from", "names", "strength", "stricter"];

/// Audit Manager's limits (API reference, `Control` and `ControlMappingSource`), in characters.
const TITLE: usize = 300;
const TEXT: usize = 1000;
const NAME: usize = 100;

/// Reads a framework's file (YAML, or JSON).
///
/// # Errors
/// Every mistake, in the order of the text.
pub fn load(text: &str) -> Result<Framework, Vec<Problem>> {
    let root = read(text).map_err(|problem| vec![problem])?;
    let mut loader = Loader {
        problems: Vec::new(),
    };
    let loaded = loader.framework(&root);
    let mut problems = loader.problems;
    if let Some((framework, places)) = &loaded {
        problems.extend(validate::problems(framework, places));
    }
    problems.sort();
    match loaded {
        Some((framework, _)) if problems.is_empty() => Ok(framework),
        _ => Err(problems),
    }
}

struct Loader {
    problems: Vec<Problem>,
}

impl Loader {
    fn say(&mut self, place: Place, message: impl Into<String>) {
        self.problems.push(Problem::new(place, message));
    }

    fn members<'v>(
        &mut self,
        value: &'v Value,
        what: &str,
        known: &[&str],
    ) -> Option<&'v [(Key, Value)]> {
        let Some(members) = value.members() else {
            self.say(
                value.place,
                format!("{what} is {}, expected a mapping", value.kind_name()),
            );
            return None;
        };
        for (key, _) in members {
            if !known.contains(&key.text.as_str()) {
                let what = format!("{what} has no member");
                let problem = Problem::unknown(key.place, &what, &key.text, known.iter().copied());
                self.problems.push(problem);
            }
        }
        Some(members)
    }

    fn elements<'v>(&mut self, of: &'v Value, name: &str) -> &'v [Value] {
        match of.get(name).map(|value| (&value.kind, value)) {
            None => &[],
            Some((Kind::Sequence(elements), _)) => elements,
            Some((_, value)) => {
                self.say(
                    value.place,
                    format!("{name} is {}, expected a list", value.kind_name()),
                );
                &[]
            }
        }
    }

    fn text(&mut self, value: &Value, name: &str, longest: usize) -> Option<String> {
        let Some(text) = value.text().map(str::trim) else {
            self.say(
                value.place,
                format!("{name} is {}, expected a text", value.kind_name()),
            );
            return None;
        };
        if text.is_empty() {
            self.say(value.place, format!("{name} is empty"));
            return None;
        }
        let length = text.chars().count();
        if length > longest {
            let message = format!("{name} has {length} characters, expected at most {longest}");
            self.say(value.place, message);
        }
        Some(text.to_owned())
    }

    fn optional(&mut self, of: &Value, name: &str, longest: usize) -> Option<String> {
        self.text(of.get(name)?, name, longest)
    }

    fn required(&mut self, of: &Value, name: &str, what: &str, longest: usize) -> Option<String> {
        match of.get(name) {
            Some(value) => self.text(value, name, longest),
            None => {
                self.say(of.place, format!("{what} has no {name}"));
                None
            }
        }
    }

    fn texts(&mut self, of: &Value, name: &str, longest: usize) -> Vec<(Place, String)> {
        let elements = self.elements(of, name);
        let element = format!("an element of {name}");
        let mut texts: Vec<(Place, String)> = Vec::new();
        for value in elements {
            let Some(text) = self.text(value, &element, longest) else {
                continue;
            };
            if texts.iter().any(|(_, known)| *known == text) {
                self.say(value.place, format!("{name} has {text:?} twice"));
                continue;
            }
            texts.push((value.place, text));
        }
        texts
    }

    fn framework(&mut self, root: &Value) -> Option<(Framework, Places)> {
        const WHAT: &str = "a framework";
        self.members(root, WHAT, &FRAMEWORK)?;
        let name = self.required(root, "framework", WHAT, NAME);
        let version = self.required(root, "version", WHAT, NAME);
        let title = self.required(root, "title", WHAT, TITLE);
        let standard = self.optional(root, "standard", NAME);
        let source = self.optional(root, "source", TEXT);
        if let (Some(name), Some(value)) = (&name, root.get("framework")) {
            let is_id = |letter: char| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.".contains(letter)
            };
            if !name.chars().all(is_id)
                || !name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            {
                let message = format!(
                    "{name:?} is no name of a framework: small letters, digits, - and . only"
                );
                self.say(value.place, message);
            }
        }
        let (groups, _) = self.titled(root, "groups", "a group");
        let (sets, set_places) = self.titled(root, "sets", "a control set");
        let mut controls = Vec::new();
        let mut places = Places {
            sets: set_places,
            controls: Vec::new(),
        };
        if root.get("controls").is_none() {
            self.say(root.place, "a framework has controls, and this has none");
        }
        for value in self.elements(root, "controls") {
            if let Some((control, control_places)) = self.control(value) {
                controls.push(control);
                places.controls.push(control_places);
            }
        }
        let framework = Framework {
            standard: standard.or_else(|| name.clone())?,
            name: name?,
            version: version?,
            title: title?,
            source: source.unwrap_or_default(),
            groups: groups
                .into_iter()
                .map(|(id, title)| Group { id, title })
                .collect(),
            sets: sets
                .into_iter()
                .map(|(id, title)| ControlSet { id, title })
                .collect(),
            controls,
        };
        Some((framework, places))
    }

    /// Groups or sets, each an id with a title, and the places of the ids.
    fn titled(
        &mut self,
        root: &Value,
        name: &str,
        what: &str,
    ) -> (Vec<(String, String)>, Vec<Place>) {
        let mut all: Vec<(String, String)> = Vec::new();
        let mut places = Vec::new();
        for value in self.elements(root, name) {
            if self.members(value, what, &TITLED).is_none() {
                continue;
            }
            let id = self.required(value, "id", what, TITLE);
            let title = self.required(value, "title", what, TITLE);
            let (Some(id), Some(title)) = (id, title) else {
                continue;
            };
            if all.iter().any(|(known, _)| *known == id) {
                self.say(value.place, format!("{what} {id:?} is given twice"));
                continue;
            }
            all.push((id, title));
            places.push(value.place);
        }
        (all, places)
    }

    fn control(&mut self, value: &Value) -> Option<(Control, ControlPlaces)> {
        self.members(value, "a control", &CONTROL)?;
        let id = self.required(value, "id", "a control", TITLE)?;
        let what = format!("control {id}");
        let place = |name: &str| value.get(name).map_or(value.place, |member| member.place);
        let set = self.required(value, "set", &what, TITLE);
        let title = self.required(value, "title", &what, TITLE);
        let coverage = self.required(value, "coverage", &what, NAME);
        let coverage = coverage.and_then(|text| self.coverage(place("coverage"), &text));
        let groups = self.texts(value, "groups", TITLE);
        let (rules, rule_places) = self.rules(value, &what);
        let places = ControlPlaces {
            control: place("id"),
            set: place("set"),
            parent: place("parent"),
            coverage: place("coverage"),
            rules: rule_places,
            groups: groups.iter().map(|(place, _)| *place).collect(),
        };
        let control = Control {
            parent: self.optional(value, "parent", TITLE),
            guidance: self.optional(value, "guidance", TEXT),
            testing: self.optional(value, "testing", TEXT),
            because: self.optional(value, "because", TEXT),
            groups: groups.into_iter().map(|(_, text)| text).collect(),
            rules,
            security_hub: self.named(
                value,
                "security-hub",
                "Security Hub control, such as IAM.6",
                validate::is_security_hub_control,
            ),
            api_calls: self.named(
                value,
                "api-calls",
                "API call, such as iam_ListUsers",
                validate::is_api_call,
            ),
            cloudtrail: self.named(
                value,
                "cloudtrail",
                "CloudTrail event, such as CreateUser",
                validate::is_event,
            ),
            evidence: self
                .texts(value, "evidence", TITLE)
                .into_iter()
                .map(|(_, text)| text)
                .collect(),
            coverage: coverage?,
            set: set?,
            title: title?,
            id,
        };
        Some((control, places))
    }

    fn coverage(&mut self, place: Place, text: &str) -> Option<Coverage> {
        let known = Coverage::ALL
            .into_iter()
            .find(|coverage| coverage.as_str() == text);
        if known.is_none() {
            let names = Coverage::ALL.map(Coverage::as_str);
            let what = format!("coverage is one of {}, not", names.join(", "));
            self.problems
                .push(Problem::unknown(place, &what, text, names));
        }
        known
    }

    fn named(&mut self, of: &Value, name: &str, what: &str, is: fn(&str) -> bool) -> Vec<String> {
        let mut names = Vec::new();
        for (place, text) in self.texts(of, name, NAME) {
            if is(&text) {
                names.push(text);
            } else {
                self.say(place, format!("{text:?} is no {what}"));
            }
        }
        names
    }

    /// The edges, sorted by rule, and the place of each.
    fn rules(&mut self, control: &Value, what: &str) -> (Vec<RuleMapping>, Vec<Place>) {
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
                match catalogue::listing_of(&edge.rule) {
                    Some(listing) => edge.rule.clone_from(&listing.name),
                    None => {
                        let known = catalogue::listings()
                            .iter()
                            .map(|listing| listing.name.as_str());
                        let what = "AWS Config has no managed rule";
                        self.problems
                            .push(Problem::unknown(place, what, &edge.rule, known));
                        continue;
                    }
                }
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
        let strength = match value
            .get("strength")
            .map(|member| (member.place, member.text().unwrap_or_default()))
        {
            None => Some(Strength::Direct),
            Some((place, text)) => {
                let known = Strength::ALL
                    .into_iter()
                    .find(|strength| strength.as_str() == text);
                if known.is_none() {
                    let names = Strength::ALL.map(Strength::as_str);
                    let what = format!("strength is one of {}, not", names.join(", "));
                    self.problems
                        .push(Problem::unknown(place, &what, text, names));
                }
                known
            }
        };
        let mut from = Vec::new();
        for (place, text) in self.texts(value, "from", NAME) {
            match Origin::ALL
                .into_iter()
                .find(|origin| origin.as_str() == text)
            {
                Some(origin) => from.push(origin),
                None => {
                    let names = Origin::ALL.map(Origin::as_str);
                    let what = format!("from is of {}, not", names.join(", "));
                    self.problems
                        .push(Problem::unknown(place, &what, &text, names));
                }
            }
        }
        from.sort_unstable();
        if from.is_empty() {
            from.push(Origin::Own);
        }
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
