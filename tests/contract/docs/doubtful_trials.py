"""Doubtful reports, sent to the in-process stack and held against their rules."""

import json
from collections.abc import Callable
from typing import Any
from unittest import mock

from tests.contract.docs.doubtful_reports import REPORTS, Doubtful, Report, Reports, Rule, body_of
from tests.stack.exchange import Answer, Item
from tests.stack.house import House, in_process
from tributary.domain import times

_NOW = times.now()
#: Random or made from random ids, so that two runs differ by them.
_RANDOM = ("nonce", "parent")
_CUSTOMERS = ("customer", "customer-link", "order")


class Trial:
    """One case in a stack of its own, with a clock that stands."""

    def __init__(self, house: House, reports: Reports, case: Doubtful) -> None:
        self.house, self.case = house, case
        self.report = reports.named[case.report]
        for opening in reports.opening:
            self._accepted(opening)
        if self.report.after:
            self._accepted(reports.named[self.report.after])

    def send(self, report: Report, body: Item) -> Answer:
        answer = self.house.call(report.method, report.path, body, base="")
        self.house.deliver()
        return answer

    def first(self) -> Answer:
        return self.send(self.report, self.report.body)

    def doubtful(self) -> Answer:
        return self.send(self.report, body_of(self.case, self.report))

    def without(self) -> Answer:
        return self.send(self.report, body_of(self.case, self.report, only_absent=True))

    def with_offset(self) -> Answer:
        ((place, moment),) = self.case.members.items()
        return self.send(self.report, body_of(self.case._replace(members={place: f"{moment}Z"}), self.report))

    def records(self) -> list[Any]:
        """All records but customers, whose ids are random."""
        return [_plain(it) for it in self.house.ledger() if not it["entity"].startswith(_CUSTOMERS)]

    def _accepted(self, report: Report) -> None:
        answer = self.send(report, report.body)
        assert answer.status < 300, answer.text


def outcome(dialect: str, case: Doubtful) -> str:
    """The answer to a case, as its page has it, once its rule was seen to hold."""
    return _CHECKS[case.rule](dialect, case)


def run(dialect: str, case: Doubtful, *acts: Callable[[Trial], Any]) -> list[Any]:
    """Results of the acts in a new stack, and its records after them."""
    with mock.patch.object(times, "now", return_value=_NOW), in_process() as house:
        trial = Trial(house, REPORTS[dialect], case)
        return [*(act(trial) for act in acts), trial.records()]


def _as_if(dialect: str, case: Doubtful, same: Callable[[Trial], Answer]) -> Answer:
    """The answer to a case that leaves the records that another report leaves."""
    answer, records = run(dialect, case, Trial.doubtful)
    other, others = run(dialect, case, same)
    assert (answer.status, records) == (other.status, others), answer.text
    assert answer.status < 300, answer.text
    return answer


def _absent(dialect: str, case: Doubtful) -> str:
    return str(_as_if(dialect, case, Trial.without).status)


def _utc(dialect: str, case: Doubtful) -> str:
    (moment,) = case.members.values()
    answer = _as_if(dialect, case, Trial.with_offset)
    _, records = run(dialect, case, Trial.doubtful)
    assert f"{moment}.000Z" in json.dumps(records)
    return f"{answer.status}: `{moment}.000Z`"


def _refused(dialect: str, case: Doubtful) -> str:
    before, answer, after = run(dialect, case, Trial.records, Trial.doubtful)
    (place,) = case.members
    assert (400 <= answer.status < 500, before) == (True, after), answer.text
    said = _said(answer)
    assert said.startswith(place)
    return f"{answer.status}: `{said}`"


def _repeated(dialect: str, case: Doubtful) -> str:
    first, before, again, after = run(dialect, case, Trial.first, Trial.records, Trial.doubtful)
    assert (first.status < 300, again.status < 300, before) == (True, True, after), again.text
    assert "Idempotency-Hit" not in first.headers
    marks = {name: value for name, value in again.headers.items() if name.startswith("Idempotency-")}
    named = {"Idempotency-Differs": ",".join(case.members)} if case.rule == Rule.DISCLOSED else {}
    wanted = {"Idempotency-Hit": "true", **named}
    assert marks == wanted
    return ", ".join([str(again.status), *(f"`{name}: {value}`" for name, value in marks.items())])


_CHECKS: dict[Rule, Callable[[str, Doubtful], str]] = {
    Rule.ABSENT: _absent,
    Rule.IGNORED: _absent,
    Rule.REFUSED: _refused,
    Rule.UTC: _utc,
    Rule.REPEATED: _repeated,
    Rule.DISCLOSED: _repeated,
}


def _said(answer: Answer) -> str:
    """The message of a refusal, in the dialect's own form."""
    error = answer.json.get("error") or answer.json["message"]
    return str(error["message"] if isinstance(error, dict) else error)


def _plain(value: Any) -> Any:
    """A record without what is random in it."""
    if isinstance(value, dict):
        named = {"customerId": lambda it: it is not None}
        return {name: named.get(name, _plain)(it) for name, it in value.items() if name not in _RANDOM}
    return [_plain(it) for it in value] if isinstance(value, list) else value
