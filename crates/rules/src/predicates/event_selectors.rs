//! What a trail records, as `GetEventSelectors` answers.
//!
//! Source: CloudTrail API reference, `EventSelector`, `AdvancedEventSelector`, `DataResource`.

use posture_model::tree::Node;

/// The answer for one trail: basic or advanced selectors.
#[derive(Debug, Clone, Copy)]
pub struct Selectors<'a>(pub Node<'a>);

/// Whether events read or write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Read-only events.
    Read,
    /// The others.
    Write,
}

impl Selectors<'_> {
    /// Whether every management event of a kind is recorded: of all sources, without exception.
    pub fn record_management(self, kind: Kind) -> bool {
        let basic = |selector: &Node<'_>| {
            selector.boolean("IncludeManagementEvents") == Some(true)
                && selector.items("ExcludeManagementEventSources").is_empty()
                && covers(*selector, kind)
        };
        let advanced = |selector: &Node<'_>| {
            equals(*selector, "eventCategory", "Management")
                && covers_read_only(*selector, kind)
                && has_only(*selector, &["eventCategory", "readOnly"])
        };
        self.0.items("EventSelectors").iter().any(basic)
            || self.0.items("AdvancedEventSelectors").iter().any(advanced)
    }

    /// Whether management events of some sources are left out.
    pub fn exclude_sources(self) -> bool {
        let basic =
            |selector: &Node<'_>| !selector.items("ExcludeManagementEventSources").is_empty();
        let advanced = |selector: &Node<'_>| {
            equals(*selector, "eventCategory", "Management")
                && !has_only(*selector, &["eventCategory", "readOnly"])
        };
        self.0.items("EventSelectors").iter().any(basic)
            || self.0.items("AdvancedEventSelectors").iter().any(advanced)
    }

    /// Whether every S3 object event of a kind is recorded: of one bucket, or of all.
    pub fn record_objects(self, kind: Kind, bucket: Option<&str>) -> bool {
        let basic = |selector: &Node<'_>| {
            let mut resources = selector.items("DataResources").iter();
            covers(*selector, kind)
                && resources.any(|resource| {
                    resource.text("Type") == Some("AWS::S3::Object")
                        && is_prefix_of(*resource, "Values", bucket)
                })
        };
        let advanced = |selector: &Node<'_>| {
            let mut fields = selector.items("FieldSelectors").iter();
            equals(*selector, "eventCategory", "Data")
                && equals(*selector, "resources.type", "AWS::S3::Object")
                && covers_read_only(*selector, kind)
                && has_only(
                    *selector,
                    &[
                        "eventCategory",
                        "resources.type",
                        "readOnly",
                        "resources.ARN",
                    ],
                )
                && fields.all(|field| {
                    field.text("Field") != Some("resources.ARN")
                        || is_prefix_of(*field, "StartsWith", bucket)
                })
        };
        self.0.items("EventSelectors").iter().any(basic)
            || self.0.items("AdvancedEventSelectors").iter().any(advanced)
    }
}

fn covers(selector: Node<'_>, kind: Kind) -> bool {
    match selector.text("ReadWriteType") {
        Some("All") => true,
        Some("ReadOnly") => kind == Kind::Read,
        Some("WriteOnly") => kind == Kind::Write,
        _ => false,
    }
}

fn covers_read_only(selector: Node<'_>, kind: Kind) -> bool {
    let wanted = match kind {
        Kind::Read => "true",
        Kind::Write => "false",
    };
    has_none(selector, "readOnly") || equals(selector, "readOnly", wanted)
}

fn equals(selector: Node<'_>, name: &str, value: &str) -> bool {
    selector.items("FieldSelectors").iter().any(|field| {
        let mut values = field.items("Equals").iter();
        field.text("Field") == Some(name) && values.any(|text| text.as_text() == Some(value))
    })
}

