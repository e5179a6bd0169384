"""The Siren REST surface."""
