//! Service Catalog's portfolios, and whom they are shared with.
//!
//! Shapes: AWS Config's schema of `AWS::ServiceCatalog::Portfolio`.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "servicecatalog",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[PORTFOLIO],
    account: &[],
};

const PORTFOLIO: Collector = Collector {
    name: Some("DisplayName"),
    arn: Some("ARN"),
    created: Some("CreatedTime"),
    shape: Some(portfolio),
    tags: Tags::Bulk("catalog:portfolio"),
    details: &[detail(
        "DescribePortfolioShares",
        "supplementaryConfiguration.DescribePortfolioShares",
    )
    .with(&[
        ("PortfolioId", Param::Item("PortfolioId")),
        ("Type", Param::Item("Type")),
    ])
    .absent_on(&["ResourceNotFoundException"])
    .take("PortfolioShareDetails")
    .every(types)],
    ..Collector::of(
        ResourceType::ServiceCatalogPortfolio,
        call("ListPortfolios").with(&[("PageSize", Param::Json("100"))]),
        "PortfolioDetails[]",
        "Id",
    )
};

/// AWS Config has no more of it.
fn portfolio(configuration: &mut Value, entry: &Value) {
    *configuration = json!({ "providerName": entry.get("ProviderName") });
}

/// Shares are told by type; together they are one list.
/// Source: Service Catalog API reference, `DescribePortfolioShares`.
fn types(item: &Value) -> Vec<(String, Value)> {
    let types = [
        "ACCOUNT",
        "ORGANIZATION",
        "ORGANIZATIONAL_UNIT",
        "ORGANIZATION_MEMBER_ACCOUNT",
    ];
    let asked = types.map(|kind| json!({ "PortfolioId": item["resourceId"], "Type": kind }));
    asked
        .map(|asked| ("PortfolioShareDetails".to_owned(), asked))
        .to_vec()
}
