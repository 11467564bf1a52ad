//! `posture findings export`.

use std::io::Write;
use std::path::PathBuf;

use posture_audit::csv_record;
use posture_aws::{Client, Options};
use posture_hub::filter::Filters;
use posture_hub::{Exported, Hub, output, push};

use super::super::CommandError;
use super::super::state::{StateArgument, StatePlace};
use super::list::FindingV1;
use super::selection::Selection;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Writes findings as other tools read them, or sends them to Security Hub.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(flatten)]
    state: StateArgument,
    #[command(flatten)]
    selection: Selection,
    /// The form of the output.
    #[arg(
        long,
        value_enum,
        default_value = "asff",
        conflicts_with = "security_hub"
    )]
    format: ExportFormat,
    /// Where to write it, whole or not at all. Default: the standard output.
    #[arg(long, value_name = "FILE", conflicts_with = "security_hub")]
    output: Option<PathBuf>,
    /// Sends the findings to Security Hub (BatchImportFindings) with the credentials that AWS's tools
    /// use.
    #[arg(long)]
    security_hub: bool,
    /// With --security-hub: the profile of `~/.aws/config`.
    #[arg(long, requires = "security_hub")]
    profile: Option<String>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ExportFormat {
    /// A JSON array of AWS Security Findings.
    Asff,
    /// OCSF 1.4, an event a line.
    Ocsf,
    /// One finding a row, safe to open in a spreadsheet.
    Csv,
    /// One finding a line, with what Posture knows of it.
    Json,
}

impl Export {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let filters = self.selection.filters(false)?;
        let place = self.state.existing()?;
        if self.security_hub {
            return send(&place, filters, self.profile);
        }
        let mut sink = Sink::new(self.output.as_deref())?;
        let format = self.format;
        let sink = place.with(|store| async move {
            let hub = Hub::open(&store).await?;
            write(&hub, &filters, format, &mut sink).await?;
            Ok(sink)
        })?;
        sink.finish()?;
        Ok(Outcome::Clean)
    }
}

async fn write(
    hub: &Hub,
    filters: &Filters,
    format: ExportFormat,
    out: &mut Sink,
) -> Result<(), CommandError> {
    match format {
        ExportFormat::Asff => write!(out, "[")?,
        ExportFormat::Csv => {
            out.write_all(&csv_record(&output::csv::COLUMNS.map(str::to_owned)))?;
        }
        ExportFormat::Ocsf | ExportFormat::Json => {}
    }
    let (mut after, mut is_first) = (0, true);
    while let Some((page, last)) = hub.next_page(filters, after).await? {
        after = last;
        for finding in &page {
            match format {
                ExportFormat::Asff => {
                    writeln!(out, "{}", if is_first { "" } else { "," })?;
                    serde_json::to_writer(&mut *out, output::asff::whole(finding))?;
                }
                ExportFormat::Ocsf => {
                    serde_json::to_writer(&mut *out, &output::ocsf::event(finding))?;
                    writeln!(out)?;
                }
                ExportFormat::Json => {
                    serde_json::to_writer(&mut *out, &FindingV1::new(finding, None))?;
                    writeln!(out)?;
                }
                ExportFormat::Csv => out.write_all(&csv_record(&output::csv::cells(finding)))?,
            }
            is_first = false;
        }
    }
    if matches!(format, ExportFormat::Asff) {
        writeln!(out, "\n]")?;
    }
    Ok(())
}

fn send(
    place: &StatePlace,
    filters: Filters,
    profile: Option<String>,
) -> Result<Outcome, CommandError> {
    let exported = place.with(|store| async move {
        let hub = Hub::open(&store).await?;
        let mut settings = Options::default();
        settings.profile = profile;
        let client = Client::load(settings).await;
        let (mut after, mut all) = (0, Exported::default());
        while let Some((page, last)) = hub.next_page(&filters, after).await? {
            after = last;
            // A finding is sent to Security Hub where it is.
            let mut regions: Vec<&str> = page.iter().map(|one| one.text(&["Region"])).collect();
            regions.sort_unstable();
            regions.dedup();
            for region in regions {
                let here: Vec<_> = page
                    .iter()
                    .filter(|one| one.text(&["Region"]) == region)
                    .cloned()
                    .collect();
                let sent = push(&client.in_region(region), &here).await?;
                all.accepted += sent.accepted;
                all.refused.extend(sent.refused);
            }
        }
        Ok(all)
    })?;
    let mut out = Sink::new(None)?;
    writeln!(
        out,
        "{} findings sent, {} refused",
        exported.accepted,
        exported.refused.len()
    )?;
    out.finish()?;
    let mut stderr = std::io::stderr().lock();
    for (id, why) in &exported.refused {
        writeln!(stderr, "{}: {}", plain(id), plain(why))?;
    }
    Ok(if exported.refused.is_empty() {
        Outcome::Clean
    } else {
        Outcome::Incomplete
    })
}
