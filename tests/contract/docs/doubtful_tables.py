"""The tables of doubtful reports on the dialects' pages, from reports that were sent."""

import json

from tests.contract.docs.doubtful_reports import REPORTS, Doubtful
from tests.contract.docs.doubtful_trials import outcome
from tests.documents import table
from tests.template import ROOT

MARK = "doubtful reports"
PAGES = {dialect: ROOT / "docs" / f"{dialect}.md" for dialect in REPORTS}


def doubtful_tables(dialect: str) -> dict[str, str]:
    rows = [
        (case.row, str(case.rule), _shown(case), outcome(dialect, case).replace("|", "\\|"))
        for case in REPORTS[dialect].doubtful
    ]
    return {MARK: table(("a report with", "rule", "example", "answer"), rows)}


def _shown(case: Doubtful) -> str:
    members = ", ".join(f"{json.dumps(place)}: {json.dumps(value)}" for place, value in case.members.items())
    where = "" if case.report == "sale" else f" in a {case.report}"
    return f"`{members}`{where}" if members else "the same body"
