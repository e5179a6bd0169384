"""Room for a customer's attributes, whose names and values are the organization's own."""

from collections.abc import Callable, Sequence

from tributary.domain.customer import Dated

#: Names of one customer, cleared ones included.
MAX_NAMES = 100


def fitting(held: Dated, merged: Dated, has_room: Callable[[Dated], bool]) -> tuple[Dated, Sequence[str]]:
    """The merged attributes within the limits, and the names that were left out.

    Changes are taken in the order of their names; new names displace the longest cleared ones."""
    if merged == held or (len(merged) <= MAX_NAMES and has_room(merged)):
        return merged, ()
    changes = sorted(name for name in merged if merged[name] != held.get(name))
    cleared = [name for name in held if name not in changes and held[name]["value"] is None]
    cleared.sort(key=lambda name: (held[name]["at"], name), reverse=True)
    kept, left_out = dict(held), []
    for name in changes:
        tried = {**kept, name: merged[name]}
        if len(tried) > MAX_NAMES and cleared:
            del tried[cleared.pop()]
        if (len(tried) <= MAX_NAMES or name in held) and has_room(tried):
            kept = tried
        else:
            left_out.append(name)
    return kept, left_out
