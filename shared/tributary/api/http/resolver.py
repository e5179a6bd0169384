"""The resolver that a function's routes are registered with."""

import re

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from tributary.api.http.dialect import Dialect


class Resolver(APIGatewayHttpResolver):
    """Resolver with the dialect of its routes; `keeps_answers` is false if its POSTs' answers must not be stored."""

    def __init__(self, dialect: Dialect, keeps_answers: bool) -> None:
        super().__init__()
        self.dialect, self.keeps_answers = dialect, keeps_answers

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = "^{}$") -> re.Pattern[str]:
        """Accept any decoded path segment, as the gateway does. The library's own pattern has only letters, digits and
        some signs, so an order #1001 would match no route."""
        return re.compile(base_regex.format(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", rule)))
