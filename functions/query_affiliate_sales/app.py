"""GET /api/public/v1/affiliate_sales, and /{id}; campaigns, brands and affiliates; creators by their sales."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.growi import campaigns, creators, pages, sales
from tributary.api.growi.dialect import DIALECT
from tributary.api.growi.requests.queries import (
    AffiliateSalesQuery,
    CampaignAffiliatesQuery,
    TopCreatorsQuery,
    query_of,
)
from tributary.api.growi.responses import affiliate_sale_response, amendments_response
from tributary.api.growi.sales import SOURCE
from tributary.api.http import edge, requests
from tributary.domain import times
from tributary.ledger.sales import amendments

app = edge.resolver(DIALECT)


@app.get("/api/public/v1/affiliate_sales")
def list_affiliate_sales() -> Response[str]:
    caller = requests.caller(app, "ledger:transactions:read")
    requests.require_source(caller, SOURCE)
    query = query_of(app, AffiliateSalesQuery)
    return edge.exact_answer(pages.page(caller.organization, query, times.now()))


@app.get("/api/public/v1/affiliate_sales/<record_id>")
def get_affiliate_sale(record_id: str) -> Response[str]:
    caller = requests.caller(app, "ledger:transactions:read")
    requests.require_source(caller, SOURCE)
    number = requests.path_id(record_id)
    sale = sales.sale(caller.organization, number)
    history = amendments.history(caller.organization, number)
    response = affiliate_sale_response(sale.transaction, sale.awards, times.now())
    return edge.answer({"data": response, "changes": amendments_response(sale.transaction, history)})


@app.get("/api/public/v1/organizations/campaigns")
def list_campaigns() -> Response[str]:
    caller = requests.require_admin(app)
    return edge.answer({"success": True, "campaigns": campaigns.campaigns(caller.organization)})


@app.get("/api/public/v1/organizations/brands")
def list_brands() -> Response[str]:
    caller = requests.require_admin(app)
    return edge.answer({"success": True, "brands": [campaigns.brand(caller.organization)]})


@app.get("/api/public/v1/campaign_affiliates")
def list_campaign_affiliates() -> Response[str]:
    caller = requests.require_admin(app)
    query = query_of(app, CampaignAffiliatesQuery)
    return edge.answer(campaigns.affiliates(caller.organization, query))


@app.get("/api/public/v1/stats/top_creators_by_gmv")
def rank_creators() -> Response[str]:
    caller = requests.require_admin(app)
    query = query_of(app, TopCreatorsQuery)
    return edge.exact_answer(creators.ranking(caller.organization, query))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
