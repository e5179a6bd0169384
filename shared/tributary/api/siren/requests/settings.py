"""Settings of a whole organization."""

from typing import Any

from tributary.api.http.bodies import RequestBody


class SettingsBody(RequestBody):
    """Settings to change; absent ones stay unchanged."""

    net_refunds: bool | None = None

    @property
    def given(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True)
