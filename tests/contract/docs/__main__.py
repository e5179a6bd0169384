"""`python -m tests.contract.docs`: writes the tables of docs/functions.md and docs/operate.md from the template."""

from tests.contract.docs.function_tables import FUNCTIONS, OPERATE, function_tables, operating_tables
from tests.documents import within

if __name__ == "__main__":
    FUNCTIONS.write_text(within(FUNCTIONS.read_text(), function_tables()))
    OPERATE.write_text(within(OPERATE.read_text(), operating_tables()))
