//! IAM Access Analyzer's analyzers in a Region.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "accessanalyzer",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[],
    account: &[fact("ListAnalyzers")],
};
