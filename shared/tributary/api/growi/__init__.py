"""The Growi REST surface."""
