"""The commands `run`, `stop`, `listen`, `hook` and `invoke`, as a person or CI runs them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local import state_file, web
from local.commands.welcome import HOOKS
from local.deliveries import SIGNERS
from local.paths import ROOT
from local.seed import EVENT_SOURCE, ORGANIZATION, demo_key
from tests.local.lab import eventually

pytestmark = pytest.mark.slow

Running = dict[str, Any]


class Command:
    """A `run` in the background, with its output in a file."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.output = directory / f"run-{time.monotonic_ns()}"
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                local("run"), cwd=ROOT, env=os.environ | environment, stdout=file, stderr=file
            )

    def stack(self) -> Running:
        """The description that this process wrote to its file, once it exists."""
        return eventually(self._described, 30)

    def _described(self) -> Running | None:
        assert self.process.poll() is None, self.output.read_text()
        return described(self.process.pid)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(15)


def local(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "local", *arguments]


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        local(*arguments), cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )


@contextmanager
def running(directory: Path, **environment: str) -> Iterator[Command]:
    command = Command(directory, **environment)
    try:
        yield command
    finally:
        command.end()


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    with running(tmp_path_factory.mktemp("run")) as started:
        started.stack()
        yield started


@pytest.fixture
def stack(command: Command) -> Running:
    return command.stack()


def port(stack: Running) -> str:
    return str(stack["endpoint"].rpartition(":")[2])


def test_the_file_describes_the_stack_and_its_demo(stack: Running) -> None:
    assert set(stack) == {"url", "organization", "keys", "demo", "endpoint", "table", "bus", "pid"}
    assert stack["url"].startswith(stack["endpoint"])
    assert stack["url"].endswith("/siren/v1")
    assert stack["organization"] == ORGANIZATION
    assert stack["keys"] == {name: demo_key(name) for name in ("admin", "events", "reader")}
    assert stack["demo"]["eventSource"] == EVENT_SOURCE


def test_it_prints_the_obligation_of_the_demo_sale(command: Command) -> None:
    printed = command.output.read_text()
    assert '"value": 500' in printed
    assert printed.index("obligation") < printed.index("curl")


def test_its_curl_lines_leave_the_first_sale_of_the_readme_possible(command: Command, stack: Running) -> None:
    printed = command.output.read_text()
    assert f'"trackingId": {stack["demo"]["trackingId"]}' not in printed
    assert '"ORD-1004"' not in printed


def test_the_curl_lines_work_unmodified(command: Command, stack: Running) -> None:
    lines = re.findall(r"^curl (?:.*\\\n)*.*", command.output.read_text(), re.MULTILINE)
    answers = [
        subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True).stdout for line in lines
    ]

    sale, transactions, obligations, refund, order, sales_event, affiliate_sale, *hooks = answers
    assert [it.splitlines()[0].split()[1] for it in hooks] == ["200"] * len(SIGNERS)
    assert " 200" in sale.splitlines()[0]
    visit = re.search(r'"trackingId": (\d+)', lines[0])
    assert visit
    assert f"x-siren-oid: {visit[1]}" in sale.lower()
    fields = {"id", "status", "dateCreated", "detailCount", "totalValue", "currency"}
    assert all(set(transaction) == fields for transaction in json.loads(transactions))
    assert json.loads(obligations)[0]["currency"] == "USD"
    assert " 200" in refund.splitlines()[0]
    assert " 202" in order.splitlines()[0]
    assert " 201" in sales_event.splitlines()[0]
    assert " 201" in affiliate_sale.splitlines()[0]


def test_the_wordpress_path_serves_the_same_api(stack: Running) -> None:
    url = stack["url"].replace("/siren/v1", "/wp-json/siren/v1")
    assert web.get(f"{url}/obligations", stack["keys"]["reader"]).status == 200


def test_a_taken_port_is_an_error(stack: Running) -> None:
    refused = call("run", PORT=port(stack))
    assert refused.returncode == 1
    assert f"port {port(stack)} is taken" in refused.stderr


