"""Paths. Everything made by the local stack lies below `.local/`, which is not committed."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".local"
TEMPLATE = ROOT / "template.yaml"
FUNCTIONS = ROOT / "functions"
SHARED = ROOT / "shared"
EMULATOR_PYTHON = Path(os.environ.get("EMULATOR_PYTHON", STATE / "emulator" / "bin" / "python"))
