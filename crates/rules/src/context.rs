//! What a rule may know beside the item that it judges.

use jiff::Timestamp;
use posture_model::{ConfigurationItem, InsufficientData};

use crate::Other;

/// The clock, and the other items that the rule declares.
pub struct Context<'a> {
    /// The time of the evaluation. Never the wall clock's.
    pub now: Timestamp,
    related: &'a dyn Related<'a>,
}

/// Finds other items. Implemented by the engine.
pub trait Related<'a> {
    /// The items of a declaration in the account and Region of `item`. `value` narrows them to
    /// those that hold it.
    ///
    /// # Errors
    /// Where nothing in the input says whether there are any, or whether they hold the value.
    fn find(
        &self,
        item: &ConfigurationItem<'a>,
        other: &Other,
        value: Option<&str>,
    ) -> Result<Vec<&'a ConfigurationItem<'a>>, InsufficientData>;
}

/// No other item is known.
#[derive(Debug)]
pub struct NoRelated;

impl<'a> Related<'a> for NoRelated {
    fn find(
        &self,
        _: &ConfigurationItem<'a>,
        other: &Other,
        _: Option<&str>,
    ) -> Result<Vec<&'a ConfigurationItem<'a>>, InsufficientData> {
        Err(other.not_recorded())
    }
}

impl<'a> Context<'a> {
    /// A context at a time.
    pub fn new(now: Timestamp, related: &'a dyn Related<'a>) -> Context<'a> {
        Context { now, related }
    }

    /// Every item of a declaration.
    ///
    /// # Errors
    /// Where nothing in the input says whether there are any.
    pub fn all(
        &self,
        item: &ConfigurationItem<'a>,
        other: &Other,
    ) -> Result<Vec<&'a ConfigurationItem<'a>>, InsufficientData> {
        self.related.find(item, other, None)
    }

    /// The items of a declaration that hold `value` at the place of [`crate::By::Value`].
    ///
    /// # Errors
    /// Where nothing in the input says whether there are any.
    pub fn matching(
        &self,
        item: &ConfigurationItem<'a>,
        other: &Other,
        value: &str,
    ) -> Result<Vec<&'a ConfigurationItem<'a>>, InsufficientData> {
        self.related.find(item, other, Some(value))
    }

    /// Whole days from `time` to now; negative where it lies ahead.
    pub fn days_since(&self, time: Timestamp) -> i64 {
        (self.now.as_second() - time.as_second()).div_euclid(86_400)
    }
}
