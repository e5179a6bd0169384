"""Settings of a whole organization."""

from typing import Annotated, Any

from pydantic import Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import Currency, Minor
from tributary.api.siren.requests.checks import known

Minimum = Minor


class SettingsBody(RequestBody):
    """Settings to change; absent ones stay unchanged."""

    net_refunds: bool | None = None
    minimum_payout: Annotated[dict[Currency, Minimum], Field(max_length=50)] | None = None
    payout_method: Annotated[str, known("manual", "external", "none")] | None = None

    @property
    def given(self) -> dict[str, Any]:
        given = self.model_dump(by_alias=True, exclude_none=True)
        return given | ({"payoutMethod": None} if self.payout_method == "none" else {})
