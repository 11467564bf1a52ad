//! A patch of the user's own file, as `git apply` takes it.

use super::declared::CodeChange;
use super::{cloudformation, diff, terraform};

/// A file of the user's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path, as the patch names it.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// Why there is no patch. What is to be changed by hand is [`CodeChange::lines`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// The file can't be read as what it should be.
    #[error("{path}: {what}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why, with its place where that is known.
        what: String,
    },
    /// The resource is not in the code.
    #[error("{what} is not in {place}")]
    Absent {
        /// The resource.
        what: String,
        /// Where it was looked for.
        place: String,
    },
    /// Several resources may be meant.
    #[error("{what} may be {}: say which one", found.join(" or "))]
    Several {
        /// The resource.
        what: String,
        /// What was found.
        found: Vec<String>,
    },
    /// The code says it in a way that can't be changed safely.
    #[error("{path}: {what} is said in a way that no patch changes safely: change it by hand")]
    ByHand {
        /// The file.
        path: String,
        /// What is to be changed.
        what: String,
    },
    /// The code doesn't say what it is to say no more.
    #[error(
        "{path} does not say {what}: it was added past the code, or is said in a way that no patch follows"
    )]
    Unsaid {
        /// The file, or the files.
        path: String,
        /// What is not said.
        what: String,
    },
    /// The code says it already.
    #[error("{path} says it already: deploy it")]
    Already {
        /// The file.
        path: String,
    },
}

impl CodeChange {
    /// The patch of these files. `address` names the resource of Terraform where that does not follow from the files;
    /// `state` is the text of its state file.
    ///
    /// # Errors
    /// Where there is none: it is to be changed by hand, or nothing is to be changed.
    pub fn patch(
        &self,
        files: &[SourceFile],
        address: Option<&str>,
        state: Option<&str>,
    ) -> Result<String, PatchError> {
        let texts = match self {
            CodeChange::CloudFormation(change) => vec![cloudformation::patched(change, files)?],
            CodeChange::Terraform(change) => terraform::patched(change, files, address, state)?,
        };
        let changed = texts.iter().filter(|(file, text)| file.text != *text);
        let patch: String = changed
            .map(|(file, text)| diff::unified(&file.path, &file.text, text))
            .collect();
        if patch.is_empty() {
            let paths: Vec<&str> = texts.iter().map(|(file, _)| file.path.as_str()).collect();
            return Err(PatchError::Already {
                path: paths.join(", "),
            });
        }
        Ok(patch)
    }
}