def test_a_second_stack_runs_next_to_the_first_and_is_stopped_alone(stack: Running, tmp_path: Path) -> None:
    with running(tmp_path) as second:
        other = second.stack()
        assert other["endpoint"] != stack["endpoint"]
        assert call("stop", PORT=port(other)).returncode == 0
        assert second.process.wait(10) == 0
    assert web.get(f"{stack['url']}/obligations", stack["keys"]["reader"]).status == 200


def test_listen_hears_verifies_and_prints_what_the_stack_sends(stack: Running, tmp_path: Path) -> None:
    with (tmp_path / "heard").open("w") as output:
        told = os.environ | {"PORT": port(stack)}
        listening = subprocess.Popen(local("listen"), cwd=ROOT, env=told, stdout=output)
    try:
        (webhook,) = eventually(lambda: web.get(f"{stack['url']}/webhooks", stack["keys"]["admin"]).json)
        tested = web.post(f"{stack['url']}/webhooks/{webhook['id']}/test", {}, stack["keys"]["admin"])
        assert tested.json["success"]
    finally:
        listening.send_signal(signal.SIGINT)
        assert listening.wait(10) == 0
    assert re.search(r"^webhook.test  evt_\w+  ", (tmp_path / "heard").read_text(), re.MULTILINE)
    assert web.get(f"{stack['url']}/webhooks", stack["keys"]["admin"]).json == []


def test_every_line_of_a_webhook_works_unmodified(command: Command, stack: Running) -> None:
    (line,) = re.findall(r"^make hook VENDOR=(\w+) EVENT=(\S+)$", command.output.read_text(), re.MULTILINE)
    lines = [(vendor, f"events/hooks/{vendor}/{sample}") for vendor, sample in HOOKS.items()]
    assert line in lines
    assert {vendor for vendor, _ in lines} == set(SIGNERS)

    for vendor, event in lines:
        done = [call("hook", vendor, event, PORT=port(stack)) for _ in range(2)]

        entries = [json.loads(it.stdout.partition("\n")[2]) for it in done]
        assert [it.stdout.splitlines()[0] for it in done] == ["200 (empty)"] * 2
        assert entries[0]["outcome"] in ("recorded", "repeat"), vendor  # its curl line may have been first
        assert entries[1]["outcome"] == "repeat", vendor
        assert entries[0]["transactionId"] == entries[1]["transactionId"]


@pytest.mark.parametrize("vendor", ["woocommerce", "gumroad"])
def test_hook_sends_to_a_connection_of_ones_own(stack: Running, tmp_path: Path, vendor: str) -> None:
    made = web.post(f"{stack['url']}/connections", {"vendor": vendor, "source": "mine"}, stack["keys"]["admin"]).json
    event = tmp_path / f"body{Path(HOOKS[vendor]).suffix}"
    event.write_bytes((ROOT / "events/hooks" / vendor / HOOKS[vendor]).read_bytes())
    named = {"PORT": port(stack), "CONNECTION": str(made["id"]), "SECRET": made["secret"], "TOPIC": "order.updated"}

    done = call("hook", vendor, str(event), **named)

    entry = json.loads(done.stdout.partition("\n")[2])
    assert (entry["connectionId"], entry["outcome"]) == (made["id"], "recorded")
    assert "needs the SECRET" in call("hook", vendor, str(event), **named | {"SECRET": ""}).stderr
    other = call("hook", "stripe", "events/hooks/stripe/invoice_paid_first.json", **named)
    assert f"is of {vendor}, not of stripe" in other.stderr
    assert call("hook", vendor, str(event), **named | {"SECRET": "wrong-secret"}).returncode == 1


