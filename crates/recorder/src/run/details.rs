//! Asks for the details of a page's resources.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::ask::{Answer, Asker};
use super::many::{self, Boxed};
use crate::coverage::Outcome;
use crate::declare::{Asked, Batch, Call, Detail, How, Join, Listed, Service};
use crate::plan::{BULK_TAGS, model_of};
use crate::text::{About, plain, put, taken, value, values};

/// One resource of a page, as the API gave it.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The entry.
    pub(crate) raw: Value,
    /// The same, with AWS Config's names.
    pub(crate) cased: Value,
    /// What the listing was asked of.
    pub(crate) parent: Arc<Value>,
}

/// What a detail says of one resource: a value, which may be null, or why there is none.
pub(crate) type Found = Result<Value, Outcome>;

/// Asks one detail for all resources of a page; but not of those that `needless` says are without it.
pub(crate) async fn of_page(
    asker: &Asker,
    service: &Service,
    detail: &Detail,
    region: &str,
    entries: &[Entry],
    needless: &[bool],
) -> Vec<Found> {
    let answers = match &detail.how {
        How::Each | How::OncePerInput | How::Entry | How::Listed(_) => {
            each(asker, service, detail, region, entries, needless).await
        }
        How::Join(join) => joined(asker, service, &detail.call, join, None, region, entries).await,
        How::Batch(batch) => batched(asker, service, &detail.call, batch, region, entries).await,
        // Asked once the item is there.
        How::Every(_) => return Vec::new(),
    };
    answers
        .into_iter()
        .map(|answer| answer.map(|reply| landed(service, detail, reply.as_deref())))
        .collect()
}

/// What lands in the item.
pub(crate) fn landed(service: &Service, detail: &Detail, reply: Option<&Value>) -> Value {
    let Some(reply) = reply else {
        return Value::Null;
    };
    let model = posture_aws::Service::named(model_of(service, &detail.call));
    let renamed = model.ok().and_then(|model| {
        let operation = model.operation(detail.call.operation).ok()?;
        Some(model.renamed(operation, reply, &|name| detail.casing.of(name)))
    });
    let renamed = renamed.unwrap_or_else(|| reply.clone());
    let place = detail.casing.path(detail.take);
    match detail.shape {
        Some(shape) => value(&place, &renamed).map(shape),
        None => taken(&place, renamed).into_iter().next(),
    }
    .unwrap_or_default()
}

async fn each(
    asker: &Asker,
    service: &Service,
    detail: &Detail,
    region: &str,
    entries: &[Entry],
    needless: &[bool],
) -> Vec<Answer> {
    if let Asked::WhereAny(list, place) = &detail.asked
        && is_nothing_listed(asker, service, region, list, place).await
    {
        return vec![Ok(None); entries.len()];
    }
    let needless = needless.iter().copied().chain(std::iter::repeat(false));
    let futures = entries.iter().zip(needless).map(|(entry, is_needless)| {
        let future: Boxed<'_, Answer> = Box::pin(async move {
            if is_needless {
                return Ok(None);
            }
            one(asker, service, detail, region, entry).await
        });
        future
    });
    many::all(futures.collect(), many::CALLS).await
}

/// Whether a listing could be read whole, and has nothing.
async fn is_nothing_listed(
    asker: &Asker,
    service: &Service,
    region: &str,
    list: &Call,
    entries: &str,
) -> bool {
    let about = asker.about(&Value::Null, &Value::Null, region);
    let Some(input) = asker.input(list, &about) else {
        return false;
    };
    match asker.ask_once(region, service, list, &input).await {
        Ok(Some(reply)) => values(entries, &reply).is_empty(),
        Ok(None) => true,
        Err(_) => false,
    }
}

async fn one(
    asker: &Asker,
    service: &Service,
    detail: &Detail,
    region: &str,
    entry: &Entry,
) -> Answer {
    if detail.only.is_some_and(|is_asked| !is_asked(&entry.raw)) {
        return Ok(None);
    }
    let about = asker.about(&entry.raw, &entry.parent, region);
    let Some(input) = asker.input(&detail.call, &about) else {
        return Ok(None);
    };
    match &detail.how {
        How::Entry => Ok(Some(Arc::new(entry.raw.clone()))),
        How::Listed(how) => listed(asker, service, detail, how, &about, input).await,
        How::OncePerInput => asker.ask_once(region, service, &detail.call, &input).await,
        _ => asker.ask(region, service, &detail.call, &input).await,
    }
}

/// Asks for ids, and then for what they stand for; one reply of all.
async fn listed(
    asker: &Asker,
    service: &Service,
    detail: &Detail,
    how: &Listed,
    about: &About<'_>,
    input: Value,
) -> Answer {
    let list = asker.input(&how.list, about);
    let list = list.unwrap_or_else(|| json!({}));
    let ids = asker.ask(about.region, service, &how.list, &list).await?;
    let ids = ids.unwrap_or_default();
    let ids = values(how.ids, &ids);
    let mut found = Vec::new();
    for chunk in ids.chunks(how.size.max(1)) {
        let mut input = input.clone();
        put(&mut input, how.member, json!(chunk));
        let reply = asker
            .ask(about.region, service, &detail.call, &input)
            .await?;
        let reply = reply.unwrap_or_default();
        found.extend(values(how.entries, &reply).into_iter().cloned());
    }
    let mut whole = json!({});
    put(&mut whole, &how.entries.replace("[]", ""), json!(found));
    Ok(Some(Arc::new(whole)))
}