fn has_none(selector: Node<'_>, name: &str) -> bool {
    let mut fields = selector.items("FieldSelectors").iter();
    fields.all(|field| field.text("Field") != Some(name))
}

fn has_only(selector: Node<'_>, names: &[&str]) -> bool {
    selector.items("FieldSelectors").iter().all(|field| {
        field
            .text("Field")
            .is_some_and(|name| names.contains(&name))
    })
}

/// Whether one of an element's texts is where the ARNs of a bucket's objects, or of all objects,
/// begin. `arn:aws:s3` is how AWS writes all buckets.
fn is_prefix_of(node: Node<'_>, element: &str, bucket: Option<&str>) -> bool {
    let objects = bucket.map(|bucket| format!("s3:::{bucket}/"));
    node.items(element)
        .iter()
        .filter_map(|text| text.as_text()?.strip_prefix("arn:")?.split_once(':'))
        .any(|(_, rest)| matches!(rest, "s3" | "s3:::") || objects.as_deref() == Some(rest))
}

#[cfg(test)]
mod tests {
    use posture_model::tree::{Bump, parse};

    use super::{Kind, Selectors};

    fn with<T>(text: &str, judge: impl Fn(Selectors<'_>) -> T) -> T {
        let arena = Bump::new();
        judge(Selectors(parse(text.as_bytes(), &arena).unwrap()))
    }

    #[test]
    fn basic_selectors_record_what_they_say() {
        let text = r#"{"EventSelectors":[{"ReadWriteType":"ReadOnly","IncludeManagementEvents":true,
            "DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3:::b/"]}]}]}"#;
        with(text, |selectors| {
            assert!(selectors.record_management(Kind::Read));
            assert!(!selectors.record_management(Kind::Write));
            assert!(selectors.record_objects(Kind::Read, Some("b")));
            assert!(!selectors.record_objects(Kind::Write, Some("b")));
            assert!(!selectors.record_objects(Kind::Read, Some("bb")));
            assert!(!selectors.record_objects(Kind::Read, None));
            assert!(!selectors.exclude_sources());
        });
    }

    #[test]
    fn the_recorded_advanced_selector_leaves_sources_and_reads_out() {
        let text = r#"{"AdvancedEventSelectors":[{"FieldSelectors":[
            {"Equals":["Management"],"Field":"eventCategory"},
            {"Field":"eventSource","NotEquals":["kms.amazonaws.com","rdsdata.amazonaws.com"]},
            {"Equals":["false"],"Field":"readOnly"}]}]}"#;
        with(text, |selectors| {
            assert!(selectors.exclude_sources());
            assert!(!selectors.record_management(Kind::Write));
            assert!(!selectors.record_management(Kind::Read));
        });
    }

    #[test]
    fn advanced_selectors_record_all_objects_unless_they_are_narrowed() {
        let with_fields = |more: &str| {
            format!(
                r#"{{"AdvancedEventSelectors":[{{"FieldSelectors":[
                {{"Field":"eventCategory","Equals":["Data"]}},
                {{"Field":"resources.type","Equals":["AWS::S3::Object"]}}{more}]}}]}}"#
            )
        };
        let all = with_fields("");
        assert!(with(&all, |it| it.record_objects(Kind::Write, None)));
        assert!(with(&all, |it| it.record_objects(Kind::Read, Some("b"))));
        let one = with_fields(r#",{"Field":"resources.ARN","StartsWith":["arn:aws:s3:::b/"]}"#);
        assert!(with(&one, |it| it.record_objects(Kind::Read, Some("b"))));
        assert!(!with(&one, |it| it.record_objects(Kind::Read, None)));
        let writes = with_fields(r#",{"Field":"readOnly","Equals":["false"]}"#);
        assert!(!with(&writes, |it| it.record_objects(Kind::Read, None)));
        let names = with_fields(r#",{"Field":"eventName","Equals":["PutObject"]}"#);
        assert!(!with(&names, |it| it.record_objects(Kind::Write, None)));
    }
}
