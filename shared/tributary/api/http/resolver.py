"""The resolver that a function's routes are registered with."""

import re

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from tributary.api.http.dialect import Dialect


class Resolver(APIGatewayHttpResolver):
    """Knows the dialect of its routes, and whether the answers of its POSTs may be kept for a repeat."""

    def __init__(self, dialect: Dialect, keeps_answers: bool) -> None:
        super().__init__()
        self.dialect, self.keeps_answers = dialect, keeps_answers

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = "^{}$") -> re.Pattern[str]:
        """Whatever the gateway takes for one part of a path, which it hands on decoded, is one: the library's own
        pattern knows letters, digits and some signs, so that an order called #1001 would be at no path."""
        return re.compile(base_regex.format(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", rule)))
