//! What evidence links to: the plan, the package's files, runs, documents.

use std::collections::BTreeMap;

use super::document::{Hash, Property, Resource, ResourceLink, properties};
use super::results::Told;
use super::text::markup;

impl Told<'_> {
    /// All of them, each once.
    pub(super) fn resources(&self) -> Vec<Resource> {
        let link = |path: &str, media_type, sha256: &str| ResourceLink {
            href: path.to_owned(),
            media_type,
            hashes: vec![Hash {
                algorithm: "SHA-256",
                value: sha256.to_owned(),
            }],
        };
        let mut resources = vec![Resource {
            uuid: self.plan.0,
            title: "The plan".to_owned(),
            description: String::new(),
            props: Vec::new(),
            rlinks: vec![link(
                "assessment-plan.json",
                "application/oscal+json",
                &self.plan.1,
            )],
        }];
        for (path, sha256) in self.of.files {
            let is_table = std::path::Path::new(path)
                .extension()
                .is_some_and(|it| it == "csv");
            let media_type = if is_table { "text/csv" } else { "text/html" };
            resources.push(Resource {
                uuid: self.ids.thing("file", &[path]),
                title: markup(path),
                description: String::new(),
                props: Vec::new(),
                rlinks: vec![link(&format!("../{path}"), media_type, sha256)],
            });
        }
        for run in &self.of.evidence.history.runs {
            let leaf = run.leaf.map(|leaf| leaf.to_string());
            resources.push(Resource {
                uuid: self.ids.thing("run", &[&run.run.to_string()]),
                title: format!("Run of {}", run.evaluated_at),
                description: format!(
                    "An evaluation of {}. The root is over all its verdicts; the evidence log has it in the \
                     record of this index.",
                    if self.of.evidence.history.is_whole(run) {
                        "everything"
                    } else {
                        "the rules that read what had changed"
                    }
                ),
                props: properties([
                    Property::own("verdict-root", &run.verdict_root),
                    Property::own("verdicts", &run.verdicts.to_string()),
                    leaf.as_deref().and_then(|leaf| Property::own("log-record", leaf)),
                ]),
                rlinks: Vec::new(),
            });
        }
        let mut bodies: BTreeMap<String, String> = self.retrieved();
        for record in self.of.assessment.controls.values() {
            for one in &record.uploads {
                let upload = &one.upload;
                bodies.insert(upload.body.sha256.clone(), upload.file_name.clone());
            }
        }
        resources.extend(bodies.into_iter().map(|(sha256, name)| Resource {
            uuid: self.body_id(&sha256),
            title: markup(&name),
            description: match self.of.evidence.gone.get(&sha256) {
                Some(one) => markup(&format!("Not in the package: {}.", one.said())),
                None => "In the package under blobs/, packed with Zstandard; the hash is of the plain bytes."
                    .to_owned(),
            },
            props: properties([Property::own("sha-256", &sha256)]),
            rlinks: Vec::new(),
        }));
        resources
    }
}
