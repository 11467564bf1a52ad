//! `posture iam-policy sources`.

use std::path::PathBuf;

use posture_recorder::Sources;

use super::super::CommandError;
use super::print;
use crate::exit::Outcome;

/// The policy of what is read beside the services: AWS Config's bucket or aggregator, and the queue of `watch`.
#[derive(Debug, clap::Args)]
pub(crate) struct SourcesPolicy {
    #[command(flatten)]
    wanted: Wanted,
    /// The ARN of a key that the bucket or the queue is encrypted with; repeatable.
    #[arg(long = "kms-key", value_name = "ARN")]
    kms_keys: Vec<String>,
    /// Write there instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
struct Wanted {
    /// The bucket of `record --config-bucket`.
    #[arg(long, value_name = "s3://BUCKET[/PREFIX]")]
    config_bucket: Option<String>,
    /// For `record --config-aggregator`.
    #[arg(long)]
    config_aggregator: bool,
    /// The queue of `watch --queue`.
    #[arg(long, value_name = "URL")]
    queue: Option<String>,
}

impl SourcesPolicy {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let sources = Sources {
            config_bucket: self.wanted.config_bucket.as_deref(),
            config_aggregator: self.wanted.config_aggregator,
            queue: self.wanted.queue.as_deref(),
            kms_keys: &self.kms_keys,
        };
        print(sources.policy()?, self.output.as_deref())
    }
}
