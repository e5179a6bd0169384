"""The platforms of affiliate sales: an order's id is unique on its platform only."""

from typing import Literal, get_args

from tributary.api.http.inputs.taken import refuse, takes
from tributary.domain.transaction import Sale

Platform = Literal["website", "ios", "android"]
PLATFORMS: tuple[str, ...] = get_args(Platform)
WEBSITE, *_APPS = PLATFORMS


def order_name(platform: str, order_id: str) -> str:
    """The external id of an order's sale: `ios:1004`, or the order's own id for a website."""
    return order_id if platform == WEBSITE else f"{platform}:{order_id}"


def platform_of(sale: Sale) -> str:
    return (sale.claim.platform if sale.claim else None) or WEBSITE


def order_id_of(sale: Sale) -> str:
    """The order's id as its caller reported it."""
    return order_id_in(sale.external_id, platform_of(sale))


def order_id_in(external_id: str, platform: str) -> str:
    return external_id if platform == WEBSITE else external_id.removeprefix(f"{platform}:")


@takes(pattern=f"^(?!({'|'.join(_APPS)}):)")
def not_an_app_order(order_id: str) -> str:
    """Refuse an id that could name another platform's order."""
    if order_id.startswith(tuple(f"{platform}:" for platform in _APPS)):
        raise refuse("FORMAT", "must not begin with a platform; send it as platform.")
    return order_id
