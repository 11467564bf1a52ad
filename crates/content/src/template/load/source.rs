//! A rule's `Source`: whose rule it is, and its policy.

use posture_rules::catalogue;
use posture_rules::guard::GuardPolicy;

use super::Loader;
use crate::packs::{PackRule, Policy};
use crate::template::resolve::Scope;
use crate::yaml::{Key, Problem, Value};

const SOURCE: [&str; 4] = [
    "CustomPolicyDetails",
    "Owner",
    "SourceDetails",
    "SourceIdentifier",
];
const OWNERS: [&str; 3] = ["AWS", "CUSTOM_LAMBDA", "CUSTOM_POLICY"];

impl Loader {
    pub(super) fn source(&mut self, source: &Value, scope: &Scope<'_>, rule: &mut PackRule) {
        self.members(source, "a Source", &SOURCE);
        let place = |name: &str| source.get(name).map_or(source.place, |value| value.place);
        let text = |loader: &mut Loader, name: &str| {
            let value = source.get(name)?;
            loader.noted(scope.text(value)).flatten()
        };
        rule.owner = text(self, "Owner").unwrap_or_default();
        if !OWNERS.contains(&rule.owner.as_str()) {
            let what = "a rule has no owner";
            self.problems
                .push(Problem::unknown(place("Owner"), what, &rule.owner, OWNERS));
            return;
        }
        let identifier = source.get("SourceIdentifier");
        rule.identifier = identifier
            .and_then(|value| self.noted(scope.text_or_name(value)).flatten())
            .unwrap_or_default();
        if rule.owner == "AWS" && catalogue::listing_of(&rule.identifier).is_none() {
            let known = catalogue::listings()
                .iter()
                .map(|listing| listing.identifier.as_str());
            let what = "AWS Config has no managed rule";
            let place = place("SourceIdentifier");
            self.problems
                .push(Problem::unknown(place, what, &rule.identifier, known));
        }
        if rule.owner == "CUSTOM_POLICY" {
            rule.policy = self.policy(source, scope);
        }
    }

    fn policy(&mut self, source: &Value, scope: &Scope<'_>) -> Option<Policy> {
        let details = source.get("CustomPolicyDetails");
        let Some(text) = details.and_then(|details| details.get("PolicyText")) else {
            let message = "a CUSTOM_POLICY rule has CustomPolicyDetails with a PolicyText";
            self.problems.push(Problem::new(source.place, message));
            return None;
        };
        let place = text.place;
        let text = self.noted(scope.text(text)).flatten()?;
        if let Err(error) = GuardPolicy::parse(&text) {
            self.problems.push(Problem::new(place, error.to_string()));
        }
        Some(Policy { text })
    }

    /// Whether the managed rule has these parameters, and their values are of its kinds.
    pub(super) fn suits(&mut self, source: &Value, given: &[&Key], rule: &PackRule) {
        let Some(listing) = catalogue::listing_of(&rule.identifier).filter(|_| rule.owner == "AWS")
        else {
            return;
        };
        for key in given {
            let names = || listing.parameters.iter().map(|known| known.name.as_str());
            if !names().any(|name| name == key.text) {
                let what = format!("{} has no parameter", listing.identifier);
                self.problems
                    .push(Problem::unknown(key.place, &what, &key.text, names()));
            }
        }
        let is_named = given.iter().all(|key| {
            listing
                .parameters
                .iter()
                .any(|known| known.name == key.text)
        });
        if let (true, Err(message)) = (is_named, rule.resolve()) {
            let place = given.first().map_or(source.place, |key| key.place);
            self.problems.push(Problem::new(place, message));
        }
    }
}
