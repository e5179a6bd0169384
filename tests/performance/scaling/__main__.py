"""Rewrites the tables of docs/scaling.md: `python -m tests.performance.scaling`."""

from tests.documents import within
from tests.performance.scaling.tables import PATH, tables

if __name__ == "__main__":
    PATH.write_text(within(PATH.read_text(), tables()))
