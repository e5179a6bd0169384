"""Deliveries: an event becomes one signed post for each webhook that wants it, whatever comes twice."""

import base64
import hashlib
import hmac
from typing import Any
from unittest import mock

import pytest
from siren.webhooks import Webhooks

from tests.stack.house import House
from tests.stack.scenarios.hooks.webhook_shop import URL, WebhookShop
from tributary import queues
from tributary.domain import times
from tributary.ledger.webhooks import presence, subscriptions

OTHER = "https://other.example/hooks"


def the_sale_is_told(house: House) -> None:
    house.sale()
    house.deliver()


def test_a_sale_is_told_with_everything_that_follows_from_it(shop: WebhookShop) -> None:
    shop.subscribe()
    the_sale_is_told(shop.house)

    shop.attempt_all()

    assert sorted(shop.receivers.types()) == [
        "conversion.approved", "conversion.created", "engagement.awarded", "engagement.completed", "obligation.created",
        "sale.created", "transaction.completed", "transaction.created",
    ]  # fmt: skip


def test_a_post_is_read_by_the_official_client_and_by_standard_webhooks(shop: WebhookShop) -> None:
    secret = shop.subscribe("conversion.approved")["signingSecret"]
    the_sale_is_told(shop.house)
    shop.attempt_all()

    (post,) = shop.receivers.posts
    read = Webhooks.construct_event(
        post.body, post.headers["X-Siren-Signature"], secret,
        event_type=post.headers["X-Siren-Event"], delivery_id=post.headers["X-Siren-Delivery"],
    )  # fmt: skip
    signed = f"{post.headers['webhook-id']}.{post.headers['webhook-timestamp']}.".encode() + post.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()

    assert (read.type, read.delivery_id) == ("conversion.approved", post.headers["webhook-id"])
    assert (read.data["status"], read.data["value"], read.data["currency"]) == ("approved", 500, "USD")
    assert read.data["conversionId"] == shop.house.get("/conversions").json[0]["id"]
    assert post.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(post.headers["webhook-timestamp"]) - times.seconds(times.now())) < 60


def test_each_webhook_gets_the_names_that_it_lists(shop: WebhookShop) -> None:
    shop.subscribe("sale.created")
    shop.subscribe("obligation.created", "payout.paid", url=OTHER)
    the_sale_is_told(shop.house)

    shop.attempt_all()

    assert (shop.receivers.types(URL), shop.receivers.types(OTHER)) == (["sale.created"], ["obligation.created"])


def test_an_event_that_comes_again_makes_nothing_new(shop: WebhookShop) -> None:
    number = shop.subscribe()["id"]
    the_sale_is_told(shop.house)
    shop.attempt_all()
    before = shop.deliveries(number)

    for message in [it for it in shop.house.handled if it.function == "fan_out_webhooks"]:
        assert shop.house.consume(message)

    assert shop.due() == []
    assert shop.deliveries(number) == before


def test_a_fan_out_that_ended_before_it_could_send_sends_when_it_comes_again(shop: WebhookShop) -> None:
    shop.subscribe("program.created")
    shop.tell()
    shop.due()  # lost

    shop.tell()

    assert len(shop.attempt_all()) == 1
    assert shop.receivers.types() == ["program.created"]


