//! Replies of a timestamp authority: which hold, and which are refused.
//!
//! Oracle: openssl, which is the authority (`openssl ts -reply`), judges each reply beside us (`openssl ts
//! -verify`), and makes the forged ones (`openssl cms`).

#![expect(clippy::unwrap_used, reason = "a test")]

mod tsa;

use std::fs;

use posture_verify::{Authorities, TimestampError, check_timestamp};
use tsa::{P256, Tsa};

const P384: &[&str] = &[
    "-algorithm",
    "EC",
    "-pkeyopt",
    "ec_paramgen_curve:P-384",
    "-pkeyopt",
    "ec_param_enc:named_curve",
];
const RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];

const STAMPED: &[u8] = b"posture.example/log\n13\nAAAA\n";

fn trusting(pem: &str) -> Authorities {
    let mut authorities = Authorities::default();
    authorities.add_pem(pem).unwrap();
    authorities
}

fn check(reply: &[u8], authorities: &Authorities) -> Result<bool, TimestampError> {
    check_timestamp(reply, STAMPED, None, authorities).map(|stamp| stamp.is_trusted)
}

fn said(reply: &[u8], authorities: &Authorities) -> String {
    check(reply, authorities).unwrap_err().to_string()
}

/// A granted reply around a token.
fn granted(token: &[u8]) -> Vec<u8> {
    let length = u16::try_from(token.len() + 5).unwrap().to_be_bytes();
    let head = [0x30, 0x82, length[0], length[1], 0x30, 3, 2, 1, 0];
    [&head[..], token].concat()
}

/// What a timestamp of openssl says, signed anew by `NAME.key` as nobody else would.
fn forged(tsa: &Tsa, name: &str, more: &[&str]) -> Vec<u8> {
    let [key, pem] = ["key", "pem"].map(|end| format!("{name}.{end}"));
    tsa.answer(&tsa.request(STAMPED), "tsa", &["-token_out"]);
    tsa.openssl(&[
        "cms",
        "-verify",
        "-noverify",
        "-inform",
        "DER",
        "-in",
        "reply",
        "-out",
        "statement",
    ]);
    let arguments = [
        &[
            "cms",
            "-sign",
            "-binary",
            "-nodetach",
            "-econtent_type",
            "1.2.840.113549.1.9.16.1.4",
            "-in",
            "statement",
            "-signer",
            &pem,
            "-inkey",
            &key,
            "-outform",
            "DER",
            "-out",
            "token",
            "-md",
            "sha256",
            "-nosmimecap",
        ],
        more,
    ]
    .concat();
    tsa.openssl(&arguments);
    granted(&fs::read(tsa.path("token")).unwrap())
}

#[test]
fn answers_of_openssl_hold_for_who_trusts_its_root_or_itself() {
    let folder = tempfile::tempdir().unwrap();
    for (name, key) in [("rsa", RSA), ("p256", P256), ("p384", P384)] {
        let Some(tsa) = Tsa::new(&folder.path().join(name), key) else {
            return;
        };
        let request = tsa.request(STAMPED);
        for more in [&[][..], &["-sha384"], &["-chain", "ca.pem"]] {
            let reply = tsa.answer(&request, "tsa", more);
            assert_eq!(tsa.accepts(&reply, STAMPED), Ok(()), "{name} {more:?}");
            for trusted in ["ca", "tsa"] {
                let authorities = trusting(&tsa.pem(trusted));
                assert!(
                    check(&reply, &authorities).unwrap(),
                    "{name} {more:?} {trusted}"
                );
            }
            assert!(!check(&reply, &Authorities::default()).unwrap());
        }
    }
}

