"""No patch is forgotten: each is applied, and each has a test that says when it is needed no more."""

import re
from pathlib import Path

from local.emulator.patches import PATCHES
from local.paths import ROOT


def texts(directory: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in directory.rglob("*.py")}


def test_every_module_that_can_be_applied_is_among_the_patches() -> None:
    modules = texts(ROOT / "local/emulator")

    assert {name for name, text in modules.items() if "\ndef apply() " in text} == set(PATCHES)


def test_every_patch_is_shown_by_a_test() -> None:
    marks = re.findall(r'^@pytest\.mark\.shows\("(\w+)"\)$', "\n".join(texts(Path(__file__).parent).values()), re.M)

    assert set(marks) == set(PATCHES)
