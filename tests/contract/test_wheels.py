"""The deployed layer has the wheels that are locked by hash, and a bill of materials names each."""

import re
import subprocess
import sys
from pathlib import Path

from operate import wheels
from tests.template import ROOT

LAYER = ROOT / "layers/dependencies"
PINNED = dict(re.findall(r"^([\w.-]+)==(\S+)$", (LAYER / "requirements.txt").read_text(), re.MULTILINE))


def test_every_pinned_package_is_locked_at_its_version_by_one_hash() -> None:
    locked = [(wheel.name, wheel.version) for wheel in wheels.locked()]

    assert len(locked) == len(PINNED)
    assert dict(locked) == {name.replace("_", "-"): version for name, version in PINNED.items()}
    assert all(line.startswith("#") or line.count("--hash") == 1 for line in wheels.LOCKED.read_text().splitlines())


def test_a_wheel_of_another_hash_is_not_installed(tmp_path: Path) -> None:
    """Without an index: pip compares the hash before it needs one."""
    wheel = tmp_path / "annotated_types-0.8.0-py3-none-any.whl"
    wheel.write_bytes(b"another file")
    own = next(it for it in wheels.locked() if it.name == "annotated-types")
    (tmp_path / "locked.txt").write_text(own.line)
    pip = [sys.executable, "-m", "pip", "install", "--no-index", "--find-links", str(tmp_path), "--require-hashes"]

    done = subprocess.run(
        [*pip, "--no-deps", "--target", str(tmp_path / "into"), "--requirement", str(tmp_path / "locked.txt")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_the_layer_is_built_from_the_locked_wheels_only() -> None:
    build = (LAYER / "Makefile").read_text()

    assert f"--require-hashes --requirement {wheels.LOCKED.name}" in build
    assert "requirements.txt" not in build.partition("build-DependenciesLayer:")[2]
    assert "operate.wheels bill" in (ROOT / "Makefile").read_text().partition("\nbuild:")[2].partition("\n\n")[0]


def test_the_bill_of_materials_names_every_wheel_with_its_hash() -> None:
    bill = wheels.bill(wheels.locked())

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert [it["purl"] for it in bill["components"]] == [f"pkg:pypi/{it.name}@{it.version}" for it in wheels.locked()]
    assert [it["hashes"][0]["content"] for it in bill["components"]] == [it.sha256 for it in wheels.locked()]
    assert len({it["bom-ref"] for it in bill["components"]}) == len(PINNED)
