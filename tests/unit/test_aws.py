"""Every AWS client gives up a call that hangs, long before its function's own time-out, and knows its name."""

import os
import subprocess
import sys

from tests.template import ROOT

_ENVIRONMENT = {
    "PYTHONPATH": str(ROOT / "shared"),
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
}
#: botocore reads the environment at import, so the test needs a process of its own.
_SHOW = """
from tributary import bus, schedules
from tributary.ledger.store import table
from tributary.workflows import relay
for client in (table.client(), relay.client(), bus.sqs(), schedules.client()):
    config = client.meta.config
    print(config.connect_timeout, config.read_timeout, config.retries, config.user_agent.partition("/")[0])
"""


def test_no_client_waits_long_for_a_connection_that_hangs_whatever_the_environment_says():
    environment = os.environ | _ENVIRONMENT | {"AWS_NEW_RETRIES_2026": "true", "AWS_RETRY_MODE": "legacy"}
    shown = subprocess.run([sys.executable, "-c", _SHOW], env=environment, capture_output=True, text=True, check=True)

    assert shown.stdout.splitlines() == ["1 5 {'mode': 'standard', 'total_max_attempts': 3} tributary Botocore"] * 4
