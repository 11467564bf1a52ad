//! Edges from a control to a rule: where each is from, and what it is worth.

use serde::Serialize;

/// That a rule serves a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleMapping {
    /// The rule's name.
    pub rule: String,
    /// Who says so; at least one, sorted.
    pub from: Vec<Origin>,
    /// What its verdicts say of the control.
    pub strength: Strength,
    /// What the rule asks beyond the control. Its failure alone then does not fail the control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stricter: Option<String>,
}

/// Who says that a rule serves a control. Each fact is in a public file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Us, or the author of the file.
    Own,
    /// awslabs/aws-config-rules@b54d4a6 (CC0-1.0), conformance pack templates.
    ConformancePack,
    /// aws-cloudformation/aws-guard-rules-registry@7f7340c (Apache-2.0), framework mappings.
    GuardRegistry,
    /// Security Hub: awsdocs/aws-security-hub-user-guide@de324e7 for requirement ids, and an export
    /// of its API, SooJongKim2/securityhub-controls-export@6c07ebf (MIT), for Config rules.
    SecurityHub,
    /// cdklabs/cdk-nag@ca6d1b5 (Apache-2.0), RULES.md.
    CdkNag,
    /// prowler-cloud/prowler@3e000fa (Apache-2.0): its checks, joined through Security Hub controls.
    Prowler,
    /// turbot/steampipe-mod-aws-compliance@a1d0b44 (Apache-2.0), joined the same way.
    Steampipe,
    /// A file that was imported.
    Imported,
}

impl Origin {
    /// All of them.
    pub const ALL: [Origin; 8] = [
        Origin::Own,
        Origin::ConformancePack,
        Origin::GuardRegistry,
        Origin::SecurityHub,
        Origin::CdkNag,
        Origin::Prowler,
        Origin::Steampipe,
        Origin::Imported,
    ];

    /// As framework files spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Origin::Own => "own",
            Origin::ConformancePack => "conformance-pack",
            Origin::GuardRegistry => "guard-registry",
            Origin::SecurityHub => "security-hub",
            Origin::CdkNag => "cdk-nag",
            Origin::Prowler => "prowler",
            Origin::Steampipe => "steampipe",
            Origin::Imported => "imported",
        }
    }
}

/// What a rule's verdicts say of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// The rule tests what the control asks: its failure fails the control.
    Direct,
    /// It tests a part: its failure counts against the control, its pass is not enough.
    Supporting,
    /// Related through other tools' mappings: shown beside the control, its failure alone does not
    /// fail it.
    Indirect,
}

impl Strength {
    /// All of them, strongest first.
    pub const ALL: [Strength; 3] = [Strength::Direct, Strength::Supporting, Strength::Indirect];

    /// As framework files spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Strength::Direct => "direct",
            Strength::Supporting => "supporting",
            Strength::Indirect => "indirect",
        }
    }
}

impl RuleMapping {
    /// Whether the rule's failure alone fails the control.
    pub fn decides(&self) -> bool {
        self.strength != Strength::Indirect && self.stricter.is_none()
    }
}
