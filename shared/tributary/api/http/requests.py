"""Reading a request: the caller, and a body that passed every check or a list of each failed one."""

import json
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import ValidationError

from tributary.api.http import unread_members
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.dialect import UnsupportedMediaType
from tributary.api.http.failures import MAX_SHOWN, failures_of
from tributary.api.http.resolver import Resolver
from tributary.domain import times
from tributary.domain.errors import (
    ApiKeyNotAccepted,
    Failure,
    MissingScope,
    NotFound,
    StoreKeyNotAllowed,
    TooLarge,
    Unauthorized,
    ValidationFailed,
)
from tributary.domain.ids import read_id
from tributary.ledger.organization import api_keys
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.store.trace import acts
from tributary.telemetry import log_failure, logger

Body = TypeVar("Body", bound=SnakeBody)

MAX_BODY_BYTES = 1_000_000

_ADMIN = "admin"
_KEPT_SECONDS = 60
_MAX_KEPT = 1000
_kept: dict[str, tuple[float, Principal]] = {}


def caller(app: Resolver, *any_of: str) -> Principal:
    """The principal of the request's key, which must hold one of the scopes. `admin` includes all of them."""
    return require_scope(authenticated(app), *any_of)


def with_scope(scope: str) -> Callable[[Resolver], Principal]:
    """`caller` for one scope, to be called with the app."""
    return lambda app: caller(app, scope)


def of_the_whole(*any_of: str) -> Callable[[Resolver], Principal]:
    """`caller` for one of the scopes; keys bound to a source are refused, since the whole organization is concerned."""
    return lambda app: _unbound(caller(app, *any_of))


def manager_of_the_whole(scope: str) -> Callable[[Resolver], Principal]:
    """The same for changes by hand, which the audit keeps."""

    def authorize(app: Resolver) -> Principal:
        principal = _unbound(caller(app, scope))
        acts(principal.key_id)
        return principal

    return authorize


def require_scope(principal: Principal, *any_of: str) -> Principal:
    """The principal, after checking that its key holds one of the scopes."""
    if not any(_holds(principal.scopes, scope) for scope in any_of):
        raise MissingScope(any_of)
    if _ADMIN in any_of:
        acts(principal.key_id)
    return principal


def holds(principal: Principal, scope: str) -> bool:
    """True if the principal's key holds a scope."""
    return _holds(principal.scopes, scope)


def require_admin(app: Resolver) -> Principal:
    """The principal of an admin key. Keys bound to a source are refused, since the whole organization is concerned."""
    return _unbound(caller(app, "admin"))


def require_admin_key(app: Resolver) -> Principal:
    """The principal of an admin key; all other keys are unauthorized."""
    principal = authenticated(app)
    if _ADMIN not in principal.scopes:
        raise ApiKeyNotAccepted
    acts(principal.key_id)
    return _unbound(principal)


def require_source(principal: Principal, source: str) -> None:
    """Refuses a key that is bound to another source."""
    if principal.source is not None and principal.source != source:
        raise StoreKeyNotAllowed("This API key is bound to another source.", {"source": principal.source})


def authenticated(app: Resolver) -> Principal:
    """The principal of the request's key, regardless of scopes."""
    key = app.dialect.key(app.current_event.headers)
    if not key:
        raise Unauthorized("missing")
    return _principal(key)


def body(
    app: APIGatewayHttpResolver, model: type[Body], missing: Callable[[Any], Sequence[Failure]] = lambda _: ()
) -> Body:
    """The request's JSON body as a model. Numbers with a point stay exact decimals. `missing` reports absent members
    that depend on one another."""
    if not is_json(media_type(app)):
        raise UnsupportedMediaType("The body must be sent as application/json.", {"contentType": media_type(app)[:100]})
    given = document(text(app))
    return checked(model, given, missing(given))


def media_type(app: APIGatewayHttpResolver) -> str:
    """The body's media type, in lower case and without parameters; JSON by default."""
    return (app.current_event.headers.get("content-type") or "application/json").split(";")[0].strip().lower()


def is_json(content_type: str) -> bool:
    return content_type == "application/json" or content_type.endswith("+json")


def text(app: APIGatewayHttpResolver) -> str:
    """The body as text. TooLarge beyond MAX_BODY_BYTES, ValidationFailed of bytes that are no text."""
    try:
        found = app.current_event.decoded_body or ""
    except ValueError as error:
        raise _not_json() from error
    if len(found) > MAX_BODY_BYTES or len(found.encode("utf-8", "surrogatepass")) > MAX_BODY_BYTES:
        raise TooLarge("The body is larger than 1 MB.", {"limit": "1 MB"})
    return found


def document(text: str) -> Any:
    """Input of a model. Empty text and the `[]` that some languages send for an empty object count as an empty
    object."""
    found = parsed(text) if text else {}
    return {} if found == [] else found


def parsed(text: str) -> Any:
    """Strict JSON: unique names, finite numbers. ValidationFailed otherwise."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_object)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise _not_json() from error


def checked(model: type[Body], document: Any, missing: Sequence[Failure] = ()) -> Body:
    """The document as a model. ValidationFailed with all failures, `missing` included."""
    missing = [*missing, *islice(unread_members.failures(model, document), MAX_SHOWN), *model.strangers(document)]
    try:
        found = model.model_validate(document)
    except ValidationError as error:
        raise ValidationFailed([*failures_of(error), *missing]) from error
    if missing:
        raise ValidationFailed(missing)
    return found


def path_id(text: str) -> int:
    """The id in a path. NotFound for a malformed one, as for an unknown one."""
    if record_id := read_id(text):
        return record_id
    raise NotFound("There is no such record.", {"id": text[:64]})


def header_id(app: APIGatewayHttpResolver, name: str) -> int | None:
    """An id in a header; a malformed one counts as absent."""
    return read_id((app.current_event.headers.get(name) or "").strip())


def forget_keys() -> None:
    """Drop the process's cache of principals."""
    _kept.clear()


def _principal(key: str) -> Principal:
    """Read from the ledger at most once a minute per process. Revoked keys are refused within a minute."""
    kept = _kept.get(key)
    known = kept is not None and kept[0] > time.monotonic()
    principal = kept[1] if kept and known else _read(key)
    if principal.expires_at and principal.expires_at <= times.now():
        raise Unauthorized("expired")
    logger.append_keys(organization=principal.organization)
    if not known:
        _note_use(key, principal)
    return principal


def _read(key: str) -> Principal:
    principal = api_keys.principal(key)
    if len(_kept) >= _MAX_KEPT:
        _kept.clear()
    _kept[key] = time.monotonic() + _KEPT_SECONDS, principal
    return principal


def _note_use(key: str, principal: Principal) -> None:
    try:
        api_keys.note_use(key, principal, times.now())
    except Exception as error:  # noqa: BLE001  # no request fails for a note about it
        log_failure("use of a key not noted", error)


def _unbound(principal: Principal) -> Principal:
    if principal.source is not None:
        context = {"source": principal.source}
        raise StoreKeyNotAllowed(
            "This API key is bound to a source; this call concerns the whole organization.", context
        )
    return principal


def _holds(scopes: tuple[str, ...], wanted: str) -> bool:
    if wanted in scopes or "admin" in scopes:
        return True
    return wanted.startswith("event:") and ("event:*" in scopes or "*" in scopes)


def _not_json() -> ValidationFailed:
    return ValidationFailed([Failure("body", "body is not valid JSON.", "FORMAT")])


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses duplicate names, since either value could be meant."""
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("duplicate name")
    return found
