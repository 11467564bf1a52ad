//! A PostgreSQL server that this test process starts, in a folder of its own, reached through a
//! socket in it.
//!
//! It is Debian's package `postgresql`, found in `/usr/lib/postgresql` or the `PATH`. It ends with
//! this process, however that ends: it is the child of a shell that waits for its standard input to
//! close.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

static SERVER: LazyLock<Result<Server, String>> = LazyLock::new(Server::start);

/// The server of this process, or why there is none.
pub(crate) fn server() -> Result<&'static Server, &'static String> {
    SERVER.as_ref()
}

pub(crate) struct Server {
    folder: PathBuf,
    programs: PathBuf,
    databases: AtomicI64,
}

/// Starts a server in `$1` with the programs in `$2`, and ends it when the standard input ends.
const SCRIPT: &str = r#"
set -e
cd /
export LC_ALL=C
"$2/initdb" -D "$1/data" -U posture --auth=trust --no-sync -E UTF8 >"$1/initdb.log" 2>&1
"$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c max_connections=200 \
    >"$1/postgres.log" 2>&1 &
server=$!
read -r _ || true
kill -INT $server
wait $server || true
rm -rf "$1"
"#;

impl Server {
    fn start() -> Result<Server, String> {
        let programs = programs().ok_or("no PostgreSQL here; `apt-get install postgresql`")?;
        let folder = tempfile::Builder::new()
            .prefix("posture-postgres-")
            .tempdir_in("/tmp")
            .unwrap()
            .keep();
        // PostgreSQL refuses to run as root; Debian's package has a user for it.
        let is_root = output("id", &["-u"]).trim() == "0";
        let mut command = if is_root {
            let owned = Command::new("chown")
                .args(["postgres", &folder.display().to_string()])
                .status();
            if !owned.is_ok_and(|status| status.success()) {
                return Err(
                    "PostgreSQL refuses to run as root, and there is no user postgres".into(),
                );
            }
            let mut command = Command::new("setpriv");
            command.args([
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                "sh",
            ]);
            command
        } else {
            Command::new("sh")
        };
        let child = command
            .args(["-c", SCRIPT, "sh"])
            .arg(&folder)
            .arg(&programs)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        // The pipe is open for as long as this process is.
        std::mem::forget(child);
        for _ in 0..600 {
            if folder.join(".s.PGSQL.5432").exists() {
                return Ok(Server {
                    folder,
                    programs,
                    databases: AtomicI64::new(0),
                });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(format!(
            "PostgreSQL did not start, see {}",
            folder.display()
        ))
    }

    /// The URL of a new, empty database.
    pub(crate) fn new_database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::SeqCst));
        let host = self.folder.display();
        let url = format!("postgres://posture@localhost/{name}?host={host}");
        for _ in 0..100 {
            let created = Command::new(self.programs.join("createdb"))
                .args(["-U", "posture", "-T", "template0", "-h"])
                .arg(&self.folder)
                .arg(&name)
                .output()
                .unwrap();
            if created.status.success() {
                break;
            }
            // The socket is there before the server answers.
            std::thread::sleep(Duration::from_millis(50));
        }
        url
    }
}

/// The folder with `initdb` and `postgres`: the newest of Debian's, else one in the `PATH`.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path().join("bin"))
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = versions
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&path))
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    found.as_deref().map(Path::to_owned)
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
