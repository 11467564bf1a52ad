//! Where an item came from, and what of it could not be read.

/// Where an item came from. It decides what a missing place means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// A whole item as AWS Config delivers it: snapshot, history, batch, or a rule's event.
    #[default]
    AwsConfig,
    /// Some columns of an item: an answer to an advanced query.
    AwsConfigQuery,
    /// Collected by Posture's recorder, which names the places that it could not read. An API
    /// operation's reply is there, be it `null`, wherever the recorder asked: an operation without
    /// a reply was not asked, as by a recorder of an earlier version.
    Recorder,
    /// No item at all: the account was seen in the input, and nothing about it was collected.
    Seen,
}

/// A place that was asked for and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread<'a> {
    /// The place, and everything inside it.
    pub path: &'a str,
    /// What happened.
    pub state: UnreadState,
    /// The IAM action of the call.
    pub action: &'a str,
    /// AWS's error code, where the call failed.
    pub code: &'a str,
}

/// What kept a place from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadState {
    /// The call was refused for lack of a permission.
    Denied,
    /// The service asked for fewer calls until the recorder gave up.
    Throttled,
    /// The call failed otherwise.
    Failed,
    /// The call was not made.
    NotCollected,
}

impl UnreadState {
    /// Reads the word that items carry.
    pub fn from_word(word: &str) -> Option<UnreadState> {
        Some(match word {
            "denied" => UnreadState::Denied,
            "throttled" => UnreadState::Throttled,
            "failed" => UnreadState::Failed,
            "notCollected" => UnreadState::NotCollected,
            _ => return None,
        })
    }
}
