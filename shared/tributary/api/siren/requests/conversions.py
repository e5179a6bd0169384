"""Reviews of conversions."""

from typing import Annotated

from pydantic import Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import Identifier
from tributary.api.siren.requests.checks import known
from tributary.domain.conversion import REVIEWS

MAX_BULK = 500


class ReviewBody(RequestBody):
    """A review of conversions in bulk."""

    action: Annotated[str, known(*REVIEWS)]
    ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_BULK)]
