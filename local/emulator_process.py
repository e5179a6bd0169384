"""The emulator as a child process: its own port, temporary directory and process group."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Any, Self

from local import aws, ports, web
from local.paths import EMULATOR_PYTHON, ROOT, SHARED, STATE
from local.problem import Problem

INHERITED = ("PATH", "HOME", "LANG")
WORKERS_PER_FUNCTION = 2
#: A function's second worker ends after so many idle seconds, since there are many functions.
IDLE_SECONDS = 15


class EmulatorProcess:
    """Its standard input is a pipe without a writer's data: it closes with this process, which ends the emulator."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, home: Path) -> None:
        self.process = process
        self.port = port
        self.home = home
        self.endpoint = f"http://127.0.0.1:{port}"

    @classmethod
    def start(
        cls,
        port: int | None = None,
        *,
        auth: bool = False,
        left_out: Collection[str] = (),
        workers: int = WORKERS_PER_FUNCTION,
    ) -> Self:
        """`left_out` names patches of local/emulator to leave out; `workers` is the number of processes per
        function."""
        if not EMULATOR_PYTHON.exists():
            raise Problem(f"{EMULATOR_PYTHON} is missing; `make run` makes it from local/requirements.txt")
        with ports.listen(port) as listener:
            port = listener.getsockname()[1]
            home = _empty_home(port)
            environment = _environment(port, home, auth=auth, workers=workers)
            emulator = cls(_spawn(listener.fileno(), left_out, environment, home), port, home)
        emulator._await_first_answer()
        return emulator

    def client(self, service: str) -> Any:
        return aws.client(service, self.endpoint)

    def alive(self) -> bool:
        return self.process.poll() is None

    def last_words(self) -> str:
        return "\n".join((self.home / "emulator.log").read_text(errors="replace").splitlines()[-15:])

    def stop(self) -> None:
        """Kills the group at once, since the state is in memory. The log stays until the next start on this port."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        shutil.rmtree(self.home / "tmp", ignore_errors=True)

    def _await_first_answer(self) -> None:
        """The socket already listens, so the request waits; only a dead emulator refuses it."""
        try:
            web.get(f"{self.endpoint}/_ministack/health")
        except OSError as error:
            self.stop()
            raise Problem(f"the emulator did not start:\n{self.last_words()}") from error


def _empty_home(port: int) -> Path:
    home = STATE / "stacks" / str(port)
    shutil.rmtree(home, ignore_errors=True)
    (home / "tmp").mkdir(parents=True)
    return home


def _spawn(
    listener: int, left_out: Collection[str], environment: dict[str, str], home: Path
) -> subprocess.Popen[bytes]:
    with (home / "emulator.log").open("wb") as log:
        return subprocess.Popen(
            [EMULATOR_PYTHON, "-m", "local.emulator", str(listener), *left_out],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[listener],
            start_new_session=True,
        )


def _environment(port: int, home: Path, *, auth: bool, workers: int) -> dict[str, str]:
    """Environment of the emulator and the functions: little of the caller's, so no AWS profile and no proxy.

    PYTHONPATH leads functions to `tributary`: its bytecode is compiled once, not per worker as from a layer."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return (
        inherited
        | aws.ROOT_CREDENTIALS
        | {
            "AUTH": "true" if auth else "false",
            "AWS_CONFIG_FILE": os.devnull,
            "API_ADDRESS": "http://{host}/_aws/execute-api/{api}",
            "AWS_DEFAULT_REGION": aws.REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "GATEWAY_PORT": str(port),
            "LAMBDA_ACCOUNT_CONCURRENCY": "0",  # its own cap refuses; local/emulator/workers/worker_slots.py waits
            "LAMBDA_WARM_TTL_SECONDS": str(IDLE_SECONDS),
            "MINISTACK_HOST": "127.0.0.1",
            "PYTHONPATH": str(SHARED),
            "TMPDIR": str(home / "tmp"),
            "TRANSFORMS": str(STATE / "transforms"),
            "WEBHOOKS_TO_LOOPBACK": "true",  # so that `make listen` hears them
            "WORKERS_PER_FUNCTION": str(workers),
        }
    )
