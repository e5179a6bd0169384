"""events/webhooks has the body on the wire of each name, made from the records of events/stream; docs/webhooks.md has a
receiver and every name."""

import json
import re
import time
from typing import Any

import pytest

from tests.contract.samples import emitted, read_all
from tests.template import ROOT
from tributary.domain import webhooks
from tributary.outbound import signing

PAGE = (ROOT / "docs/webhooks.md").read_text()

SAMPLES = read_all("webhooks")


def told() -> list[webhooks.Told]:
    return [
        it
        for event in emitted()
        for it in webhooks.told(event.detail_type, event.detail["metadata"]["id"], event.detail["data"])
    ]


def test_each_name_has_a_sample_and_no_other() -> None:
    assert SAMPLES.keys() == set(webhooks.NAMES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_what_a_record_of_the_stream_leads_to(name: str) -> None:
    assert SAMPLES[name] in [json.loads(it.body) for it in told() if it.name == name]


def test_no_body_comes_near_the_limit() -> None:
    assert max(len(it.body.encode()) for it in told()) < webhooks.MAX_BODY_BYTES / 20


def test_every_event_with_a_name_is_one_that_the_relay_announces() -> None:
    assert set(webhooks.EVENTS) <= {event.detail_type for event in emitted()}


def test_the_page_names_every_name_with_each_event_that_leads_to_it() -> None:
    rows = re.findall(r"^\| `([a-z]+\.[a-z]+)` \| (.*) \|$", PAGE, re.MULTILINE)

    named = {(name, event) for name, events in rows for event in re.findall(r"`([A-Z]\w+)`", events)}
    assert named == {(name, event) for name, event, _ in webhooks._TOLD}


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ({}, True),
        ({"webhook-id": "evt_other"}, False),
        ({"webhook-timestamp": str(int(time.time()) - 3600)}, False),
        ({"webhook-signature": "v1,AAAA"}, False),
        ({"webhook-signature": "é"}, False),
    ],
)
def test_the_receiver_of_the_page_reads_what_is_sent_and_nothing_else(change: dict[str, str], read: bool) -> None:
    page: dict[str, Any] = {}
    exec(PAGE.split("```python\n")[1].split("```")[0], page)  # the page's own code
    secrets, body = [signing.new_secret(), signing.new_secret()], b'{"type": "sale.created"}'
    sent = signing.headers(secrets, "evt_1", "sale.created", int(time.time()), body)
    headers = {name.lower(): value for name, value in sent.items()} | change

    for secret in secrets:
        assert page["event_of"](body, headers, secret) == ({"type": "sale.created"} if read else None)
