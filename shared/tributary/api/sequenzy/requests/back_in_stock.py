"""Back-in-stock requests as shops send them."""

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import TextOrNumber
from tributary.api.sequenzy.requests.customers import CustomerReport


class BackInStockBody(RequestBody):
    """A customer's request for a product, or for one of its variants."""

    product_id: TextOrNumber
    variant_id: TextOrNumber | None = None
    customer: CustomerReport
