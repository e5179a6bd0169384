"""GET /transactions, /transactions/sources, /transactions/{id}, /transactions/{id}/attribution; /refunds,
/refunds/{id}."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.resources import REFUNDS, TRANSACTIONS
from tributary.domain.explanation import explain_all
from tributary.ledger.earnings import decisions
from tributary.ledger.refunds import refund_items
from tributary.ledger.sales import sources, transaction_items, transactions
from tributary.ledger.store import id_index

app = edge.resolver(DIALECT)
SCOPE = "ledger:transactions:read"


@app.get("/siren/v1/transactions")
def list_transactions() -> Response[str]:
    return records.many(app, TRANSACTIONS, requests.caller(app, SCOPE))


@app.get("/siren/v1/transactions/sources")
def list_sources() -> Response[str]:
    caller = requests.caller(app, SCOPE)
    return edge.answer(sources.seen(caller.organization, caller.source))


@app.get("/siren/v1/transactions/<record_id>")
def get_transaction(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    transaction_id = requests.path_id(record_id)
    item = transactions.get(caller.organization, transaction_id)
    return records.one(app, TRANSACTIONS, records.visible(item, caller, transaction_id))


@app.get("/siren/v1/transactions/<record_id>/attribution")
def explain_attribution(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    transaction_id = requests.path_id(record_id)
    item, decided = decisions.of_transaction(caller.organization, transaction_id)
    transaction = transaction_items.of_item(records.visible(item, caller, transaction_id))
    return edge.answer(explain_all(transaction, decided))


@app.get("/siren/v1/refunds")
def list_refunds() -> Response[str]:
    return records.many(app, REFUNDS, requests.caller(app, SCOPE))


@app.get("/siren/v1/refunds/<record_id>")
def get_refund(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    refund_id = requests.path_id(record_id)
    item = id_index.find(caller.organization, refund_items.KIND, refund_id)
    return records.one(app, REFUNDS, records.visible(item, caller, refund_id))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
