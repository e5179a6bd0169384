"""Random delivery over the in-process stack: stream, bus, queues, retries and dead letters."""

import functools
from collections import Counter
from collections.abc import Callable
from random import Random

from tests.stack import moto_stack
from tests.stack.exchange import Answer, Item, Message
from tests.stack.house import House
from tests.template import consumers

_BATCH = 10
_REPEATS = 0.2
_BEYOND_ANY_STORM = 100_000
CONSUMERS = tuple(sorted(consumers().values()))


class Delivery:
    """Moves everything forward by one random step at a time. A shard resumes at the first change that failed; a message
    is received again until its queue gives up."""

    def __init__(
        self, house: House, chance: Random, thrown: Counter[str], stream: Callable[[], list[Item]] = moto_stack.stream
    ) -> None:
        self._house, self._chance, self._thrown, self._stream = house, chance, thrown, stream
        self._passed = len(stream())
        self._queue: list[Message] = []
        self._given_up: list[Message] = []

    def until_rest(self) -> None:
        for _ in range(_BEYOND_ANY_STORM):
            if not self.step():
                return
        raise AssertionError("messages were still arriving after the last round")

    def step(self) -> bool:
        """Delivers one batch of the stream or of a queue; false if there is none."""
        changes = self._stream()[self._passed : self._passed + self._chance.randint(1, _BATCH)]
        steps = [functools.partial(self._relay, changes)] * bool(changes) + [self._consume] * bool(self._queue)
        if steps:
            self._chance.choice(steps)()
        return bool(steps)

    def put(self, message: Message) -> None:
        """Put a message into its function's queue."""
        self._queue.append(message)

    def redrive(self) -> int:
        """Move all dead letters back to their queues; return their number."""
        dead = self._given_up + [Message(it, body) for it in CONSUMERS for body in self._dead_letters(it)]
        self._given_up = []
        self._queue += [Message(message.function, message.body) for message in dead]
        self._thrown["dead letter, redriven"] += len(dead)
        return len(dead)

    def _relay(self, changes: list[Item]) -> None:
        failures = self._house.relay(changes)["batchItemFailures"]
        numbers = [change["dynamodb"]["SequenceNumber"] for change in changes]
        self._passed += numbers.index(failures[0]["itemIdentifier"]) if failures else len(changes)
        arrived = self._house.arrived()
        again = [message for message in arrived if self._chance.random() < _REPEATS]
        self._thrown["message delivered twice"] += len(again)
        self._queue += arrived + [Message(message.function, message.body) for message in again]

    def _consume(self) -> None:
        self._chance.shuffle(self._queue)
        function = self._queue[0].function
        batch = [message for message in self._queue if message.function == function][: self._chance.randint(1, _BATCH)]
        taken = set(map(id, batch))
        failed = self._house.consume_together(batch)
        self._thrown["message tried again"] += len(failed)
        self._queue = [message for message in self._queue if id(message) not in taken]
        most = self._house.tries(function)
        for message in failed:
            (self._given_up if message.receives >= most else self._queue).append(message)

    def _dead_letters(self, function: str) -> list[str]:
        sqs, url = moto_stack.client("sqs"), self._house._variables(function)["DEAD_LETTER_QUEUE_URL"]
        bodies: list[str] = []
        while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                bodies.append(message["Body"])
        return bodies


def insistent(ask: functools.partial[Answer], tries: int = 500) -> list[Answer]:
    """All answers to a client that repeats a request until the failure is not the server's."""
    answers: list[Answer] = []
    for _ in range(tries):
        answers.append(ask())
        if answers[-1].status < 500:
            return answers
    raise AssertionError(f"the client gave up: {answers[-1].text}")
