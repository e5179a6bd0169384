"""Orders reported repeatedly in every dialect by sixteen threads, over HTTP and by calling the functions in one
process.

There are as many records as distinct orders, sums are exact, and each sale is new once.
"""

from collections.abc import Iterable
from functools import partial
from operator import itemgetter
from random import Random

from local.stack import Stack
from tests.stack.dialects import DIALECTS
from tests.stack.dialects.spoken import Call, Item, Order, Origin
from tests.stack.exchange import Answer
from tests.stack.journey import Journey, at_once, at_rest, eventually
from tests.storm.players.affiliate import collaborator_and_program
from tests.storm.players.expected_records import (
    expected_totals,
    judge,
    judge_at_once,
    judge_calls,
    judge_new_once,
    totals,
)
from tests.storm.players.shop import Ask, calls_until_taken, orders, repeated_calls
from tests.storm.players.threaded_stack import THREADS, ask, functions
from tests.storm.verdict import Verdict

_PATIENCE = 100.0
_SHOP = "shop"
#: Resource and fields of each list, by kind of record.
_LISTS = {
    "transaction": ("transactions", "id,status,source,sourceId,totalValue"),
    "conversion": ("conversions", "id,transactionId"),
    "obligation": ("obligations", "id,conversionId,status,value"),
    "customer": ("customers", "id,email,externalId,totals"),
}


def in_process(seed: int, of_each: int, most: int, dialects: Iterable[str] = DIALECTS) -> Verdict:
    """Send so many orders of each dialect to the functions, each sale once to `most` times."""
    verdict, chance = Verdict("duplicates, in process", seed), Random(seed)
    with functions() as called:
        asked = partial(ask, called, called.new_key(_SHOP))
        origin = Origin(_SHOP, 1, *collaborator_and_program(asked))
        placed = orders(chance, of_each, lambda: origin, dialects)
        _throw(verdict, asked, _posts(chance, placed, most))
        judge_at_once(verdict, placed, lambda kind: [it.get("listed", it) for it in called.records(_SHOP, kind)])
    return verdict


def over_http(seed: int, of_each: int, most: int) -> Verdict:
    """Send the same over HTTP; conversions follow over stream and bus."""
    verdict, chance = Verdict("duplicates, over HTTP", seed), Random(seed)
    with Stack.start() as stack:
        journey = Journey(stack)
        collaborator, program = collaborator_and_program(partial(_ask, journey))
        visits = iter(at_once(THREADS, lambda _: journey.visit(collaborator), range(of_each * len(DIALECTS))))
        placed = orders(chance, of_each, lambda: Origin(journey.organization, next(visits), collaborator, program))
        _throw(verdict, partial(_ask, journey), _posts(chance, placed, most))
        expected = expected_totals(placed)
        eventually(lambda: totals(_listed(journey, "customer")) == expected, _PATIENCE)
        at_rest(stack)
        judge(verdict, placed, partial(_listed, journey))
        journey.close()
    return verdict


Posts = list[tuple[Order, Call]]


def _throw(verdict: Verdict, client: Ask, posts: Posts) -> None:
    for call in (call for it in DIALECTS.values() for call in it.opening):
        assert client(call).status in call.taken
    verdict.thrown[f"call, by {THREADS} threads"] = len(posts)
    answered = [it for calls in at_once(THREADS, lambda post: calls_until_taken(client, *post), posts) for it in calls]
    verdict.thrown["repeated sale"] = sum(it.is_sale for it in answered) - len({it.order for it in answered})
    failed = [answer.text for it in answered for answer in it.answers if answer.status >= 500]
    verdict.claim("answers of 500 and more", failed, [])
    judge_calls(verdict, answered)
    judge_new_once(verdict, answered)


def _posts(chance: Random, placed: list[Order], most: int) -> Posts:
    """Each call once to `most` times: side by side for every other order, so that they race; anywhere for the rest."""
    posts: list[tuple[float, tuple[Order, Call]]] = []
    for order in placed:
        place, races = chance.random(), order.number // 4 % 2 == 1
        posts += [(place if races else chance.random(), (order, call)) for call in repeated_calls(chance, order, most)]
    return [post for _, post in sorted(posts, key=itemgetter(0))]


def _listed(journey: Journey, kind: str) -> list[Item]:
    resource, fields = _LISTS[kind]
    return journey.everything(resource, fields=fields)


def _ask(journey: Journey, call: Call) -> Answer:
    answer = journey.request(call.method, call.base + call.path, call.body, call.key)
    return Answer(answer.status_code, answer.headers, answer.text)
