"""The routes of the Growi surface."""

from tributary.api.route import Route

ROUTES = (
    Route(
        "POST", "/affiliate_sales", "create_affiliate_sale", "Records a sale and pays who brought it.", "AffiliateSale",
        "event:sale", "bodies.AffiliateSaleBody", statuses=(201,), refusals=(404,), dialect="growi",
    ),
    Route(
        "GET", "/affiliate_sales", "query_affiliate_sales", "Lists affiliate sales and sums them up.", "AffiliateSales",
        "ledger:transactions:read", dialect="growi",
    ),
)  # fmt: skip
