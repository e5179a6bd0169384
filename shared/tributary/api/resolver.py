"""The resolver that a function's routes are registered with."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from tributary.api.dialect import Dialect


class Resolver(APIGatewayHttpResolver):
    """Knows the dialect of its routes, and whether the answers of its POSTs may be kept for a repeat."""

    def __init__(self, dialect: Dialect, keeps_answers: bool) -> None:
        super().__init__(strip_prefixes=list(dialect.prefixes))
        self.dialect, self.keeps_answers = dialect, keeps_answers
