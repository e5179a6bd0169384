"""The template's variables are those that the code reads."""

import re

from tests.template import ROOT, resources

READS = re.compile(r"""(?:environ(?:\.get)?[\[(]|getenv\()\s*["'](\w+)["']""")
SET = {name for it in resources("AWS::Lambda::Function").values() for name in it["Environment"]["Variables"]}
SOURCES = [*ROOT.glob("shared/tributary/**/*.py"), *ROOT.glob("functions/*/app.py")]
READ = {name for source in SOURCES for name in READS.findall(source.read_text())}


#: Only `make run` sets them: elsewhere webhooks reach public addresses only, and the API is at the root of its host.
OF_RUN = {"API_ADDRESS", "WEBHOOKS_TO_LOOPBACK"}


def of_others(name: str) -> bool:
    """Variables that Lambda sets or Powertools reads."""
    return name.startswith(("AWS_", "POWERTOOLS_"))


def test_every_variable_read_by_the_code_is_set():
    assert not {name for name in READ - SET - OF_RUN if not of_others(name)}
    assert OF_RUN <= READ - SET


def test_every_variable_that_is_set_is_read():
    assert not {name for name in SET - READ if not of_others(name)}
