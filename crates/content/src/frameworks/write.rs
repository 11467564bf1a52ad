//! A framework as its YAML file.

use super::framework::{Control, Framework};
use super::mapping::{Origin, RuleMapping, Strength};
use crate::yaml::{Node, write};

/// The file's text; [`super::load`] gives the same framework back.
pub fn to_yaml(framework: &Framework) -> String {
    let mut root = vec![
        ("framework", text(&framework.name)),
        ("standard", text(&framework.standard)),
        ("version", text(&framework.version)),
        ("title", text(&framework.title)),
    ];
    if !framework.source.is_empty() {
        root.push(("source", text(&framework.source)));
    }
    if !framework.groups.is_empty() {
        let groups = framework
            .groups
            .iter()
            .map(|group| titled(&group.id, &group.title));
        root.push(("groups", Node::Block(groups.collect())));
    }
    let sets = framework.sets.iter().map(|set| titled(&set.id, &set.title));
    root.push(("sets", Node::Block(sets.collect())));
    let controls = framework.controls.iter().map(control);
    root.push(("controls", Node::Block(controls.collect())));
    write(&Node::Mapping(root))
}

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

fn titled(id: &str, title: &str) -> Node {
    Node::Mapping(vec![("id", text(id)), ("title", text(title))])
}

fn control(control: &Control) -> Node {
    let mut members = vec![("id", text(&control.id)), ("set", text(&control.set))];
    let optional = |name, value: &Option<String>, members: &mut Vec<(&'static str, Node)>| {
        members.extend(value.as_ref().map(|value| (name, text(value))));
    };
    optional("parent", &control.parent, &mut members);
    members.push(("title", text(&control.title)));
    optional("guidance", &control.guidance, &mut members);
    optional("testing", &control.testing, &mut members);
    list("groups", &control.groups, &mut members);
    members.push(("coverage", text(control.coverage.as_str())));
    optional("because", &control.because, &mut members);
    if !control.rules.is_empty() {
        members.push(("rules", rules(&control.rules)));
    }
    list("security-hub", &control.security_hub, &mut members);
    list("api-calls", &control.api_calls, &mut members);
    list("cloudtrail", &control.cloudtrail, &mut members);
    list("evidence", &control.evidence, &mut members);
    Node::Mapping(members)
}

fn list(name: &'static str, texts: &[String], members: &mut Vec<(&'static str, Node)>) {
    if !texts.is_empty() {
        members.push((name, Node::Flow(texts.to_vec())));
    }
}

/// Plain names where all edges are our own and direct; else edges of the same kind together.
fn rules(mappings: &[RuleMapping]) -> Node {
    type Kind<'m> = (Strength, &'m [Origin], Option<&'m str>);
    let mut kinds: Vec<(Kind<'_>, Vec<String>)> = Vec::new();
    for mapping in mappings {
        let kind: Kind<'_> = (mapping.strength, &mapping.from, mapping.stricter.as_deref());
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, names)) => names.push(mapping.rule.clone()),
            None => kinds.push((kind, vec![mapping.rule.clone()])),
        }
    }
    kinds.sort();
    if let [((Strength::Direct, [Origin::Own], None), names)] = kinds.as_slice() {
        return Node::Flow(names.clone());
    }
    let edges = kinds
        .into_iter()
        .map(|((strength, from, stricter), names)| {
            let from = from
                .iter()
                .map(|origin| origin.as_str().to_owned())
                .collect();
            let mut members = vec![
                ("names", Node::Flow(names)),
                ("strength", text(strength.as_str())),
                ("from", Node::Flow(from)),
            ];
            members.extend(stricter.map(|words| ("stricter", text(words))));
            Node::Mapping(members)
        });
    Node::Block(edges.collect())
}
