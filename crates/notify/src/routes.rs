//! `events` of `posture.yaml`, checked and compiled.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use posture_model::tree::{self, Bump};
use posture_router::{Event, InputTransformer, Pattern, RuleContext, RuleSet};

use crate::config::{EventsConfig, RuleConfig, TargetConfig};
use crate::error::RouteError;
use crate::targets::TargetKind;

/// Rules and targets, ready.
#[derive(Debug, Default)]
pub struct Routes {
    set: RuleSet,
    rules: BTreeMap<String, Rule>,
    targets: BTreeMap<String, Target>,
    pub(crate) link: Option<String>,
}

#[derive(Debug)]
struct Rule {
    targets: BTreeSet<String>,
    transformer: Option<InputTransformer>,
}

/// A target, with its limits.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) per_minute: u32,
    /// 0 for never.
    pub(crate) group_over: u32,
    pub(crate) retry_for: SignedDuration,
    pub(crate) kind: TargetKind,
}

/// Where an event goes by one rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) rule: String,
    pub(crate) target: String,
    /// What the transformer made of it; empty without one.
    pub(crate) input: Result<String, String>,
}

impl Routes {
    /// Checks and compiles.
    ///
    /// # Errors
    /// Everything that is wrong, rules first.
    pub fn new(config: &EventsConfig) -> Result<Routes, Vec<RouteError>> {
        let mut errors = Vec::new();
        let mut routes = Routes {
            link: config.link.clone(),
            ..Routes::default()
        };
        let known: BTreeSet<&str> = config.targets.iter().map(|one| one.name.as_str()).collect();
        for rule in &config.rules {
            named("rules", &rule.name, &mut errors);
            let Some(compiled) = routes.compiled(rule, &known, &mut errors) else {
                continue;
            };
            if routes.rules.insert(rule.name.clone(), compiled).is_some() {
                errors.push(RouteError::Twice {
                    list: "rules",
                    name: rule.name.clone(),
                });
            }
        }
        for target in &config.targets {
            named("targets", &target.name, &mut errors);
            if target.per_minute == Some(0) {
                errors.push(RouteError::Target {
                    target: target.name.clone(),
                    what: "perMinute is 0; leave the target out of the rules instead".to_owned(),
                });
            }
            errors.extend(
                target
                    .kind
                    .problems()
                    .into_iter()
                    .map(|what| RouteError::Target {
                        target: target.name.clone(),
                        what,
                    }),
            );
            let twice = routes.targets.insert(target.name.clone(), limits(target));
            if twice.is_some() {
                errors.push(RouteError::Twice {
                    list: "targets",
                    name: target.name.clone(),
                });
            }
        }
        if errors.is_empty() {
            Ok(routes)
        } else {
            Err(errors)
        }
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(crate) fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.values()
    }

    /// Where an event goes.
    pub(crate) fn ways(&self, event: &Event, ingested_at: Timestamp) -> Vec<Way> {
        let Ok(text) = serde_json::to_vec(event) else {
            return Vec::new();
        };
        let arena = Bump::new();
        let Ok(node) = tree::parse(&text, &arena) else {
            return Vec::new();
        };
        let mut ways = Vec::new();
        for name in self.set.matching(node) {
            let Some(rule) = self.rules.get(name) else {
                continue;
            };
            let context = RuleContext {
                rule_arn: "",
                rule_name: name,
                ingestion_time: ingested_at,
            };
            let input = match &rule.transformer {
                None => Ok(String::new()),
                Some(transformer) => {
                    let made = transformer.apply(node, context);
                    made.map_err(|error| error.to_string())
                }
            };
            ways.extend(rule.targets.iter().map(|target| Way {
                rule: name.to_owned(),
                target: target.clone(),
                input: input.clone(),
            }));
        }
        ways
    }

    fn compiled(
        &mut self,
        rule: &RuleConfig,
        known: &BTreeSet<&str>,
        errors: &mut Vec<RouteError>,
    ) -> Option<Rule> {
        let name = || rule.name.clone();
        let before = errors.len();
        if rule.targets.is_empty() {
            errors.push(RouteError::NoTarget { rule: name() });
        }
        for target in &rule.targets {
            if !known.contains(target.as_str()) {
                let all: Vec<&str> = known.iter().copied().collect();
                errors.push(RouteError::UnknownTarget {
                    rule: name(),
                    target: target.clone(),
                    known: if all.is_empty() {
                        "none".to_owned()
                    } else {
                        all.join(", ")
                    },
                });
            }
        }
        match Pattern::parse(&format!("{:#}", rule.pattern)) {
            Ok(pattern) => {
                self.set.add(&rule.name, pattern);
            }
            Err(error) => errors.push(RouteError::Pattern {
                rule: name(),
                error,
            }),
        }
        let transformer = rule.transformer.as_ref().map(|transformer| {
            let paths = transformer.input_paths_map.iter();
            let paths = paths.map(|(name, path)| (name.as_str(), path.as_str()));
            InputTransformer::new(paths, &transformer.input_template)
        });
        let transformer = match transformer.transpose() {
            Ok(transformer) => transformer,
            Err(error) => {
                errors.push(RouteError::Transformer {
                    rule: name(),
                    error,
                });
                None
            }
        };
        (errors.len() == before).then(|| Rule {
            targets: rule.targets.iter().cloned().collect(),
            transformer,
        })
    }
}

/// Messages a minute where nothing is said.
const PEOPLE: u32 = 60;
const MACHINES: u32 = 6000;
/// Messages that people get one by one, at most.
const GROUP: u32 = 20;
/// EventBridge's own default for targets.
const RETRY_HOURS: u32 = 24;

fn limits(target: &TargetConfig) -> Target {
    let is_read = target.kind.is_read_by_people();
    let hours = i64::from(target.retry_hours.unwrap_or(RETRY_HOURS));
    Target {
        name: target.name.clone(),
        per_minute: target
            .per_minute
            .unwrap_or(if is_read { PEOPLE } else { MACHINES })
            .max(1),
        group_over: target.group_over.unwrap_or(if is_read { GROUP } else { 0 }),
        retry_for: SignedDuration::from_hours(hours),
        kind: target.kind.clone(),
    }
}

fn named(list: &'static str, name: &str, errors: &mut Vec<RouteError>) {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if name.is_empty() || name.len() > 64 || !name.bytes().all(is_allowed) {
        errors.push(RouteError::Name {
            list,
            name: name.to_owned(),
        });
    }
}
