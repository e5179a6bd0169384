"""Members of a reported item are kept: as an attribute of the stored line, or in a field of its own.

Noticia's lines are stored whole, so none of their members can be lost.
"""

import pytest

from tributary.api.sequenzy.requests.orders import OrderItemReport
from tributary.api.siren.requests.sales import ItemReport, _attributes

#: Members that a line has in fields of their own.
IN_FIELDS = {
    ItemReport: {"type", "amount", "name", "quantity", "discount", "description"},
    OrderItemReport: {"productId", "title", "quantity", "priceCents"},
}


@pytest.mark.parametrize("model", IN_FIELDS)
def test_every_member_of_an_item_is_stored(model: type[ItemReport | OrderItemReport]) -> None:
    item = model.model_construct(**dict.fromkeys(model.model_fields, "given"))
    stored = _attributes(item) if isinstance(item, ItemReport) else item.as_item().attributes

    assert set(stored) | IN_FIELDS[model] == {field.alias for field in model.model_fields.values()}
    assert not set(stored) & IN_FIELDS[model]
