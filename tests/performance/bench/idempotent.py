"""The rejected alternative: the same function with Powertools' idempotency utility around the same put.

It makes three writes per sale instead of one.
"""

from collections.abc import Mapping
from typing import Any

import boto3
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)

from tests.performance.bench.stubbed import stub
from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.sales import SaleReport
from tributary.domain import times


def handler(put: Mapping[str, Any]) -> Any:
    """A handler that puts what report_sale puts."""
    client = stub(boto3.client("dynamodb"))
    store = DynamoDBPersistenceLayer("idempotency", boto3_client=stub(boto3.client("dynamodb")))
    config = IdempotencyConfig(event_key_jmespath="[source, external_id]")
    app = edge.resolver(DIALECT)

    @idempotent_function(data_keyword_argument="sale", persistence_store=store, config=config)
    def record(sale: dict[str, Any]) -> dict[str, Any]:
        client.put_item(**put)
        return {"trackingId": sale["tracking_id"]}

    @app.post("/siren/v1/event/sale")
    def report_sale() -> Response[str]:
        caller = requests.caller(app, "event:sale")
        report = requests.body(app, SaleReport)
        requests.require_source(caller, report.source)
        sale = report.to_sale(times.now())
        key = {"source": sale.source, "external_id": sale.external_id, "tracking_id": sale.tracking_id}
        return edge.empty({"X-Siren-OID": str(record(sale=key)["trackingId"])})

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        config.register_lambda_context(context)
        return edge.resolve(app, event, context)

    return handle
