"""The routes of the Growi surface."""

from tributary.api.http.route import Route

ROUTES = (
    Route(
        "POST", "/affiliate_sales", "create_affiliate_sale", "Records and attributes a sale.", "AffiliateSale",
        "event:sale", "requests.affiliate_sales.AffiliateSaleBody", statuses=(201,), dialect="growi",
    ),
    Route(
        "GET", "/affiliate_sales", "query_affiliate_sales", "Lists affiliate sales with totals.", "AffiliateSales",
        "ledger:transactions:read", dialect="growi",
    ),
    Route(
        "GET", "/affiliate_sales/{id}", "query_affiliate_sales", "Gets an affiliate sale and its changes.",
        "AffiliateSaleHistory", "ledger:transactions:read", refusals=(404,), dialect="growi",
    ),
    Route(
        "PATCH", "/affiliate_sales/{id}", "manage_affiliate_sales", "Changes an affiliate sale.", "AffiliateSale",
        body="requests.affiliate_sales.AffiliateSaleChange", dialect="growi",
    ),
    Route(
        "GET", "/campaign_affiliates", "query_affiliate_sales", "Lists collaborators by their programs.",
        "CampaignAffiliates", dialect="growi",
    ),
    Route(
        "GET", "/organizations/campaigns", "query_affiliate_sales", "Lists programs.", "Campaigns", dialect="growi",
    ),
    Route(
        "GET", "/organizations/brands", "query_affiliate_sales", "Names the organization.", "Brands", dialect="growi",
    ),
    Route(
        "GET", "/stats/top_creators_by_gmv", "query_affiliate_sales", "Ranks collaborators by their affiliate sales.",
        "TopCreators", dialect="growi",
    ),
    Route(
        "POST", "/tracking_events", "create_affiliate_sale", "Records a visit.", "Tracked",
        "event:site-visited", "requests.tracking_events.TrackingEvent", statuses=(201,), refusals=(404,),
        dialect="growi",
    ),
)  # fmt: skip
