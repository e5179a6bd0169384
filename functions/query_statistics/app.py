"""GET /statistics: sums of hours, days or months."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import statistics

app = edge.resolver(DIALECT)


@app.get("/siren/v1/statistics")
def get_statistics() -> Response[str]:
    return statistics.answer(app, requests.of_the_whole(statistics.SCOPE)(app))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
