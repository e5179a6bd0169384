"""`python -m tests.performance.requests`: writes the tables of docs/requests.md anew."""

from tests.documents import within
from tests.performance.requests.tables import PATH, tables

if __name__ == "__main__":
    PATH.write_text(within(PATH.read_text(), tables()))
