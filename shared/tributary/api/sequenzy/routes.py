"""The routes of this dialect. Names only: the default route loads them."""

from tributary.api.route import Route

_SOLD = "event:sale"

ROUTES = (
    Route(
        "POST", "/orders", "push_order", "Pushes a notice of an order.", "Queued", _SOLD, "orders.OrderPush",
        statuses=(202,), dialect="sequenzy",
    ),
    Route(
        "POST", "/orders/batch", "import_orders", "Pushes up to 500 notices of orders.", "Queued", _SOLD,
        "orders.OrderPush", (202,), dialect="sequenzy", rows=True,
    ),
    Route(
        "GET", "/orders/{orderId}", "query_orders", "Tells what was pushed of an order and what came of it.", "Order",
        _SOLD, refusals=(404,), dialect="sequenzy",
    ),
    Route(
        "GET", "/jobs/{jobId}", "query_orders", "Tells what came of one notice.", "Job", _SOLD, refusals=(404,),
        dialect="sequenzy",
    ),
    Route(
        "GET", "/subscribers/{email}", "query_orders", "Gets a customer with attributes and revenue.", "Subscriber",
        refusals=(404,), dialect="sequenzy",
    ),
)  # fmt: skip
