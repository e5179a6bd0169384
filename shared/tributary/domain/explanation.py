"""Explanations: a stored decision in words and numbers, never from today's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tributary.domain.balance import balance_of
from tributary.domain.codes import COUPON, TRACKING
from tributary.domain.commission import counting_now, positions_of
from tributary.domain.earning_event import SALE
from tributary.domain.incentives import INCENTIVES, Money
from tributary.domain.money import major_text
from tributary.domain.program import COMPILERS
from tributary.domain.remaining_value import amended_reward, given_back, remaining_value, share_of
from tributary.domain.transaction import Line, Transaction

#: Beyond so many counting lines an explanation sums up the rest: an answer has a size.
MAX_LINES = 20
_MAX_NAME = 40
_CARRIED = {COUPON: "coupon", TRACKING: "referral"}

_SALE = {
    "not_awarded": "Nobody earned credit for this sale: none of the candidates could be paid.",
    "no_candidate": "Nobody earned credit for this sale: none of the engagements counts for it.",
    "not_referred": "Nobody earned credit for this sale: it names no opportunity.",
    "code_without_credit": (
        "No partner earned credit for this sale: none of its codes leads to a program that rewards it."
    ),
    "opportunity_unknown": "Nobody earned credit for this sale: its trackingId {opportunity} leads to no opportunity.",
    "opportunity_invalid": "Nobody earned credit for this sale: opportunity {opportunity} is invalid.",
    "visit_consumed": (
        "Nobody earned credit for this sale: an earlier one has had the visits of opportunity {opportunity}."
    ),
    "no_visit": "Nobody earned credit for this sale: opportunity {opportunity} has no engagement.",
}

_LOST = {
    "after_sale": "The engagement began at {dateCreated}, after the sale of {occurredAt}.",
    "expired": "The engagement was last seen at {dateModified}, more than {expirationDays} days before {end}.",
    "collaborator_not_active": "Collaborator {collaboratorId} was not active.",
    "program_not_active": "Program {programId} was not active.",
    "conversion_type_not_paid": "Program {programId} does not pay {paid}.",
    "currency_mismatch": "Program {programId} pays in {units}, the sale is in {currency}; nothing is converted.",
    "not_requalified": "Program {programId} has paid for this visitor before.",
    "group_outranked": "Another program of group {programGroupId} was preferred.",
    "outranked": "Another engagement was preferred by {incentiveResolverType}.",
    "no_score": "The engagement has no score to share the pool by.",
    "no_counting_line": "No line of the sale counts for program {programId}: the sale has {seen}, {counting}.",
    "credited": "Program {programId} has paid collaborator {collaboratorId} for this sale, by a credit given by hand.",
}

Record = Mapping[str, Any]
_IDENTITY = ("conversionId", "transactionId", "collaboratorId", "programId", "status", "value", "currency")


def explain_all(transaction: Transaction, decisions: Sequence[Record]) -> dict[str, Any]:
    """The decision about a sale, and those about its `credits` given by hand."""
    of_sale = next((decision for decision in decisions if decision["sk"] == "decision#sale"), None)
    by_hand = [explain(transaction, decision) for decision in decisions if decision is not of_sale]
    return {**explain(transaction, of_sale), "credits": by_hand}


def explain(transaction: Transaction, decision: Record | None) -> dict[str, Any]:
    """The decision about a sale: `summary` in words, and each candidate's outcome, reason and explanation."""
    if decision is None:
        waiting = transaction.sale.subscription and not transaction.sale.renewal
        what = "the first webhook of its order" if transaction.sale.of_list else "the referral of its subscription"
        waits = f" It waits for {what}." if waiting else ""
        summary = "The sale has not been attributed yet." + waits
        pending = {"transactionId": transaction.id, "status": "pending", "reason": None}
        return {**pending, "summary": summary, "candidates": [], "programs": []}
    programs = {program["id"]: program for program in decision["programs"]}
    return {
        "transactionId": transaction.id,
        "status": "decided",
        "reason": decision["reason"],
        "summary": _summary(transaction, decision),
        "opportunityId": decision["opportunity"]["id"],
        "evicted": _evicted(decision),
        "occurredAt": decision["occurredAt"],
        "decidedAt": decision["changedAt"],
        "currency": decision["currency"],
        "candidates": [_candidate(transaction, decision, programs, held) for held in decision["candidates"]],
        "programs": list(programs.values()),
    }


