"""Endings of a sale as a whole: three latest moments, which do not depend on the order of reports."""

from dataclasses import dataclass

from tributary.domain import times

#: The moment of a report without one: earlier than any other.
UNDATED = ""


@dataclass(frozen=True)
class Endings:
    """The latest moments at which a sale was refunded as a whole, cancelled, and both withdrawn; None if never."""

    refunded: str | None = None
    cancelled: str | None = None
    withdrawn: str | None = None

    def __or__(self, other: "Endings") -> "Endings":
        """Both, without undated reports that nothing can bring to life any longer."""
        withdrawn = _later(self.withdrawn, other.withdrawn)
        cancelled = _alive(_later(self.cancelled, other.cancelled), withdrawn)
        return Endings(_alive(_later(self.refunded, other.refunded), cancelled, withdrawn), cancelled, withdrawn)

    def next(self, now: str) -> str:
        """The moment of an ending that is decided now: after every withdrawal, whose clock may be ahead."""
        return now if self._is_live(now) else times.later(self.withdrawn or now, milliseconds=1)

    @property
    def status(self) -> str:
        """The status they leave to a sale; a withdrawal wins over a report of the same moment."""
        if self._is_live(self.cancelled):
            return "cancelled"
        return "refunded" if self._is_live(self.refunded) else "complete"

    def _is_live(self, at: str | None) -> bool:
        return at is not None and (self.withdrawn is None or at > self.withdrawn)


def _alive(at: str | None, *instead: str | None) -> str | None:
    return None if at == UNDATED and any(other is not None for other in instead) else at


def _later(left: str | None, right: str | None) -> str | None:
    return max((at for at in (left, right) if at is not None), default=None)
