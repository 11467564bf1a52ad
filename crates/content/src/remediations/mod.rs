//! The embedded remediations: SSM Automation documents under AWS's names, each with what AWS's grammar does not
//! say of it. Read and run by `posture-remediation`.

mod texts;

/// The two files of a remediation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    /// The document's name, AWS's where AWS has one.
    pub name: &'static str,
    /// `<name>.document.yaml`: an SSM Automation document, which SSM would take unchanged.
    pub document: &'static str,
    /// `<name>.safety.yaml`: how safe it is, what it changes, how it is undone.
    pub safety: &'static str,
}

/// Every embedded remediation, sorted by name.
pub fn embedded() -> &'static [Texts] {
    texts::TEXTS
}
