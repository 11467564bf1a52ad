//! From the file to requests, with every mistake in it.

use std::collections::BTreeMap;

use posture_rules::catalogue;

use super::request::{OwnRecords, Request, RequestKind};
use crate::frameworks::{Coverage, Loader, embedded};
use crate::yaml::{Kind, Problem, Value, read};

const MEMBERS: [&str; 12] = [
    "api-calls",
    "because",
    "cloudtrail",
    "controls",
    "coverage",
    "evidence",
    "id",
    "kind",
    "records",
    "rules",
    "title",
    "types",
];
const WHAT: &str = "a request";
/// Of a title or a reason, in characters.
const TEXT: usize = 300;
/// Of a name, in characters.
const NAME: usize = 100;

/// Reads a file of requests (YAML, or JSON). Rules are AWS's managed rules, controls those of the
/// embedded frameworks; types and calls are checked where they are known.
///
/// # Errors
/// Every mistake, in the order of the text.
pub fn load(text: &str) -> Result<Vec<Request>, Vec<Problem>> {
    let root = read(text).map_err(|problem| vec![problem])?;
    let mut loader = Loader {
        problems: Vec::new(),
    };
    loader.members(&root, "the file", &["requests"]);
    let mut requests: Vec<Request> = Vec::new();
    for value in loader.elements(&root, "requests") {
        let Some(request) = loader.request(value) else {
            continue;
        };
        if requests.iter().any(|known| known.id == request.id) {
            let message = format!("request {} is given twice", request.id);
            loader.say(value.place, message);
        }
        if let Some(message) = contradiction(&request) {
            loader.say(value.place, format!("request {} {message}", request.id));
        }
        requests.push(request);
    }
    let mut problems = loader.problems;
    problems.sort();
    if problems.is_empty() {
        Ok(requests)
    } else {
        Err(problems)
    }
}

impl Loader {
    fn request(&mut self, value: &Value) -> Option<Request> {
        self.members(value, WHAT, &MEMBERS)?;
        let id = self.required(value, "id", WHAT, NAME);
        let title = self.required(value, "title", WHAT, TEXT);
        let kinds = RequestKind::ALL.map(|kind| (kind.as_str(), kind));
        let kind = self.word(value, "kind", &kinds);
        let coverages = Coverage::ALL.map(|one| (one.as_str(), one));
        let coverage = self.word(value, "coverage", &coverages);
        let because = self.optional(value, "because", TEXT);
        let rules = self.rules_named(value);
        let [types, api_calls, cloudtrail, evidence] =
            ["types", "api-calls", "cloudtrail", "evidence"].map(|name| {
                let texts = self.texts(value, name, TEXT);
                texts.into_iter().map(|(_, text)| text).collect()
            });
        let own = OwnRecords::ALL.map(|one| (one.as_str(), one));
        let records = self.words(value, "records", &own);
        let controls = self.controls(value);
        Some(Request {
            id: id?,
            title: title?,
            kind: kind?,
            coverage: coverage?,
            because,
            rules,
            types,
            api_calls,
            cloudtrail,
            records,
            evidence,
            controls,
        })
    }

    fn word<T: Copy>(&mut self, of: &Value, name: &str, known: &[(&str, T)]) -> Option<T> {
        let text = self.required(of, name, WHAT, NAME)?;
        let found = known.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            let message = format!("{name} is one of {}, not {text:?}", words.join(", "));
            self.say(of.place, message);
        }
        found.map(|(_, one)| *one)
    }

    fn words<T: Copy>(&mut self, of: &Value, name: &str, known: &[(&str, T)]) -> Vec<T> {
        let mut found = Vec::new();
        for (place, text) in self.texts(of, name, NAME) {
            if let Some((_, one)) = known.iter().find(|(word, _)| *word == text) {
                found.push(*one);
            } else {
                let words = known.iter().map(|(word, _)| *word);
                let problem = Problem::unknown(place, "there are no records", &text, words);
                self.problems.push(problem);
            }
        }
        found
    }

    fn rules_named(&mut self, of: &Value) -> Vec<String> {
        let mut rules = Vec::new();
        for (place, text) in self.texts(of, "rules", NAME) {
            if catalogue::find(&text).is_none() {
                self.say(place, format!("no rule is named {text:?}"));
            }
            rules.push(text);
        }
        rules.sort();
        rules
    }

    fn controls(&mut self, of: &Value) -> BTreeMap<String, Vec<String>> {
        let mut controls = BTreeMap::new();
        let Some(value) = of.get("controls") else {
            self.say(of.place, "a request has controls, and this has none");
            return controls;
        };
        let Kind::Mapping(members) = &value.kind else {
            self.say(value.place, "controls are lists by framework");
            return controls;
        };
        for (key, _) in members {
            let frameworks = embedded().unwrap_or_default();
            let framework = frameworks.iter().find(|one| one.name == key.text);
            let texts = self.texts(value, &key.text, NAME);
            let Some(framework) = framework else {
                self.say(key.place, format!("no framework is named {:?}", key.text));
                continue;
            };
            let mut ids = Vec::new();
            for (place, id) in texts {
                if framework.control(&id).is_none() {
                    self.say(place, format!("{} has no control {id:?}", framework.name));
                }
                ids.push(id);
            }
            controls.insert(key.text.clone(), ids);
        }
        controls
    }
}

/// What its coverage says against what it names.
fn contradiction(request: &Request) -> Option<&'static str> {
    let (is_automatic, has_evidence) = (request.is_automatic(), !request.evidence.is_empty());
    match request.coverage {
        Coverage::Full if !is_automatic => Some("is covered in full by nothing"),
        Coverage::Full if has_evidence => {
            Some("is covered in full, and wants evidence all the same")
        }
        Coverage::Partial if !is_automatic || !has_evidence => {
            Some("is covered in part, and names only one of both parts")
        }
        Coverage::Manual if is_automatic || !has_evidence => {
            Some("is answered by people, and does not name their evidence alone")
        }
        Coverage::NotAutomated => Some("is answered by nobody"),
        Coverage::Partial | Coverage::Manual if request.because.is_none() => {
            Some("does not say why it is not covered in full")
        }
        _ => None,
    }
}
