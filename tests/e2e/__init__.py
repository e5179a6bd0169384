"""End-to-end tests; a package, so that their stack stops after the last of them."""
