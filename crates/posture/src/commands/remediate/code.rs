//! The change to the user's own code, as a patch.

use std::path::{Path, PathBuf};

use posture_remediation::{Api as _, CodeChange, PatchError, Plan, SourceFile};
use serde_json::{Value, json};

use super::super::{CommandError, template};
use super::context::Contract;

/// Files of Terraform that are read, at most; a larger folder is no folder of one configuration.
const MOST: usize = 1000;

/// Where the code is that manages the resource. Nothing of it is changed.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct CodeArguments {
    /// The CloudFormation template that manages the resource, for a patch of it. Default: the one of its stack, where
    /// `cloudformation:GetTemplate` is allowed.
    #[arg(long, value_name = "FILE", conflicts_with = "terraform")]
    template: Option<PathBuf>,
    /// The folder of the Terraform files that manage the resource, for a patch of them.
    #[arg(long, value_name = "FOLDER")]
    terraform: Option<PathBuf>,
    /// The resource's address in that folder, such as `aws_s3_bucket.logs`, where neither the files nor a
    /// `terraform.tfstate` beside them say it.
    #[arg(long, value_name = "ADDRESS", requires = "terraform")]
    address: Option<String>,
    /// Write the patch there, as `git apply` takes it.
    #[arg(long, value_name = "FILE")]
    pub(super) patch: Option<PathBuf>,
}

/// The patch of the code that manages a plan's resource, or why there is none; nothing where it is not asked for.
pub(super) type Patch = Option<Result<String, String>>;

impl CodeArguments {
    /// Makes the patch.
    pub(super) async fn patch_of(
        &self,
        contract: &Contract,
        plan: &Plan,
    ) -> Result<Patch, CommandError> {
        let is_asked = self.template.is_some() || self.terraform.is_some() || self.patch.is_some();
        let Some(change) = &plan.code_change else {
            let why = match plan.managed_by.as_deref() {
                None => "nothing shows that code manages the resource",
                Some(_) => "what its code would have to say is not known",
            };
            return Ok(is_asked.then(|| Err(format!("no patch: {why}"))));
        };
        let (files, state) = match change {
            CodeChange::CloudFormation(change) => match &self.template {
                None if self.terraform.is_some() => {
                    let why = "no patch: CloudFormation manages it, not Terraform: --template";
                    return Ok(Some(Err(why.to_owned())));
                }
                Some(path) => (vec![file(path)?], None),
                None => match fetched(contract, &change.stack_name).await {
                    Ok(file) => (vec![file], None),
                    Err(why) => return Ok(Some(Err(why))),
                },
            },
            CodeChange::Terraform(_) => {
                let Some(folder) = &self.terraform else {
                    let why = "no patch: --terraform FOLDER names its files";
                    return Ok(Some(Err(why.to_owned())));
                };
                (terraform_files(folder)?, state_of(folder)?)
            }
        };
        let patch = change.patch(&files, self.address.as_deref(), state.as_deref());
        let patch = patch.map_err(|why| match why {
            PatchError::Already { .. } => why.to_string(),
            why => format!("no patch: {why}"),
        });
        Ok(Some(patch))
    }
}

/// The template of a stack, as it was written.
async fn fetched(contract: &Contract, stack: &str) -> Result<SourceFile, String> {
    let input = json!({ "StackName": stack, "TemplateStage": "Original" });
    let read = contract.api.read("cloudformation", "GetTemplate", &input);
    let answer = read.await.map_err(|error| {
        let allow = error.denied.map_or(String::new(), |action| format!(" (allow {action})"));
        format!("no patch: the template of stack {stack} could not be read: {}{allow}; --template FILE names it", error.message)
    })?;
    let text = answer.get("TemplateBody").and_then(Value::as_str);
    Ok(SourceFile {
        path: format!("{stack}.template"),
        text: text.unwrap_or_default().to_owned(),
    })
}

/// The `.tf` files of a folder, in the order of their names.
fn terraform_files(folder: &Path) -> Result<Vec<SourceFile>, CommandError> {
    let failed = |cause| CommandError::List {
        path: folder.display().to_string(),
        cause,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "tf") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.truncate(MOST);
    paths.iter().map(|path| file(path)).collect()
}

/// The text of the folder's state file, where there is one.
fn state_of(folder: &Path) -> Result<Option<String>, CommandError> {
    let path = folder.join("terraform.tfstate");
    if !path.exists() {
        return Ok(None);
    }
    template(&path.display().to_string()).map(Some)
}

/// A file, under the path that a patch names: from here, where it is below.
fn file(path: &Path) -> Result<SourceFile, CommandError> {
    let text = template(&path.display().to_string())?;
    let here = std::env::current_dir()?;
    let below = path.strip_prefix(&here).unwrap_or(path);
    let parts = below.components().filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    Ok(SourceFile {
        path: parts.collect::<Vec<_>>().join("/"),
        text,
    })
}
