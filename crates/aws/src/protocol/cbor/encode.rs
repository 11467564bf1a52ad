//! JSON values of a known type as CBOR.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::model::{Kind, Member, Service, TimestampFormat};
use crate::protocol::{scalar, timestamp};

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const EPOCH_TIME: u64 = 1;
const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;
const NULL: u8 = 0xf6;
const FLOAT: u8 = 0xfa;
const DOUBLE: u8 = 0xfb;

pub(super) fn value(service: &Service, member: &Member, value: &Value, out: &mut Vec<u8>) {
    let shape = service.shape(member);
    match (shape.kind, value) {
        (Kind::Structure, Value::Object(given)) => {
            let members: Vec<_> = given
                .iter()
                .filter(|(_, value)| !value.is_null())
                .filter_map(|(name, value)| Some((shape.member(name)?, value)))
                .collect();
            head(MAP, members.len() as u64, out);
            for (member, given) in members {
                text(member.wire_name(), out);
                self::value(service, member, given, out);
            }
        }
        (Kind::List, Value::Array(items)) => {
            head(ARRAY, items.len() as u64, out);
            for item in items {
                match shape.first() {
                    Some(element) => self::value(service, element, item, out),
                    None => out.push(NULL),
                }
            }
        }
        (Kind::Map, Value::Object(entries)) => {
            head(MAP, entries.len() as u64, out);
            for (key, item) in entries {
                text(key, out);
                match shape.second() {
                    Some(member) => self::value(service, member, item, out),
                    None => out.push(NULL),
                }
            }
        }
        (kind, value) => scalar_value(kind, value, out),
    }
}

fn scalar_value(kind: Kind, value: &Value, out: &mut Vec<u8>) {
    match (kind, value) {
        (_, Value::Null) => out.push(NULL),
        (Kind::Boolean, value) => out.push(if value.as_bool() == Some(true) {
            TRUE
        } else {
            FALSE
        }),
        (Kind::Integer | Kind::Long, Value::Number(number)) => match number.as_u64() {
            Some(number) => head(UNSIGNED, number, out),
            None => integer(number.as_i64().unwrap_or_default(), out),
        },
        (Kind::Blob, value) => {
            let bytes = STANDARD.decode(scalar::plain(value)).unwrap_or_default();
            head(BYTES, bytes.len() as u64, out);
            out.extend(bytes);
        }
        (Kind::Float, value) => float(value, true, out),
        (Kind::Double, value) => float(value, false, out),
        (Kind::Timestamp, value) => {
            head(TAG, EPOCH_TIME, out);
            let moment = timestamp::read(value).unwrap_or_default();
            let seconds = timestamp::write(moment, TimestampFormat::UnixTimestamp);
            match seconds.as_i64() {
                Some(seconds) => integer(seconds, out),
                None => float(&seconds, false, out),
            }
        }
        (_, value) => text(&scalar::plain(value), out),
    }
}

/// Negative numbers are told as what is missing to −1.
fn integer(number: i64, out: &mut Vec<u8>) {
    match u64::try_from(number) {
        Ok(number) => head(UNSIGNED, number, out),
        Err(_) => head(NEGATIVE, (-1 - number).unsigned_abs(), out),
    }
}

/// The three that JSON does not have are halves.
fn float(value: &Value, single: bool, out: &mut Vec<u8>) {
    match value.as_str() {
        Some("Infinity") => return out.extend([0xf9, 0x7c, 0x00]),
        Some("-Infinity") => return out.extend([0xf9, 0xfc, 0x00]),
        Some(_) => return out.extend([0xf9, 0x7e, 0x00]),
        None => {}
    }
    let number = value.as_f64().unwrap_or_default();
    if single {
        out.push(FLOAT);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the model says that a single is wanted"
        )]
        out.extend((number as f32).to_be_bytes());
    } else {
        out.push(DOUBLE);
        out.extend(number.to_be_bytes());
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    head(TEXT, text.len() as u64, out);
    out.extend(text.as_bytes());
}

/// A major type with its argument, in the fewest bytes.
fn head(major: u8, argument: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    let bytes = argument.to_be_bytes();
    let (info, length) = match argument {
        0..24 => {
            let [.., small] = bytes;
            out.push(major | small);
            return;
        }
        24..0x100 => (24, 1),
        0x100..0x1_0000 => (25, 2),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 8),
    };
    out.push(major | info);
    out.extend(bytes.iter().skip(bytes.len() - length));
}
