//! The items of an input, one after the other, for others than the scan.

use posture_model::ConfigurationItem;
use posture_model::tree::{Bump, parse};

use super::document::item_of;
use super::open::once;
use super::read::{Block, read};
use super::{Input, InputError, InputReport};

/// Why an item was not taken, in words.
type Refusal = String;

/// Reads an input once and hands out its items in the order of the text. What can't be read, and
/// what `take` refuses, is in the report by its place; the rest is read.
pub fn read_items(
    input: &Input,
    mut take: impl for<'a> FnMut(&ConfigurationItem<'a>, &'a Bump) -> Result<(), Refusal>,
) -> InputReport {
    let mut report = InputReport {
        name: input.name(),
        ..InputReport::default()
    };
    let read = once(input)
        .map_err(|cause| InputError::at(0, cause.to_string()))
        .and_then(|mut stream| {
            read(
                &mut stream,
                0,
                || None,
                |block| take_block(&block, &mut take, &mut report),
            )
        });
    if let Err(error) = read {
        report.add_error(error);
    }
    report
}

fn take_block(
    block: &Block,
    take: &mut impl for<'a> FnMut(&ConfigurationItem<'a>, &'a Bump) -> Result<(), Refusal>,
    report: &mut InputReport,
) {
    let mut arena = Bump::new();
    for document in &block.documents {
        let Some(bytes) = block.bytes.get(document.start..document.end) else {
            continue;
        };
        arena.reset();
        let taken = match parse(bytes, &arena) {
            Err(error) => Err(InputError::at(error.offset, error.message)),
            Ok(root) => match item_of(root, document.source, &arena) {
                None => continue,
                Some(Err(error)) => Err(InputError::at(0, error.to_string())),
                Some(Ok(item)) => take(&item, &arena).map_err(|why| InputError::at(0, why)),
            },
        };
        match taken {
            Ok(()) => report.items += 1,
            Err(error) => report.add_error(InputError {
                offset: block.base + document.start as u64 + error.offset,
                message: error.message,
            }),
        }
    }
}
