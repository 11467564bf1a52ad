//! Holds, as they stand on the objects themselves.

use super::proxy::{Fault, Proxy};
use super::{SCAN, Scene};

use serde_json::Value;

/// The bodies below the prefix and their legal holds; with a key also what S3 says when its newest version
/// is to be deleted for good.
const HOLDS: &str = r"
import boto3, botocore.exceptions, json, sys
s3 = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1',
                  aws_access_key_id='x', aws_secret_access_key='x')
told = {}
for one in s3.list_objects_v2(Bucket='locked', Prefix='prod/log/blobs/')['Contents']:
    hold = s3.get_object_legal_hold(Bucket='locked', Key=one['Key'])['LegalHold']
    told[one['Key']] = hold.get('Status', 'never')
deleted = ''
if len(sys.argv) > 2:
    version = s3.head_object(Bucket='locked', Key=sys.argv[2])['VersionId']
    try:
        s3.delete_object(Bucket='locked', Key=sys.argv[2], VersionId=version)
        deleted = 'done'
    except botocore.exceptions.ClientError as error:
        deleted = error.response['Error']['Code']
print(json.dumps([told, deleted]))
";

/// Somebody else's legal hold.
const HOLD: &str = r"
import boto3, sys
s3 = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1',
                  aws_access_key_id='x', aws_secret_access_key='x')
s3.put_object_legal_hold(Bucket='locked', Key=sys.argv[2], LegalHold={'Status': 'ON'})
";

/// What S3 answers to whoever may not put a legal hold.
const DENIED: Fault = Fault {
    matches: |request| request.starts_with("PUT ") && request.contains("?legal-hold"),
    status: 403,
    body: "<Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::123456789012:user/x is not \
authorized to perform: s3:PutObjectLegalHold</Message></Error>",
};

/// What S3 answers about an object without a retention; moto does not know the operation.
const NOT_RETAINED: Fault = Fault {
    matches: |request| request.contains("?retention"),
    status: 404,
    body: "<Error><Code>NoSuchObjectLockConfiguration</Code><Message>The specified object does not have a \
ObjectLock configuration</Message></Error>",
};

/// What S3 answers to whoever may not see a lock.
const MAY_NOT_SEE_HOLDS: Fault = Fault {
    matches: |request| request.contains("?legal-hold"),
    status: 403,
    body: "<Error><Code>AccessDenied</Code><Message>not authorized to perform: s3:GetObjectLegalHold\
</Message></Error>",
};
const MAY_NOT_SEE_RETENTION: Fault = Fault {
    matches: |request| request.contains("?retention"),
    status: 403,
    body: "<Error><Code>AccessDenied</Code><Message>not authorized to perform: s3:GetObjectRetention\
</Message></Error>",
};

const ADD: [&str; 10] = [
    "evidence", "hold", "add", "--all", "--by", "Ada", "--reason", "suit 7", "--state", "state",
];

fn holds(scene: &Scene, delete: &[&str]) -> (Vec<(String, String)>, String) {
    let told = scene.moto.run(HOLDS, delete);
    let told: Value = serde_json::from_str(&told).unwrap();
    let of_bodies = told[0].as_object().unwrap().iter();
    let of_bodies = of_bodies.map(|(key, hold)| (key.clone(), hold.as_str().unwrap().to_owned()));
    (of_bodies.collect(), told[1].as_str().unwrap().to_owned())
}

fn held(bodies: &[(String, String)]) -> Vec<&str> {
    let held = bodies.iter().filter(|(_, hold)| hold == "ON");
    held.map(|(key, _)| key.as_str()).collect()
}