#[test]
fn what_openssl_says_is_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tsa) = Tsa::new(folder.path(), P256) else {
        return;
    };
    let config = fs::read_to_string(tsa.path("config")).unwrap();
    // The older attribute names the certificate by SHA-1.
    let config = config.replace("ess_cert_id_alg = sha256", "ess_cert_id_alg = sha1");
    fs::write(tsa.path("config"), config).unwrap();
    let reply = tsa.answer(&tsa.request(STAMPED), "tsa", &[]);
    assert_eq!(tsa.accepts(&reply, STAMPED), Ok(()));
    let stamp = check_timestamp(&reply, STAMPED, None, &Authorities::default()).unwrap();
    assert_eq!(stamp.authority, "CN=tsa,O=Example");
    tsa.openssl(&["ts", "-reply", "-in", "reply", "-text", "-out", "text"]);
    let text = fs::read_to_string(tsa.path("text")).unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("Time stamp: "))
        .unwrap();
    // `Time stamp: Nov 26 16:39:55.177 2026 GMT`
    let clock = line.split_whitespace().nth(4).unwrap();
    let clock = clock.split('.').next().unwrap();
    assert!(
        stamp.at().contains(&format!("T{clock}Z")),
        "{line} {}",
        stamp.at()
    );
}

#[test]
fn another_text_another_request_and_a_refusal_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tsa) = Tsa::new(folder.path(), P256) else {
        return;
    };
    let trusted = trusting(&tsa.pem("ca"));
    let reply = tsa.answer(&tsa.request(STAMPED), "tsa", &[]);
    assert!(tsa.accepts(&reply, b"other").is_err());
    let other = check_timestamp(&reply, b"other", None, &trusted);
    assert!(matches!(other, Err(TimestampError::Imprint)), "{other:?}");
    let nonce = check_timestamp(&reply, STAMPED, Some(&[1; 8]), &trusted);
    assert!(matches!(nonce, Err(TimestampError::Nonce)), "{nonce:?}");

    tsa.openssl(&[
        "ts", "-query", "-data", "stamped", "-sha1", "-cert", "-out", "request",
    ]);
    let request = fs::read(tsa.path("request")).unwrap();
    let refused = tsa.answer(&request, "tsa", &[]);
    let said = said(&refused, &trusted);
    assert!(
        said.starts_with("the authority gave no timestamp: status 2: "),
        "{said}"
    );
    let cut = reply.get(..reply.len() - 1).unwrap();
    assert!(matches!(
        check(cut, &trusted),
        Err(TimestampError::Form { .. })
    ));
    assert!(check(&[], &trusted).is_err());
}

#[test]
fn a_reply_without_certificates_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tsa) = Tsa::new(folder.path(), P256) else {
        return;
    };
    tsa.request(STAMPED);
    tsa.openssl(&[
        "ts", "-query", "-data", "stamped", "-sha256", "-out", "request",
    ]);
    let request = fs::read(tsa.path("request")).unwrap();
    let said = said(&tsa.answer(&request, "tsa", &[]), &trusting(&tsa.pem("ca")));
    assert!(
        said.ends_with("the signer's certificate is not in it"),
        "{said}"
    );
}

#[test]
fn who_may_not_sign_timestamps_is_refused_though_its_chain_holds() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tsa) = Tsa::new(folder.path(), P256) else {
        return;
    };
    let trusted = trusting(&tsa.pem("ca"));
    // The means by which they are forged make one that holds, too.
    assert!(check(&forged(&tsa, "tsa", &["-cades"]), &trusted).unwrap());
    let none = said(&forged(&tsa, "tsa", &[]), &trusted);
    assert!(
        none.ends_with("do not name its signer's certificate"),
        "{none}"
    );

    for (extensions, words) in [
        ("not_critical", "is not for timestamps"),
        ("other_usage", "is not for timestamps"),
        ("two_usages", "is not for timestamps"),
        ("no_issuer", "is not for timestamps"),
        (
            "unknown",
            "has the critical extension 1.2.3.4, which is not supported",
        ),
    ] {
        fs::copy(tsa.path("tsa.key"), tsa.path(&format!("{extensions}.key"))).unwrap();
        tsa.issue(extensions, "ca", extensions);
        let said = said(&forged(&tsa, extensions, &["-cades"]), &trusted);
        assert!(said.contains(words), "{extensions}: {said}");
    }
}

