//! The account's password policy is all that stands between its users and a guessable password.
//!
//! ## Result
//! - COMPLIANT: the policy asks for at least what the parameters ask for.
//! - NON_COMPLIANT: it asks for less; or the account has no policy of its own, so that IAM's
//!   default one holds, whatever the parameters say.
//! - INSUFFICIENT_DATA: the password policy was not read.
//!
//! AWS takes `True` for `false`, since its parameters mind case; here it means what it says. A number that is 0 asks for
//! nothing, as a control of Security Hub does that is about another part of the policy.
//!
//! ## What to do
//! Set the password policy. It holds for passwords that are set from then on, so make users change
//! theirs; or let people sign in through IAM Identity Center and delete their passwords.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-password-policy`.

use crate::evaluation::Shown;
use crate::predicates::age;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-password-policy",
    identifier: Identifier::FromId,
    version: 2,
    title: "The password policy is as strict as the parameters ask",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Global,
    parameters: &[
        Parameter {
            name: REQUIRE_UPPERCASE,
            kind: Kind::Boolean,
            default: Some("true"),
        },
        Parameter {
            name: REQUIRE_LOWERCASE,
            kind: Kind::Boolean,
            default: Some("true"),
        },
        Parameter {
            name: REQUIRE_SYMBOLS,
            kind: Kind::Boolean,
            default: Some("true"),
        },
        Parameter {
            name: REQUIRE_NUMBERS,
            kind: Kind::Boolean,
            default: Some("true"),
        },
        Parameter {
            name: MIN_LENGTH,
            kind: Kind::Integer,
            default: Some("14"),
        },
        Parameter {
            name: MIN_REUSE,
            kind: Kind::Integer,
            default: Some("24"),
        },
        Parameter {
            name: MAX_AGE,
            kind: Kind::Integer,
            default: Some("90"),
        },
    ],
    reads: &[
        own(POLICY),
        own(UPPERCASE),
        own(LOWERCASE),
        own(SYMBOLS),
        own(NUMBERS),
        own(LENGTH),
        own(REUSE),
        own(AGE),
    ],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-SetIAMPasswordPolicy"),
    check,
};

const POLICY: Path = path("supplementaryConfiguration.GetAccountPasswordPolicy.PasswordPolicy");
const UPPERCASE: Path = path(
    "supplementaryConfiguration.GetAccountPasswordPolicy.PasswordPolicy.RequireUppercaseCharacters",
);
const LOWERCASE: Path = path(
    "supplementaryConfiguration.GetAccountPasswordPolicy.PasswordPolicy.RequireLowercaseCharacters",
);
const SYMBOLS: Path =
    path("supplementaryConfiguration.GetAccountPasswordPolicy.PasswordPolicy.RequireSymbols");
const NUMBERS: Path =
    path("supplementaryConfiguration.GetAccountPasswordPolicy.PasswordPolicy.RequireNumbers");
const LENGTH: Path = path(
    "supplementaryConfiguration.GetAccountPasswordPolicy.PasswordPolicy.MinimumPasswordLength",
);
const REUSE: Path = path(
    "supplementaryConfiguration.GetAccountPasswordPolicy.PasswordPolicy.PasswordReusePrevention",
);
const AGE: Path =
    path("supplementaryConfiguration.GetAccountPasswordPolicy.PasswordPolicy.MaxPasswordAge");

const REQUIRE_UPPERCASE: &str = "RequireUppercaseCharacters";
const REQUIRE_LOWERCASE: &str = "RequireLowercaseCharacters";
const REQUIRE_SYMBOLS: &str = "RequireSymbols";
const REQUIRE_NUMBERS: &str = "RequireNumbers";
const MIN_LENGTH: &str = "MinimumPasswordLength";
const MIN_REUSE: &str = "PasswordReusePrevention";
const MAX_AGE: &str = "MaxPasswordAge";

fn check<'a>(account: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    if account.node(POLICY)?.is_none() {
        let expected = "a password policy of the account's own";
        return Ok(Evaluation::non_compliant(POLICY, Shown::Nothing, expected));
    }
    for (place, parameter) in [
        (UPPERCASE, REQUIRE_UPPERCASE),
        (LOWERCASE, REQUIRE_LOWERCASE),
        (SYMBOLS, REQUIRE_SYMBOLS),
        (NUMBERS, REQUIRE_NUMBERS),
    ] {
        let required = account.boolean(place)?;
        if params.is_true(parameter) && required != Some(true) {
            return Ok(Evaluation::non_compliant(place, required, true));
        }
    }
    for (place, parameter) in [(LENGTH, MIN_LENGTH), (REUSE, MIN_REUSE)] {
        let least = params.integer(parameter)?;
        let value = account.integer(place)?;
        if least > 0 && value.is_none_or(|value| value < least) {
            let expected = format!("at least {least}");
            return Ok(Evaluation::non_compliant(place, value, expected));
        }
    }
    let most = params.integer(MAX_AGE)?;
    let age = account.integer(AGE)?;
    // 0 is how some tools write "never expires".
    if most > 0 && !age.is_some_and(|days| (1..=most).contains(&days)) {
        let expected = format!("at most {}", age::days(most));
        return Ok(Evaluation::non_compliant(AGE, age, expected));
    }
    Ok(Evaluation::compliant(POLICY, "as strict as asked"))
}
