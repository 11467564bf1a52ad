//! Which Regions there are, which of them answer, and where global resources are recorded.

use std::collections::BTreeSet;
use std::time::Duration;

use posture_aws::{Client, Partition};
use posture_model::CoverageState;
use serde_json::json;
use tokio::task::JoinSet;

use crate::coverage::Outcome;
use crate::text::{plain, value, values};

/// How long a Region may take to say who asks: those that are shut or dead don't answer at all.
const PROBE: Duration = Duration::from_secs(3);

/// The Regions of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Regions {
    /// Those that are enabled and answer, sorted.
    pub(crate) live: Vec<String>,
    /// Those that are not recorded, and why. Sorted.
    pub(crate) quarantined: Vec<(String, Outcome)>,
}

impl Regions {
    /// Asks AWS. `wanted` narrows them; without it, all that are enabled.
    pub(crate) async fn discover(client: &Client, wanted: Option<&[String]>) -> Regions {
        let mut regions = Regions::default();
        let wanted = match wanted {
            Some([]) => return regions,
            Some(wanted) => wanted,
            None => &[],
        };
        let mut candidates: BTreeSet<String> = BTreeSet::new();
        // Credentials are good in one partition only.
        let partition = Partition::of(client.region());
        match client
            .call("ec2", "DescribeRegions", &json!({ "AllRegions": true }))
            .await
        {
            Ok(reply) => {
                for region in values("Regions[]", &reply) {
                    let text = |name| value(name, region).and_then(plain).unwrap_or_default();
                    let name = text("RegionName");
                    let is_ours = Partition::of(&name).id == partition.id;
                    if !is_ours || !wanted.is_empty() && !wanted.contains(&name) {
                        continue;
                    }
                    if text("OptInStatus") == "not-opted-in" {
                        // Nobody can have resources there; it is said only where it was asked for.
                        if !wanted.is_empty() {
                            regions.quarantined.push((name, disabled("not-opted-in")));
                        }
                    } else {
                        candidates.insert(name);
                    }
                }
                for name in wanted {
                    let is_known = candidates.contains(name)
                        || regions.quarantined.iter().any(|(known, _)| known == name);
                    if !is_known {
                        regions
                            .quarantined
                            .push((name.clone(), disabled("unknown")));
                    }
                }
            }
            Err(error) => {
                let action = "ec2:DescribeRegions".to_owned();
                let outcome = Outcome::of_error(&error, action, &[]);
                if wanted.is_empty() {
                    candidates.insert(client.region().to_owned());
                    regions.quarantined.push(("all others".to_owned(), outcome));
                } else {
                    candidates.extend(wanted.iter().cloned());
                }
            }
        }
        regions.probe(client, candidates).await;
        regions.live.sort();
        regions.quarantined.sort_by(|a, b| a.0.cmp(&b.0));
        regions
    }

    /// Asks each who is asking.
    async fn probe(&mut self, client: &Client, candidates: BTreeSet<String>) {
        let mut probes = JoinSet::new();
        for region in candidates {
            let client = client.in_region(&region);
            probes.spawn(async move {
                let input = json!({});
                let who = client.call("sts", "GetCallerIdentity", &input);
                let outcome = match tokio::time::timeout(PROBE, who).await {
                    Ok(Ok(_)) => Outcome::complete(),
                    Ok(Err(error)) => {
                        Outcome::of_error(&error, "sts:GetCallerIdentity".to_owned(), &[])
                    }
                    Err(_) => Outcome::failed(
                        CoverageState::Unreachable,
                        "sts:GetCallerIdentity",
                        "Timeout",
                    ),
                };
                (region, outcome)
            });
        }
        while let Some(probed) = probes.join_next().await {
            let Ok((region, outcome)) = probed else {
                continue;
            };
            // Whoever may not ask who they are may still ask for other things.
            match outcome.state {
                CoverageState::Complete | CoverageState::Denied | CoverageState::Throttled => {
                    self.live.push(region);
                }
                _ => self.quarantined.push((region, outcome)),
            }
        }
    }
}

fn disabled(code: &str) -> Outcome {
    Outcome::failed(CoverageState::Disabled, "", code)
}
