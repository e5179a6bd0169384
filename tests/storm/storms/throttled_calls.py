"""Every call of DynamoDB is throttled and every write conflicts, several times in a row. Clients do not notice."""

from random import Random

from tests.stack.house import in_process
from tests.storm.players.aws_faults import Conflicts
from tests.storm.players.delivery import Delivery
from tests.storm.players.shop import Shop
from tests.storm.verdict import Verdict


def storm(seed: int, of_each: int) -> Verdict:
    verdict, chance = Verdict("conflicts", seed), Random(seed)
    with in_process() as house:
        shop = Shop(house, chance, of_each)
        shop.open()
        delivery = Delivery(house, chance, verdict.thrown)
        with Conflicts(house, chance, verdict.thrown).thrown():
            for errand in shop.errands():
                errand()
                verdict.thrown["call about an order"] += 1
                delivery.step()
            delivery.until_rest()
        answers = [answer for call in shop.answered for answer in call.answers]
        verdict.claim("answers of 500 and more", sum(answer.status >= 500 for answer in answers), 0)
        verdict.claim("messages that failed", verdict.thrown["message tried again"], 0)
        verdict.claim("dead letters", delivery.redrive(), 0)
        shop.judge(verdict)
    return verdict
