"""Costs against a baseline of the same run, since absolute times on shared machines mean nothing. Run by `make
bench`.
"""
