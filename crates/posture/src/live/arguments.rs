//! How AWS is asked, at the command line.

use posture_aws::{Client, Options};

/// AWS itself instead of files.
#[derive(Debug, clap::Args)]
pub(crate) struct AwsArguments {
    /// Reads the AWS account itself, with the credentials that AWS's tools would use. Only what the
    /// rules need is asked for; nothing is changed.
    #[arg(long, conflicts_with = "paths")]
    pub(crate) aws: bool,
    /// The profile of `~/.aws/config` whose credentials are used. Default: `AWS_PROFILE`, or `default`.
    #[arg(long, conflicts_with = "paths")]
    pub(crate) profile: Option<String>,
    /// With --aws: everything that can be recorded, whatever the rules need.
    #[arg(long, requires = "aws")]
    pub(crate) all: bool,
    /// With --aws: prints the calls that would be made, by service, and makes none.
    #[arg(long, requires = "aws")]
    pub(crate) dry_run: bool,
}

impl AwsArguments {
    /// AWS, of what the rules need, with a profile.
    pub(crate) fn of_profile(profile: Option<String>) -> AwsArguments {
        AwsArguments {
            aws: true,
            profile,
            all: false,
            dry_run: false,
        }
    }

    /// The client. It starts in the first Region that is named, where none is set otherwise.
    pub(crate) async fn client(&self) -> Client {
        let mut options = Options::default();
        options.profile.clone_from(&self.profile);
        options.calls_per_second = Some(UNSTATED);
        Client::load(options).await
    }
}

/// Calls a second to services whose file states none, such as the tagging API's 15 a second say.
const UNSTATED: f64 = 10.0;
