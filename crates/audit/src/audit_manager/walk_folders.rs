//! The evidence folders of one assessment of the walk.

use futures_util::stream::{self, StreamExt as _};
use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::evidence::keep_folder;
use super::framework::{Placed, text};
use super::row::Fresh;
use super::standing::time as time_of;
use super::walk::Walk;
use crate::error::AuditError;
use crate::period::day;
use crate::verdict_root::hex;

/// Folders that are read at once.
const AT_ONCE: usize = 4;

impl Walk<'_> {
    /// Reads the folders that were not read before, or are others since.
    pub(super) async fn folders(
        &mut self,
        named: &str,
        assessment: i64,
        id: &str,
        placed: &Placed,
        folders: Vec<Value>,
    ) -> Result<(), AuditError> {
        self.report.folders += folders.len();
        self.reached.folders = 0;
        self.reached.of_folders = folders.len();
        let mut wanted = Vec::new();
        for answer in folders {
            match Folder::of(&answer, self.account.aws_region(), id, placed) {
                Ok(folder)
                    if self
                        .store
                        .is_imported(&folder.source, &folder.version)
                        .await? =>
                {
                    self.reached.folders += 1;
                }
                Ok(folder) => wanted.push(folder),
                Err(why) => self.problem(named, None, why),
            }
        }
        let account = &self.account;
        let read = |folder: Folder| async move {
            let input = json!({
                "assessmentId": id,
                "controlSetId": folder.set,
                "evidenceFolderId": folder.id,
            });
            let evidence = account
                .list("GetEvidenceByEvidenceFolder", input, "evidence")
                .await;
            (folder, evidence)
        };
        let mut reads = stream::iter(wanted).map(read).buffered(AT_ONCE);
        let (mut done, mut refused) = (Vec::new(), Vec::new());
        while let Some((folder, evidence)) = reads.next().await {
            match evidence? {
                Err(why) => refused.push((folder, why)),
                Ok(evidence) => {
                    let new = self.store_folder(assessment, &folder, &evidence).await?;
                    self.reached.evidence += new;
                    done.push(new);
                }
            }
            self.reached.folders += 1;
            (self.progress)(self.reached);
        }
        drop(reads);
        self.report.folders_read += done.len();
        self.report.new_evidence += done.iter().sum::<usize>();
        for (folder, refused) in refused {
            let subject = format!(
                "{named}, folder {} of {} on {}",
                folder.id, folder.control, folder.date
            );
            self.problem(&subject, Some(refused.call), refused.why);
        }
        Ok(())
    }

    async fn store_folder(
        &self,
        assessment: i64,
        folder: &Folder,
        evidence: &[Value],
    ) -> Result<usize, AuditError> {
        let place = (folder.id.as_str(), folder.date);
        let fresh = |one| Fresh::of(one, &folder.control, place, self.now);
        let fresh: Vec<Fresh> = evidence.iter().map(fresh).collect::<Result<_, _>>()?;
        let new = keep_folder(self.store, assessment, &folder.id, fresh).await?;
        // A folder that was cut off before this is read again, and nothing of it is stored twice.
        self.store
            .set_imported(&folder.source, &folder.version)
            .await?;
        Ok(new)
    }
}

/// An evidence folder: what one control got on one day.
struct Folder {
    id: String,
    set: String,
    control: String,
    date: Date,
    /// Under which it is known that it was read, and its metadata's hash then.
    source: String,
    version: String,
}

impl Folder {
    fn of(
        answer: &Value,
        aws_region: &str,
        assessment: &str,
        placed: &Placed,
    ) -> Result<Folder, String> {
        let (id, set) = (text(answer, "id"), text(answer, "controlSetId"));
        let place = placed.get(&set, &text(answer, "controlId"));
        let Some(place) = place else {
            let control = text(answer, "controlName");
            return Err(format!(
                "folder {id} is of a control that the assessment does not have: {set}, {control}"
            ));
        };
        let Some(at) = time_of(answer, "date") else {
            return Err(format!("folder {id} of {} has no date", place.control));
        };
        Ok(Folder {
            source: format!("audit-manager {aws_region} {assessment} {id}"),
            version: hex(&Sha256::digest(answer.to_string())),
            control: place.control.clone(),
            date: day(at),
            id,
            set,
        })
    }
}
