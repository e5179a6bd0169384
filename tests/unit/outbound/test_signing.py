"""Signatures, judged by the libraries that receivers use."""

import base64
import json
import time

import pytest
import standardwebhooks
from siren.webhooks import Webhooks
from standardwebhooks.webhooks import WebhookVerificationError

from tributary.outbound import signing

EVENT = {"version": 1, "id": "evt_1", "type": "conversion.approved", "deliveryId": "evt_1", "data": {"name": "Zoë"}}
BODY = json.dumps(EVENT, ensure_ascii=False).encode()


def headers(*secrets: str, at: int | None = None) -> dict[str, str]:
    return signing.headers(secrets, "evt_1", "conversion.approved", at or int(time.time()), BODY)


def test_a_secret_is_32_random_bytes_in_the_standard_alphabet():
    secrets = {signing.new_secret() for _ in range(200)}

    keys = [base64.b64decode(it.removeprefix("whsec_"), validate=True) for it in secrets]
    assert len(secrets) == 200
    assert {len(key) for key in keys} == {32}
    assert {"+", "/"} & set("".join(secrets))


def test_a_standard_library_takes_the_delivery():
    secret = signing.new_secret()

    assert standardwebhooks.Webhook(secret).verify(BODY, headers(secret)) == EVENT


def test_while_a_secret_is_rotated_receivers_with_either_take_the_delivery():
    new, old, foreign = (signing.new_secret() for _ in range(3))
    sent = headers(new, old)

    assert standardwebhooks.Webhook(new).verify(BODY, sent) == EVENT
    assert standardwebhooks.Webhook(old).verify(BODY, sent) == EVENT
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        standardwebhooks.Webhook(foreign).verify(BODY, sent)


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "body"])
def test_a_standard_library_refuses_a_changed(changed):
    secret = signing.new_secret()
    sent = headers(secret)
    body = BODY + b" " if changed == "body" else BODY
    if changed != "body":
        sent[changed] = {"webhook-id": "evt_2", "webhook-timestamp": str(int(time.time()) - 1)}[changed]

    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        standardwebhooks.Webhook(secret).verify(body, sent)


def test_a_retry_differs_by_its_time_and_the_signature_over_it():
    secret = signing.new_secret()
    first, retry = headers(secret, at=1_800_000_000), headers(secret, at=1_800_000_005)

    assert {name for name in first if first[name] != retry[name]} == {"webhook-timestamp", "webhook-signature"}


def test_sirens_client_takes_the_delivery_by_the_newest_secret():
    new, old = signing.new_secret(), signing.new_secret()
    sent = headers(new, old)

    event = Webhooks.construct_event(
        BODY,
        sent["X-Siren-Signature"],
        new,
        event_type=sent["X-Siren-Event"],
        delivery_id=sent["X-Siren-Delivery"],
    )

    assert (event.type, event.data, event.delivery_id) == ("conversion.approved", {"name": "Zoë"}, "evt_1")
    assert not Webhooks.verify_signature(BODY, sent["X-Siren-Signature"], old)


def test_signatures_equal_those_of_openssl():
    """Known answers, so that both sides cannot err alike."""
    secret = "whsec_" + base64.b64encode(bytes(range(32))).decode()

    sent = signing.headers([secret], "evt_1", "sale.created", 1_800_000_000, b'{"a":1}')

    assert sent["X-Siren-Signature"] == "sha256=d3f1ea16147b8b8d0304fe2a9559b4b4b84d057af19b132191df3378cbd1234a"
    assert sent["webhook-signature"] == "v1,3OLpRdKCrFsJgXBjm2BkLB/1D8MhO3Fwb0vUByUmsWc="
