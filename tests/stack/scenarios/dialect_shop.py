"""A shop in each dialect."""

import json
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.keys import key_header
from tributary.api.http import dialect, edge, requests
from tributary.api.http.bodies import EitherBody, RequestBody, SnakeBody
from tributary.api.http.dialect import RateLimited
from tributary.api.http.fields import Word
from tributary.domain.errors import Conflict, NotFound, TooLarge

STATUSES = {
    "not-found": (404, NotFound("campaign_affiliate_id: not found")),
    "conflict": (409, Conflict("It is frozen.")),
    "large": (413, TooLarge("Too large.")),
    "many": (429, RateLimited(7)),
}

BUSY: dict[str, Exception] = {
    "moving": TimeoutError("secret"),
    "throttled": ClientError({"Error": {"Code": "ThrottlingException", "Message": "secret"}}, "PutItem"),
}


def order_of(base: type[Any]) -> type[Any]:
    class Line(base):  # type: ignore[misc]
        unit_price: int

    class Order(base):  # type: ignore[misc]
        order_id: Word
        line_items: list[Line] = []

    return Order


ORDERS = {"sequenzy": order_of(RequestBody), "noticia": order_of(EitherBody), "growi": order_of(SnakeBody)}
OTHERS = tuple(ORDERS)


class Shop:
    """A client of a small app in one dialect."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self.name, self.base = house, name, dialect.BASES[name]
        self.app = app = edge.resolver(dialect.of_path(self.base))

        @app.post(f"{self.base}/orders")
        def order() -> Any:
            requests.caller(app, "event:sale")
            return edge.answer(requests.body(app, ORDERS[name]).model_dump(), 201)

        @app.post(f"{self.base}/fails/<how>")
        def fail(how: str) -> Any:
            raise STATUSES[how][1] if how in STATUSES else BUSY.get(how, RuntimeError("secret"))

    def post(self, body: Any, path: str = "/orders", key: str | None = "events", **headers: str) -> Answer:
        own = {"content-type": "application/json", **headers}
        if key is not None:
            own |= key_header(self.base, self.house.keys.get(key, key))
        event = {"rawPath": self.base + path, "headers": own, "body": json.dumps(body), "version": "2.0"}
        http = {"method": "POST", "path": self.base + path}
        event["requestContext"] = {"http": http, "requestId": "request-1", "stage": "$default"}
        context: Any = SimpleNamespace(aws_request_id="request", get_remaining_time_in_millis=lambda: 20_000)
        with self.house._environment("report_sale"):
            answer = edge.resolve(self.app, event, context)
        return Answer(answer["statusCode"], answer["headers"], answer["body"])
