"""Cost of a million sales at list prices."""

from tests.performance.scaling.assumed import (
    ACCESS_LOG,
    CHANGES_PER_RELAY,
    GIGABYTES,
    PLATFORM_LOG,
    TRACED,
    milliseconds,
)
from tests.performance.scaling.counted import Counted

#: Dollars, us-east-1.
PRICES = {
    "API Gateway, a million requests": 1.00,
    "Lambda, a million requests": 0.20,
    "Lambda arm64, a GB-second": 0.0000133334,
    "DynamoDB on demand, a million write units": 0.625,
    "DynamoDB on demand, a million read units": 0.125,
    "EventBridge, a million events": 1.00,
    "EventBridge archive, a GB": 0.10,
    "SQS, a million requests": 0.40,
    "CloudWatch Logs, a GB": 0.50,
    "X-Ray, a million traces": 5.00,
}


def rows(counted: Counted) -> list[tuple[str, str, float]]:
    """Item, amount per sale, and dollars per million sales."""
    price = PRICES
    events, messages = sum(counted.events.values()), sum(counted.messages.values())
    relays = counted.changes / CHANGES_PER_RELAY
    invocations = {counted.function: 1.0, "publish_events": relays, **counted.messages}
    seconds = sum(number * milliseconds(name) for name, number in invocations.items()) / 1000
    started = sum(invocations.values())
    log_kb = (counted.log_bytes + started * PLATFORM_LOG + ACCESS_LOG) / 1000
    archived = events * counted.event_bytes / 1000
    return [
        ("API Gateway, HTTP API", "1 request", price["API Gateway, a million requests"]),
        ("Lambda, requests", f"{started:.1f}", started * price["Lambda, a million requests"]),
        (
            "Lambda, arm64, 512 MB", f"{seconds * 1000:.0f} ms",
            seconds * GIGABYTES * price["Lambda arm64, a GB-second"] * 1e6,
        ),
        (
            "DynamoDB, writes", f"{counted.write_units} units",
            counted.write_units * price["DynamoDB on demand, a million write units"],
        ),
        (
            "DynamoDB, reads", f"{counted.reads:.0f} units",
            counted.reads * price["DynamoDB on demand, a million read units"],
        ),
        ("DynamoDB, stream", f"{relays:.1f} reads by Lambda", 0.0),
        ("EventBridge, events", str(events), events * price["EventBridge, a million events"]),
        ("EventBridge, archive", f"{archived:.1f} KB", archived * price["EventBridge archive, a GB"]),
        ("SQS, send, receive, delete", f"{3 * messages}", 3 * messages * price["SQS, a million requests"]),
        ("CloudWatch Logs", f"{log_kb:.1f} KB", log_kb * price["CloudWatch Logs, a GB"]),
        ("X-Ray", f"{TRACED} traces", TRACED * price["X-Ray, a million traces"]),
    ]  # fmt: skip
