//! Numbers as event-ruler compares them: as IEEE 754 binary64, and only those that binary64 holds
//! without loss in its shortest decimal form (`ComparableNumber.generate`). Any other number equals
//! itself and lies in no range.

use std::cmp::Ordering;

use super::Scalar;

/// A double, ordered, with one zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Comparable(f64);

impl Comparable {
    fn of(value: f64) -> Option<Comparable> {
        // Adding zero turns -0.0 into 0.0.
        value.is_finite().then_some(Comparable(value + 0.0))
    }

    /// The number that this JSON text stands for, where binary64 holds it.
    pub(crate) fn parse(text: &str) -> Option<Comparable> {
        let value = text.parse().ok()?;
        let comparable = Comparable::of(value)?;
        (Decimal::parse(text)? == Decimal::parse(&format!("{value:e}"))?).then_some(comparable)
    }

    /// The number of an event, where binary64 holds it.
    pub(crate) fn of_scalar(scalar: Scalar<'_>) -> Option<Comparable> {
        /// Below this every whole number is a double, and its own shortest decimal form.
        const EXACT: u64 = 1 << 53;
        match scalar {
            #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
            Scalar::Integer(value) if value.unsigned_abs() <= EXACT => Comparable::of(value as f64),
            Scalar::Integer(value) => Comparable::parse(&value.to_string()),
            Scalar::Float(value) => Comparable::of(value),
            _ => None,
        }
    }

    pub(crate) fn value(self) -> f64 {
        self.0
    }

    /// A key for maps; equal where the numbers are.
    pub(crate) fn bits(self) -> u64 {
        self.0.to_bits()
    }
}

impl Eq for Comparable {}

impl std::hash::Hash for Comparable {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bits().hash(state);
    }
}

/// A number that a pattern names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Literal {
    Comparable(Comparable),
    /// A whole number beyond what binary64 holds, such as an id.
    Whole(i64),
    /// Digits that neither holds. Events keep no more than the nearest double of such a number.
    Nearest(u64),
}

impl Literal {
    pub(crate) fn parse(text: &str) -> Literal {
        if let Some(comparable) = Comparable::parse(text) {
            return Literal::Comparable(comparable);
        }
        if let Ok(whole) = text.parse() {
            return Literal::Whole(whole);
        }
        Literal::Nearest(text.parse().unwrap_or(f64::NAN).to_bits())
    }

    pub(crate) fn accepts(&self, scalar: Scalar<'_>) -> bool {
        match (self, scalar) {
            (Literal::Comparable(number), _) => Comparable::of_scalar(scalar) == Some(*number),
            (Literal::Whole(whole), Scalar::Integer(value)) => *whole == value,
            (Literal::Nearest(bits), Scalar::Float(value)) => *bits == value.to_bits(),
            _ => false,
        }
    }
}

/// `[ { "numeric": [ … ] } ]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Range {
    pub(crate) bottom: Bound,
    pub(crate) top: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Bound {
    pub(crate) at: Comparable,
    /// Whether the bound itself is outside.
    pub(crate) open: bool,
}

impl Bound {
    pub(crate) const LOWEST: Bound = Bound {
        at: Comparable(f64::MIN),
        open: false,
    };
    pub(crate) const HIGHEST: Bound = Bound {
        at: Comparable(f64::MAX),
        open: false,
    };
}

impl Range {
    pub(crate) fn contains(&self, number: Comparable) -> bool {
        let value = number.value();
        let above = match value.total_cmp(&self.bottom.at.value()) {
            Ordering::Less => false,
            Ordering::Equal => !self.bottom.open,
            Ordering::Greater => true,
        };
        let below = match value.total_cmp(&self.top.at.value()) {
            Ordering::Less => true,
            Ordering::Equal => !self.top.open,
            Ordering::Greater => false,
        };
        above && below
    }
}

/// A decimal number without leading or trailing zeros.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    /// Power of ten of the last digit.
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let magnitude = whole.strip_prefix('-').unwrap_or(whole);
        let written = format!("{magnitude}{fraction}");
        let digits = written.trim_start_matches('0').trim_end_matches('0');
        if digits.is_empty() {
            return Some(Decimal {
                negative: false,
                digits: String::new(),
                exponent: 0,
            });
        }
        let trailing = written.len() - written.trim_end_matches('0').len();
        let exponent = exponent.parse::<i64>().ok()?;
        Some(Decimal {
            negative: whole.starts_with('-'),
            digits: digits.to_owned(),
            exponent: exponent
                .checked_sub(i64::try_from(fraction.len()).ok()?)?
                .checked_add(i64::try_from(trailing).ok()?)?,
        })
    }
}
