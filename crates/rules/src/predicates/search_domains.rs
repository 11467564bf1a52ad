//! OpenSearch and Elasticsearch domains: the engine, and the logs that are published.
//!
//! Source: AWS Config developer guide, `opensearch-logs-to-cloudwatch`; OpenSearch Service API
//! reference, `LogType` and `EngineVersion`.

use posture_model::InsufficientData;
use posture_model::tree::Node;

use super::parameter;

/// Whether a domain runs Elasticsearch, as `Elasticsearch_7.10` does.
pub fn runs_elasticsearch(engine_version: Option<&str>) -> bool {
    engine_version.is_some_and(|version| version.starts_with("Elasticsearch_"))
}

/// The first of the logs in `wanted` that a domain doesn't publish, in words; with no log wanted,
/// any one is enough. `name` is that of the parameter that holds `wanted`.
///
/// # Errors
/// Where `wanted` holds something that is no type of log.
pub fn missing_log(
    options: Option<Node<'_>>,
    wanted: &[String],
    name: &str,
) -> Result<Option<String>, InsufficientData> {
    let options = options.unwrap_or(Node::Null);
    let is_on = |option: Node<'_>| {
        let enabled = option.get_any_case("enabled");
        enabled.and_then(Node::as_boolean) == Some(true)
    };
    if wanted.is_empty() {
        let any = options.members().iter().any(|(_, option)| is_on(*option));
        return Ok((!any).then(|| "a log that is published".to_owned()));
    }
    for log in wanted {
        let kind = match log.as_str() {
            "search" => "SEARCH_SLOW_LOGS",
            "index" => "INDEX_SLOW_LOGS",
            "error" => "ES_APPLICATION_LOGS",
            _ => {
                let message = format!("holds {log:?}, expected search, index or error");
                return Err(parameter::invalid(name, message));
            }
        };
        if !options.get(kind).is_some_and(is_on) {
            return Ok(Some(format!("{kind} that are published")));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_told_by_its_name() {
        assert!(runs_elasticsearch(Some("Elasticsearch_7.10")));
        assert!(!runs_elasticsearch(Some("OpenSearch_1.1")));
        assert!(!runs_elasticsearch(None));
    }

    #[test]
    fn an_unknown_type_of_log_is_no_verdict() {
        let error = missing_log(None, &["slow".to_owned()], "logTypes").unwrap_err();
        assert_eq!(
            error.to_string(),
            "parameter logTypes holds \"slow\", expected search, index or error"
        );
    }

    #[test]
    fn one_published_log_is_enough_where_none_is_named() {
        let on = [("Enabled", Node::Bool(true))];
        let options = [("AUDIT_LOGS", Node::Object(&on))];
        let published = missing_log(Some(Node::Object(&options)), &[], "logTypes");
        assert_eq!(published, Ok(None));
        let nothing = missing_log(None, &[], "logTypes");
        assert_eq!(nothing, Ok(Some("a log that is published".to_owned())));
    }
}
