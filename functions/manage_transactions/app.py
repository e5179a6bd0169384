"""POST /transactions, /transactions/bulk: cancel, refund, delete; /transactions/credit-collaborator."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import manual_credits
from tributary.api.siren.requests.transactions import CreditBody, EndBody, TransactionBody
from tributary.api.siren.resources import TRANSACTIONS
from tributary.domain import times
from tributary.ledger.sales import closing, transactions

app = edge.resolver(DIALECT)


@app.post("/siren/v1/transactions")
def create_transaction() -> Response[str]:
    caller = requests.require_admin(app)
    now = times.now()
    sale = requests.body(app, TransactionBody).to_sale(now)
    item = transactions.create(caller.organization, sale, now)
    return records.one(app, TRANSACTIONS, item, 201)


@app.post("/siren/v1/transactions/bulk")
def end_transactions() -> Response[str]:
    caller = requests.caller(app, "admin")
    asked = requests.body(app, EndBody)
    done = closing.end_all(caller.organization, asked.action, asked.ids, caller.source)
    return edge.answer(done.answer)


@app.post("/siren/v1/transactions/credit-collaborator")
def credit_collaborator() -> Response[str]:
    caller = requests.require_admin(app)
    done = manual_credits.credit(caller.organization, requests.body(app, CreditBody))
    return edge.answer(done.answer)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
