"""POST /event/refund, /event/refund-withdrawn: records a refund or its withdrawal; effects follow on the bus."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.refunds import record, refund_answer, withdrawal_answer
from tributary.api.siren.requests.refunds import RefundReport, RefundWithdrawalReport
from tributary.ledger.refunds import withdrawals

app = edge.resolver(DIALECT)


@app.post("/siren/v1/event/refund")
def report_refund() -> Response[str]:
    caller = requests.caller(app, "event:refund")
    report = requests.body(app, RefundReport)
    requests.require_source(caller, report.source)
    return refund_answer(app, record(caller.organization, report))


@app.post("/siren/v1/event/refund-withdrawn")
def report_withdrawal() -> Response[str]:
    caller = requests.caller(app, "event:refund")
    withdrawal = requests.body(app, RefundWithdrawalReport).withdrawal
    requests.require_source(caller, withdrawal.source)
    return withdrawal_answer(app, withdrawals.record(caller.organization, withdrawal))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