def test_hook_wants_a_topic_where_the_files_name_has_none(stack: Running, tmp_path: Path) -> None:
    (event := tmp_path / "body.json").write_text("{}")

    done = call("hook", "shopify", str(event), PORT=port(stack))

    assert (done.returncode, "TOPIC=…" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_a_closed_pipe_is_no_traceback(stack: Running) -> None:
    line = f"{' '.join(local('hook', 'shopify', 'events/hooks/shopify/orders_paid.json'))} | true"
    environment = os.environ | {"PORT": port(stack)}

    done = subprocess.run(["bash", "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    assert done.stderr == ""


def test_hook_reports_invalid_arguments(stack: Running) -> None:
    event = "events/hooks/shopify/orders_paid.json"
    assert "not one of shopify, " in call("hook", "bigcommerce", event, PORT=port(stack)).stderr
    assert "is no file" in call("hook", "shopify", "nowhere.json", PORT=port(stack)).stderr


def test_invoke_runs_one_function_against_the_stack(stack: Running, tmp_path: Path) -> None:
    event = tmp_path / "list.json"
    event.write_text(json.dumps(list_obligations(stack["keys"]["reader"])))

    done = call("invoke", "query_obligations", str(event), PORT=port(stack))

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["statusCode"] == 200


def test_invoke_reports_invalid_arguments(stack: Running, tmp_path: Path) -> None:
    (event := tmp_path / "event.json").write_text("{}")
    assert "no function in functions/nothing" in call("invoke", "nothing", str(event), PORT=port(stack)).stderr
    assert "is not an event" in call("invoke", "report_sale", str(tmp_path / "none.json"), PORT=port(stack)).stderr


def test_a_function_that_raises_ends_invoke_with_its_error(stack: Running, tmp_path: Path) -> None:
    event = tmp_path / "nothing.json"
    event.write_text("null")
    done = call("invoke", "report_sale", str(event), PORT=port(stack))
    assert done.returncode != 0
    assert "Traceback" in done.stderr


def list_obligations(key: str) -> dict[str, Any]:
    path = "/siren/v1/obligations"
    http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"}
    context = {"http": http, "requestId": "1", "routeKey": f"GET {path}", "stage": "$default", "apiId": "1"}
    return {
        "version": "2.0",
        "routeKey": f"GET {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"authorization": f"Bearer {key}"},
        "requestContext": context,
        "isBase64Encoded": False,
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_emulator_and_removes_the_file(tmp_path: Path, number: int) -> None:
    command = Command(tmp_path)
    stack = command.stack()
    (emulator,) = children(command.process.pid)

    assert command.end(number) == 0

    assert not state_file.is_running(stack)
    assert not alive(emulator)


def test_a_killed_stack_leaves_nothing_behind(tmp_path: Path) -> None:
    command = Command(tmp_path)
    stack = command.stack()
    (emulator,) = children(command.process.pid)

    command.end(signal.SIGKILL)

    eventually(lambda: not alive(emulator), 5)
    assert not state_file.is_running(stack)


def test_run_ends_with_an_error_when_the_emulator_dies(tmp_path: Path) -> None:
    command = Command(tmp_path)
    command.stack()
    (emulator,) = children(command.process.pid)

    os.kill(emulator, signal.SIGKILL)

    assert command.process.wait(10) == 1
    assert "the emulator ended by itself" in command.output.read_text()


def test_it_stays_up_with_its_standard_streams_closed() -> None:
    process = subprocess.Popen(["sh", "-c", f"exec {sys.executable} -m local run <&- >&- 2>&-"], cwd=ROOT)
    try:
        stack = eventually(lambda: described(process.pid), 30)
        assert web.get(f"{stack['url']}/obligations", stack["keys"]["reader"]).status == 200
    finally:
        process.terminate()
        code = process.wait(15)
    assert code == 0


def described(process: int) -> Running | None:
    return next((stack for stack in state_file.all_running() if stack["pid"] == process), None)


def alive(process: int) -> bool:
    """True if the process runs. Its port may belong to another stack by now, and a zombie is not alive."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state.strip()) and not state.startswith("Z")


def children(process: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (line.split() for line in listed.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == process]
