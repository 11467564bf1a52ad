//! What every rule file needs.

pub(crate) use posture_model::tree::Node;
pub(crate) use posture_model::{
    ConfigurationItem, InsufficientData, Path, Reason, ResourceType, path,
};

pub(crate) use crate::context::Context;
pub(crate) use crate::evaluation::{Evaluation, Verdict};
pub(crate) use crate::parameters::{Kind, Parameter, Params};
pub(crate) use crate::rule::{
    By, Category, Identifier, Locality, ManagedRule, Other, Read, Remedy, Severity, Trigger, other,
    own,
};
