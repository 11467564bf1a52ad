//! Settings of the methods of an API Gateway stage.
//!
//! Source: API Gateway API reference, `MethodSetting`; keys are `{path}/{method}`, and `*/*` stands
//! for every method without a key of its own.

use posture_model::tree::Node;

/// The key of every method without one of its own.
pub const EVERY_OTHER: &str = "*/*";

/// The first key whose settings fail: [`EVERY_OTHER`] where it is missing, since the methods that
/// it stands for then have API Gateway's defaults, which neither log nor cache.
pub fn first_failing<'a>(
    settings: Option<Node<'a>>,
    passes: impl Fn(Node<'a>) -> bool,
) -> Option<&'a str> {
    let settings = settings.map_or(&[][..], Node::members);
    if !settings.iter().any(|(key, _)| *key == EVERY_OTHER) {
        return Some(EVERY_OTHER);
    }
    settings
        .iter()
        .find(|(_, setting)| !passes(*setting))
        .map(|(key, _)| *key)
}

#[cfg(test)]
mod tests {
    use posture_model::tree::Node;

    use super::first_failing;

    fn is_on(setting: Node<'_>) -> bool {
        setting.boolean("on") == Some(true)
    }

    #[test]
    fn one_method_that_fails_is_enough() {
        let on = Node::Object(&[("on", Node::Bool(true))]);
        let off = Node::Object(&[("on", Node::Bool(false))]);
        let all_on = [("*/*", on), ("orders/GET", on)];
        let one_off = [("*/*", on), ("orders/GET", off)];
        assert_eq!(first_failing(Some(Node::Object(&all_on)), is_on), None);
        let failing = first_failing(Some(Node::Object(&one_off)), is_on);
        assert_eq!(failing, Some("orders/GET"));
    }

    #[test]
    fn methods_without_settings_fail() {
        let on = Node::Object(&[("on", Node::Bool(true))]);
        let one = [("orders/GET", on)];
        assert_eq!(first_failing(Some(Node::Object(&one)), is_on), Some("*/*"));
        assert_eq!(first_failing(None, is_on), Some("*/*"));
    }
}
