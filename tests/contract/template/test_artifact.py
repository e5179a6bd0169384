"""The deployed layers, built here by the makefiles that SAM runs."""

import importlib.util
import os
import pathlib
import subprocess
import sys

import pytest

from tests.template import ROOT, resources

pytestmark = pytest.mark.xdist_group("artifact")  # one worker, so that each layer is built once

RUNTIME = (3, 13)
RUNTIME_MAGIC = (3571).to_bytes(2, "little") + b"\r\n"  # of Python 3.13, from its importlib
UNCHECKED_HASH = 0b01
REQUIREMENTS = ROOT / "layers/dependencies/requirements.txt"


#: Bytecode is compiled into the layer, wherever that of the tests is.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "PYTHONPYCACHEPREFIX")}


def build(layer: str, target: str, artifacts: pathlib.Path) -> pathlib.Path:
    make = ["make", "-C", str(ROOT / "layers" / layer), f"build-{target}", f"ARTIFACTS_DIR={artifacts}"]
    subprocess.run([*make, f"PYTHON={sys.executable}"], env=ENVIRONMENT, check=True)
    return artifacts / "python"


@pytest.fixture(scope="module")
def dependencies(tmp_path_factory):
    return build("dependencies", "DependenciesLayer", tmp_path_factory.mktemp("dependencies"))


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return build("tributary", "TributaryLayer", tmp_path_factory.mktemp("tributary")) / "tributary"


def compiled(folder: pathlib.Path) -> list[tuple[bytes, int]]:
    heads = [file.read_bytes()[:8] for file in folder.rglob("*.pyc")]
    return [(head[:4], int.from_bytes(head[4:], "little")) for head in heads]


def size(folder: pathlib.Path, pattern: str = "*") -> int:
    return sum(file.stat().st_size for file in folder.rglob(pattern) if file.is_file())


def sources(folder: pathlib.Path) -> dict[pathlib.Path, bytes]:
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*.py")}


def test_the_dependencies_are_exactly_the_pinned_ones(dependencies):
    pins = {line.replace("-", "_").strip() for line in REQUIREMENTS.read_text().splitlines() if "==" in line}
    found = {folder.stem for folder in dependencies.glob("*.dist-info")}
    assert found == {pin.replace("==", "-") for pin in pins}


def test_libraries_of_the_runtime_are_not_shipped(dependencies):
    assert not [name for name in ("boto3", "botocore", "s3transfer", "bin") if (dependencies / name).exists()]


def test_binaries_are_for_the_runtime_on_arm(dependencies):
    binaries = [file.name for file in dependencies.rglob("*.so")]
    assert binaries
    assert not [name for name in binaries if "cpython-313-aarch64" not in name]


def test_the_package_is_shipped_unmodified(package):
    assert sources(package) == sources(ROOT / "shared/tributary")


def test_bytecode_is_the_runtimes_own_and_unchecked_or_absent(dependencies, package):
    assert {*compiled(dependencies), *compiled(package)} <= {(RUNTIME_MAGIC, UNCHECKED_HASH)}


def test_a_layer_is_not_larger_than_a_plain_installation(dependencies, tmp_path):
    platform = ["--platform", "manylinux2014_aarch64", "--python-version", "3.13", "--only-binary=:all:"]
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *platform]
    subprocess.run(
        [*install, "--requirement", str(REQUIREMENTS), "--target", str(tmp_path)], env=ENVIRONMENT, check=True
    )
    assert size(dependencies) <= size(tmp_path)


def compile_bytecode(layer: pathlib.Path, runtime: str, python: str) -> str:
    (layer / "python").mkdir()
    (layer / "python/one.py").write_text("ONE = 1\n")
    script = ["sh", str(ROOT / "layers/compile_bytecode.sh"), str(layer)]
    settings = {"RUNTIME": runtime, "RUNTIME_PYTHON": python, "PYTHON": python, "PATH": "/usr/bin:/bin"}
    return subprocess.run(script, env=settings, capture_output=True, text=True, check=True).stdout


def test_a_python_of_the_runtimes_version_compiles_the_bytecode(tmp_path):
    compile_bytecode(tmp_path, "{}.{}".format(*sys.version_info), sys.executable)
    assert compiled(tmp_path) == [(importlib.util.MAGIC_NUMBER, UNCHECKED_HASH)]


def test_without_that_python_the_build_reports_that_it_omits_bytecode(tmp_path):
    assert "without bytecode" in compile_bytecode(tmp_path, "3.0", sys.executable)
    assert compiled(tmp_path) == []


def test_a_version_managers_shim_is_not_taken_for_a_python(tmp_path):
    stand_in = tmp_path / "python3.0"
    stand_in.write_text("#!/bin/sh\necho 3.0 is not installed >&2\nexit 127\n")
    stand_in.chmod(0o755)
    assert "without bytecode" in compile_bytecode(tmp_path, "3.0", str(stand_in))


def test_layers_are_built_for_the_functions_python():
    assert {it["Runtime"] for it in resources("AWS::Lambda::Function").values()} == {"python{}.{}".format(*RUNTIME)}
