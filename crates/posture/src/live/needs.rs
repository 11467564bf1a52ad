//! What packs need to be recorded.

use posture_content::packs::Pack;
use posture_model::ResourceType;
use posture_recorder::Needs;

/// What the rules of these packs read; of these rules only, where any are named.
pub(crate) fn needs_of(packs: &[Pack], rules: &[String]) -> Needs {
    let mut needs = Needs::default();
    for rule in packs.iter().flat_map(|pack| &pack.rules) {
        // What can't be resolved is told when it is to be evaluated.
        let managed = rule.resolve().ok().flatten().map(|(entry, _)| entry.rule);
        let name = managed.map_or(rule.name.as_str(), |managed| managed.id);
        if !rules.is_empty() && !rules.iter().any(|known| known == name) {
            continue;
        }
        match managed {
            Some(managed) => needs.add(managed),
            None if rule.policy.is_some() => {
                let types = rule.types.iter();
                for resource_type in types.filter_map(|name| ResourceType::from_name(name)) {
                    needs.add_whole(resource_type);
                }
            }
            None => {}
        }
    }
    needs
}
