//! What all conditions on one field say of one value, found together.

use std::net::IpAddr;

use aho_corasick::AhoCorasick;
use hashbrown::HashMap;

use crate::pattern::{
    Alternative, AnythingBut, Block, Comparable, Literal, Range, Scalar, TextTest, parse_address,
};

use super::bytes::{ByteMachine, Entry};
use super::ranges::Ranges;

/// What a value did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hit {
    /// It satisfied this condition.
    Condition(u32),
    /// It is one of what this `anything-but` excludes.
    Excluded(u32),
}

/// The tests of one field that a value can hit, before they are laid out for speed.
#[derive(Debug, Default)]
pub(super) struct Draft {
    tests: Vec<(Alternative, Hit)>,
}

impl Draft {
    /// Adds an alternative that accepts values for what they are: not `exists`, not `anything-but`.
    pub(super) fn add(&mut self, alternative: &Alternative, hit: Hit) {
        self.tests.push((alternative.clone(), hit));
    }

    /// Adds what an `anything-but` excludes.
    pub(super) fn add_excluded(&mut self, but: &AnythingBut, hit: Hit) {
        match but {
            AnythingBut::Numbers(numbers) => self.tests.extend(
                numbers
                    .iter()
                    .map(|number| (Alternative::Number(Literal::Comparable(*number)), hit)),
            ),
            AnythingBut::Texts(tests) => self.tests.extend(
                tests
                    .iter()
                    .map(|test| (Alternative::Text(test.clone()), hit)),
            ),
        }
    }

    pub(super) fn finish(self) -> Values {
        let mut layout = Layout::default();
        for (alternative, hit) in self.tests {
            layout.add(alternative, hit);
        }
        layout.finish()
    }
}

/// A text test behind a part of it that the automata find.
#[derive(Debug)]
struct Output {
    /// Whether the part must be all of the value.
    whole: bool,
    /// What else must hold.
    test: Option<TextTest>,
    hit: Hit,
}

/// All tests of one field.
#[derive(Debug, Default)]
pub(super) struct Values {
    texts: HashMap<String, Vec<Hit>>,
    any_text: Vec<Hit>,
    forward: ByteMachine,
    backward: ByteMachine,
    outputs: Vec<Output>,
    /// Wildcards whose longest piece is between two `*`, by that piece.
    inner: Option<(AhoCorasick, Vec<Output>)>,
    /// Tests that no automaton speeds up.
    others: Vec<(TextTest, Hit)>,
    addresses: HashMap<IpAddr, Vec<Hit>>,
    blocks: HashMap<Block, Vec<Hit>>,
    block_lengths: Vec<u8>,
    numbers: HashMap<u64, Vec<Hit>>,
    literals: Vec<(Literal, Hit)>,
    ranges: Ranges,
    null: Vec<Hit>,
    yes: Vec<Hit>,
    no: Vec<Hit>,
}

impl Values {
    /// Shows `found` each hit of a value; one can come more than once.
    pub(super) fn find(&self, scalar: Scalar<'_>, found: &mut impl FnMut(Hit)) {
        match scalar {
            Scalar::Text(text) => self.find_text(text, found),
            Scalar::Null => self.null.iter().copied().for_each(found),
            Scalar::Bool(true) => self.yes.iter().copied().for_each(found),
            Scalar::Bool(false) => self.no.iter().copied().for_each(found),
            Scalar::Integer(_) | Scalar::Float(_) => self.find_number(scalar, found),
        }
    }

    fn find_number(&self, scalar: Scalar<'_>, found: &mut impl FnMut(Hit)) {
        if let Some(number) = Comparable::of_scalar(scalar) {
            let same = self.numbers.get(&number.bits());
            same.into_iter().flatten().copied().for_each(&mut *found);
            self.ranges.find(number, found);
        }
        for (literal, hit) in &self.literals {
            if literal.accepts(scalar) {
                found(*hit);
            }
        }
    }

    fn find_text(&self, text: &str, found: &mut impl FnMut(Hit)) {
        let same = self.texts.get(text);
        same.into_iter().flatten().copied().for_each(&mut *found);
        self.any_text.iter().copied().for_each(&mut *found);
        let bytes = text.as_bytes();
        let mut output = |outputs: &[Output], index: usize, at_end: bool| {
            let Some(output) = outputs.get(index) else {
                return;
            };
            let rest_holds = || output.test.as_ref().is_none_or(|test| test.accepts(text));
            if (at_end || !output.whole) && rest_holds() {
                found(output.hit);
            }
        };
        self.forward.run(bytes.iter().copied(), |index, at_end| {
            output(&self.outputs, index as usize, at_end);
        });
        self.backward
            .run(bytes.iter().rev().copied(), |index, at_end| {
                output(&self.outputs, index as usize, at_end);
            });
        if let Some((automaton, outputs)) = &self.inner {
            for piece in automaton.find_overlapping_iter(bytes) {
                output(outputs, piece.pattern().as_usize(), true);
            }
        }
        for (test, hit) in &self.others {
            if test.accepts(text) {
                found(*hit);
            }
        }
        if !self.addresses.is_empty() || !self.blocks.is_empty() {
            self.find_address(text, found);
        }
    }

    fn find_address(&self, text: &str, found: &mut impl FnMut(Hit)) {
        let Some(address) = parse_address(text) else {
            return;
        };
        let same = self.addresses.get(&address);
        same.into_iter().flatten().copied().for_each(&mut *found);
        for length in &self.block_lengths {
            let around = self.blocks.get(&Block::around(address, *length));
            around.into_iter().flatten().copied().for_each(&mut *found);
        }
    }
}

