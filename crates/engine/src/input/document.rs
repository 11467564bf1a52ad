//! From a document to the item in it, through the envelopes that AWS puts around items.

use posture_model::tree::{Bump, Node, parse};
use posture_model::{ConfigurationItem, ItemError, Source};

/// Envelopes within envelopes: SNS around an event around a string is the most that AWS makes.
const ENVELOPES: usize = 6;

/// The item that a document holds; none where it holds none.
pub(crate) fn item_of<'a>(
    document: Node<'a>,
    source: Source,
    arena: &'a Bump,
) -> Option<Result<ConfigurationItem<'a>, ItemError>> {
    let mut node = document;
    for _ in 0..ENVELOPES {
        let item = match node.get("configurationItem") {
            Some(item @ Node::Object(_)) => Some(item),
            // So AWS Config's guide shows a notification ("Example SNS notifications").
            Some(Node::Array([item @ Node::Object(_)])) => Some(*item),
            _ => None,
        };
        if let Some(item) = item {
            return Some(ConfigurationItem::from_node(item, source, arena));
        }
        // The notification of an item that was too long to send says only that it is there.
        if let Some(summary @ Node::Object(_)) = node.get("configurationItemSummary") {
            return Some(ConfigurationItem::from_node(summary, Source::Seen, arena));
        }
        if is_item(node, source) {
            return Some(ConfigurationItem::from_node(node, source, arena));
        }
        node = match node {
            Node::Text(text) => parse(text.as_bytes(), arena).ok()?,
            // The event of a custom rule, an SNS notification, an event of EventBridge.
            _ => ["invokingEvent", "Message", "detail"]
                .iter()
                .find_map(|name| node.get(name))?,
        };
    }
    None
}

/// A notification about compliance names a resource too, and is no item.
fn is_item(node: Node<'_>, source: Source) -> bool {
    let has = |name| node.get(name).is_some();
    has("resourceType")
        && (source == Source::AwsConfigQuery
            || has("configurationItemStatus")
            || has("configurationItemCaptureTime")
            || has("configuration"))
}
