"""`python -m tests.contract.docs`: writes the tables of docs/functions.md and docs/operate.md from the template, and
those of doubtful reports on the dialects' pages from answers of the in-process stack."""

from tests.contract.docs.doubtful_tables import PAGES, doubtful_tables
from tests.contract.docs.function_tables import FUNCTIONS, OPERATE, function_tables, operating_tables
from tests.documents import within

if __name__ == "__main__":
    FUNCTIONS.write_text(within(FUNCTIONS.read_text(), function_tables()))
    OPERATE.write_text(within(OPERATE.read_text(), operating_tables()))
    for dialect, page in PAGES.items():
        page.write_text(within(page.read_text(), doubtful_tables(dialect)))
