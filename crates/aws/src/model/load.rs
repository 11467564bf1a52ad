//! Decodes an embedded model when it is first asked for.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::embedded::MODELS;
use super::service::Service;
use crate::error::ModelError;

static DICTIONARY: &[u8] = include_bytes!("../../models/dictionary");
static LOADED: Mutex<BTreeMap<&'static str, &'static Service>> = Mutex::new(BTreeMap::new());

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    MODELS.iter().map(|(name, _, _)| *name)
}

/// The lock is held while a model is decoded (EC2's takes some milliseconds), so that none is decoded twice.
pub(super) fn named(name: &str) -> Result<&'static Service, ModelError> {
    let found = MODELS
        .binary_search_by(|(known, _, _)| (*known).cmp(name))
        .ok()
        .and_then(|index| MODELS.get(index));
    let Some(&(name, bytes, packed)) = found else {
        return Err(ModelError::no_service(name, names()));
    };
    let mut loaded = LOADED
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(service) = loaded.get(name) {
        return Ok(service);
    }
    let service = decode(name, bytes, packed)?;
    loaded.insert(name, service);
    Ok(service)
}

/// The text and what is decoded from it live as long as the program: the names in a model borrow from its text.
fn decode(name: &'static str, bytes: usize, packed: &[u8]) -> Result<&'static Service, ModelError> {
    let corrupt = |what: String| ModelError::Corrupt {
        service: name.to_owned(),
        what,
    };
    let text = zstd::bulk::Decompressor::with_dictionary(DICTIONARY)
        .and_then(|mut decompressor| decompressor.decompress(packed, bytes))
        .map_err(|error| corrupt(error.to_string()))?;
    let text = String::from_utf8(text).map_err(|error| corrupt(error.to_string()))?;
    let service = Service::decode(name, text.leak())?;
    Ok(Box::leak(Box::new(service)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_decodes_with_all_that_its_operations_reach() {
        let mut operations = 0;
        for name in names() {
            let service = named(name).unwrap();
            assert_eq!(service.name, name);
            assert!(service.endpoints.is_some(), "{name}");
            for operation in service.operation_names() {
                service.operation(operation).unwrap();
                operations += 1;
            }
        }
        assert!(MODELS.len() > 400 && operations > 18_000, "{operations}");
    }

    #[test]
    fn what_takes_and_gives_a_token_is_paged() {
        let of = |service, operation| {
            let operation = named(service).unwrap().operation(operation).unwrap();
            operation.pages.as_ref().map(|pages| pages.results.clone())
        };
        assert_eq!(of("athena", "ListWorkGroups"), Some(vec!["WorkGroups"]));
        assert_eq!(of("backup", "ListTags"), Some(vec![]));
        assert_eq!(of("dynamodb", "DescribeTable"), None);
    }

    #[test]
    fn a_misspelt_name_is_told_with_the_nearest() {
        let error = named("sqz").unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no service \"sqz\"; the nearest is \"sqs\""
        );
        let error = named("sqs").unwrap().operation("ListQueue").unwrap_err();
        assert_eq!(
            error.to_string(),
            "sqs has no operation \"ListQueue\"; the nearest is \"ListQueues\""
        );
    }
}
