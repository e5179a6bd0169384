"""One running stack: the emulator, the real template on it and a demo organization in that. For `run` and for tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from local import deployment, template
from local.emulator_process import WORKERS_PER_FUNCTION, EmulatorProcess
from local.paths import TEMPLATE

Seed = Callable[[Any, str], dict[str, Any]]
Alter = Callable[[template.Template], None]


class Stack:
    """`with Stack.start() as stack: ...`; every stack has a port of its own, so any number may run side by side."""

    def __init__(self, emulator: EmulatorProcess, outputs: dict[str, str]) -> None:
        self.emulator = emulator
        self.outputs = outputs
        self.endpoint = emulator.endpoint
        self.table = outputs["TableName"]
        self.bus = outputs["BusName"]
        self.root_url = f"{emulator.endpoint}/_aws/execute-api/{outputs['ApiId']}"
        self.url = f"{self.root_url}/siren/v1"
        self.organization = ""
        self.keys: dict[str, str] = {}
        self.demo: dict[str, Any] = {}

    @classmethod
    def start(
        cls,
        port: int | None = None,
        *,
        auth: bool = False,
        alter: Alter | None = None,
        seed: Seed | None = None,
        template_path: Path = TEMPLATE,
        workers: int = WORKERS_PER_FUNCTION,
    ) -> Self:
        """`auth` enforces the template's roles; `alter` changes the template before it is deployed."""
        loaded = template.load(template_path)
        if alter:
            alter(loaded)
        emulator = EmulatorProcess.start(port, auth=auth, workers=workers)
        try:
            stack = cls(emulator, deployment.deploy(emulator, loaded, template_path.parent))
            stack._seed(seed or _demo)
        except BaseException:
            emulator.stop()
            raise
        return stack

    def client(self, service: str) -> Any:
        """A boto3 client with the account's own permissions, also under `auth`."""
        return self.emulator.client(service)

    def stop(self) -> None:
        self.emulator.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def description(self) -> dict[str, Any]:
        """The content of `.local/stack.json`, without the process id."""
        names = ("url", "organization", "keys", "demo", "endpoint", "table", "bus")
        return {name: getattr(self, name) for name in names}

    def _seed(self, seed: Seed) -> None:
        seeded = seed(self.client("dynamodb"), self.table)
        self.organization, self.keys, self.demo = seeded["organization"], seeded["keys"], seeded["demo"]


def _demo(dynamodb: Any, table: str) -> dict[str, Any]:
    """Imported lazily: it loads `tributary`, which a bare emulator does not need."""
    from local.seed import seed

    return seed(dynamodb, table)
