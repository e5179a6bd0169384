"""Completeness of the patches: each is applied, and each has a test that shows when it is no longer needed."""

import re
from pathlib import Path

from local.emulator.patches import PATCHES
from local.paths import ROOT


def texts(directory: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in directory.rglob("*.py")}


def test_every_patch_module_is_applied() -> None:
    modules = texts(ROOT / "local/emulator")

    assert {name for name, text in modules.items() if "\ndef apply() " in text} == set(PATCHES)


def test_every_patch_has_a_test_that_needs_it() -> None:
    marks = re.findall(r'^@pytest\.mark\.shows\("(\w+)"\)$', "\n".join(texts(Path(__file__).parent).values()), re.M)

    assert set(marks) == set(PATCHES)
