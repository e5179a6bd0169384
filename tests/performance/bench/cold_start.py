"""CPU time of a fresh interpreter until report_sale could send its first request, since others use this machine too.

The baseline is a function that only imports these libraries. pydantic loads itself lazily, so BaseModel stands for
it.
"""

import statistics
import subprocess
import sys

from tests.performance.bench.row import Row
from tests.template import ROOT

_RUNS = 25
_LIMIT = 1.20
_BASELINE = """
from pydantic import BaseModel
from aws_lambda_powertools import Logger
import boto3
boto3.client("dynamodb")
"""
_OURS = """
import app
from tributary.ledger.store import table
table.client()
"""
# Both look for modules in the same places, as in one function.
_TIMED = f"""
import sys, time
sys.path[:0] = [{str(ROOT / "shared")!r}, {str(ROOT / "functions/report_sale")!r}]
start = time.process_time()
{{}}
print(time.process_time() - start)
"""
_SETTINGS = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}


def rows() -> list[Row]:
    pairs = [(_seconds(_OURS), _seconds(_BASELINE)) for _ in range(_RUNS + 1)][1:]  # the first writes bytecode
    ours, baseline = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    measure = "cold start: report_sale | BaseModel, Logger, a boto3 client"
    return [Row(measure, ours, baseline, "ms CPU", _LIMIT)]


def _seconds(code: str) -> float:
    command = [sys.executable, "-c", _TIMED.format(code)]
    return float(subprocess.run(command, env=_SETTINGS, capture_output=True, text=True, check=True).stdout)
