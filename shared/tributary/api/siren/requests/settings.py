"""What an organization chooses for the whole of it."""

from typing import Any

from tributary.api.http.fields import RequestBody


class SettingsBody(RequestBody):
    """Settings to change; those that are left out stay."""

    net_refunds: bool | None = None

    @property
    def given(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True)
