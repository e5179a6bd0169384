"""All patches, in one place. Each is a module with `apply()`; none depends on the order."""

from local.emulator import (
    event_resources,
    http_api_body,
    http_api_options,
    message_lock,
    property_types,
    put_events,
    put_events_conditions,
    quiet_workers,
    rule_dead_letters,
    stream_mapping,
    worker_slots,
)

PATCHES = (
    event_resources,
    http_api_body,
    http_api_options,
    message_lock,
    property_types,
    put_events,
    put_events_conditions,
    quiet_workers,
    rule_dead_letters,
    stream_mapping,
    worker_slots,
)
