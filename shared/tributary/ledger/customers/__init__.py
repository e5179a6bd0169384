"""Customers: identities, profiles and scores."""
