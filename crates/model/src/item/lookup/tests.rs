//! Oracle: AWS Config's items as documented, and as recorded.

use bumpalo::Bump;

use super::*;
use crate::path;

const ITEM: &str = r#"{
    "accountId":"123456789012","awsRegion":"eu-west-1","resourceType":"AWS::S3::Bucket",
    "resourceId":"b","configurationItemCaptureTime":"2026-01-01T00:00:00Z",
    "configuration":"{\"name\":\"b\",\"nothing\":null}",
    "supplementaryConfiguration":{
        "AccessControlList":"\"{\\\"grantList\\\":[{\\\"permission\\\":\\\"Read\\\"}]}\"",
        "BucketPolicy":{"policyText":"{\"Statement\":[]}"},
        "Encoded":"%7B%22a%22%3A1%7D",
        "GetThing":{"On":true}}}"#;

fn with<T>(text: &str, source: Source, read: impl Fn(&ConfigurationItem<'_>) -> T) -> T {
    let arena = Bump::new();
    let root = tree::parse(text.as_bytes(), &arena).unwrap();
    read(&ConfigurationItem::from_node(root, source, &arena).unwrap())
}

#[test]
fn json_in_strings_is_read_through() {
    with(ITEM, Source::AwsConfig, |item| {
        let name = item.text(path("configuration.name"));
        assert_eq!(name, Ok(Some("b")));
        let grants = item.each(path(
            "supplementaryConfiguration.AccessControlList.grantList[*].permission",
        ));
        assert_eq!(grants, Ok(vec![Node::Text("Read")]));
        let statements = item.list(path(
            "supplementaryConfiguration.BucketPolicy.policyText.Statement",
        ));
        assert_eq!(statements, Ok(&[][..]));
        let encoded = item.integer(path("supplementaryConfiguration.Encoded.a"));
        assert_eq!(encoded, Ok(Some(1)));
    });
}

#[test]
fn what_aws_config_records_is_absent_and_what_it_does_not_is_not_collected() {
    with(ITEM, Source::AwsConfig, |item| {
        assert_eq!(item.text(path("configuration.missing")), Ok(None));
        assert_eq!(item.text(path("configuration.nothing")), Ok(None));
        let other = item.text(path("supplementaryConfiguration.GetOther.X"));
        assert_eq!(other.unwrap_err().reason, Reason::NotCollected);
        let answered = item.text(path("supplementaryConfiguration.GetThing.Missing"));
        assert_eq!(answered, Ok(None));
    });
}

#[test]
fn an_answer_to_a_query_holds_only_what_was_asked_for() {
    with(ITEM, Source::AwsConfigQuery, |item| {
        let missing = item.text(path("configuration.missing"));
        assert_eq!(missing.unwrap_err().reason, Reason::NotCollected);
        assert_eq!(item.text(path("configuration.nothing.deeper")), Ok(None));
        assert_eq!(item.text(path("configuration.name")), Ok(Some("b")));
    });
}

#[test]
fn a_denied_call_hides_everything_inside_its_place() {
    let text = ITEM.replace(
        "\"resourceId\"",
        r#""unread":[{"path":"supplementaryConfiguration.BucketPolicy","state":"denied","action":"s3:GetBucketPolicy"}],"resourceId""#,
    );
    with(&text, Source::AwsConfig, |item| {
        let error = item
            .text(path("supplementaryConfiguration.BucketPolicy.policyText"))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "supplementaryConfiguration.BucketPolicy.policyText was not read: \
             s3:GetBucketPolicy was denied"
        );
    });
}

#[test]
fn what_the_recorder_did_not_ask_for_is_not_nothing() {
    with(ITEM, Source::Recorder, |item| {
        assert_eq!(item.text(path("configuration.missing")), Ok(None));
        let answered = item.list(path("supplementaryConfiguration.GetThing.Missing"));
        assert_eq!(answered, Ok(&[][..]));
        let other = item.list(path("supplementaryConfiguration.ListOthers.Others"));
        assert_eq!(other.unwrap_err().reason, Reason::NotCollected);
    });
}

#[test]
fn what_lies_within_another_kind_of_value_is_malformed() {
    let text = ITEM.replace(
        "\\\"nothing\\\":null",
        "\\\"nothing\\\":null,\\\"empty\\\":\\\"\\\",\\\"list\\\":{\\\"a\\\":1}",
    );
    with(&text, Source::AwsConfig, |item| {
        let error = item.text(path("configuration.name.deeper")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "configuration.name.deeper is within a string, where an object was expected"
        );
        let error = item.each(path("configuration.list[*].a")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "configuration.list[*].a is within an object, where an array was expected"
        );
        assert_eq!(item.text(path("configuration.empty.deeper")), Ok(None));
        assert_eq!(item.each(path("configuration.nothing[*]")), Ok(vec![]));
    });
}

#[test]
fn another_kind_of_value_is_malformed_and_not_absent() {
    with(ITEM, Source::AwsConfig, |item| {
        let error = item.boolean(path("configuration.name")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "configuration.name is a string, where a boolean was expected"
        );
    });
}
