//! One call of an API.

/// A call, as a declaration names it.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The operation, in the API's spelling.
    pub operation: &'static str,
    /// Another model than the service's.
    pub model: Option<&'static str>,
    /// The IAM action, where it is not what `posture_aws::action_of` says.
    pub action: Option<&'static str>,
    /// The input.
    pub params: &'static [(&'static str, Param)],
    /// Error codes that mean "not configured" or, of a listed thing, "no longer there".
    /// A code that means several things is followed by a part of the message: `Code: part`.
    pub absent_on: &'static [&'static str],
    /// Error codes that mean that the service is not enabled here.
    pub disabled_on: &'static [&'static str],
    /// What has to be called first.
    pub prepare: Option<&'static Prepare>,
}

/// A report that has to be ordered before it can be read.
#[derive(Debug)]
pub struct Prepare {
    /// The operation that orders it.
    pub operation: &'static str,
    /// Error codes of the reading call that say that it isn't there, or not yet.
    pub on: &'static [&'static str],
}

/// Where the value of an input's member comes from.
#[derive(Debug, Clone, Copy)]
pub enum Param {
    /// This JSON.
    Json(&'static str),
    /// A text of the item: a path or a template. Where there is none, there is nothing to ask.
    Item(&'static str),
    /// The same, as a list of one.
    Items(&'static str),
    /// The values at a path of the thing that the listing is within.
    Parent(&'static str),
    /// The account's id.
    Account,
    /// The Region that is asked.
    Region,
}

/// A call without an input.
pub const fn call(operation: &'static str) -> Call {
    Call {
        operation,
        model: None,
        action: None,
        params: &[],
        absent_on: &[],
        disabled_on: &[],
        prepare: None,
    }
}

impl Call {
    /// To another service, by botocore's name.
    #[must_use]
    pub const fn of(mut self, model: &'static str) -> Call {
        self.model = Some(model);
        self
    }

    /// Allowed by an IAM action of another name.
    #[must_use]
    pub const fn action(mut self, action: &'static str) -> Call {
        self.action = Some(action);
        self
    }

    /// With this input.
    #[must_use]
    pub const fn with(mut self, params: &'static [(&'static str, Param)]) -> Call {
        self.params = params;
        self
    }

    /// Answered with "there is none" by these error codes.
    #[must_use]
    pub const fn absent_on(mut self, codes: &'static [&'static str]) -> Call {
        self.absent_on = codes;
        self
    }

    /// Answered with "the service is not enabled here" by these error codes.
    #[must_use]
    pub const fn disabled_on(mut self, codes: &'static [&'static str]) -> Call {
        self.disabled_on = codes;
        self
    }

    /// To be ordered first.
    #[must_use]
    pub const fn prepared_by(mut self, prepare: &'static Prepare) -> Call {
        self.prepare = Some(prepare);
        self
    }

    /// Whether two declarations mean the same call.
    pub(crate) fn is_same(&self, other: &Call) -> bool {
        self.operation == other.operation
            && self.model == other.model
            && format!("{:?}", self.params) == format!("{:?}", other.params)
    }
}
