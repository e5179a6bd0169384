"""A program: who may earn, by which triggers, under which rule. Its settings have the names that clients write."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

STATUSES = ("active", "inactive", "draft", "deleted")
RESOLVERS = ("newestBindingWins", "oldestBindingWins")
INCENTIVES = ("saleTransactionPercentage",)
COMPILERS = ("includeLineItems",)
TRIGGERS = ("siteVisited",)
CONVERSION_TYPES = ("sale",)
CLAWBACKS = ("none", "carryForward")


@dataclass(frozen=True)
class Program:
    """The settings that attribution and commission read."""

    id: int
    status: str
    units: str
    incentive: str
    resolver: str
    compilers: tuple[str, ...]
    triggers: Mapping[str, int]
    conversion_types: tuple[str, ...]
    percent: Decimal | None
    auto_approve: bool
    expiration_days: int
    clawback: str
    version: int

    @classmethod
    def of(cls, settings: Mapping[str, Any], version: int) -> "Program":
        """From the stored settings, which are what clients write and read."""
        calculation = settings["incentiveCalculation"]
        percent = calculation.get("transactionPercent")
        return cls(
            id=settings["id"],
            status=settings["status"],
            units=settings["units"],
            incentive=settings["incentiveType"],
            resolver=settings["incentiveResolverType"],
            compilers=tuple(settings["transactionCompilers"]),
            triggers={name: int(setting["value"]) for name, setting in settings["engagementTypes"].items()},
            conversion_types=tuple(calculation["activeConversionTypes"]),
            percent=None if percent is None else Decimal(percent),
            auto_approve=calculation["autoApprove"],
            expiration_days=settings["expirationDays"],
            clawback=settings["clawback"],
            version=version,
        )

    def rewards(self, trigger: str) -> bool:
        """Whether an active enrolment turns this trigger into an engagement."""
        return self.status == "active" and trigger in self.triggers