#[test]
fn a_certificate_out_of_force_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tsa) = Tsa::new(folder.path(), P256) else {
        return;
    };
    let trusted = trusting(&tsa.pem("ca"));
    for (name, from, until) in [
        ("expired", "20200101000000Z", "20210101000000Z"),
        ("early", "20900101000000Z", "20910101000000Z"),
    ] {
        fs::copy(tsa.path("tsa.key"), tsa.path(&format!("{name}.key"))).unwrap();
        tsa.issue_for(name, from, until);
        let said = said(&forged(&tsa, name, &["-cades"]), &trusted);
        assert!(said.contains("not at the time of the timestamp"), "{said}");
    }
}

#[test]
fn chains_lead_over_those_that_may_issue_and_over_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tsa) = Tsa::new(folder.path(), P256) else {
        return;
    };
    let trusted = trusting(&tsa.pem("ca"));
    for name in ["middle", "server", "below", "under"] {
        tsa.openssl(&[&["genpkey", "-out", &format!("{name}.key")], P256].concat());
    }
    tsa.issue("middle", "ca", "ca");
    tsa.issue("below", "middle", "tsa");
    tsa.issue("server", "ca", "no_issuer");
    tsa.issue("under", "server", "tsa");
    let request = tsa.request(STAMPED);

    let reply = tsa.answer(&request, "below", &["-chain", "middle.pem"]);
    assert_eq!(tsa.accepts(&reply, STAMPED), Ok(()));
    assert!(check(&reply, &trusted).unwrap());
    assert!(check(&reply, &trusting(&tsa.pem("middle"))).unwrap());
    // Without the one between, nothing leads to the root.
    let alone = tsa.answer(&request, "below", &[]);
    assert!(!check(&alone, &trusted).unwrap());

    let reply = tsa.answer(&request, "under", &["-chain", "server.pem"]);
    assert!(tsa.accepts(&reply, STAMPED).is_err());
    let said = said(&reply, &trusted);
    assert!(said.contains("may not issue the one below it"), "{said}");
}

#[test]
fn another_authority_of_the_same_name_is_not_the_one_that_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let (Some(tsa), Some(other)) = (
        Tsa::new(&folder.path().join("one"), P256),
        Tsa::new(&folder.path().join("other"), P256),
    ) else {
        return;
    };
    let reply = other.answer(&other.request(STAMPED), "tsa", &["-chain", "ca.pem"]);
    assert!(tsa.accepts(&reply, STAMPED).is_err());
    assert!(!check(&reply, &trusting(&tsa.pem("ca"))).unwrap());
    // A root of the right name beside it, which did not issue it.
    fs::copy(tsa.path("ca.pem"), other.path("false.pem")).unwrap();
    let reply = other.answer(&other.request(STAMPED), "tsa", &["-chain", "false.pem"]);
    let said = said(&reply, &Authorities::default());
    assert!(
        said.contains("is not signed by what it names as its issuer"),
        "{said}"
    );
}

#[test]
fn no_flipped_bit_makes_it_say_anything_else() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tsa) = Tsa::new(folder.path(), P256) else {
        return;
    };
    let trusted = trusting(&tsa.pem("ca"));
    let reply = tsa.answer(&tsa.request(STAMPED), "tsa", &["-chain", "ca.pem"]);
    let stamp = check_timestamp(&reply, STAMPED, None, &trusted).unwrap();
    let mut refused = 0;
    for place in 0..reply.len() {
        for bit in [0x01, 0x80] {
            let mut changed = reply.clone();
            changed[place] ^= bit;
            match check_timestamp(&changed, STAMPED, None, &trusted) {
                Ok(said) => assert_eq!(said, stamp, "byte {place}"),
                Err(_) => refused += 1,
            }
        }
    }
    // The rest is what nobody signed: the root that came with it, which is trusted by other means.
    assert!(refused > reply.len(), "{refused} of {} twice", reply.len());
}
