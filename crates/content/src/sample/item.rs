//! Writes configuration items in AWS Config's shape, as Posture's recorder does.

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
            captured: draw.below(20 * time::DAY).min(created),
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
    pub(super) fn unread_in(
        mut self,
        share: u64,
        draw: &mut Draw,
        name: &str,
        action: &str,
    ) -> Item {
        if draw.percent(share) {
            self.supplementary.shift_remove(name);
            let (state, code) = draw.pick(&[
                ("denied", "AccessDenied"),
                ("denied", "AccessDeniedException"),
                ("throttled", "ThrottlingException"),
                ("failed", "InternalFailure"),
            ]);
            self.unread.push(json!({
                "path": format!("supplementaryConfiguration.{name}"),
                "state": state, "action": action, "code": code,
            }));
        }
        self
    }

    /// As it was `days` earlier, with another value for one member of its `configuration`.
    pub(super) fn earlier(mut self, days: u64, member: &str, value: Value) -> Item {
        self.captured += days * time::DAY;
        self.created = self.created.max(self.captured);
        if let Some(configuration) = self.configuration.as_object_mut() {
            configuration.insert(member.to_owned(), value);
        }
        self
    }

    /// Gone: what AWS Config writes of a resource that was deleted.
    pub(super) fn deleted(mut self) -> Item {
        self.status = "ResourceDeleted";
        self.captured = self.captured.min(time::DAY);
        self.configuration = Value::Null;
        self.supplementary.clear();
        self.tags.clear();
        self.relationships.clear();
        self
    }

    /// The item as one line of JSON, without the end of the line.
    pub(super) fn line(self) -> String {
        let zone = match (self.zone, self.region) {
            (Some(zone), _) => zone,
            (None, "global") => "Not Applicable".to_owned(),
            (None, _) => "Regional".to_owned(),
        };
        let mut item = json!({
            "version": "1.3",
            "accountId": self.site.account.id,
            "configurationItemCaptureTime": time::ago(self.captured),
            "configurationItemStatus": self.status,
            "configurationStateId": time::state_id(self.captured),
            "configurationItemMD5Hash": "",
            "arn": self.arn,
            "resourceType": self.kind,
            "resourceId": self.id,
        });
        let rest = json!({
            "awsRegion": self.region,
            "availabilityZone": zone,
            "resourceCreationTime": time::ago(self.created),
            "tags": self.tags,
            "relatedEvents": [],
            "relationships": self.relationships,
            "configuration": self.configuration,
            "supplementaryConfiguration": self.supplementary,
            "resourceTransitionStatus": "None",
            "unread": self.unread,
        });
        if let (Some(item), Value::Object(rest)) = (item.as_object_mut(), rest) {
            if let Some(name) = self.name {
                item.insert("resourceName".to_owned(), Value::String(name));
            }
            item.extend(rest);
        }
        item.to_string()
    }
}