def explain_obligation(
    obligation: Record, transaction: Transaction | None, decision: Record | None, held: Record | None
) -> dict[str, Any]:
    """An obligation's identity and the candidate that earned it, explained as among the candidates of its sale.

    A lead has no `transaction`, a credit by hand no candidate either."""
    identity = {"obligationId": obligation["id"], **{name: obligation[name] for name in _IDENTITY}}
    if decision is None or held is None:
        return {**identity, "candidate": None}
    programs = {program["id"]: program for program in decision["programs"]}
    candidate = _candidate(transaction, decision, programs, held)
    return {**identity, "evicted": _evicted(decision), "candidate": candidate}


def _summary(transaction: Transaction, decision: Record) -> str:
    currency = decision["currency"]
    earned = [
        f"Collaborator {held['collaboratorId']} earned {major_text(held['award']['value'], currency)} {currency}"
        f" from program {held['programId']}."
        for held in decision["candidates"]
        if held["outcome"] == "won"
    ]
    text = " ".join(earned) or _SALE[decision["reason"]].format(opportunity=decision["opportunity"]["id"])
    if earned and transaction.status != "complete":
        text += f" The sale was {transaction.status} since, so nothing of it is owed."
    elif earned and transaction.refunded:
        left, back = (major_text(it, currency) for it in (_worth(transaction, decision), transaction.refunded))
        text += f" {back} {currency} of the sale was given back, so {left} {currency} is left."
    elif transaction.amended and (now := _worth(transaction, decision)) != _earned(decision):
        text += f" The sale was changed since, so {major_text(now, currency)} {currency} is earned now."
    if referred := decision.get("referredAt"):
        text += f" Visits count if they had not expired at {referred}, when its free trial began."
    if evicted := _evicted(decision):
        text += f" {evicted} engagements seen longest ago had given way by then."
    return text


def _earned(decision: Record) -> int:
    return sum(held["award"]["value"] for held in decision["candidates"] if held["outcome"] == "won")


def _worth(transaction: Transaction, decision: Record) -> int:
    """The present value of all awards, also of those that an edit may bring in."""
    programs = {program["id"]: program for program in decision["programs"]}
    told = {"currency": decision["currency"], "type": decision["type"]}
    awarded = [held | told for held in decision["candidates"] if held["award"]]
    return sum(remaining_value(it, transaction, _counting(transaction, programs, it)) for it in awarded)


def _evicted(decision: Record) -> int:
    """The number of engagements for which the opportunity had no room."""
    return int(decision["opportunity"].get("evicted", 0))


def _candidate(
    transaction: Transaction | None, decision: Record, programs: Mapping[int, Record], held: Record
) -> dict[str, Any]:
    program = programs.get(held["programId"], {})
    currency = decision["currency"] or program.get("units")  # a lead is paid in its program's currency
    known = {**program, **held, "currency": currency, "occurredAt": decision["occurredAt"]}
    known["end"] = "its free trial" if "referredAt" in decision else "the sale"
    known["paid"] = "sales" if decision["type"] == SALE else f"conversions of type {decision['type']}"
    known |= _types(transaction, program) if transaction else {}
    award = held["award"]
    text = (
        _arithmetic(transaction, program, known | {"type": decision["type"]})
        if award and held["outcome"] == "won"
        else [_LOST[held["reason"]].format(**known)]
    )
    if award and held["outcome"] == "lost" and transaction and transaction.change:
        text += _changes(transaction, known | {"type": decision["type"]}, programs)
    return {**held, "explanation": "\n".join([*map(_engaged, held.get("codes", ())), *text])}


def _engaged(code: Record) -> str:
    """The step that a code of the sale made."""
    return f"Engaged as of the sale by its {_CARRIED[code['type']]} {_shown(code['code'])}"


