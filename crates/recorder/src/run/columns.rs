//! The details of a page's resources, a column for each place.

use super::details::{self, Entry, Found};
use super::listing::Task;
use super::many::{self, Boxed};
use crate::declare::{Asked, Detail, Tags};
use crate::plan::Collected;
use crate::sink::Sink;

/// A place, and what is found there for each resource of a page.
type Column = (&'static str, Vec<Found>);

/// Which resources have nothing that the detail could find, as others of their details say. Where nobody asked for those,
/// or they could not be read, nothing is known.
fn needless(detail: &Detail, columns: &[Column]) -> Vec<bool> {
    let Asked::WhereFound(place, may_be) = detail.asked else {
        return Vec::new();
    };
    let column = columns.iter().find(|(other, _)| *other == place);
    let found = column.map(|(_, found)| found.as_slice());
    let found = found.unwrap_or_default().iter();
    found
        .map(|found| found.as_ref().is_ok_and(|value| !may_be(value)))
        .collect()
}

impl<S: Sink> Task<S> {
    /// For each place, what is found for each of the resources: first what is asked whatever is found, then the rest.
    pub(super) async fn columns(
        &self,
        collected: &Collected,
        entries: &[Entry],
    ) -> Vec<(&'static str, Vec<Option<Found>>)> {
        let asker = &*self.shared.asker;
        let service = self.service();
        let (later, first): (Vec<&Detail>, Vec<&Detail>) = collected
            .details
            .iter()
            .partition(|detail| matches!(detail.asked, Asked::WhereFound(..)));
        let tags = collected.collector.tags.asked();
        let mut futures: Vec<Boxed<'_, Column>> = Vec::new();
        for detail in first {
            futures.push(self.column(detail, entries, Vec::new()));
        }
        match &collected.collector.tags {
            Tags::Bulk(filter) => futures.push(Box::pin(async move {
                let arn = collected.collector.arn.unwrap_or_default();
                let found =
                    details::bulk_tags(asker, service, filter, arn, &self.region, entries).await;
                ("tags", found)
            })),
            Tags::Asked(..) | Tags::None | Tags::Listed(_) => {}
        }
        futures.extend(
            tags.as_ref()
                .map(|tags| self.column(tags, entries, Vec::new())),
        );
        let mut columns = many::all(futures, many::KINDS).await;
        let futures = later.into_iter().map(|detail| {
            let needless = needless(detail, &columns);
            self.column(detail, entries, needless)
        });
        let later = many::all(futures.collect(), many::KINDS).await;
        columns.extend(later);
        columns
            .into_iter()
            .map(|(place, found)| (place, found.into_iter().map(Some).collect()))
            .collect()
    }

    /// What is found at the detail's place for each of the resources.
    fn column<'a>(
        &'a self,
        detail: &'a Detail,
        entries: &'a [Entry],
        needless: Vec<bool>,
    ) -> Boxed<'a, Column> {
        let asker = &*self.shared.asker;
        Box::pin(async move {
            let region = &self.region;
            let found =
                details::of_page(asker, self.service(), detail, region, entries, &needless).await;
            (detail.into, found)
        })
    }
}

#[cfg(test)]
mod tests {
    use posture_model::CoverageState;
    use serde_json::json;

    use super::{Column, needless};
    use crate::coverage::Outcome;
    use crate::declare::detail;

    const PLACE: &str = "supplementaryConfiguration.A";

    #[test]
    fn only_what_was_read_makes_a_call_needless() {
        let detail = detail("GetB", "supplementaryConfiguration.B")
            .where_found(PLACE, |found| found["a"] == true);
        let denied = Outcome::failed(CoverageState::Denied, "a:GetA", "AccessDenied");
        let found = vec![
            Ok(json!({ "a": true })),
            Ok(json!({ "a": false })),
            Err(denied),
        ];
        let columns: [Column; 1] = [(PLACE, found)];
        assert_eq!(needless(&detail, &columns), [false, true, false]);
        assert_eq!(needless(&detail, &[]), [false; 0]);
    }
}
