"""The routes of the Sequenzy surface. Names only, since the default route loads them."""

from tributary.api.http.route import Route

_SOLD = "event:sale"

ROUTES = (
    Route(
        "POST", "/orders", "push_order", "Pushes an order update.", "Queued", _SOLD, "requests.orders.OrderPush",
        statuses=(202,), dialect="sequenzy",
    ),
    Route(
        "POST", "/orders/batch", "import_orders", "Pushes up to 500 order updates.", "Queued", _SOLD,
        "requests.orders.OrderPush", (202,), dialect="sequenzy", rows=True,
    ),
    Route(
        "GET", "/orders/{orderId}", "query_orders", "Gets an order's updates and their outcome.", "Order",
        _SOLD, refusals=(404,), dialect="sequenzy",
    ),
    Route(
        "GET", "/jobs/{jobId}", "query_orders", "Gets the outcome of an order update.", "Job", _SOLD, refusals=(404,),
        dialect="sequenzy",
    ),
    Route(
        "GET", "/subscribers/{email}", "query_orders", "Gets a customer with attributes and revenue.", "Subscriber",
        refusals=(404,), dialect="sequenzy",
    ),
    Route(
        "POST", "/products", "manage_products", "Creates or changes up to a hundred products.", "Upserted",
        body="requests.products.ProductsBody", dialect="sequenzy",
    ),
    Route("GET", "/products", "manage_products", "Lists products.", "Products", dialect="sequenzy"),
    Route(
        "GET", "/products/{productId}", "manage_products", "Gets a product.", "Product", refusals=(404,),
        dialect="sequenzy",
    ),
    Route(
        "DELETE", "/products/{productId}", "manage_products", "Deletes a product.", "Deleted", refusals=(404,),
        dialect="sequenzy",
    ),
    Route(
        "POST", "/back-in-stock", "await_product", "Requests notification of a restock.", "Waiting", _SOLD,
        "requests.back_in_stock.BackInStockBody", (202,), (404,), "sequenzy",
    ),
    Route(
        "POST", "/checkouts", "report_checkout", "Reports a started checkout.", "Checkout", _SOLD,
        "requests.checkouts.CheckoutBody", (202,), dialect="sequenzy",
    ),
)  # fmt: skip
