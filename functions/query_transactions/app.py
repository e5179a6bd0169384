"""GET /transactions, /transactions/sources, /transactions/{id}, /transactions/{id}/attribution; /refunds,
/refunds/{id}; GET /statistics; POST /transactions/reconcile."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.comparisons import reconciliation
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import statistics
from tributary.api.siren.requests.reconciliation import ReconciliationBody
from tributary.api.siren.resources import REFUNDS, TRANSACTIONS
from tributary.domain.explanation import explain_all
from tributary.ledger.earnings import decisions
from tributary.ledger.sales import sources, transaction_items, transactions

app = edge.resolver(DIALECT, keeps_answers=False)
SCOPE = "ledger:transactions:read"
records.readable(app, "/siren/v1/transactions", TRANSACTIONS, requests.with_scope(SCOPE), transactions.get)
records.readable(app, "/siren/v1/refunds", REFUNDS, requests.with_scope(SCOPE))


@app.get("/siren/v1/transactions/sources")
def list_sources() -> Response[str]:
    caller = requests.caller(app, SCOPE)
    return edge.answer(sources.seen(caller.organization, caller.source))


@app.post("/siren/v1/transactions/reconcile")
def reconcile_transactions() -> Response[str]:
    caller = requests.caller(app, SCOPE)
    return edge.answer(reconciliation.reconcile(caller, requests.body(app, ReconciliationBody)))


@app.get("/siren/v1/transactions/<record_id>/attribution")
def explain_attribution(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    transaction_id = requests.path_id(record_id)
    item, decided = decisions.of_transaction(caller.organization, transaction_id)
    transaction = transaction_items.of_item(records.visible(item, caller, transaction_id))
    return edge.answer(explain_all(transaction, decided))


@app.get("/siren/v1/statistics")
def get_statistics() -> Response[str]:
    return statistics.answer(app, requests.of_the_whole(statistics.SCOPE)(app))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
