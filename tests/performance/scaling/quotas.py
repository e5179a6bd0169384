"""Quotas by the rate of sales that reaches them, in us-east-1 with the defaults of an account and the template."""

from dataclasses import dataclass

from tests.performance.scaling.assumed import CHANGES_PER_RELAY, milliseconds
from tests.performance.scaling.counted import Counted
from tests.template import raw_template
from tributary.ledger.store import owed_index

RATES = (100, 1_000, 10_000, 50_000)


@dataclass(frozen=True)
class Quota:
    """A limit, its use per sale, and the remedy when it is reached."""

    name: str
    limit: float
    taken: float
    then: str

    @property
    def sales(self) -> int:
        """Sales a second that reach it."""
        return int(self.limit / self.taken)

    def needed(self, rate: int) -> str:
        """The quota needed for a rate; bold if above the default."""
        needed = f"{self.taken * rate:,.0f}"
        return needed if self.taken * rate < self.limit else f"**{needed}**"


def quotas(counted: Counted) -> list[Quota]:
    """The quotas, the first to be reached first."""
    parameters = {name: it["Default"] for name, it in raw_template()["Parameters"].items()}
    copies, shards = parameters["ConsumerConcurrency"], parameters["ListShards"]
    messages, events = counted.messages, sum(counted.events.values())
    busy = {name: number * milliseconds(name) / 1000 for name, number in messages.items()}
    relay = counted.changes / CHANGES_PER_RELAY * milliseconds("publish_events") / 1000
    at_once = milliseconds("report_sale") / 1000 + relay + sum(busy.values())
    lists, parents, most_of_a_kind = counted.of_index("lists"), counted.of_index("parents"), 1
    owed = counted.of_index("owed")
    found = [
        *(
            Quota(
                f"`ConsumerConcurrency`: seconds of `{name}`", copies, seconds,
                "its queue grows; raise `ConsumerConcurrency`, at most to 1,000",
            )
            for name, seconds in busy.items()
        ),
        Quota(
            "write units a second of a new table", 4_000, counted.table_units,
            "set warm throughput of the table and its indexes before the day",
        ),
        Quota("write units a second of a table", 40_000, counted.table_units, "Service Quotas: table write throughput"),
        Quota("write units a second of the index `lists`", 40_000, lists, "the same quota; it counts for each index"),
        Quota(
            "writes a second to the shards of one organization's list", shards * 1_000, most_of_a_kind,
            "raise `ListShards`, never lower it; a page of a list then reads more shards",
        ),
        Quota(
            "writes a second to one collaborator's obligations in the index `parents`", 1_000, parents,
            "its consumer is throttled and retries, so obligations come late; shard `parents` as `lists` is",
        ),
        Quota(
            "writes a second to one organization's payable obligations in the index `owed`",
            owed_index.PARTITIONS * 1_000, owed,
            "as for `parents`; a collaborator is in one of the partitions, whose number is fixed",
        ),
        Quota("events put a second", 10_000, events, "Service Quotas: PutEvents; the relay retries until then"),
        Quota("deliveries to queues a second", 18_750, sum(messages.values()), "Service Quotas: invocations; late"),
        Quota(
            "`ApiRate`: requests a second to a stage", parameters["ApiRate"], 1,
            "clients get 429; raise `ApiRate` and `ApiBurst`",
        ),
        Quota("requests a second to API Gateway", 10_000, 1, "Service Quotas: throttle; clients get 429"),
        Quota("Lambda executions at once", 1_000, at_once, "Service Quotas: concurrent executions; clients get 503"),
    ]  # fmt: skip
    return sorted(found, key=lambda quota: quota.sales)
