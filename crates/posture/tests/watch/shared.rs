//! One rule on buckets, and buckets and queues on moto.

use super::moto::Moto;

/// The pack: of a bucket, whether it is versioned.
pub(crate) const PACK: &str = concat!(
    "--pack=",
    env!("CARGO_MANIFEST_DIR"),
    "/tests/watch/pack.yaml"
);

/// Runs lines of Python with boto3's `s3` and `sqs`, and gives what they print.
pub(crate) fn python(moto: &Moto, lines: &str) -> String {
    let clients = "import boto3, json, sys\n\
        keys = dict(endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='x', aws_secret_access_key='x')\n\
        s3, sqs = boto3.client('s3', **keys), boto3.client('sqs', **keys)\n";
    moto.run(&format!("{clients}{lines}"), &[])
}
