"""Tests of the functions on an in-process stack; a package, so that its clients are dropped after the last of them."""
