//! A timestamp authority made of `openssl ts`, in a folder.

#![allow(dead_code, reason = "each test needs a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Extensions of certificates, and how the authority answers (`man ts`).
const CONFIG: &str = "\
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[not_critical]
extendedKeyUsage = timeStamping
[other_usage]
extendedKeyUsage = critical, serverAuth
[two_usages]
extendedKeyUsage = critical, timeStamping, serverAuth
[no_issuer]
basicConstraints = critical, CA:FALSE
[unknown]
extendedKeyUsage = critical, timeStamping
1.2.3.4 = critical, ASN1:NULL
[answers]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
clock_precision_digits = 3
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[signs]
new_certs_dir = .
database = index
serial = number
default_md = sha256
policy = anything
copy_extensions = none
[anything]
commonName = supplied
";

/// How `openssl genpkey` makes a key on P-256.
pub(crate) const P256: &[&str] = &[
    "-algorithm",
    "EC",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-pkeyopt",
    "ec_param_enc:named_curve",
];

/// The folder of an authority: `ca.pem` issued `tsa.pem`.
#[derive(Debug)]
pub(crate) struct Tsa {
    folder: PathBuf,
}

impl Tsa {
    /// Makes one whose keys `openssl genpkey` makes with these arguments; none, and a loud word, where
    /// there is no openssl.
    pub(crate) fn new(folder: &Path, key: &[&str]) -> Option<Tsa> {
        if Command::new("openssl").arg("version").output().is_err() {
            let skipped = "SKIPPED: there is no openssl to be a timestamp authority\n";
            std::io::Write::write_all(&mut std::io::stderr(), skipped.as_bytes()).unwrap();
            return None;
        }
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("config"), CONFIG).unwrap();
        let tsa = Tsa {
            folder: folder.to_owned(),
        };
        for name in ["ca", "tsa"] {
            let file = format!("{name}.key");
            let arguments = [&["genpkey", "-out", &file], key].concat();
            tsa.openssl(&arguments);
        }
        tsa.openssl(&[
            "req",
            "-x509",
            "-new",
            "-key",
            "ca.key",
            "-out",
            "ca.pem",
            "-subj",
            "/CN=Root",
            "-days",
            "3650",
            "-config",
            "config",
            "-extensions",
            "ca",
        ]);
        tsa.issue("tsa", "ca", "tsa");
        Some(tsa)
    }

    /// A file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn pem(&self, name: &str) -> String {
        fs::read_to_string(self.path(&format!("{name}.pem"))).unwrap()
    }

    /// Issues `NAME.pem` for `NAME.key`, with these extensions.
    pub(crate) fn issue(&self, name: &str, issuer: &str, extensions: &str) {
        let [key, csr, pem] = ["key", "csr", "pem"].map(|end| format!("{name}.{end}"));
        let [issuer_key, issuer_pem] = ["key", "pem"].map(|end| format!("{issuer}.{end}"));
        let subject = format!("/O=Example/CN={name}");
        self.openssl(&[
            "req", "-new", "-key", &key, "-out", &csr, "-subj", &subject, "-config", "config",
        ]);
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &csr,
            "-CA",
            &issuer_pem,
            "-CAkey",
            &issuer_key,
            "-CAcreateserial",
            "-days",
            "3650",
            "-extfile",
            "config",
            "-extensions",
            extensions,
            "-out",
            &pem,
        ]);
    }

    /// Issues `NAME.pem` in force from one time to another (`YYYYMMDDHHMMSSZ`).
    pub(crate) fn issue_for(&self, name: &str, from: &str, until: &str) {
        let [key, csr, pem] = ["key", "csr", "pem"].map(|end| format!("{name}.{end}"));
        fs::write(self.path("index"), "").unwrap();
        fs::write(self.path("number"), "77\n").unwrap();
        self.openssl(&[
            "req", "-new", "-key", &key, "-out", &csr, "-subj", "/CN=Old", "-config", "config",
        ]);
        self.openssl(&[
            "ca",
            "-batch",
            "-config",
            "config",
            "-name",
            "signs",
            "-in",
            &csr,
            "-cert",
            "ca.pem",
            "-keyfile",
            "ca.key",
            "-startdate",
            from,
            "-enddate",
            until,
            "-extensions",
            "tsa",
            "-notext",
            "-out",
            &pem,
        ]);
    }

    /// The request of openssl for these bytes, with a nonce and the wish for certificates.
    pub(crate) fn request(&self, bytes: &[u8]) -> Vec<u8> {
        fs::write(self.path("stamped"), bytes).unwrap();
        self.openssl(&[
            "ts", "-query", "-data", "stamped", "-sha256", "-cert", "-out", "request",
        ]);
        fs::read(self.path("request")).unwrap()
    }

    /// The answer to a request, signed with `NAME.key`; more arguments of `openssl ts -reply`.
    pub(crate) fn answer(&self, request: &[u8], name: &str, more: &[&str]) -> Vec<u8> {
        fs::write(self.path("asked"), request).unwrap();
        let [key, pem] = ["key", "pem"].map(|end| format!("{name}.{end}"));
        let arguments = [
            &[
                "ts",
                "-reply",
                "-queryfile",
                "asked",
                "-config",
                "config",
                "-section",
                "answers",
                "-signer",
                &pem,
                "-inkey",
                &key,
                "-out",
                "reply",
            ],
            more,
        ]
        .concat();
        self.openssl(&arguments);
        fs::read(self.path("reply")).unwrap()
    }

    /// Whether openssl finds that the reply is about these bytes, by an authority below `ca.pem`; what
    /// it says otherwise.
    pub(crate) fn accepts(&self, reply: &[u8], bytes: &[u8]) -> Result<(), String> {
        fs::write(self.path("checked"), reply).unwrap();
        fs::write(self.path("stamped"), bytes).unwrap();
        let output = self.run(&[
            "ts", "-verify", "-in", "checked", "-data", "stamped", "-CAfile", "ca.pem",
        ]);
        if output.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs openssl in the folder; it has to succeed.
    pub(crate) fn openssl(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments:?}: {said}");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new("openssl")
            .current_dir(&self.folder)
            .args(arguments)
            .output()
            .unwrap()
    }
}
