"""Log lines as parsed by Lambda."""

import json
import logging
import re

from tributary.telemetry import logger

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)")


def test_a_line_has_its_level_and_its_time_in_the_form_that_lambda_parses():
    record = logging.LogRecord("tributary", logging.ERROR, __file__, 1, "event failed", None, None)
    line = json.loads(logger.registered_formatter.format(record))
    assert line["level"] == "ERROR"
    assert RFC_3339.fullmatch(line["timestamp"])
