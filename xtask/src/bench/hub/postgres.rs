//! A PostgreSQL server for a bench, as Debian installs it: nothing tuned, `fsync` on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// Ends, and its folder with it, when this process does.
pub(super) struct Server {
    folder: PathBuf,
    programs: PathBuf,
    child: Child,
}

/// As in `crates/store/tests/support/postgres.rs`, but for `fsync`.
const SCRIPT: &str = r#"
set -e
cd /
export LC_ALL=C
"$2/initdb" -D "$1/data" -U posture --auth=trust -E UTF8 >"$1/initdb.log" 2>&1
"$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= >"$1/postgres.log" 2>&1 &
server=$!
read -r _ || true
kill -INT $server
wait $server || true
rm -rf "$1"
"#;

/// Clock ticks of a second in `/proc`: `getconf CLK_TCK`, the same on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

impl Server {
    pub(super) fn start() -> Result<Server> {
        let programs = programs().context("no PostgreSQL in /usr/lib/postgresql")?;
        let folder = std::env::temp_dir().join(format!("posture-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let id = Command::new("id").arg("-u").output()?;
        // PostgreSQL refuses to run as root; Debian's package has a user for it.
        let mut command = if id.stdout.trim_ascii() == b"0" {
            let owned = Command::new("chown")
                .arg("postgres")
                .arg(&folder)
                .status()?;
            ensure!(owned.success(), "there is no user postgres");
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
            .spawn()?;
        let server = Server {
            folder,
            programs,
            child,
        };
        for _ in 0..600 {
            if server.folder.join(".s.PGSQL.5432").exists() {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(50));
        }
        anyhow::bail!("PostgreSQL did not start, see {}", server.folder.display())
    }

    /// The URL of a new, empty database.
    pub(super) fn new_database(&self, name: &str) -> Result<String> {
        for _ in 0..100 {
            let created = Command::new(self.programs.join("createdb"))
                .args(["-U", "posture", "-h"])
                .arg(&self.folder)
                .arg(name)
                .output()?;
            if created.status.success() {
                let host = self.folder.display();
                return Ok(format!("postgres://posture@localhost/{name}?host={host}"));
            }
            // The socket is there before the server answers.
            thread::sleep(Duration::from_millis(50));
        }
        anyhow::bail!("createdb {name} failed")
    }

    /// Processor seconds of the server and of all that it started: those that ended count in it.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        let told = fs::read_to_string(self.folder.join("data/postmaster.pid"))?;
        let postmaster: u32 = told.lines().next().context("postmaster.pid")?.parse()?;
        let mut ticks = 0.0;
        for entry in fs::read_dir("/proc")? {
            let Ok(stat) = fs::read_to_string(entry?.path().join("stat")) else {
                continue;
            };
            // After the name, which may hold anything: state, parent, … utime 12th, stime, cutime, cstime.
            let Some((before, after)) = stat.rsplit_once(')') else {
                continue;
            };
            let fields: Vec<&str> = after.split_whitespace().collect();
            let own: u32 = before
                .split(' ')
                .next()
                .unwrap_or_default()
                .parse()
                .unwrap_or_default();
            let field = |place: usize| -> f64 {
                fields
                    .get(place)
                    .and_then(|text| text.parse().ok())
                    .unwrap_or_default()
            };
            if own == postmaster {
                ticks += field(11) + field(12) + field(13) + field(14);
            } else if fields.get(1) == Some(&postmaster.to_string().as_str()) {
                ticks += field(11) + field(12);
            }
        }
        Ok(ticks / TICKS)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It has nothing more to say.
        drop(self.child.wait());
    }
}

/// The newest of Debian's.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir(Path::new("/usr/lib/postgresql"))
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("postgres").exists())
        .collect();
    versions.sort();
    versions.pop()
}