def test_a_message_that_comes_twice_makes_one_attempt(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    shop.tell()
    (due,) = shop.due()

    assert [shop.attempt(due) for _ in range(2)] == [True, True]

    (delivery,) = shop.deliveries(number)
    assert len(shop.receivers.posts) == len(delivery["attempts"]) == 1


def test_ids_of_several_names_of_one_event_differ_and_never_change(shop: WebhookShop) -> None:
    number = shop.subscribe()["id"]
    shop.tell("TransactionCreated", number=7, transactionId=5)
    first = {it["type"]: it["id"] for it in shop.deliveries(number)}
    shop.tell("TransactionCreated", number=7, transactionId=5)

    assert first["transaction.created"] == f"evt_{7:032x}"
    assert len(set(first.values())) == 2
    assert {it["type"]: it["id"] for it in shop.deliveries(number)} == first


def test_the_log_of_attempts_has_neither_bodies_nor_addresses(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.attempt_all()

    (delivery,) = shop.deliveries(number)

    assert (delivery["status"], delivery["nextAttemptAt"], delivery["webhookId"]) == ("delivered", None, number)
    (attempt,) = delivery["attempts"]
    assert attempt.keys() == {"at", "status", "milliseconds", "error"}
    assert (attempt["status"], attempt["milliseconds"], attempt["error"]) == (200, 7, None)


def test_a_replay_of_the_archive_sends_nothing(shop: WebhookShop) -> None:
    number = shop.subscribe()["id"]
    metadata = {"id": "evt_" + "1" * 32, "organization": "demo", "correlationId": "x"}
    detail = {"metadata": metadata, "data": {"programId": 1}}

    shop.house.event("ProgramCreated", detail, "tributary", **{"replay-name": "again"})
    shop.house.deliver()

    assert shop.deliveries(number) == []


def test_imported_history_and_its_consequences_send_nothing(shop: WebhookShop) -> None:
    number = shop.subscribe()["id"]
    row = {"source": "shopify", "externalId": "OLD-1", "total": 49.99, "trackingId": shop.house.tracking_id}
    shop.house.post("/event/sale/batch", [row], automations="false")
    shop.house.deliver()

    assert len(shop.house.conversions()) == 1
    assert [it["listed"]["status"] for it in shop.house.ledger("engagement")] == ["complete"]
    assert shop.deliveries(number) == []


def test_a_later_refund_of_imported_history_is_news(shop: WebhookShop) -> None:
    row = {"source": "shopify", "externalId": "OLD-1", "total": 49.99, "trackingId": shop.house.tracking_id}
    shop.house.post("/event/sale/batch", [row], automations="false")
    shop.house.deliver()
    number = shop.subscribe()["id"]

    shop.house.refund("OLD-1")
    shop.house.deliver()

    assert {"refund.created", "conversion.rejected"} <= shop.states(number).keys()


def test_webhooks_of_another_organization_hear_nothing(shop: WebhookShop) -> None:
    stranger = shop.house.new_key("admin", organization="stranger")
    made = shop.house.post("/webhooks", {"targetUrl": OTHER, "events": ["*"]}, key=stranger).json

    the_sale_is_told(shop.house)
    shop.attempt_all()

    assert shop.receivers.posts == []
    assert shop.house.get(f"/webhooks/{made['id']}/deliveries", key=stranger).json == []
    assert shop.house.get(f"/webhooks/{made['id']}/deliveries").status == 404


def test_deliveries_expire_after_thirty_days(shop: WebhookShop) -> None:
    shop.subscribe("program.created")
    shop.tell()

    (kept,) = [it for it in shop.stored() if it["sk"].startswith("delivery#")]

    assert kept["expiresAt"] - times.seconds(kept["listed"]["dateCreated"]) == 30 * 24 * 3600


def test_the_requests_of_a_delivery_are_few(shop: WebhookShop) -> None:
    shop.tell()  # no webhook yet
    with shop.house.requests_made() as unheard:
        shop.tell(number=2)
    shop.subscribe("program.created")
    shop.house.deliver()
    with shop.house.requests_made() as told:
        shop.tell(number=3)
    (due,) = shop.due()
    with shop.house.requests_made() as sent:
        assert shop.attempt(due)

    assert unheard.counts == {"Query": 1}
    assert told.counts == {"Query": 1, "PutItem": 1}
    assert sent.counts == {"GetItem": 3, "TransactWriteItems": 2}


def subscribe_many(shop: WebhookShop, count: int) -> None:
    with shop.house._environment("manage_webhooks"):
        for number in range(count):
            subscriptions.create("demo", URL, ["*"], "x" * 2000, "whsec_x", new_id=number + 1)
    presence.forget()


def test_an_event_for_a_hundred_webhooks_needs_few_requests(shop: WebhookShop) -> None:
    subscribe_many(shop, subscriptions.MAX)
    sent = queues.sqs().send_message_batch

    with shop.house.requests_made() as made, mock.patch.object(queues.sqs(), "send_message_batch", wraps=sent) as sends:
        shop.tell("ConversionAwarded", conversionId=1, engagementId=2, type="renewal")

    names = ("conversion.created", "conversion.renewed", "engagement.awarded", "renewal.created")
    assert made.counts == {"Query": 1, "PutItem": len(names) * subscriptions.MAX}
    assert sends.call_count == len(names) * subscriptions.MAX // 10
    (query,) = [asked for operation, asked in made.made if operation == "Query"]
    assert "ProjectionExpression" in query
    assert len(shop.due()) == len(names) * subscriptions.MAX


@pytest.mark.parametrize("refusals", [1, 9])
def test_messages_that_sqs_refuses_are_sent_again(shop: WebhookShop, refusals: int) -> None:
    subscribe_many(shop, 12)
    sent, left = queues.sqs().send_message_batch, [refusals]

    def refuses(**asked: Any) -> Any:
        """Refuse the last message of each batch, so often."""
        if not left[0]:
            return sent(**asked)
        left[0] -= 1
        *taken, refused = asked["Entries"]
        if taken:
            sent(**{**asked, "Entries": taken})
        return {"Failed": [{"Id": refused["Id"], "Code": "InternalError", "SenderFault": False}]}

    with mock.patch.object(queues.sqs(), "send_message_batch", refuses):
        shop.tell()

    assert len({it.body for it in shop.due()}) == 12
    assert shop.house.dead_letters("fan_out_webhooks") == []


def test_messages_of_one_webhook_are_one_group_and_of_two_are_two(shop: WebhookShop) -> None:
    shop.subscribe("program.created")
    shop.subscribe("program.created", "program.updated", url=OTHER)
    shop.tell(number=1)
    shop.tell(number=2)

    groups = [it.group for it in shop.due()]

    assert len(groups) == 4
    assert len(set(groups)) == 2


def test_the_list_of_deliveries_is_paged_filtered_and_walked(shop: WebhookShop) -> None:
    number = shop.subscribe()["id"]
    for place in range(1, 6):
        shop.tell(number=place)
    shop.tell("PayoutPaid", number=9, payoutId=1)
    path = f"/webhooks/{number}/deliveries"

    first = shop.house.get(path, number=2)
    cursor = first.headers["Link"].split("cursor=")[1].split(">")[0].split("&")[0]
    second = shop.house.get(path, number=2, cursor=cursor)

    assert [it["id"] for it in [*first.json, *second.json]][1:] == [f"evt_{place:032x}" for place in (5, 4, 3)]
    assert [it["type"] for it in shop.deliveries(number, type="payout.paid")] == ["payout.paid"]
    assert len(shop.deliveries(number, status="pending")) == 6
    other = shop.subscribe(url=OTHER)["id"]
    assert shop.house.get(f"/webhooks/{other}/deliveries", cursor=cursor).failures == {"cursor": "FORMAT"}
