//! JSON (RFC 8259) in which every value knows its place.
//!
//! Patterns are small and written by people; what matters is that an error points at a character,
//! and that a number keeps the text that it was written with. Events are read by
//! [`posture_model::tree`], which is fast and keeps neither.

use crate::error::Fault;

/// Deeper nesting than this is an error, for the sake of the stack.
const MAXIMUM_DEPTH: usize = 128;

#[derive(Debug, Clone)]
pub(crate) struct Placed<'t> {
    pub(crate) offset: usize,
    pub(crate) value: Value<'t>,
}

#[derive(Debug, Clone)]
pub(crate) enum Value<'t> {
    Null,
    Bool(bool),
    Number(&'t str),
    Text(String),
    Array(Vec<Placed<'t>>),
    Object(Vec<Member<'t>>),
}

#[derive(Debug, Clone)]
pub(crate) struct Member<'t> {
    pub(crate) offset: usize,
    pub(crate) name: String,
    pub(crate) value: Placed<'t>,
}

impl Placed<'_> {
    /// The value as one would name it in a message.
    pub(crate) fn shown(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(text) => (*text).to_owned(),
            Value::Text(text) => text.clone(),
            Value::Array(_) => "[".to_owned(),
            Value::Object(_) => "{".to_owned(),
        }
    }

    /// Whether an object below has a member of this name.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        match &self.value {
            Value::Array(elements) => elements.iter().any(|element| element.mentions(name)),
            Value::Object(members) => members
                .iter()
                .any(|member| member.name == name || member.value.mentions(name)),
            _ => false,
        }
    }
}

/// Reads one value, which must be the whole text but for white space.
pub(crate) fn parse(text: &str) -> Result<Placed<'_>, Fault> {
    let mut reader = Reader { text, offset: 0 };
    let value = reader.value(0)?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.fault("unexpected text after the end of the JSON value")),
    }
}

struct Reader<'t> {
    text: &'t str,
    offset: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    fn fault(&self, message: &str) -> Fault {
        Fault::new(self.offset, message)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.offset += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Placed<'t>, Fault> {
        self.skip_space();
        if depth > MAXIMUM_DEPTH {
            return Err(self.fault("nested deeper than 128 levels"));
        }
        let offset = self.offset;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(_) => self.word()?,
            None => return Err(self.fault("the JSON ends too early: a value is missing")),
        };
        Ok(Placed { offset, value })
    }

    fn word(&mut self) -> Result<Value<'t>, Fault> {
        for (word, value) in [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
        ] {
            if self.rest().starts_with(word) {
                self.offset += word.len();
                return Ok(value);
            }
        }
        Err(self.fault("not a JSON value"))
    }

    fn array(&mut self, depth: usize) -> Result<Value<'t>, Fault> {
        let mut elements = Vec::new();
        self.offset += 1;
        self.skip_space();
        if self.accept(b']') {
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            self.skip_space();
            if self.accept(b']') {
                return Ok(Value::Array(elements));
            }
            self.expect(b',', "expected ',' or ']' in an array")?;
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value<'t>, Fault> {
        let mut members = Vec::new();
        self.offset += 1;
        self.skip_space();
        if self.accept(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_space();
            let offset = self.offset;
            if self.peek() != Some(b'"') {
                return Err(self.fault("expected a field name in double quotes"));
            }
            let name = self.string()?;
            self.skip_space();
            self.expect(b':', "expected ':' after a field name")?;
            let value = self.value(depth + 1)?;
            members.push(Member {
                offset,
                name,
                value,
            });
            self.skip_space();
            if self.accept(b'}') {
                return Ok(Value::Object(members));
            }
            self.expect(b',', "expected ',' or '}' in an object")?;
        }
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.offset += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), Fault> {
        if self.accept(byte) {
            return Ok(());
        }
        Err(self.fault(message))
    }

    fn number(&mut self) -> Result<&'t str, Fault> {
        let start = self.offset;
        self.accept(b'-');
        if !self.accept(b'0') {
            self.digits()?;
        }
        if self.accept(b'.') {
            self.digits()?;
        }
        if self.accept(b'e') || self.accept(b'E') {
            if !self.accept(b'-') {
                self.accept(b'+');
            }
            self.digits()?;
        }
        if let Some(b'0'..=b'9') = self.peek() {
            return Err(self.fault("a number must not begin with 0"));
        }
        Ok(self.text.get(start..self.offset).unwrap_or_default())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.offset;
        while let Some(b'0'..=b'9') = self.peek() {
            self.offset += 1;
        }
        if self.offset == start {
            return Err(self.fault("expected a digit"));
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.offset += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let plain = rest
                .find(|character: char| matches!(character, '"' | '\\' | '\0'..='\x1f'))
                .unwrap_or(rest.len());
            text.push_str(rest.get(..plain).unwrap_or_default());
            self.offset += plain;
            match self.peek() {
                Some(b'"') => {
                    self.offset += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.fault("a control character must be escaped")),
                None => return Err(self.fault("the JSON ends too early: a string is not closed")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.offset;
        self.offset += 2;
        let escaped = self.text.as_bytes().get(start + 1);
        let character = match escaped {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start),
            _ => return Err(Fault::new(start, "Unrecognized character escape")),
        };
        Ok(character)
    }

    fn unicode(&mut self, start: usize) -> Result<char, Fault> {
        let first = self.four_digits()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first)
                .ok_or_else(|| Fault::new(start, "half of a surrogate pair"));
        }
        if !self.rest().starts_with("\\u") {
            return Err(Fault::new(start, "half of a surrogate pair"));
        }
        self.offset += 2;
        let second = self.four_digits()?;
        let low = second
            .checked_sub(0xdc00)
            .filter(|low| *low < 0x400)
            .ok_or_else(|| Fault::new(start, "half of a surrogate pair"))?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low)
            .ok_or_else(|| Fault::new(start, "half of a surrogate pair"))
    }

    fn four_digits(&mut self) -> Result<u32, Fault> {
        let digits = self
            .text
            .get(self.offset..self.offset + 4)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.fault("expected four hexadecimal digits"))?;
        self.offset += 4;
        Ok(digits)
    }
}
