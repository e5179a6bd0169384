"""Every call of DynamoDB and EventBridge fails, or times out after it was applied, with probability 0.2.

After redelivery and one redrive nothing is lost or duplicated.
"""

from random import Random

from tests.stack.house import in_process
from tests.storm.players.aws_faults import Faults
from tests.storm.players.delivery import Delivery
from tests.storm.players.shop import Shop
from tests.storm.verdict import Verdict

PROBABILITY = 0.2


def storm(seed: int, of_each: int) -> Verdict:
    verdict, chance = Verdict("faults", seed), Random(seed)
    with in_process() as house:
        shop = Shop(house, chance, of_each)
        shop.open()
        delivery = Delivery(house, chance, verdict.thrown)
        with Faults(house, chance, verdict.thrown, PROBABILITY).thrown():
            for errand in shop.errands():
                errand()
                verdict.thrown["call about an order"] += 1
                delivery.step()
            delivery.until_rest()
        delivery.redrive()
        delivery.until_rest()
        verdict.claim("dead letters after one redrive", delivery.redrive(), 0)
        shop.judge(verdict)
    return verdict
