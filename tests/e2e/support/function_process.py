"""Functions in one process against a stack, as `python -m local invoke` runs them, for more than one event.

Each input line is JSON, `{"function", "event"}`; each output line is `{"answer" or "raised", "requests": {operation:
count}}`.
"""

import functools
import json
import os
import sys
from collections import Counter
from typing import IO, Any

from local import template
from local.commands import invoke
from tributary.ledger.store import table


def main(endpoint: str) -> None:
    answers = _only_answers_on_standard_output()
    template.load = functools.cache(template.load)
    for line in sys.stdin:
        asked = json.loads(line)
        handler, configuration = _loaded(asked["function"], endpoint)
        os.environ.update(invoke._environment(configuration, endpoint))
        answers.write(json.dumps(_run(handler, asked["event"], invoke._context(configuration))) + "\n")
        answers.flush()


@functools.cache
def _loaded(function: str, endpoint: str) -> tuple[Any, dict[str, Any]]:
    configuration = invoke._configuration(function, endpoint)
    return invoke._handler(function), configuration


def _run(handler: Any, event: Any, context: Any) -> dict[str, Any]:
    requests: Counter[str] = Counter()
    hooks = table.client().meta.events

    def count(model: Any, **_: Any) -> None:
        requests[model.name] += 1

    hooks.register("before-call.dynamodb", count)
    try:
        return {"answer": handler(event, context), "requests": requests}
    except Exception as error:  # noqa: BLE001  # the test names the expected error
        return {"raised": repr(error), "requests": requests}
    finally:
        hooks.unregister("before-call.dynamodb", count)


def _only_answers_on_standard_output() -> IO[str]:
    """Redirects the functions' logs to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main(sys.argv[1])
