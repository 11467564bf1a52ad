//! `posture aws`: the AWS client by hand.

use std::io::{self, Write as _};
use std::path::PathBuf;

use posture_aws::{CallError, Client, Options, Service};
use serde_json::Value;

use super::CommandError;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Calls one read operation of AWS and prints what it answers, all pages as one, as JSON.
#[derive(Debug, clap::Args)]
pub(crate) struct Aws {
    /// The service, as the AWS CLI calls it: `s3`, `elbv2`.
    service: String,
    /// The operation, as the API or the AWS CLI calls it: `DescribeInstances`, `describe-instances`.
    operation: String,
    /// The operation's input, a JSON object. Times are RFC 3339, blobs base64.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    params: String,
    /// The Region. Default: as AWS's tools find it (`AWS_REGION`, the profile).
    #[arg(long)]
    region: Option<String>,
    /// The profile of `~/.aws/config`. Default: `AWS_PROFILE`, or `default`.
    #[arg(long)]
    profile: Option<String>,
    /// Write there instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Aws {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let input: Value = serde_json::from_str(&self.params).map_err(CommandError::Params)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        match runtime.block_on(self.call(&input)) {
            Ok(answer) => {
                let mut sink = Sink::new(self.output.as_deref())?;
                serde_json::to_writer_pretty(&mut sink, &answer)?;
                writeln!(sink)?;
                sink.finish()?;
                Ok(Outcome::Clean)
            }
            // AWS was asked and did not tell: not the same as asked wrongly.
            Err(
                error @ (CallError::Service { .. }
                | CallError::Unreachable { .. }
                | CallError::Reply { .. }),
            ) => {
                writeln!(io::stderr(), "error: {error}")?;
                Ok(Outcome::Incomplete)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn call(&self, input: &Value) -> Result<Value, CallError> {
        let service = Service::named(&self.service)?;
        let operation = spelled(service, &self.operation);
        let mut options = Options::default();
        options.region.clone_from(&self.region);
        options.profile.clone_from(&self.profile);
        let client = Client::load(options).await;
        client.pages(service.name, operation, input)?.merged().await
    }
}

/// `describe-instances` as the API spells it; what is no operation stays, for the error to name.
fn spelled<'n>(service: &'static Service, name: &'n str) -> &'n str
where
    'static: 'n,
{
    let plain = name.replace('-', "");
    service
        .operation_names()
        .find(|known| known.eq_ignore_ascii_case(&plain))
        .unwrap_or(name)
}
