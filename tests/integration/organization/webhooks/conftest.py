from collections.abc import Iterator

import pytest

from tests.stack.house import House
from tests.stack.scenarios.hooks.webhook_shop import WebhookShop, receiving


@pytest.fixture
def shop(house: House) -> Iterator[WebhookShop]:
    with receiving(house) as shop:
        yield shop
