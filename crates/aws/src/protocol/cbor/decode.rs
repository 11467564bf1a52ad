//! CBOR as JSON values of a known type.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value};

use crate::error::ReplyError;
use crate::model::{Kind, Member, Service};
use crate::protocol::timestamp;

/// A reply nested deeper than this is refused before it can exhaust the stack.
const DEPTH: usize = 128;

/// A data item, with what JSON does not tell apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Null,
    Boolean(bool),
    Integer(i128),
    Float(f64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Item>),
    Map(Vec<(String, Item)>),
    /// Seconds since 1970.
    Time(Box<Item>),
}

impl Item {
    /// A text of a map.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        let Self::Map(entries) = self else {
            return None;
        };
        entries.iter().find_map(|(name, item)| match item {
            Self::Text(text) if name == key => Some(text.as_str()),
            _ => None,
        })
    }
}

/// # Errors
/// When the bytes are not one data item of the kinds that the protocol knows.
pub(super) fn item(bytes: &[u8]) -> Result<Item, ReplyError> {
    let mut reader = Reader { rest: bytes };
    let item = reader.item(0)?;
    item.ok_or_else(|| ReplyError::here("a break where a value should be"))
}

struct Reader<'b> {
    rest: &'b [u8],
}

/// The argument of an item's head; none for an indefinite length.
type Argument = Option<u64>;

impl<'b> Reader<'b> {
    fn take(&mut self, length: u64) -> Result<&'b [u8], ReplyError> {
        let split = usize::try_from(length)
            .ok()
            .and_then(|length| self.rest.split_at_checked(length));
        let (taken, rest) = split.ok_or_else(|| ReplyError::here("CBOR that ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self, length: u64) -> Result<u64, ReplyError> {
        let add = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
        Ok(self.take(length)?.iter().fold(0, add))
    }

    /// Nothing is the break that ends an item of indefinite length.
    fn item(&mut self, depth: usize) -> Result<Option<Item>, ReplyError> {
        if depth > DEPTH {
            return Err(ReplyError::here("CBOR that is nested too deeply"));
        }
        let initial = self.number(1)?;
        let (major, info) = (initial >> 5, initial & 0x1f);
        if major == 7 {
            return self.simple(info);
        }
        let argument = match info {
            0..=23 => Some(info),
            24 => Some(self.number(1)?),
            25 => Some(self.number(2)?),
            26 => Some(self.number(4)?),
            27 => Some(self.number(8)?),
            31 if (2..=5).contains(&major) => None,
            _ => return Err(ReplyError::here("CBOR with a reserved length")),
        };
        let item = match (major, argument) {
            (0, Some(number)) => Item::Integer(number.into()),
            (1, Some(number)) => Item::Integer(-1 - i128::from(number)),
            (2, argument) => Item::Bytes(self.string(argument, 2, depth)?),
            (3, argument) => {
                let bytes = self.string(argument, 3, depth)?;
                let text = String::from_utf8(bytes);
                Item::Text(text.map_err(|_| ReplyError::here("CBOR text that is not UTF-8"))?)
            }
            (4, argument) => Item::Array(self.array(argument, depth)?),
            (5, argument) => Item::Map(self.map(argument, depth)?),
            (_, Some(1)) => Item::Time(Box::new(self.some_item(depth + 1)?)),
            _ => return Err(ReplyError::here("CBOR with an unknown tag")),
        };
        Ok(Some(item))
    }

    fn some_item(&mut self, depth: usize) -> Result<Item, ReplyError> {
        let item = self.item(depth)?;
        item.ok_or_else(|| ReplyError::here("a break where a value should be"))
    }

    fn string(
        &mut self,
        length: Argument,
        major: u64,
        depth: usize,
    ) -> Result<Vec<u8>, ReplyError> {
        if let Some(length) = length {
            return Ok(self.take(length)?.to_vec());
        }
        let mut whole = Vec::new();
        loop {
            match (self.item(depth + 1)?, major) {
                (None, _) => return Ok(whole),
                (Some(Item::Bytes(chunk)), 2) => whole.extend(chunk),
                (Some(Item::Text(chunk)), 3) => whole.extend(chunk.into_bytes()),
                _ => return Err(ReplyError::here("CBOR with a chunk of another kind")),
            }
        }
    }

    fn array(&mut self, length: Argument, depth: usize) -> Result<Vec<Item>, ReplyError> {
        let mut items = Vec::new();
        match length {
            Some(length) => {
                for _ in 0..length {
                    items.push(self.some_item(depth + 1)?);
                }
            }
            None => {
                while let Some(item) = self.item(depth + 1)? {
                    items.push(item);
                }
            }
        }
        Ok(items)
    }

    fn map(&mut self, length: Argument, depth: usize) -> Result<Vec<(String, Item)>, ReplyError> {
        let mut entries = Vec::new();
        let mut left = length;
        while left != Some(0) {
            let key = match (self.item(depth + 1)?, left) {
                (None, None) => break,
                (Some(Item::Text(key)), _) => key,
                _ => return Err(ReplyError::here("CBOR with a key that is not text")),
            };
            entries.push((key, self.some_item(depth + 1)?));
            left = left.map(|left| left - 1);
        }
        Ok(entries)
    }

    fn simple(&mut self, info: u64) -> Result<Option<Item>, ReplyError> {
        Ok(Some(match info {
            20 => Item::Boolean(false),
            21 => Item::Boolean(true),
            22 | 23 => Item::Null,
            25 => Item::Float(half(self.number(2)?)),
            26 => {
                let bits = u32::try_from(self.number(4)?).unwrap_or_default();
                Item::Float(f32::from_bits(bits).into())
            }
            27 => Item::Float(f64::from_bits(self.number(8)?)),
            31 => return Ok(None),
            _ => return Err(ReplyError::here("CBOR with an unknown simple value")),
        }))
    }
}

/// RFC 8949, appendix D.
fn half(bits: u64) -> f64 {
    let exponent = i32::try_from((bits >> 10) & 0x1f).unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "ten bits")]
    let mantissa = (bits & 0x3ff) as f64;
    let size = match exponent {
        0 => mantissa * 2f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (mantissa + 1024.0) * 2f64.powi(exponent - 25),
    };
    if bits & 0x8000 == 0 { size } else { -size }
}

