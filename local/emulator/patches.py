"""All patches, in one place. Each is a module with `apply()`; none depends on the order. Read without the emulator too.

Each is held in `tests/local` by a test with the mark `shows`, which fails as soon as upstream does without it.
"""

from collections.abc import Collection
from importlib import import_module

PATCHES = (
    "event_resources",
    "forked_workers",
    "http_api_body",
    "http_api_options",
    "http_api_stage",
    "kept_transforms",
    "message_lock",
    "property_types",
    "put_events",
    "put_events_conditions",
    "quiet_workers",
    "rule_dead_letters",
    "schedule_permissions",
    "stream_mapping",
    "worker_slots",
)


def apply(left_out: Collection[str] = ()) -> None:
    """All but those that are left out, so that a test can see what the emulator does without one."""
    for name in PATCHES:
        if name not in left_out:
            import_module(f"local.emulator.{name}").apply()
