//! Stateless actions of Network Firewall.
//!
//! Source: Network Firewall API reference, `FirewallPolicy`.

use posture_model::tree::Node;

/// The standard actions (`aws:pass`, `aws:drop`, `aws:forward_to_sfe`) of a list. A custom action
/// stands beside one of them and only publishes metrics.
pub fn standard_actions<'a>(actions: &[Node<'a>]) -> Vec<&'a str> {
    actions
        .iter()
        .filter_map(|action| action.as_text())
        .filter(|action| action.starts_with("aws:"))
        .collect()
}

#[cfg(test)]
mod tests {
    use posture_model::tree::Node;

    use super::standard_actions;

    #[test]
    fn custom_actions_are_left_out() {
        let actions = [Node::Text("aws:drop"), Node::Text("count-them")];
        assert_eq!(standard_actions(&actions), ["aws:drop"]);
    }
}
