//! Identifiers that follow from what they name: UUIDs of version 5 (RFC 9562, 5.5).

use serde::Serialize;
use uuid::Uuid;

use crate::assessment::Assessment;
use crate::error::AuditError;

/// Ours; version 5 of [`super::document::NAMESPACE`] as a URL.
const SPACE: Uuid = Uuid::from_u128(0x8605_a48b_ea0e_552b_bd54_4e72_b669_a783);

/// The identifiers of one assessment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids {
    base: Uuid,
}

impl Ids {
    /// Those of this assessment: of two that are otherwise alike, the times differ.
    pub(crate) fn of(assessment: &Assessment) -> Result<Ids, AuditError> {
        let name =
            serde_json::to_string(&(&assessment.name, &assessment.created_at, &assessment.scope))?;
        let base = Uuid::new_v5(&SPACE, name.as_bytes());
        Ok(Ids { base })
    }

    /// The identifier of a thing: its kind, and what tells it from others of the kind.
    pub(crate) fn thing(&self, kind: &str, names: &[&str]) -> Uuid {
        let name: serde_json::Value = std::iter::once(kind).chain(names.iter().copied()).collect();
        Uuid::new_v5(&self.base, name.to_string().as_bytes())
    }

    /// A document's: another one with each change of its content, which has to have none yet.
    pub(crate) fn document(&self, content: &impl Serialize) -> Result<Uuid, AuditError> {
        let text = serde_json_canonicalizer::to_vec(content)?;
        Ok(Uuid::new_v5(&self.base, &text))
    }
}

#[cfg(test)]
mod tests {
    //! Oracle: Python, `uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)`.

    use super::super::document::NAMESPACE;
    use super::*;

    #[test]
    fn the_space_is_that_of_the_namespace() {
        assert_eq!(
            Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes()),
            SPACE
        );
    }
}
