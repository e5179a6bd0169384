"""Log lines as parsed by Lambda."""

import json
import logging
import re

import pytest

from tributary.telemetry import logger

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)")


def test_a_line_has_its_level_and_its_time_in_the_form_that_lambda_parses():
    record = logging.LogRecord("tributary", logging.ERROR, __file__, 1, "event failed", None, None)
    line = json.loads(logger.registered_formatter.format(record))
    assert line["level"] == "ERROR"
    assert RFC_3339.fullmatch(line["timestamp"])


@pytest.mark.parametrize(
    "library", ["botocore.endpoint", "urllib3.connectionpool", "aws_lambda_powertools.event_handler"]
)
def test_libraries_do_not_log_requests_at_debug(library):
    """Lambda gives the root logger the level of the stack."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    try:
        assert not logging.getLogger(library).isEnabledFor(logging.DEBUG)
        assert logging.getLogger(library).isEnabledFor(logging.INFO)
    finally:
        root.setLevel(before)