/// # Errors
/// When the item is not of the member's type.
pub(super) fn read(service: &Service, member: &Member, item: Item) -> Result<Value, ReplyError> {
    let shape = service.shape(member);
    match (shape.kind, item) {
        (_, Item::Null) => Ok(Value::Null),
        (Kind::Structure, Item::Map(mut entries)) => {
            let mut out = Map::new();
            for member in &shape.members {
                let place = entries
                    .iter()
                    .position(|(key, _)| key == member.wire_name());
                let Some(place) = place else { continue };
                let (_, item) = entries.swap_remove(place);
                if item != Item::Null {
                    let value = read(service, member, item).map_err(|e| e.within(member.name))?;
                    out.insert(member.name.to_owned(), value);
                }
            }
            Ok(Value::Object(out))
        }
        (Kind::List, Item::Array(items)) => {
            let Some(element) = shape.first() else {
                return Ok(Value::Array(Vec::new()));
            };
            let one = |(index, item)| {
                read(service, element, item).map_err(|error: ReplyError| error.at(index))
            };
            let items: Result<_, _> = items.into_iter().enumerate().map(one).collect();
            Ok(Value::Array(items?))
        }
        (Kind::Map, Item::Map(entries)) => {
            let Some(value) = shape.second() else {
                return Ok(Value::Object(Map::new()));
            };
            let mut out = Map::with_capacity(entries.len());
            // As in botocore, an entry that is null is no entry.
            for (key, item) in entries.into_iter().filter(|(_, item)| *item != Item::Null) {
                let item = read(service, value, item)
                    .map_err(|error| error.within(&format!("[{key:?}]")))?;
                out.insert(key, item);
            }
            Ok(Value::Object(out))
        }
        (Kind::Timestamp, Item::Time(inner)) => moment(*inner),
        (kind @ (Kind::Structure | Kind::List | Kind::Map | Kind::Timestamp), _) => {
            Err(ReplyError::here(format!("not {}", kind.in_words())))
        }
        (_, item) => scalar(item),
    }
}

fn moment(seconds: Item) -> Result<Value, ReplyError> {
    let seconds = scalar(seconds)?;
    timestamp::read(&seconds)
        .map(|moment| timestamp::canonical(moment).into())
        .ok_or_else(|| ReplyError::here(format!("{seconds} is not a time")))
}

fn scalar(item: Item) -> Result<Value, ReplyError> {
    Ok(match item {
        Item::Boolean(flag) => flag.into(),
        Item::Integer(number) => Number::from_i128(number)
            .map(Value::Number)
            .ok_or_else(|| ReplyError::here("a whole number beyond 64 bits"))?,
        Item::Float(number) => float(number),
        Item::Bytes(bytes) => STANDARD.encode(bytes).into(),
        Item::Text(text) => text.into(),
        _ => return Err(ReplyError::here("not a scalar")),
    })
}

/// JSON has no infinities; they are words.
fn float(number: f64) -> Value {
    Number::from_f64(number).map_or_else(
        || {
            let word = match number {
                f64::INFINITY => "Infinity",
                f64::NEG_INFINITY => "-Infinity",
                _ => "NaN",
            };
            word.into()
        },
        Value::Number,
    )
}
