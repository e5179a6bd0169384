"""Commands of `python -m local`: run, stop and invoke."""
