"""Sales reported again and again, by sixteen threads at once: over HTTP on the local stack, and with the functions
called in one process. As many records as distinct sales, sums exact, and each sale is new once."""

from collections import Counter
from collections.abc import Callable
from operator import itemgetter
from random import Random
from typing import NamedTuple

from local.stack import Stack
from tests.e2e.way import Item, Way, at_once, at_rest, eventually
from tests.storm.in_threads import THREADS, functions
from tests.storm.verdict import Verdict

_MAX_CENTS = 1_000_000
_PATIENCE = 100.0


class Told(NamedTuple):
    """What a client was told about a sale."""

    sale: str
    status: int
    new: bool


def in_process(seed: int, sales: int, most: int) -> Verdict:
    """Each sale is posted once to `most` times to the function itself."""
    verdict, chance = Verdict("duplicates, in process", seed), Random(seed)
    cents = [chance.randint(1, _MAX_CENTS) for _ in range(sales)]
    bodies = [_body(number, 1, worth) for number, worth in enumerate(cents)]
    with functions() as called:
        key = called.new_key("shop")

        def post(body: Item) -> Told:
            answer = called.call(key, "POST", "/event/sale", body)
            return Told(body["externalId"], answer.status, "Idempotency-Hit" not in answer.headers)

        _judge_answers(verdict, sales, _thrown(verdict, post, _posts(chance, bodies, most)))
        held = [it["reported"] for it in called.records("shop", "transaction")]
    reported = {_name(number): worth for number, worth in enumerate(cents)}
    verdict.claim("transactions", len(held), sales)
    verdict.claim("each as it was reported", {it["externalId"]: it["total"] for it in held} == reported, True)
    verdict.claim("cents of all transactions", sum(it["total"] for it in held), sum(cents))
    return verdict


def over_http(seed: int, sales: int, most: int) -> Verdict:
    """Each sale is posted once to `most` times, over HTTP; what it earns comes over stream and bus."""
    verdict, chance = Verdict("duplicates, over HTTP", seed), Random(seed)
    cents = [chance.randint(1, _MAX_CENTS) for _ in range(sales)]
    with Stack.start() as stack:
        way = Way(stack)
        collaborator = way.house()
        visits = at_once(THREADS, lambda _: way.visit(collaborator), range(sales))
        bodies = [_body(number, *it) for number, it in enumerate(zip(visits, cents, strict=True))]

        def post(body: Item) -> Told:
            answer = way.call("POST", "/event/sale", body, "events")
            return Told(body["externalId"], answer.status_code, "Idempotency-Hit" not in answer.headers)

        _judge_answers(verdict, sales, _thrown(verdict, post, _posts(chance, bodies, most)))
        eventually(lambda: len(way.everything("obligations")) >= sales, _PATIENCE)
        at_rest(stack)
        _judge_what_is_owed(verdict, way, cents)
        way.close()
    return verdict


def _judge_what_is_owed(verdict: Verdict, way: Way, cents: list[int]) -> None:
    transactions = way.everything("transactions", fields="totalValue,sourceId")
    totals = {it["sourceId"]: it["totalValue"] for it in transactions}
    verdict.claim("transactions", len(transactions), len(cents))
    reported = {_name(number): worth for number, worth in enumerate(cents)}
    verdict.claim("each as it was reported", totals == reported, True)
    verdict.claim("cents of all transactions", sum(it["totalValue"] for it in transactions), sum(cents))
    for kind in ("conversions", "obligations"):
        held = way.everything(kind)
        verdict.claim(kind, len(held), len(cents))
        verdict.claim(f"cents of all {kind}", sum(it["value"] for it in held), sum(map(_earned, cents)))


def _judge_answers(verdict: Verdict, sales: int, told: list[Told]) -> None:
    verdict.claim("statuses", dict(Counter(it.status for it in told)), {200: len(told)})
    verdict.claim("sales that were called new once", _once(told), sales)


def _once(told: list[Told]) -> int:
    return sum(times == 1 for times in Counter(it.sale for it in told if it.new).values())


def _thrown(verdict: Verdict, post: Callable[[Item], Told], posts: list[Item]) -> list[Told]:
    verdict.thrown[f"post, by {THREADS} threads"] = len(posts)
    told = at_once(THREADS, post, posts)
    verdict.thrown["repeat among them"] = sum(not it.new for it in told)
    return told


def _posts(chance: Random, bodies: list[Item], most: int) -> list[Item]:
    """Each body once to `most` times, its members in any order: of every other sale side by side, so that they race,
    and of the others anywhere."""
    placed: list[tuple[float, Item]] = []
    for number, body in enumerate(bodies):
        times, place = chance.randint(1, most), chance.random()
        places = [place if number % 2 else chance.random() for _ in range(times)]
        placed += [(place, _shuffled(chance, body)) for place in places]
    return [body for _, body in sorted(placed, key=itemgetter(0))]


def _shuffled(chance: Random, body: Item) -> Item:
    return dict(chance.sample(list(body.items()), len(body)))


def _body(number: int, visit: int, cents: int) -> Item:
    total = f"{cents // 100}.{cents % 100:02d}"
    return {"source": "shopify", "externalId": _name(number), "trackingId": visit, "total": total}


def _name(number: int) -> str:
    return f"ORD-{number}"


def _earned(cents: int) -> int:
    return (cents * 10 + 50) // 100
