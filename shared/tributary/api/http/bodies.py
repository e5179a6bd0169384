"""Base bodies: the members that count as absent, and the spellings of names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel

from tributary.api.http.fields import few_members, require_currency_of
from tributary.api.http.inputs import blanks
from tributary.api.http.inputs.taken import refuse, takes
from tributary.domain import times
from tributary.domain.errors import Failure


class SnakeBody(BaseModel):
    """Body with names as written here. Strict: `true` is not 1. Unknown members are ignored, so newer clients are not
    refused."""

    model_config = ConfigDict(strict=True, extra="ignore")

    #: Optional members that name a record, so that blank text does not count as absent.
    names: ClassVar[frozenset[str]] = frozenset()

    #: Members that are refused instead of ignored, by their plain names, with the rest of the refusal's sentence.
    unread: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def never_null(cls, _document: Mapping[str, Any]) -> Mapping[str, str]:
        """Members of a document that must not be null, with the rest of the refusal's sentence."""
        return {}

    @classmethod
    def strangers(cls, _document: Any) -> Sequence[Failure]:
        """Failures for unknown members, of a body that refuses them all."""
        return ()

    @classmethod
    def spellings(cls, name: str) -> set[str]:
        """Spellings of a member's name that the body reads."""
        return {cls.model_fields[name].alias or name}

    @model_validator(mode="before")
    @classmethod
    @takes()
    def _present(cls, document: Any) -> Any:
        """Drop optional members that say nothing: null ones, and blank text, which shop systems send for it."""
        if not isinstance(document, dict):
            return document
        few_members(document)
        nullable, texts = _optional(cls)
        nothing = [
            name
            for name, value in document.items()
            if (value is None and name in nullable) or (name in texts and blanks.is_blank(value))
        ]
        return {name: value for name, value in document.items() if name not in nothing} if nothing else document


@cache
def _optional(model: type[SnakeBody]) -> tuple[frozenset[str], frozenset[str]]:
    """Members with a default other than null, and those whose text may be blank."""
    fields = model.model_fields.items()
    nullable = frozenset(field.alias or name for name, field in fields if field.get_default() is not None)
    return nullable, blanks.optional_texts(model, model.names)


class RequestBody(SnakeBody):
    """The same with names in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel)


class EitherBody(SnakeBody):
    """The same with names in snake_case or camelCase. What is refused is named in snake_case, and so are the members
    of an answer; `validation_alias` would name it as it was sent and let one of two spellings win."""

    @model_validator(mode="before")
    @classmethod
    @takes()
    def _in_snake_case(cls, document: Any) -> Any:
        if not isinstance(document, dict):
            return document
        names = {to_camel(name): name for name in cls.model_fields}
        renamed = [str(names.get(name, name)) for name in document]
        if twice := sorted(name for name, times in Counter(renamed).items() if times > 1):
            raise refuse("FORMAT", f"names {', '.join(twice)} in both spellings.")
        return dict(zip(renamed, document.values(), strict=True))

    @classmethod
    def spellings(cls, name: str) -> set[str]:
        return {name, to_camel(name)}


class Dated(SnakeBody):
    """A body with a `currency` that must have been valid at a moment of the body, by default now."""

    moment: ClassVar[str] = "occurred_at"

    @model_validator(mode="after")
    @takes()
    def _currency_of_its_time(self) -> "Dated":
        if self.is_dated:
            at = getattr(self, self.moment) or times.now()
            require_currency_of(getattr(self, "currency"), at, field="currency")  # noqa: B009  # of the body's own
        return self

    @property
    def is_dated(self) -> bool:
        """False if the currency is that of an earlier report."""
        return True
