"""List of all patches, by room. Each is a module with `apply()`; their order does not matter.

The emulator's own packages are not needed to read it. Each patch has a test in `tests/local` with the mark `shows`,
which fails once upstream no longer needs the patch.
"""

from collections.abc import Collection
from importlib import import_module

#: Modules below `local.emulator`.
MODULES = (
    "batch_permissions",
    "encryption_conditions",
    "events.event_resources",
    "events.put_events",
    "events.put_events_conditions",
    "events.rule_dead_letters",
    "http_api.http_api_body",
    "http_api.http_api_content_type",
    "http_api.http_api_options",
    "http_api.http_api_stage",
    "kept_transforms",
    "local_transport",
    "message_lock",
    "property_types",
    "schedule_permissions",
    "streams.stream_mapping",
    "workers.forked_workers",
    "workers.quiet_workers",
    "workers.worker_slots",
)
PATCHES = {module.rpartition(".")[2]: f"local.emulator.{module}" for module in MODULES}


def apply(left_out: Collection[str] = ()) -> None:
    """Apply all patches except those left out, so that a test can show the emulator without one."""
    for name, module in PATCHES.items():
        if name not in left_out:
            import_module(module).apply()
