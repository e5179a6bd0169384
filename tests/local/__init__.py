"""Tests of the local stack; a package, so that their emulator stops after the last of them."""
