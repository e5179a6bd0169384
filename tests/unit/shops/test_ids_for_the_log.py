"""Ids of order and refund in any body, for the log: also of what is ignored and of what cannot be read."""

import contextlib
import json
from typing import Any

import pytest

from tests.template import ROOT
from tributary.shops import vendors
from tributary.shops.adapter import Delivery, Named, Names, Unreadable
from tributary.shops.told import Order, Refund, Withdrawal

SAMPLES = ROOT / "events/hooks"
ALL = [(it.parent.name, it.name) for it in sorted(SAMPLES.glob("*/*")) if it.parent.name in vendors.VENDORS]
JUNK = (b"", b"[]", b"null", b"{", b"{}", b'{"data": 7, "meta": [], "order_edit": 1, "id": {}}', b"\xff=\xff")


def named(vendor: str, body: bytes) -> Named:
    return vendors.adapter(vendor).named(Delivery({}, body, 0))


@pytest.mark.parametrize(("vendor", "sample"), ALL)
def test_a_sample_is_named_like_the_facts_that_it_tells(vendor: str, sample: str) -> None:
    body = (SAMPLES / vendor / sample).read_bytes()
    try:
        facts = vendors.adapter(vendor).read(Delivery({}, body, 0), Names())
    except Unreadable:  # a ping, or a sale of which a custom field replaced a member
        facts = ()
    for fact in facts:
        if isinstance(fact, Order):
            assert named(vendor, body).order == fact.id
        elif isinstance(fact, Refund | Withdrawal) and vendor not in ("lemonsqueezy", "stripe"):
            assert named(vendor, body).order == fact.order
        elif isinstance(fact, Refund | Withdrawal) and vendor == "stripe":
            assert named(vendor, body) == Named(refund=fact.id)


@pytest.mark.parametrize(
    ("vendor", "sample", "ids"),
    [
        ("gumroad", "refund_part", Named("SampleSale0000000000012cQ==", "refund")),
        ("woocommerce", "order_deleted_id_only", Named("9310")),
        ("shopify", "orders_edited_no_order", Named("6200000000401")),
        (
            "paddle",
            "adjustment_created_pending",
            Named("txn_01hrbr00000000000000000101", "adj_01hrbr00000000000000000020"),
        ),
        ("lemonsqueezy", "order_created_pending", Named("8410101")),
        ("stripe", "refund_created_pending", Named(refund="re_3Harbour0024")),
    ],
)
def test_what_is_ignored_names_its_order(vendor: str, sample: str, ids: Named) -> None:
    (path,) = [it for it in (SAMPLES / vendor).iterdir() if it.stem == sample]

    assert named(vendor, path.read_bytes()) == ids


@pytest.mark.parametrize("vendor", vendors.VENDORS)
@pytest.mark.parametrize("body", JUNK)
def test_a_body_of_no_form_names_nothing(vendor: str, body: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert named(vendor, body) == Named()


@pytest.mark.parametrize("value", ["ada@example.com", "x" * 65, "", " ", True, None, [], {"id": 1}, "a b", "é"])
def test_an_id_of_another_form_is_not_written_down(value: Any) -> None:
    assert named("woocommerce", json.dumps({"id": value}).encode()) == Named()
