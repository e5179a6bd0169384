"""Choose a program's winners and a group's program. Ties go to the earlier engagement, then to the lower id."""

from collections.abc import Callable, Sequence

from tributary.domain.opportunity import Engagement
from tributary.domain.program import Program

#: Winners with their weights; a single winner has the whole reward.
Resolved = list[tuple[Engagement, int]]


def winners(program: Program, rivals: Sequence[Engagement]) -> Resolved:
    """The winners among a program's engagements; empty for a pool without any score."""
    return _RESOLVERS[program.resolver](rivals)


def preferred(sorter: str, rivals: Sequence[Engagement]) -> Engagement:
    """The engagement preferred by a group's sorter."""
    return _newest(rivals) if sorter == "newestBindingWins" else _oldest(rivals)


def _first(rivals: Sequence[Engagement]) -> Engagement:
    return min(rivals, key=lambda rival: (rival.created_at, rival.id))


def _newest(rivals: Sequence[Engagement]) -> Engagement:
    latest = max(rival.modified_at for rival in rivals)
    return _first([rival for rival in rivals if rival.modified_at == latest])


def _oldest(rivals: Sequence[Engagement]) -> Engagement:
    return _first(rivals)


def _top_score(rivals: Sequence[Engagement]) -> Engagement:
    top = max(rival.score for rival in rivals)
    return _first([rival for rival in rivals if rival.score == top])


def _scoring(rivals: Sequence[Engagement]) -> list[Engagement]:
    return sorted((rival for rival in rivals if rival.score > 0), key=lambda rival: (rival.created_at, rival.id))


def _alone(choose: Callable[[Sequence[Engagement]], Engagement]) -> Callable[[Sequence[Engagement]], Resolved]:
    return lambda rivals: [(choose(rivals), 1)]


_RESOLVERS: dict[str, Callable[[Sequence[Engagement]], Resolved]] = {
    "newestBindingWins": _alone(_newest),
    "oldestBindingWins": _alone(_oldest),
    "topScoreWins": _alone(_top_score),
    "sharedPool": lambda rivals: [(rival, 1) for rival in _scoring(rivals)],
    "weightedPool": lambda rivals: [(rival, rival.score) for rival in _scoring(rivals)],
}
