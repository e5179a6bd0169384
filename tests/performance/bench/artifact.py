"""The deployed artifact, unzipped, against a plain installation of the same pins."""

import os
import pathlib
import subprocess
import sys
import tempfile

from tests.performance.bench.row import Row
from tests.template import ROOT

_REQUIREMENTS = ROOT / "layers/dependencies/requirements.txt"
_PLATFORM = ["--platform", "manylinux2014_aarch64", "--python-version", "3.13", "--only-binary=:all:"]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        for layer in ("dependencies", "tributary"):
            make = ["make", "-C", str(ROOT / "layers" / layer), f"build-{layer.title()}Layer"]
            _run([*make, f"ARTIFACTS_DIR={here / 'layers' / layer}", f"PYTHON={sys.executable}"])
        pip = [sys.executable, "-m", "pip", "install", "--no-deps", *_PLATFORM]
        _run([*pip, "--requirement", str(_REQUIREMENTS), "--target", str(here / "plain")])
        ours = _size(here / "layers") + _size(ROOT / "functions/report_sale", "*.py")
        measure = "layers and function, unzipped | pip install of the same pins"
        return [Row(measure, ours / 1e6, _size(here / "plain") / 1e6, "MB", 1.0)]


def _run(command: list[str]) -> None:
    subprocess.run(command, env=os.environ | {"MAKEFLAGS": ""}, capture_output=True, check=True)


def _size(folder: pathlib.Path, pattern: str = "*") -> int:
    return sum(file.stat().st_size for file in folder.rglob(pattern) if file.is_file())
