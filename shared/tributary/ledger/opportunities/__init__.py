"""Opportunities, engagements and the visits that make them."""
