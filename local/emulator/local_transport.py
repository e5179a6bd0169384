"""Requests on this machine count as sent over TLS: the emulator has no certificate, and the template's queues and
bucket refuse requests without TLS."""

from typing import Any

from ministack.core import iam_evaluator

_resolve = iam_evaluator._resolve_condition_key


def apply() -> None:
    iam_evaluator._resolve_condition_key = _over_tls


def _over_tls(key: str, context: Any) -> Any:
    return "true" if key.lower() == "aws:securetransport" else _resolve(key, context)
