"""The vendors whose webhooks are read, each loaded on use."""

import importlib

from tributary.shops.adapter import Adapter

VENDORS = ("shopify", "woocommerce", "stripe", "paddle", "lemonsqueezy", "gumroad")


def adapter(vendor: str) -> Adapter:
    """The adapter of a vendor."""
    found: Adapter = importlib.import_module(f"tributary.shops.{vendor}").ADAPTER
    return found
