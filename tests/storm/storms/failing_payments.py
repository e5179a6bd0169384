"""Calls of DynamoDB and EventBridge fail, or time out after they were applied, while people pay, refund and share.

After redelivery and one redrive every cent is owed or paid once, and the replay of the history writes nothing.
"""

from random import Random
from unittest import mock

from tests.stack.house import House, in_process
from tests.stack.scenarios.pools import sent_by_the_night
from tests.storm.players.aws_faults import Faults
from tests.storm.players.delivery import Delivery
from tests.storm.players.finance import Finance
from tests.storm.verdict import Verdict
from tributary.ledger.payouts import fulfillments, proofs, releases

PROBABILITY = 0.1


def storm(seed: int, moves: int) -> Verdict:
    """Make so many moves, each followed by a step of the delivery."""
    verdict, chance = Verdict("payments under faults", seed), Random(seed)
    with (
        in_process() as house,
        mock.patch.object(fulfillments, "LEASE_SECONDS", -1),
        mock.patch.object(fulfillments, "WORK_SECONDS", -1),
        mock.patch.object(fulfillments, "_LOOKS", (0,)),
        mock.patch.object(releases, "_PAUSES", (0,)),
        mock.patch.object(proofs, "_PAUSES", (0,)),
    ):
        proofs.forget()
        delivery = Delivery(house, chance, verdict.thrown)
        finance = Finance(house, chance, delivery, verdict.thrown)
        with Faults(house, chance, verdict.thrown, PROBABILITY).thrown():
            for _ in range(moves):
                finance.errand()
                for _ in range(chance.randint(0, 4)):
                    delivery.step()
            _rest(house, delivery)
        for _ in range(2):
            delivery.redrive()
            finance.night()
            _rest(house, delivery)
        verdict.claim("dead letters after the redrive", delivery.redrive(), 0)
        finance.judge(verdict)
        verdict.claim("changes of a replay", house.changes_of_repeats(), 0)
    return verdict


def _rest(house: House, delivery: Delivery) -> None:
    """Deliver until nothing is left, the messages that the night sends itself included."""
    while True:
        delivery.until_rest()
        sent = sent_by_the_night(house)
        if not sent:
            return
        for message in sent:
            delivery.put(message)
