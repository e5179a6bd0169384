"""A shop that reports sales and refunds, and knows what must come of them."""

from dataclasses import dataclass, field
from functools import partial
from random import Random

from tests.integration.harness import Answer, House
from tests.storm.delivery import insistent
from tests.storm.verdict import Verdict


@dataclass
class Shop:
    """Each sale has a visit of its own and earns 10 % of its total."""

    house: House
    chance: Random
    sales: int
    cents: dict[str, int] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    refunded: set[str] = field(default_factory=set)
    answers: dict[str, list[Answer]] = field(default_factory=dict)

    def open(self) -> None:
        """Visits, before the trouble begins."""
        for number in range(self.sales):
            name = f"ORD-{number}"
            self.cents[name] = self.chance.randint(1, 1_000_000)
            self.visits[name] = self.house.new_visit()
        self.house.deliver()

    def errands(self) -> list[partial[None]]:
        """Every sale once to four times and every third refunded once or twice, in any order."""
        todo = [partial(self.sell, name) for name in self.cents for _ in range(self.chance.randint(1, 4))]
        self.refunded = set(list(self.cents)[::3])
        todo += [partial(self.refund, name) for name in sorted(self.refunded) for _ in range(self.chance.randint(1, 2))]
        self.chance.shuffle(todo)
        return todo

    def sell(self, name: str) -> None:
        total = f"{self.cents[name] // 100}.{self.cents[name] % 100:02d}"
        members = {"total": total, "items": [{"name": "Widget", "amount": total}]}
        ask = partial(self.house.sale, name, self.visits[name], **members)
        self.answers.setdefault(name, []).extend(insistent(ask))

    def refund(self, name: str) -> None:
        """A refund that overtakes its sale is refused, so the sale is reported first."""
        if insistent(partial(self.house.refund, name))[-1].status == 404:
            self.sell(name)
            insistent(partial(self.house.refund, name))

    def judge(self, verdict: Verdict) -> None:
        """As many records as sales, sums exact, no first sale called a repeat."""
        house = self.house
        stands = [name for name in self.cents if name not in self.refunded]
        transactions = house.ledger("transaction")
        held = sorted((it["reported"]["externalId"], it["reported"]["total"]) for it in transactions)
        verdict.claim("transactions, one per sale", held == sorted(self.cents.items()) and len(held), self.sales)
        awarded = {it["listed"]["transactionId"] for it in house.ledger("conversion")}
        verdict.claim("no sale has two conversions", len(house.ledger("conversion")), len(awarded))
        verdict.claim("decisions, one per sale", len(house.ledger("decision")), self.sales)
        verdict.claim("obligations, one per conversion", len(house.ledger("obligation")), len(awarded))
        owed = [value for status, value in house.owed() if status == "pending"]
        verdict.claim("obligations that stand", sorted(owed), sorted(map(self._earned, stands)))
        verdict.claim("cents owed", sum(owed), sum(map(self._earned, stands)))
        first_told = [answers for answers in self.answers.values() if "Idempotency-Hit" in answers[0].headers]
        verdict.claim("first sales called a repeat", len(first_told), 0)
        created = [
            sum(it.status == 200 and "Idempotency-Hit" not in it.headers for it in a) for a in self.answers.values()
        ]
        verdict.claim("sales called new twice", sum(count > 1 for count in created), 0)

    def _earned(self, name: str) -> int:
        return (self.cents[name] * 10 + 50) // 100


def _hit(answer: Answer) -> bool:
    return "Idempotency-Hit" in answer.headers
