//! The members of a framework and of its controls.

use super::reader::{Loader, NAME, TEXT, TITLE};
use crate::frameworks::framework::{Control, ControlSet, Coverage, Framework, Group};
use crate::frameworks::validate::{self, ControlPlaces, Places};
use crate::yaml::{Place, Problem, Value, read};

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

impl Loader {
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
        let before = self.problems.len();
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
        let group_places = groups.iter().map(|(place, _)| *place).collect();
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
            // With a mistake the framework is not given out; the control is kept so that those
            // that name it are not mistakes too.
            coverage: coverage.unwrap_or(Coverage::Manual),
            set: set.unwrap_or_default(),
            title: title.unwrap_or_default(),
            id,
        };
        let places = ControlPlaces {
            is_whole: self.problems.len() == before,
            control: place("id"),
            set: place("set"),
            parent: place("parent"),
            coverage: place("coverage"),
            rules: rule_places,
            groups: group_places,
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
}
