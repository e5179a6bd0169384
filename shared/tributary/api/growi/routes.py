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
)  # fmt: skip