def _types(transaction: Transaction, program: Record) -> dict[str, str]:
    """Types of the sale's lines, and what the program counts."""
    seen = sorted({line.type for line in transaction.first.details})
    counting = [name for compiler in program.get("transactionCompilers", ()) for name in COMPILERS[compiler]]
    if not counting:
        rule = "the program counts none before it has transactionCompilers"
    elif set(seen) & set(counting):
        rule = f"the program counts {', '.join(counting)} that pass its lineItemFilters"
    else:
        rule = f"the program counts {', '.join(counting)}"
    return {"seen": ", ".join(seen), "counting": rule}


def _arithmetic(transaction: Transaction | None, program: Record, held: Record) -> list[str]:
    """The arithmetic, one step per line. A lead has no lines and no base."""
    award, currency = held["award"], held["currency"]

    def money(minor: int) -> str:
        return f"{major_text(minor, currency)} {currency}"

    counting = _counted(transaction, award) if transaction else []
    text = [f"{_name(line)} ({line.type}): {_product(line, currency)}" for line in counting[:MAX_LINES]]
    if rest := counting[MAX_LINES:]:
        text.append(f"… and {len(rest)} more lines: {money(sum(line.total for line in rest))}")
    if transaction:
        if unlisted := award["base"] - sum(line.total for line in counting):
            text.append(f"Discount on no line: {money(unlisted)}")
        text.append(f"Base: {money(award['base'])}")
    reward = _overridden if award.get("override") else INCENTIVES[award["incentiveType"]].sentence
    text.append(reward(award, money))
    if award["weights"] != award["weight"]:
        share = f"Share: {award['weight']} / {award['weights']} of {money(award['reward'])} = {money(award['value'])}"
        remainder = "odd units to the largest remainders" if program["poolRemainder"] == "largest" else "truncated"
        text.append(f"{share} ({remainder})")
    return text + (_changes(transaction, held, {held["programId"]: program}) if transaction else [])


def _counting(transaction: Transaction, programs: Mapping[int, Record], held: Record) -> tuple[int, ...] | None:
    """Positions of the lines that count for a candidate in an edited sale."""
    return counting_now(transaction, programs.get(held["programId"], {}), held["collaboratorId"])


def _changes(transaction: Transaction, held: Record, programs: Mapping[int, Record]) -> list[str]:
    """Steps added by edits, amendments and refunds of the sale."""
    award, text, counting = held["award"], [], _counting(transaction, programs, held)

    def money(minor: int) -> str:
        return f"{major_text(minor, held['currency'])} {held['currency']}"

    base, whole = amended_reward(held, transaction, counting)
    value = share_of(award, whole, whole)
    if transaction.amended and (base, value) != (award["base"], award["value"]):
        text.append(f"Changed since: base {money(base)}, reward {money(value)}")
    if transaction.status != "complete":
        return text
    balance = balance_of(transaction)
    paid, back = given_back(held, balance, counting)
    if not paid and value:
        text.append(f"Nothing was paid for these lines, so {money(0)} is owed")
    elif balance.given_back and value:
        gone = [f"{money(back)} of the {money(paid)} paid for these lines"] if back else []
        rest = balance.total - sum(balance.back)
        gone += [f"{money(balance.loose)} of the {money(rest)} left of the sale"] if balance.loose else []
        left = f"so {money(remaining_value(held, transaction, counting))} is left (what goes is rounded down)"
        text.append(f"Refunded: {' and '.join(gone) or 'other lines only'}, {left}")
    return text


def _counted(transaction: Transaction, award: Record) -> list[Line]:
    """Counting lines at the time of the decision. An amended sale has one line, worth the base of its award."""
    details = transaction.first.details
    counting = [details[position] for position in positions_of(award["lines"])]
    amended = transaction.amended and not transaction.change
    return [replace(line, value=award["base"]) for line in counting] if amended else counting


def _name(line: Line) -> str:
    """The name on one line, so that it cannot pass for a step."""
    return _shown(line.name)


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _MAX_NAME else plain[: _MAX_NAME - 1] + "…"


def _product(line: Line, currency: str) -> str:
    return f"{line.quantity} × {major_text(line.value, currency)} = {major_text(line.total, currency)} {currency}"


def _overridden(award: Record, money: Money) -> str:
    return f"Reward: {money(award['reward'])}, as the sale was reported, instead of what the program pays"
