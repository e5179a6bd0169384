"""A program: its enrolment, triggers and reward rule. Settings have the names used by clients."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tributary.domain.incentives import INCENTIVES, PERCENT, Terms
from tributary.domain.transaction import PRODUCT_TYPES

STATUSES = ("active", "inactive", "draft", "deleted")
RESOLVERS = ("newestBindingWins", "oldestBindingWins", "topScoreWins", "sharedPool", "weightedPool")
#: Line types counted by each compiler.
COMPILERS: Mapping[str, tuple[str, ...]] = {
    "includeLineItems": PRODUCT_TYPES,
    "includeDiscounts": ("discount",),
    "includeFees": ("fee",),
    "includeShipping": ("shipping",),
    "includeTaxes": ("tax",),
}
TRIGGERS = ("siteVisited", "couponUsed", "messageSent", "manual")
#: Besides these, slugs of registered events; those are leads too.
CONVERSION_TYPES = ("sale", "lead")
SORTERS = ("newestBindingWins", "oldestBindingWins")
POOL_REMAINDERS = ("drop", "largest")
#: The longest period of a setting.
MAX_DAYS = 3650


@dataclass(frozen=True)
class LineItemFilters:
    """Filters of product and subscription lines; an empty one accepts all.

    `collaborator_owned` accepts lines owned by the winner only."""

    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    collaborator_owned: bool = False

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "LineItemFilters":
        return cls(
            types=tuple(settings.get("withTypes", ())),
            categories=tuple(settings.get("inCategories", ())),
            skus=tuple(settings.get("withSkus", ())),
            collaborator_owned=settings.get("collaboratorOwned", False),
        )

    def settings(self) -> dict[str, Any]:
        """Settings under the names used by clients."""
        return {
            "withTypes": list(self.types),
            "inCategories": list(self.categories),
            "withSkus": list(self.skus),
            "collaboratorOwned": self.collaborator_owned,
        }


@dataclass(frozen=True)
class Program:
    """The settings read by attribution and commission. Fixed payouts are in minor units."""

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
    payout: int | None = None
    filters: LineItemFilters = field(default_factory=LineItemFilters)
    group_id: int | None = None
    pool_remainder: str = "drop"
    requalification_days: int | None = None
    name: str = ""
    minimum_payout: int | None = None
    holding_days: int = 0

    @classmethod
    def of(cls, settings: Mapping[str, Any], version: int) -> "Program":
        """The program of its stored settings, as written by clients."""
        calculation = settings["incentiveCalculation"]
        percent, needed = calculation.get(PERCENT), INCENTIVES[settings["incentiveType"]].setting
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
            payout=None if needed == PERCENT else calculation[needed],
            auto_approve=calculation["autoApprove"],
            expiration_days=settings["expirationDays"],
            clawback=settings["clawback"],
            version=version,
            filters=LineItemFilters.of(settings.get("lineItemFilters", {})),
            group_id=settings.get("programGroupId"),
            pool_remainder=settings.get("poolRemainder", "drop"),
            requalification_days=calculation.get("leadRequalificationDays"),
            name=settings["name"],
            minimum_payout=settings.get("minimumPayout"),
            holding_days=settings.get("holdingDays", 0),
        )

    @property
    def terms(self) -> Terms:
        return Terms(self.percent, self.payout)

    @property
    def counts_discounts(self) -> bool:
        """True if discounts lower the base, those that no line lists too."""
        return "includeDiscounts" in self.compilers

    def rewards(self, trigger: str) -> bool:
        """True if an active enrolment turns this trigger into an engagement."""
        return self.status == "active" and trigger in self.triggers

    def pays(self, conversion_type: str) -> bool:
        """True if both the program and its incentive pay such conversions."""
        kind = "sale" if conversion_type == "sale" else "lead"
        return conversion_type in self.conversion_types and kind == INCENTIVES[self.incentive].kind


@dataclass(frozen=True)
class Catalogue:
    """An organization's programs by id, and the sorter of each program group."""

    programs: Mapping[int, Program] = field(default_factory=dict)
    sorters: Mapping[int, str] = field(default_factory=dict)
