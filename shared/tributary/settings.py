"""Settings from the environment, read on use: no module needs a variable at import."""

import os


def table_name() -> str:
    return os.environ["TABLE_NAME"]


def idempotency_table_name() -> str:
    return os.environ["IDEMPOTENCY_TABLE_NAME"]


def deliveries_table_name() -> str:
    """The table of webhook deliveries, kept for thirty days."""
    return os.environ["DELIVERIES_TABLE_NAME"]


def list_shards() -> int:
    """The number of partitions of an organization's list index; may be raised, never lowered."""
    return int(os.environ.get("LIST_SHARDS", "4"))


def import_threads() -> int:
    """The number of rows of a batch written at once."""
    return int(os.environ["IMPORT_THREADS"])


def bus_name() -> str:
    return os.environ["BUS_NAME"]


def queue_url() -> str:
    """The queue of a function that sends messages to itself."""
    return os.environ["QUEUE_URL"]


def dead_letter_queue_url() -> str:
    return os.environ["DEAD_LETTER_QUEUE_URL"]


def max_receives() -> int:
    """The number of receives before a message becomes a dead letter; equals its queue's redrive policy."""
    return int(os.environ["MAX_RECEIVES"])


def webhook_queue_url() -> str:
    """The queue of deliveries that are due."""
    return os.environ["WEBHOOK_QUEUE_URL"]


def api_address() -> str:
    """The address of the API with places for `host` and `api`; a developer's machine has another."""
    return os.environ.get("API_ADDRESS", "https://{host}")


def webhooks_to_loopback() -> bool:
    """True on a developer's machine only: webhooks may go to this machine, over plain http and to any port."""
    return os.environ.get("WEBHOOKS_TO_LOOPBACK") == "true"


def sealing_key_id() -> str:
    """The KMS key that encrypts bank data and webhook secrets."""
    return os.environ["SEALING_KEY_ID"]


def schedule_group() -> str:
    return os.environ["SCHEDULE_GROUP"]


def schedule_role_arn() -> str:
    """The role assumed by schedules to send their message."""
    return os.environ["SCHEDULE_ROLE_ARN"]


def scheduled_queue_arn() -> str:
    """The queue that schedules send their message to."""
    return os.environ["SCHEDULED_QUEUE_ARN"]


def scheduled_dead_letters_arn() -> str:
    return os.environ["SCHEDULED_DEAD_LETTERS_ARN"]


def webhook_ports() -> frozenset[int]:
    """The ports of receivers of webhooks."""
    return frozenset(map(int, os.environ.get("WEBHOOK_PORTS", "443").split(",")))
