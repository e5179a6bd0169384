"""Rewrites the tables of docs/requests.md: `python -m tests.performance.requests`."""

from tests.documents import within
from tests.performance.requests.tables import PATH, tables

if __name__ == "__main__":
    PATH.write_text(within(PATH.read_text(), tables()))