/// The reply for the whole Region, and for each resource what of it is its own.
async fn joined(
    asker: &Asker,
    service: &Service,
    call: &Call,
    join: &Join,
    input: Option<&Value>,
    region: &str,
    entries: &[Entry],
) -> Vec<Answer> {
    let about = asker.about(&Value::Null, &Value::Null, region);
    let input = input.cloned().or_else(|| asker.input(call, &about));
    let input = input.unwrap_or_else(|| json!({}));
    let reply = asker
        .ask_once_to_read(region, service, call, &input, join.read)
        .await;
    let reply = match reply {
        Ok(reply) => reply,
        Err(outcome) => return vec![Err(outcome); entries.len()],
    };
    let index = index(join, reply.as_deref());
    entries
        .iter()
        .map(|entry| {
            let about = asker.about(&entry.raw, &entry.parent, region);
            let key = about.text(join.with);
            Ok(own(join, &index, key.as_deref()))
        })
        .collect()
}

/// Entries by the resource that they are of.
type Index<'r> = HashMap<String, Vec<&'r Value>>;

fn index<'r>(join: &Join, reply: Option<&'r Value>) -> Index<'r> {
    let mut index = Index::new();
    let Some(reply) = reply else {
        return index;
    };
    for entry in values(join.entries, reply) {
        for key in values(join.by, entry).into_iter().filter_map(plain) {
            index.entry(key).or_default().push(entry);
        }
    }
    index
}

/// The entries of one resource, under the member that holds them in the reply.
fn own(join: &Join, index: &Index<'_>, key: Option<&str>) -> Option<Arc<Value>> {
    let found = key.and_then(|key| index.get(key));
    let place = join.entries.replace("[]", "");
    let mut reply = Value::Object(Map::new());
    if join.is_one {
        let first = found.and_then(|found| found.first())?;
        put(&mut reply, &place, Value::clone(first));
    } else {
        let found = found.into_iter().flatten().copied().cloned();
        put(&mut reply, &place, found.collect());
    }
    Some(Arc::new(reply))
}

async fn batched(
    asker: &Asker,
    service: &Service,
    call: &Call,
    batch: &Batch,
    region: &str,
    entries: &[Entry],
) -> Vec<Answer> {
    let ids: Vec<(usize, String)> = entries
        .iter()
        .enumerate()
        .filter_map(|(position, entry)| {
            let about = asker.about(&entry.raw, &entry.parent, region);
            Some((position, about.text(batch.id)?))
        })
        .collect();
    let mut answers: Vec<Answer> = vec![Ok(None); entries.len()];
    let about = asker.about(&Value::Null, &Value::Null, region);
    let input = asker.input(call, &about).unwrap_or_else(|| json!({}));
    let chunks: Vec<&[(usize, String)]> = ids.chunks(batch.size.max(1)).collect();
    let futures = chunks
        .iter()
        .map(|chunk| {
            let ids: Vec<&str> = chunk.iter().map(|(_, id)| id.as_str()).collect();
            let mut input = input.clone();
            put(&mut input, batch.member, json!(ids));
            let future: Boxed<'_, Answer> =
                Box::pin(async move { asker.ask(region, service, call, &input).await });
            future
        })
        .collect();
    let replies = many::all(futures, many::CALLS).await;
    let join = Join {
        entries: batch.entries,
        by: batch.by,
        with: batch.id,
        is_one: true,
        read: None,
    };
    for (chunk, reply) in chunks.iter().zip(replies) {
        let reply = reply.as_ref();
        let index = reply.map(|reply| index(&join, reply.as_deref()));
        for (position, id) in *chunk {
            if let Some(answer) = answers.get_mut(*position) {
                *answer = match &index {
                    Ok(index) => Ok(own(&join, index, Some(id))),
                    Err(outcome) => Err(Outcome::clone(outcome)),
                };
            }
        }
    }
    answers
}

/// Asks of each thing that the item so far names; an object of the replies by key.
pub(crate) async fn every(
    asker: &Asker,
    service: &Service,
    detail: &Detail,
    things: Vec<(String, Value)>,
    region: &str,
) -> Found {
    let mut found = Map::new();
    for (key, thing) in things {
        let about = asker.about(&thing, &Value::Null, region);
        let Some(input) = asker.input(&detail.call, &about) else {
            continue;
        };
        let reply = asker
            .ask_once(region, service, &detail.call, &input)
            .await?;
        let landed = landed(service, detail, reply.as_deref());
        match (found.get_mut(&key), landed) {
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
            (_, landed) => {
                found.insert(key, landed);
            }
        }
    }
    Ok(Value::Object(found))
}

/// The tags of a page's resources, by the tagging API: it tells of those that have some, or had.
pub(crate) async fn bulk_tags(
    asker: &Asker,
    service: &Service,
    filter: &str,
    arn: &'static str,
    region: &str,
    entries: &[Entry],
) -> Vec<Found> {
    let join = Join {
        entries: "ResourceTagMappingList[]",
        by: "ResourceARN",
        with: arn,
        is_one: true,
        read: None,
    };
    let input = json!({ "ResourceTypeFilters": [filter] });
    let answers = joined(
        asker,
        service,
        &BULK_TAGS,
        &join,
        Some(&input),
        region,
        entries,
    )
    .await;
    let tags = |reply: Arc<Value>| {
        let found = value("ResourceTagMappingList.Tags", &reply);
        found.cloned().unwrap_or_default()
    };
    answers
        .into_iter()
        .map(|answer| answer.map(|reply| reply.map(tags).unwrap_or_default()))
        .collect()
}
