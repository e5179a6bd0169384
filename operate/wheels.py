"""`python -m operate.wheels lock|bill`: the hashes of the deployed wheels, and a bill of materials from them.

Only the standard library: `make build` runs it in the build's environment.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

_ROOT = Path(__file__).parents[1]
FOLDER = _ROOT / "layers/dependencies"
LOCKED = FOLDER / "locked.txt"
BILL = _ROOT / ".aws-sam/bill-of-materials.cdx.json"
#: Lambda's platform, as in layers/dependencies/Makefile.
_PLATFORM = ("--platform", "manylinux2014_aarch64", "--implementation", "cp", "--python-version", "3.13")
_HEAD = "# The wheels of requirements.txt by their hashes; `make lock` writes it anew after a change there.\n"


class Wheel(NamedTuple):
    """A pinned package and the hash of its only accepted file."""

    name: str
    version: str
    sha256: str

    @property
    def line(self) -> str:
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}\n"


def main(command: str) -> int:
    if command == "lock":
        LOCKED.write_text(_HEAD + "".join(wheel.line for wheel in downloaded()))
    else:
        BILL.parent.mkdir(exist_ok=True)
        BILL.write_text(json.dumps(bill(locked()), indent=1) + "\n")
        print(f"Bill of materials: {BILL.relative_to(_ROOT)}")
    return 0


def downloaded() -> list[Wheel]:
    """The wheels of requirements.txt that the index offers for Lambda."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        wanted = ["--requirement", str(FOLDER / "requirements.txt"), "--only-binary=:all:", "--dest", folder]
        subprocess.run([*pip, *wanted, *_PLATFORM], check=True)  # noqa: S603  # no argument is from outside
        return [_wheel(path) for path in sorted(Path(folder).glob("*.whl"))]


def _wheel(path: Path) -> Wheel:
    name, version, *_ = path.stem.split("-")
    return Wheel(name.lower().replace("_", "-"), version, hashlib.sha256(path.read_bytes()).hexdigest())


def locked() -> list[Wheel]:
    """The wheels that the layer is made of."""
    found = re.findall(r"^(\S+)==(\S+) --hash=sha256:([0-9a-f]{64})$", LOCKED.read_text(), re.MULTILINE)
    return [Wheel(*each) for each in found]


def bill(wheels: Iterable[Wheel]) -> dict[str, Any]:
    """CycloneDX 1.6, the same for the same wheels."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "tributary", "bom-ref": "tributary"}},
        "components": [_component(wheel) for wheel in wheels],
    }


def _component(wheel: Wheel) -> dict[str, Any]:
    address = f"pkg:pypi/{wheel.name}@{wheel.version}"
    named = {"type": "library", "name": wheel.name, "version": wheel.version, "bom-ref": address, "purl": address}
    return named | {"hashes": [{"alg": "SHA-256", "content": wheel.sha256}]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
