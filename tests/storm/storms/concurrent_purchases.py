"""One purchase pushed by sixteen threads at once, each with its own functions, on a table with atomic transactions."""

import json
from concurrent.futures import ThreadPoolExecutor

from tests.stack.scenarios.point_of_sale import EXAMPLE, STORE
from tests.storm.players.threaded_stack import THREADS, functions
from tests.storm.verdict import Verdict


def storm(seed: int, events: int) -> Verdict:
    verdict = Verdict("sales events, in process", seed)
    with functions() as called:
        key = called.new_key("shop")
        called.call(key, "POST", "/stores", {"external_id": STORE}, base="/v1")

        def push(number: int) -> tuple[int, str]:
            body = {**json.loads(EXAMPLE), "external_id": f"T-{number}", "profile_id": f"crm-{number}"}
            answer = called.call(key, "POST", "/sales-events", body, base="/v1")
            verdict.thrown["push of an event"] += 1
            return answer.status, answer.text

        with ThreadPoolExecutor(THREADS) as pool:
            pushed = [list(pool.map(push, [number] * THREADS)) for number in range(events)]
        kinds = ("sales-event", "transaction", "customer")
        held = {kind: len(called.records("shop", kind)) for kind in kinds}
    once = sorted([201] + [200] * (THREADS - 1))
    verdict.claim("each is new once", all(sorted(it for it, _ in answers) == once for answers in pushed), True)
    verdict.claim("each is answered alike", all(len({it for _, it in answers}) == 1 for answers in pushed), True)
    for kind in kinds:
        verdict.claim(f"records: {kind}", held[kind], events)
    return verdict