#[derive(Debug, Default)]
struct Layout {
    values: Values,
    forward: Vec<Entry>,
    backward: Vec<Entry>,
    inner: Vec<(String, Output)>,
    ranges: Vec<(Range, Hit)>,
}

impl Layout {
    fn add(&mut self, alternative: Alternative, hit: Hit) {
        let values = &mut self.values;
        match alternative {
            Alternative::Null => values.null.push(hit),
            Alternative::Bool(true) => values.yes.push(hit),
            Alternative::Bool(false) => values.no.push(hit),
            Alternative::Number(Literal::Comparable(number)) => {
                values.numbers.entry(number.bits()).or_default().push(hit);
            }
            Alternative::Number(literal) => values.literals.push((literal, hit)),
            Alternative::Range(range) => self.ranges.push((range, hit)),
            Alternative::Address(address) => {
                values.addresses.entry(address).or_default().push(hit);
            }
            Alternative::Cidr(block) => values.blocks.entry(block).or_default().push(hit),
            Alternative::Text(test) => self.add_text(test, hit),
            // These depend on more than the value; the machine knows them.
            Alternative::Exists | Alternative::Absent | Alternative::AnythingBut(_) => {}
        }
    }

    fn add_text(&mut self, test: TextTest, hit: Hit) {
        match test {
            TextTest::Equals(text) => self.values.texts.entry(text).or_default().push(hit),
            TextTest::Prefix(text) => self.prefix(&text, None, hit),
            TextTest::Suffix(text) => self.suffix(&text, None, hit),
            TextTest::EqualsIgnoreCase(ref fold) => match fold.ascii().map(str::to_owned) {
                Some(text) => self.ignore_case(text.bytes(), true, hit),
                None => self.values.others.push((test, hit)),
            },
            TextTest::PrefixIgnoreCase(ref fold) => match fold.ascii().map(str::to_owned) {
                Some(text) => self.ignore_case(text.bytes(), false, hit),
                None => self.values.others.push((test, hit)),
            },
            TextTest::SuffixIgnoreCase(ref fold) => match fold.ascii().map(str::to_owned) {
                Some(text) => {
                    let output = self.output(false, None, hit);
                    self.backward.push(entry(text.bytes().rev(), true, output));
                }
                None => self.values.others.push((test, hit)),
            },
            TextTest::Wildcard(wildcard) => {
                let pieces = wildcard.pieces().to_vec();
                self.add_wildcard(&pieces, TextTest::Wildcard(wildcard), hit);
            }
        }
    }

    /// A wildcard is what it is without its `*` where it can be, and else found by its longest piece.
    fn add_wildcard(&mut self, pieces: &[String], test: TextTest, hit: Hit) {
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
            return;
        };
        let longest = pieces.iter().max_by_key(|piece| piece.len());
        let length = longest.map_or(0, String::len);
        match (pieces, longest) {
            ([text], _) => self.add_text(TextTest::Equals(text.clone()), hit),
            ([text, after], _) if after.is_empty() => self.prefix(text, None, hit),
            ([before, text], _) if before.is_empty() => self.suffix(text, None, hit),
            _ if first.len() == length => self.prefix(first, Some(test), hit),
            _ if last.len() == length => self.suffix(last, Some(test), hit),
            (_, Some(piece)) => {
                let output = Output {
                    whole: false,
                    test: Some(test),
                    hit,
                };
                self.inner.push((piece.clone(), output));
            }
            (_, None) => {}
        }
    }

    fn ignore_case(&mut self, bytes: impl Iterator<Item = u8>, whole: bool, hit: Hit) {
        let output = self.output(whole, None, hit);
        self.forward.push(entry(bytes, true, output));
    }

    fn prefix(&mut self, text: &str, test: Option<TextTest>, hit: Hit) {
        if text.is_empty() {
            self.values.any_text.push(hit);
            return;
        }
        let output = self.output(false, test, hit);
        self.forward.push(entry(text.bytes(), false, output));
    }

    fn suffix(&mut self, text: &str, test: Option<TextTest>, hit: Hit) {
        if text.is_empty() {
            self.values.any_text.push(hit);
            return;
        }
        let output = self.output(false, test, hit);
        self.backward.push(entry(text.bytes().rev(), false, output));
    }

    fn output(&mut self, whole: bool, test: Option<TextTest>, hit: Hit) -> u32 {
        self.values.outputs.push(Output { whole, test, hit });
        u32::try_from(self.values.outputs.len() - 1).unwrap_or(u32::MAX)
    }

    fn finish(mut self) -> Values {
        self.values.forward = ByteMachine::build(&self.forward);
        self.values.backward = ByteMachine::build(&self.backward);
        self.values.ranges = Ranges::build(self.ranges);
        let mut lengths: Vec<u8> = self
            .values
            .blocks
            .keys()
            .map(|block| block.length())
            .collect();
        lengths.sort_unstable();
        lengths.dedup();
        self.values.block_lengths = lengths;
        if !self.inner.is_empty() {
            let pieces = self.inner.iter().map(|(piece, _)| piece);
            match AhoCorasick::new(pieces) {
                Ok(automaton) => {
                    let outputs = self.inner.into_iter().map(|(_, output)| output).collect();
                    self.values.inner = Some((automaton, outputs));
                }
                // More than it can hold: slower, not wrong.
                Err(_) => self.values.others.extend(
                    self.inner
                        .into_iter()
                        .filter_map(|(_, output)| Some((output.test?, output.hit))),
                ),
            }
        }
        self.values
    }
}

fn entry(bytes: impl Iterator<Item = u8>, ignore_case: bool, output: u32) -> Entry {
    Entry {
        bytes: bytes.collect(),
        ignore_case,
        output,
    }
}
