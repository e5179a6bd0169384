"""The vendors whose webhooks are read, each loaded on use."""

import importlib

from tributary.shops.adapter import Adapter

VENDORS = ("shopify", "woocommerce", "stripe", "paddle", "lemonsqueezy", "gumroad")
#: Vendors whose secret is made here: the shop takes any text, or knows none.
OURS = ("woocommerce", "lemonsqueezy", "gumroad")
#: The beginning of the names of partner event sources, of the vendors that have one.
EVENT_SOURCES = {"shopify": "aws.partner/shopify.com/", "stripe": "aws.partner/stripe.com/"}


def adapter(vendor: str) -> Adapter:
    """The adapter of a vendor."""
    found: Adapter = importlib.import_module(f"tributary.shops.{vendor}").ADAPTER
    return found
