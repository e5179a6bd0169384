"""`python -m tests.performance.scaling`: writes the tables of docs/scaling.md anew."""

from tests.documents import within
from tests.performance.scaling.tables import PATH, tables

if __name__ == "__main__":
    PATH.write_text(within(PATH.read_text(), tables()))
