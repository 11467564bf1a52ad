//! Writes configuration items in AWS Config's shape, as Posture's recorder does.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::draw::Draw;
use super::site::Site;
use super::time;

/// An item in the making. `configuration` has AWS Config's casing for its type.
#[derive(Debug, Clone)]
pub(super) struct Item {
    site: Site,
    kind: &'static str,
    id: String,
    name: Option<String>,
    arn: String,
    region: &'static str,
    zone: Option<String>,
    status: &'static str,
    created: u64,
    captured: u64,
    tags: Map<String, Value>,
    relationships: Vec<Value>,
    configuration: Value,
    supplementary: Map<String, Value>,
    unread: Vec<Value>,
}

impl Item {
    /// An item of a resource of this type.
    pub(super) fn new(site: Site, kind: &'static str, id: &str, arn: &str) -> Item {
        let mut draw = Draw::new(arn, 0);
        let created = draw.between(20, 1_400) * time::DAY + draw.below(time::DAY);
        Item {
            site,
            kind,
            id: id.to_owned(),
            name: None,
            arn: arn.to_owned(),
            region: site.region.name,
            zone: None,
            status: "OK",
            created,
            captured: draw.between(3_600, 20 * time::DAY),
            tags: Map::new(),
            relationships: Vec::new(),
            configuration: Value::Null,
            supplementary: Map::new(),
            unread: Vec::new(),
        }
    }

    /// The name that the type has beside its id.
    pub(super) fn named(mut self, name: &str) -> Item {
        self.name = Some(name.to_owned());
        self
    }

    /// In no Region: IAM, CloudFront and the like.
    pub(super) fn global(mut self) -> Item {
        self.region = "global";
        self
    }

    /// In one Availability Zone.
    pub(super) fn in_zone(mut self, zone: &str) -> Item {
        self.zone = Some(zone.to_owned());
        self
    }

    /// The tags that this owner gives, about one of the owner's applications.
    pub(super) fn tagged(mut self, draw: &mut Draw, name: &str, app: &str) -> Item {
        self.tags = super::tags::of(self.site, draw, name, app);
        self
    }

    /// One more tag.
    pub(super) fn tag(mut self, key: &str, value: &str) -> Item {
        self.tags.insert(key.to_owned(), json!(value));
        self
    }

    /// How the resource stands to another, in AWS Config's words.
    pub(super) fn related(mut self, kind: &str, id: &str, words: &str) -> Item {
        self.relationships.push(json!({
            "resourceType": kind, "resourceId": id, "relationshipName": words,
        }));
        self
    }

    /// How the resource stands to another that AWS Config knows by id and name.
    pub(super) fn related_named(mut self, kind: &str, id: &str, name: &str, words: &str) -> Item {
        self.relationships.push(json!({
            "resourceType": kind, "resourceId": id, "resourceName": name, "relationshipName": words,
        }));
        self
    }

    /// Where the resource is, and what guards it.
    pub(super) fn in_network(self, vpc: &str, subnet: &str, group: &str) -> Item {
        self.related("AWS::EC2::VPC", vpc, "Is contained in Vpc")
            .related("AWS::EC2::Subnet", subnet, "Is contained in Subnet")
            .related(
                "AWS::EC2::SecurityGroup",
                group,
                "Is associated with SecurityGroup",
            )
    }

    /// What AWS Config records of the resource.
    pub(super) fn configuration(mut self, configuration: Value) -> Item {
        self.configuration = configuration;
        self
    }

    /// A member of `supplementaryConfiguration`: AWS Config's own, or named for an API operation.
    pub(super) fn with(mut self, name: &str, value: Value) -> Item {
        self.supplementary.insert(name.to_owned(), value);
        self
    }

    /// In `share` of 100 draws, a member of `supplementaryConfiguration` that was not read.
    pub(super) fn unread_in(self, share: u64, draw: &mut Draw, name: &str, action: &str) -> Item {
        if !draw.percent(share) {
            return self;
        }
        let (state, code) = draw.pick(&[
            ("denied", "AccessDenied"),
            ("denied", "AccessDeniedException"),
            ("throttled", "ThrottlingException"),
            ("failed", "InternalFailure"),
        ]);
        self.unread(name, state, action, code)
    }

    /// A member of `supplementaryConfiguration` that the recorder may not read.
    pub(super) fn denied(self, name: &str, action: &str) -> Item {
        self.unread(name, "denied", action, "AccessDenied")
    }

    fn unread(mut self, name: &str, state: &str, action: &str, code: &str) -> Item {
        self.supplementary.shift_remove(name);
        self.unread.push(json!({
            "path": format!("supplementaryConfiguration.{name}"),
            "state": state, "action": action, "code": code,
        }));
        self
    }

    /// As it was `days` earlier.
    pub(super) fn earlier(mut self, days: u64) -> Item {
        self.captured += days * time::DAY;
        self.created = self.created.max(self.captured);
        self
    }

    /// With this value for a member of its `configuration`.
    pub(super) fn set(mut self, member: &str, value: Value) -> Item {
        if let Some(configuration) = self.configuration.as_object_mut() {
            configuration.insert(member.to_owned(), value);
        }
        self
    }

    /// Gone: what AWS Config writes of a resource that was deleted.
    pub(super) fn deleted(mut self) -> Item {
        self.status = "ResourceDeleted";
        self.captured /= 2;
        self.configuration = Value::Null;
        self.supplementary.clear();
        self.tags.clear();
        self.relationships.clear();
        self
    }

    /// The item as one line of JSON, without the end of the line.
    pub(super) fn line(self) -> String {
        let zone = match (self.zone.as_deref(), self.region) {
            (Some(zone), _) => zone,
            (None, "global") => "Not Applicable",
            (None, _) => "Regional",
        };
        let line = Line {
            version: "1.3",
            account_id: self.site.account.id,
            configuration_item_capture_time: time::ago(self.captured),
            configuration_item_status: self.status,
            configuration_state_id: time::state_id(self.captured),
            configuration_item_md5_hash: "",
            arn: &self.arn,
            resource_type: self.kind,
            resource_id: &self.id,
            resource_name: self.name.as_deref(),
            aws_region: self.region,
            availability_zone: zone,
            resource_creation_time: time::ago(self.created),
            tags: &self.tags,
            related_events: [],
            relationships: &self.relationships,
            configuration: &self.configuration,
            supplementary_configuration: &self.supplementary,
            resource_transition_status: "None",
            unread: &self.unread,
        };
        // Keys are strings and no value refuses to be written, so this has no way to fail.
        serde_json::to_string(&line).unwrap_or_default()
    }
}

/// An item's members, in AWS Config's order; `unread` is the recorder's.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    version: &'static str,
    account_id: &'static str,
    configuration_item_capture_time: String,
    configuration_item_status: &'static str,
    configuration_state_id: String,
    #[serde(rename = "configurationItemMD5Hash")]
    configuration_item_md5_hash: &'static str,
    arn: &'a str,
    resource_type: &'static str,
    resource_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_name: Option<&'a str>,
    aws_region: &'static str,
    availability_zone: &'a str,
    resource_creation_time: String,
    tags: &'a Map<String, Value>,
    related_events: [&'static str; 0],
    relationships: &'a [Value],
    configuration: &'a Value,
    supplementary_configuration: &'a Map<String, Value>,
    resource_transition_status: &'static str,
    unread: &'a [Value],
}