#[test]
fn hold_is_on_the_objects_where_the_bucket_has_object_lock() {
    let Some(scene) = Scene::new(super::LOG, "") else {
        return;
    };
    scene.scan(false);
    scene.told(1, &SCAN);
    let (before, _) = holds(&scene, &[]);
    assert!(before.len() > 1 && held(&before).is_empty(), "{before:?}");
    let others = before[0].0.clone();
    scene.moto.run(HOLD, &[&others]);

    // Denied: it is said, and Posture's own hold is in force.
    let proxy = Proxy::before(&scene.moto.address(), DENIED);
    let (code, number, stderr) = scene.run(&proxy.url, &ADD);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(
        stderr.contains("`posture evidence hold apply` tries again")
            && stderr.contains("s3:PutObjectLegalHold"),
        "{stderr}"
    );
    let list = ["evidence", "hold", "list", "--state", "state"];
    assert!(scene.told(0, &list).contains("everything  Ada: suit 7"));

    let apply = ["evidence", "hold", "apply", "--state", "state"];
    let url = scene.moto.address();
    let (code, _, stderr) = scene.run(&url, &apply);
    assert_eq!(code, Some(0), "{stderr}");
    // Those of before, and who holds it and why.
    let count = before.len() + 1;
    let words = format!(
        "S3's legal hold: {count} bodies are held, {} of them from now on; 0 released; 1 had a legal hold of somebody else's",
        count - 1
    );
    assert!(stderr.contains(&words), "{words} is not in {stderr}");
    let mine = &before[1].0;
    let (now, deleted) = holds(&scene, &[mine]);
    assert_eq!(held(&now).len(), count, "{now:?}");
    assert_eq!(deleted, "AccessDenied");

    // Once more: nothing to do. What was recorded since is put under it too.
    let (_, _, stderr) = scene.run(&url, &apply);
    assert!(
        stderr.contains("held, 0 of them from now on; 0 released"),
        "{stderr}"
    );
    scene.scan(true);
    scene.told(1, &SCAN);
    let (_, _, stderr) = scene.run(&url, &apply);
    assert!(!stderr.contains("held, 0 of them"), "{stderr}");
    let (more, _) = holds(&scene, &[]);
    assert!(held(&more).len() > count, "{more:?}");

    let number = number.trim();
    let remove = [
        "evidence", "hold", "remove", number, "--by", "Ada", "--reason", "settled",
    ];
    let (code, _, stderr) = scene.run(&url, &[&remove[..], &["--state", "state"]].concat());
    assert_eq!(code, Some(0), "{stderr}");
    assert!(
        stderr.contains("0 bodies are held, 0 of them from now on; "),
        "{stderr}"
    );
    let (after, deleted) = holds(&scene, &[mine]);
    // What somebody else holds is theirs to release.
    assert_eq!(held(&after), [others.as_str()], "{after:?}");
    assert_eq!(deleted, "done");
}

#[test]
fn hold_is_posture_s_own_where_nothing_can_hold_objects() {
    let Some(scene) = Scene::new("s3://plain", "") else {
        return;
    };
    scene.scan(false);
    scene.told(1, &SCAN);
    let url = scene.moto.address();
    let (code, _, stderr) = scene.run(&url, &ADD);
    assert_eq!(code, Some(0), "{stderr}");
    let words = "s3://plain has no Object Lock: holds are Posture's own only";
    assert!(stderr.contains(words), "{stderr}");
    scene.configure("folder", "");
    let (code, _, stderr) = scene.run(&url, &ADD);
    assert_eq!(code, Some(0), "{stderr}");
    let words = "folder is a folder, which has no legal hold: holds are Posture's own only";
    assert!(stderr.contains(words), "{stderr}");
}

/// Whether something is locked can't be seen: then nothing gets a tombstone.
#[test]
fn what_may_be_locked_and_cannot_be_seen_does_not_expire() {
    let Some(scene) = Scene::new(super::LOG, "  retain: { verdict-change: 1d }\n") else {
        return;
    };
    scene.scan(false);
    scene.told(1, &SCAN);
    #[expect(
        clippy::disallowed_methods,
        reason = "the command reads the wall clock too"
    )]
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48);
    let later = later.to_string();
    let expire = [
        "evidence",
        "expire",
        "--dry-run",
        "--as-of",
        &later,
        "--state",
        "state",
    ];
    let url = scene.moto.address();
    let proxy = Proxy::before(&url, NOT_RETAINED);
    let (code, stdout, stderr) = scene.run(&proxy.url, &expire);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("1 bodies would go"), "{stdout}");
    for (fault, action) in [
        (MAY_NOT_SEE_HOLDS, "s3:GetObjectLegalHold"),
        (MAY_NOT_SEE_RETENTION, "s3:GetObjectRetention"),
    ] {
        let proxy = Proxy::with(&url, &[fault, NOT_RETAINED]);
        let (code, stdout, stderr) = scene.run(&proxy.url, &expire);
        assert_eq!(code, Some(2), "{stdout}{stderr}");
        assert!(stderr.contains(action), "{stderr}");
    }
}
