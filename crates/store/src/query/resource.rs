//! Finding a resource by what people call it.

use serde::Serialize;

use super::filter::ItemFilter;
use crate::db::{Row, args};
use crate::{Store, StoreError};

/// A resource that history knows, whether it still exists or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    #[serde(skip)]
    pub(crate) row: i64,
    /// The account's 12 digits.
    pub account_id: String,
    /// The Region; `global` for what has none.
    pub aws_region: String,
    /// The type, as AWS Config spells it.
    pub resource_type: String,
    /// The id, in the form that the type has.
    pub resource_id: String,
    /// The name, where the type has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_name: Option<String>,
    /// The ARN, where items have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
}

/// More resources of one name than anybody reads through.
const LIMIT: usize = 50;

impl Store {
    /// The resources with this ARN, id or name, sorted; at most 50.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn resources_named(
        &self,
        name: &str,
        filter: &ItemFilter,
    ) -> Result<Vec<Resource>, StoreError> {
        let (condition, values) = filter.condition(2);
        let sql = format!(
            "SELECT r.resource, s.account_id, s.aws_region, s.resource_type, r.resource_id, \
             r.resource_name, r.arn FROM resources r JOIN scopes s ON s.scope = r.scope \
             WHERE (r.arn = $1 OR r.resource_id = $1 OR r.resource_name = $1) AND {condition} \
             ORDER BY s.account_id, s.aws_region, s.resource_type, r.resource_id LIMIT {LIMIT}"
        );
        let mut arguments = args![name];
        arguments.extend(values);
        let rows = self.database().rows(&sql, arguments).await?;
        rows.iter().map(resource).collect()
    }
}

fn resource(row: &Row) -> Result<Resource, StoreError> {
    Ok(Resource {
        row: row.int(0)?,
        account_id: row.text(1)?,
        aws_region: row.text(2)?,
        resource_type: row.text(3)?,
        resource_id: row.text(4)?,
        resource_name: row.text_or_null(5)?,
        arn: row.text_or_null(6)?,
    })
}
