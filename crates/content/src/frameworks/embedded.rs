//! The embedded frameworks.

use std::sync::LazyLock;

use super::framework::Framework;
use super::load::load;
use super::texts::TEXTS;
use crate::yaml::Problem;

/// Every embedded framework, sorted by name.
///
/// # Errors
/// Where an embedded file has mistakes, which a test rules out.
pub fn embedded() -> Result<&'static [Framework], &'static [Problem]> {
    static LOADED: LazyLock<Result<Vec<Framework>, Vec<Problem>>> =
        LazyLock::new(|| TEXTS.iter().map(|(_, text)| load(text)).collect());
    match &*LOADED {
        Ok(frameworks) => Ok(frameworks),
        Err(problems) => Err(problems),
    }
}

/// The file of the embedded framework with this name.
pub fn embedded_text(name: &str) -> Option<&'static str> {
    TEXTS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}
